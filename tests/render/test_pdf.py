"""PDF by Typst: every entry compiles, with the numbers of the article, the same bytes each time."""

from __future__ import annotations

import builtins
import contextlib
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

import symderiv as sd
from symderiv.core.derivation import Derivation
from symderiv.core.errors import DataError
from symderiv.document.article import Article, Code, Heading, Paragraph, Picture, Told, walk
from symderiv.document.blocks import Link, Styled
from symderiv.document.compose import Composer
from symderiv.render import latex, pdf
from symderiv.render import typst as typst_source
from symderiv.render.pdf import compiled
from symderiv.render.rendered import Rendered
from symderiv.render.typst import letters

typst = pytest.importorskip("typst")
pypdf = pytest.importorskip("pypdf")


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_every_entry(detail: str, whole_catalog: Callable[[str], Article]) -> None:
    article = whole_catalog(detail)
    source = typst_source.render_article(article).data
    data, warnings = typst.compile_with_warnings(source, ignore_system_fonts=True)
    assert not [w.message for w in warnings]
    numbers = [b.number for b in walk(article.blocks) if isinstance(b, Told)]
    lemmas = [x.number for document in article.documents() for x in document.lemmas]
    typ, tex = source.decode(), latex.render_article(article).data.decode()
    assert [int(n) for n in re.findall(r"number: \[\((\d+)\)\]\)", typ)] == numbers
    assert [int(n) for n in re.findall(r"\{\((\d+)\)\}$", tex, re.MULTILINE)] == numbers
    assert [int(n) for n in re.findall(r"#strong\[Lemma (\d+)\]", typ)] == lemmas
    assert [int(n) for n in re.findall(r"\\textbf\{Lemma (\d+)\}", tex)] == lemmas
    if detail == "brief":
        text = text_of(bytes(data))
        assert set(numbers) <= {int(n) for n in re.findall(r"\((\d+)\)", text)}
        assert set(lemmas) == {int(n) for n in re.findall(r"Lemma (\d+)", text)}


def test_the_same_bytes(softmax: Derivation) -> None:
    composer = Composer()
    composer.derivation(softmax, label="a")
    article = composer.article(("Softmax",))
    first = pdf.render_article(article)
    assert first.data[:5] == b"%PDF-"
    assert first.data == pdf.render_article(article).data
    assert first.assets == {}


def test_links_lead_to_lemmas_rules_and_equations(softmax: Derivation) -> None:
    composer = Composer()
    composer.paragraph(
        "See ", Link((), "#main"), " and ", Link(("there",), "https://a.org/b_c?d=e#f")
    )
    composer.paragraph(Link(("nowhere",), "javascript:alert(1)"), Link(("lost",), "#no-such-place"))
    composer.derivation(softmax, label="main")
    article = composer.article(())
    reader = pypdf.PdfReader(io.BytesIO(pdf.render_article(article).data))
    links = [a.get_object() for page in reader.pages for a in page.get("/Annots") or ()]
    inside = [link for link in links if "/Dest" in link or link.get("/A", {}).get("/S") == "/GoTo"]
    outside = [link["/A"]["/URI"] for link in links if "/URI" in link.get("/A", {})]
    lines = [line for d in article.documents() for p in (*d.lemmas, d) for line in p.lines]
    reasons = sum(len(line.notes) + len(line.cites) for line in lines)
    assert len(inside) >= reasons
    assert outside == ["https://a.org/b_c?d=e#f"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_block_of_every_kind(language: str, kitchen: Callable[[str], Article]) -> None:
    text = text_of(pdf.render_article(kitchen(language)).data)
    assert text.count("#panic") >= 9
    assert "(5)" in text
    assert "\\write18{ls}" in text


def test_hangul_is_embedded() -> None:
    pytest.importorskip(pdf.FONTS)
    words = ("소프트맥스의 ", Styled("emphasis", ("기울기",)), Styled("code", ("x = '값'",)))
    article = Article(("제목",), (Heading(2, ("유도",)), Paragraph(words), Code("# 설명")), "ko")
    data = pdf.render_article(article).data
    text = text_of(data)
    for shown in ("제목", "유도", "소프트맥스의", "기울기", "값", "설명"):
        assert shown in text
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pypdf.PdfReader(io.BytesIO(data)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("NotoSerifKR" in font for font in fonts)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    hangul = Article((), (Paragraph(("한글",)),))
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "find_spec", lambda _: None)
        with pytest.raises(DataError, match=r'font.*pip install "symderiv\[pdf\]"'):
            pdf.render_article(hangul)
        pdf.render_article(Article((), (Paragraph(("letters",)),)))
    original = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name == "typst":
            raise ImportError(name)
        return original(name, *args)

    monkeypatch.delitem(sys.modules, "typst")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError, match=r'Typst.*pip install "symderiv\[pdf\]"'):
        pdf.render_article(hangul)


SHEET = b"#set page(width: 90pt, height: 90pt, margin: 9pt)\ninside"


def test_a_caption_stays_with_what_it_names() -> None:
    composer = Composer()
    sheet = bytes(typst.compile(SHEET))
    for k in range(20):
        composer.add(Code("\n".join(["filler"] * (7 + 2 * k))))
        composer.figure(Picture("", sheet, "a box"), ("Beneath",))
        composer.table((("head",),), [(("cell",),)] * 4, caption=("Below",))
    data = pdf.render_article(composer.article(())).data
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    for first, last in (("inside", "Beneath"), ("head", "Below")):
        assert [page.count(first) for page in pages] == [page.count(last) for page in pages]
        assert sum(page.count(first) for page in pages) == 20


def test_no_page_has_the_first_or_the_last_line_alone() -> None:
    composer, x = Composer(), sd.scalar("x")
    derivation = sd.derive(x**3 * sd.exp(x) * sd.log(x), x)
    for k in range(16):
        composer.add(Code("\n".join(["filler"] * (5 + k))))
        composer.derivation(derivation)
    data = pdf.render_article(composer.article(())).data
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    lines = [
        [page.count(why) for why in ("product rule", "cancel", "factor out")] for page in pages
    ]
    assert all(first == middle == last for first, middle, last in lines)
    assert sum(first for first, _, _ in lines) == 16


def test_a_table_may_be_longer_than_a_page() -> None:
    composer = Composer()
    composer.table((("head",),), [((f"cell-{k};",),) for k in range(150)], caption=("Below",))
    text = text_of(pdf.render_article(composer.article(())).data)
    assert all(f"cell-{k};" in text for k in range(150))
    assert text.count("head") > 2


def test_what_typst_cannot_set_is_told_in_words() -> None:
    with pytest.raises(DataError, match="cannot set this page: unclosed delimiter"):
        compiled(Rendered(b"$ x"))
    with pytest.raises(DataError, match="nested too deep for Typst, which makes the PDF; nest it"):
        compiled(Rendered(b"#quote(block: true)[" * 60 + b"x" + b"]" * 60))


def test_letters_of_many_scripts_are_set_and_what_no_font_has_is_named() -> None:
    composer = Composer()
    composer.add(Paragraph(("Привет, ά, ξ, א, ä, 속도, の, 中",)))
    composer.derivation(sd.derive(sd.scalar("б") ** 2 * sd.scalar("א"), sd.scalar("б")))
    data = pdf.render_article(composer.article(())).data
    for script in ("Привет", "ά", "א", "속도", "の"):
        assert script in text_of(data)
    composer.derivation(sd.derive(sd.scalar("変数") ** 2, sd.scalar("変数")))
    with pytest.raises(DataError, match=r"no font of the PDF has “変” \(U\+5909\), “数”.*spell it"):
        pdf.render_article(composer.article(()))


def test_the_fonts_in_the_wheel_have_the_letters_that_are_let_through() -> None:
    """Asked of the fonts themselves, where they lie in Typst."""
    (library,) = Path(typst.__file__).parent.glob("_typst*")
    data = library.read_bytes()
    found: set[int] = set()
    for begin in re.finditer(rb"OTTO\0[\x05-\x28]|\0\1\0\0\0[\x05-\x28]", data):
        with contextlib.suppress(Exception):
            font = TTFont(io.BytesIO(data[begin.start() : begin.start() + 8_000_000]), lazy=True)
            found |= set(font.getBestCmap())
    assert len(found) > 5000
    assert letters._embedded() <= found
    assert {ord(c) for c in "бЖάאäŁ−∂Σ"} <= letters._embedded()

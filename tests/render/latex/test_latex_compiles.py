"""A stock TeX Live compiles every entry of the catalog, and no line sticks out."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import symderiv as sd
from symderiv.document.article import Article, Code, Display, Heading, Paragraph, Told, walk
from symderiv.document.blocks import Styled
from symderiv.document.compose import Composer
from symderiv.render.latex import render_article

NOT_INSTALLED = "TeX Live is not installed"
OPTIONAL = ("kotex.sty",)
"""Packages that a stock TeX Live may lack; any other that is not found is a mistake."""


def compiled(engine: str, article: Article, folder: Path, runs: int = 1) -> str:
    """Compile; the log, after looking for errors and lines that stick out."""
    if shutil.which(engine) is None:
        pytest.skip(NOT_INSTALLED)
    render_article(article).write(folder / "a.tex")
    for _ in range(runs):
        done = subprocess.run(
            [engine, "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
            cwd=folder, capture_output=True, check=False, timeout=300,
        )  # fmt: skip
        lost = re.search(rb"File `([^']+\.sty)' not found", done.stdout)
        if lost and lost[1].decode() in OPTIONAL:
            pytest.skip(f"{lost[1].decode()} of TeX Live is not installed")
        assert done.returncode == 0, done.stdout[-3000:].decode("utf-8", "replace")
    log = (folder / "a.log").read_text(encoding="utf-8", errors="replace")
    assert not re.findall(r"Overfull \\hbox.*", log)
    assert not re.findall(r"Missing character.*", log)
    assert not re.findall(r"LaTeX Warning: (?!Label|There were).*", log)
    return log


def text_of(path: Path) -> str:
    pypdf = pytest.importorskip("pypdf")
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_every_entry(detail: str, whole_catalog: Callable[[str], Article], tmp_path: Path) -> None:
    article = whole_catalog(detail)
    compiled("pdflatex", article, tmp_path)
    if detail != "brief":
        return
    text = text_of(tmp_path / "a.pdf")
    numbers = [b.number for b in walk(article.blocks) if isinstance(b, Told)]
    assert set(numbers) <= {int(n) for n in re.findall(r"\((\d+)\)", text)}
    lemmas = [lemma.number for document in article.documents() for lemma in document.lemmas]
    assert lemmas
    assert {f"Lemma {n}" for n in lemmas} <= set(re.findall(r"Lemma \d+", text))


@pytest.mark.parametrize("engine", ["pdflatex", "xelatex"])
def test_a_block_of_every_kind(
    engine: str, kitchen: Callable[[str], Article], tmp_path: Path
) -> None:
    compiled(engine, kitchen("en"), tmp_path, runs=2)
    text = text_of(tmp_path / "a.pdf")
    assert text.count("errmessage") >= 5
    assert "(5)" in text
    assert "write18" in text


def test_a_caption_stays_with_its_table(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    composer = Composer()
    for k in range(20):
        composer.add(Code("\n".join(["filler"] * (7 + 2 * k))))
        composer.table((("head",),), [(("cell",),)] * 4, caption=("Below",))
    composer.table((("long",),), [((f"cell-{k};",),) for k in range(150)], caption=("Last",))
    compiled("pdflatex", composer.article(()), tmp_path, runs=3)
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "a.pdf").pages]
    assert [page.count("head") for page in pages] == [page.count("Below") for page in pages]
    assert sum(page.count("head") for page in pages) == 20
    assert sum("long" in page for page in pages) > 2
    assert all(f"cell-{k};" in "".join(pages) for k in range(150))
    assert "cell-148;" in pages[-1]
    assert "Last" in pages[-1]


def test_no_page_has_the_first_or_the_last_line_alone(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    composer, x = Composer(), sd.scalar("x")
    derivation = sd.derive(x**3 * sd.exp(x) * sd.log(x), x)
    for k in range(16):
        composer.add(Code("\n".join(["filler"] * (5 + k))))
        composer.derivation(derivation)
    compiled("pdflatex", composer.article(()), tmp_path)
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "a.pdf").pages]
    lines = [
        [page.count(why) for why in ("product rule", "cancel", "factor out")] for page in pages
    ]
    assert all(first == middle == last for first, middle, last in lines)
    assert sum(first for first, _, _ in lines) == 16


@pytest.mark.parametrize("engine", ["xelatex", "lualatex"])
def test_korean(engine: str, tmp_path: Path) -> None:
    words = ("소프트맥스의 ", Styled("strong", ("기울기",)), "는 예측에서 정답을 뺀 값입니다.")
    blocks = (Heading(2, ("유도",)), Paragraph(words), Display(r"p_i - y_i", 7))
    compiled(engine, Article(("소프트맥스",), blocks, "ko"), tmp_path)
    text = text_of(tmp_path / "a.pdf")
    for shown in ("소프트맥스의", "기울기", "유도", "(7)"):
        assert shown in text


@pytest.mark.parametrize("engine", ["pdflatex", "xelatex", "lualatex"])
def test_quotes_stay_straight(engine: str, tmp_path: Path) -> None:
    blocks = (Paragraph(('He said "yes", and ', Styled("strong", ('"no"',)))),)
    compiled(engine, Article(('A "title"',), blocks), tmp_path)
    assert text_of(tmp_path / "a.pdf").count('"') == 6


@pytest.mark.parametrize("engine", ["xelatex", "lualatex"])
def test_letters_of_other_scripts_are_set_or_stop(engine: str, tmp_path: Path) -> None:
    composer = Composer()
    b, word = sd.scalar("б"), sd.scalar("скорость")
    composer.add(Paragraph(("Привет, ά", Styled("strong", ("жирный",)))))
    composer.derivation(sd.derive(b**2 * word, b))
    compiled(engine, composer.article(("Буквы",)), tmp_path)
    text = text_of(tmp_path / "a.pdf")
    for letters in ("Привет", "жирный", "Буквы", "скорость", "б2"):
        assert letters in text
    composer.derivation(sd.derive(sd.scalar("変数") ** 2, sd.scalar("変数")))
    with pytest.raises(AssertionError, match=r"(?s)Missing character.*変"):
        compiled(engine, composer.article(()), tmp_path)

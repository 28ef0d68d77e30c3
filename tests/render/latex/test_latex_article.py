"""Articles in LaTeX, read without TeX: the macros that any text can bring about, and links."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.core.derivation import Derivation
from symderiv.core.errors import DataError
from symderiv.document.article import (
    Article,
    Code,
    Figure,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Table,
)
from symderiv.document.blocks import Link, Styled
from symderiv.document.compose import Composer
from symderiv.render.latex import render_article

MACROS = {
    "begin", "end", "doctitle", "bookmarked", "section", "subsection", "raggedright", "textbf",
    "emph", "texttt", "href", "hyperlink", "anchor", "item", "codeline", "codespace", "hskip",
    "toprule", "midrule", "endhead", "tablecaption", "cell", "nobreak", "bottomrule", "centering",
    "small", "par",
    "arraybackslash",
    "linewidth", "captioned", "drawing", "textbullet", "textbackslash", "textasciicircum",
    "textasciitilde", "textasciigrave", "textquotesingle", "straightquote",
    "textless", "textgreater", "textbar", "char", "ensuremath",
}  # fmt: skip
MATHEMATICS = {
    "Sigma", "partial", "infty", "in", "neq", "leq", "geq", "approx", "to", "cdot", "times", "Vert",
    "surd", "prod", "alpha",
}  # fmt: skip


def body_of(article: Article) -> str:
    return render_article(article).data.decode().partition("\\begin{document}")[2]


def article_of(text: str) -> Article:
    words = (text, Styled("emphasis", (text,)), Styled("code", (text,)), Link((text,), text))
    return Article(
        (text,),
        (
            Heading(2, (text,), text), Paragraph(words), Code(text, text),
            Listing(((Paragraph((text,)),),)), Table(((text,),), (((text,),),), (text,), (text,)),
            Figure(Picture("", b"%PDF-1.7", text), (text,), 1, text),
        ),
    )  # fmt: skip


@given(st.text("\\{}$&#%_^~<>|\"'`-,!?abinputdefx01[]()/:.@ \n\t\x00é한α∑", max_size=25))
@settings(max_examples=200, deadline=None)
def test_no_text_brings_a_command(text: str) -> None:
    body = body_of(article_of(text))
    assert set(re.findall(r"\\([A-Za-z]+)", body)) <= MACROS | MATHEMATICS
    assert not re.search(r"(?<!\\)%", body)
    assert "^^" not in body
    environments = re.findall(r"\\(begin|end)\{(\w+)\}", body)
    assert {name for _, name in environments} <= {
        "codelines", "itemize", "longtable", "document",
    }  # fmt: skip


def test_links(softmax: Derivation) -> None:
    composer = Composer()
    composer.paragraph(
        Link((), "#main"), Link(("a",), "https://a.org/b_c?d=%20&e=f#g~{}"), Link(("b",), "#none"),
        Link(("c",), "javascript:alert(1)"), Link(("d",), "file.html"), Link(("e",), "//evil.org"),
    )  # fmt: skip
    composer.derivation(softmax, label="main")
    body = body_of(composer.article(()))
    assert re.findall(r"\\href\{([^}]*)\}", body) == [
        r"https://a.org/b\_c?d=\%20\&e=f\#g\%7E\%7B\%7D",
        "file.html",
    ]
    targets = set(re.findall(r"\\hyperlink\{([^}]*)\}", body))
    places = re.findall(r"\\anchor\{([^}]*)\}", body)
    assert "main" in targets
    assert targets <= set(places)
    assert len(places) == len(set(places))


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_every_link_of_the_catalog_leads_somewhere(
    detail: str, whole_catalog: Callable[[str], Article]
) -> None:
    body = body_of(whole_catalog(detail))
    places = re.findall(r"\\anchor\{([^}]*)\}", body)
    assert set(re.findall(r"\\hyperlink\{([^}]*)\}", body)) <= set(places)
    assert len(places) == len(set(places))


def test_a_picture_without_pdf_is_refused() -> None:
    figure = Figure(Picture("<svg/>", b"", "a box"), ("one",), 1, "f")
    with pytest.raises(DataError, match=r"'a box' as PDF.*symderiv\[pdf\]"):
        render_article(Article((), (figure,)))


def test_pictures_lie_beside_the_file() -> None:
    pictures = [Figure(Picture("<svg/>", b"%PDF", ""), ("one",), k, f"f{k}") for k in (1, 2)]
    made = render_article(Article((), tuple(pictures)))
    assert list(made.assets) == ["figures/1.pdf", "figures/2.pdf"]
    body = made.data.decode()
    assert r"\drawing{figures/1.pdf}" in body
    assert r"\textbf{Figure 2}: one" in body

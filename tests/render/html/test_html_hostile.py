"""Pages of hostile texts, names, links and drawings: all of it is seen, none of it is live."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symderiv as sd
from symderiv.core.derivation import Derivation
from symderiv.core.errors import DataError
from symderiv.document.article import (
    Article,
    Code,
    Figure,
    Heading,
    Paragraph,
    Picture,
    Table,
    Told,
)
from symderiv.document.blocks import Formula, Link, Styled
from symderiv.document.narrate import document_of
from symderiv.render.html import render_article, to_html
from tests.render.html.pages import SVG, Page, read, rendered, words

SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")

HOSTILE = [
    "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>",
    "{{ 7*7 }}{% raw %}", "</title></style><b>", "&lt;b&gt;&#x3c;", "' onclick='x", "\x00\u202e",
    "]]><!--", "javascript:alert(1)", "</math></annotation><script>", "a b\tc", "#", "",
]  # fmt: skip
ANY = st.lists(
    st.sampled_from([*"<>&\"'/\\{}%#$ ab=:;()\n", "script", "on", "é", "\u202e", "\x00"])
).map("".join)


def is_dead(page: Page) -> None:
    """Asserts that nothing on the page runs, loads, or is styled but what we wrote."""
    assert len(page.all("script")) == 1
    assert len(page.all("style")) == 1
    live = (
        "img iframe object embed form input base audio video link button foreignObject animate set"
    )
    tags = {str(e.tag).rpartition("}")[2] for e in page.root.iter()}
    assert not tags & set(live.split())
    for e in page.root.iter():
        assert not [key for key in e.attrib if key.lower().startswith("on")]
        assert "style" not in e.attrib or str(e.tag).startswith(SVG)
        scheme = SCHEME.match(e.get("href", ""))
        assert scheme is None or scheme[1].lower() in ("http", "https", "mailto"), scheme


def hostile(text: str) -> Article:
    said = (
        text,
        Formula(text),
        Styled("strong", (text,)),
        Link((text,), text),
        Link((text,), "x" + text),
    )
    blocks = (
        Heading(2, said, text),
        Paragraph(said),
        Table((said,), ((said,),), (text,), said, text),
        Code(text, text),
        Figure(Picture('<svg xmlns="http://www.w3.org/2000/svg"/>', b"", text), said, 1, text),
        Told(document_of(sd.derive(sd.scalar("x") ** 2, sd.scalar("x"))), 1, text, (text,)),
    )
    return Article(said, blocks)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_texts_from_outside(text: str) -> None:
    is_dead(read(render_article(hostile(text)).data))


@given(ANY)
@settings(max_examples=60, deadline=None)
def test_any_text(text: str) -> None:
    is_dead(read(render_article(hostile(text)).data))


@pytest.mark.parametrize("name", [x for x in HOSTILE if x], ids=ascii)
def test_names_from_outside(name: str, with_names: Callable[..., Derivation]) -> None:
    is_dead(read(to_html(with_names(name, latex=name, layer=name))))
    shown = read(to_html(with_names(name)))
    is_dead(shown)


@pytest.mark.parametrize(
    "target",
    [
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        " javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc",
    ],
)
def test_a_link_that_could_run_is_words(target: str) -> None:
    made = read(render_article(Article(("T",), (Paragraph((Link(("here",), target),)),))).data)
    assert "here" in [words(e) for e in made.all("span")]
    assert "here" not in [words(e) for e in made.all("a")]


def test_a_drawing_keeps_shapes_only() -> None:
    page = rendered("notes")
    drawings = list(page.root.iter(f"{SVG}svg"))
    assert len(drawings) == 2
    for drawing in drawings:
        assert (drawing.get("role"), drawing.get("aria-label")) == ("img", "A box and a circle")
        tags = [str(e.tag).removeprefix(SVG) for e in drawing.iter()]
        assert sorted(tags) == sorted(
            ["svg", "defs", "path", "clipPath", "rect", "g", "rect", "text", "use", "use", "image"]
        )
        assert [e.get("style") for e in drawing.iter(f"{SVG}rect")] == [None, "fill:#eef"]
        assert not [
            e for e in drawing.iter() if "http" in "".join(e.attrib.values()).replace(SVG, "")
        ]
        own = [e.attrib["id"] for e in drawing.iter() if "id" in e.attrib]
        assert [e.get("href") for e in drawing.iter(f"{SVG}use")] == [f"#{own[0]}", None]
        assert drawing.find(f"{SVG}g").get("clip-path") == f"url(#{own[1]})"


@pytest.mark.parametrize(
    "svg",
    ["", "<svg>", "<svg/>", "<p xmlns='http://www.w3.org/2000/svg'/>",
     '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'],
)  # fmt: skip
def test_what_is_no_drawing(svg: str) -> None:
    article = Article(("T",), (Figure(Picture(svg, b"", "a plot")),))
    with pytest.raises(DataError, match="the picture 'a plot' is no SVG"):
        render_article(article)


def test_a_raster_within_a_drawing_must_be_inside() -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}"/></svg>'
    for href, kept in (
        ("data:image/png;base64,iVBO\nRw0=", "data:image/png;base64,iVBORw0="),
        ("data:image/svg+xml,x", None),
        ("//x/y", None),
    ):
        picture = Picture(head.replace("{}", href.replace("\n", "&#10;")), b"", "plot")
        page = read(render_article(Article(("T",), (Figure(picture),))).data)
        assert [e.get("href") for e in page.root.iter(f"{SVG}image")] == [kept]

"""The judges are no rubber stamps: with any one escape broken, one of them finds something live."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from symderiv.render.typst.formula import typst_formula
from tests.hostile.articles import by_api
from tests.hostile.judges import JUDGES
from tests.hostile.texts import FIXED


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a broken escape let through is not remembered for other tests."""
    yield
    typst_formula.cache_clear()


def itself(text: str, *_: Any) -> str:
    return text


def always(*_: Any) -> bool:
    return True


def quoted(text: str) -> str:
    return f'"{text}"'


def in_dollars(text: str, *_: Any) -> str:
    return f"${text}$"


def word(name: str, *_: Any) -> tuple[str, str]:
    return name, ""


BROKEN: list[tuple[str, str, Callable[..., Any]]] = [
    ("html", "xml.etree.ElementTree._escape_cdata", itself),
    ("html", "xml.etree.ElementTree._escape_attrib_html", itself),
    ("html", "symderiv.render.html.anchors.Anchors.address", lambda _, target: target),
    ("html", "symderiv.render.html.body.visible", itself),
    ("html", "symderiv.render.html.shell.plain_words", lambda words, _: str(words[0])),
    ("html", "symderiv.render.mathml.printer.visible", itself),
    ("latex", "symderiv.render.latex.words.tex_text", itself),
    ("latex", "symderiv.render.latex.words.tex_code", itself),
    ("latex", "symderiv.render.inline.is_address", always),
    ("latex", "symderiv.render.latex.words._address", itself),
    ("latex", "symderiv.render.latex.words.is_formula", always),
    ("latex", "symderiv.render.latex.blocks.tex_anchor", itself),
    ("latex", "symderiv.render.latex.blocks.tex_code", itself),
    ("latex", "symderiv.render.latex.blocks.tex_outline", itself),
    ("latex", "symderiv.render.latex.blocks.is_formula", always),
    ("latex", "symderiv.render.notation.style_latex.is_safe_tex", always),
    ("latex", "symderiv.render.names.tex_text", itself),
    ("latex", "symderiv.render.notation.style_latex.tex_name", word),
    ("typst", "symderiv.render.typst.words.typst_text", itself),
    ("typst", "symderiv.render.typst.words.typst_string", quoted),
    ("typst", "symderiv.render.typst.words.typst_formula", itself),
    ("typst", "symderiv.render.typst.blocks.typst_string", quoted),
    ("typst", "symderiv.render.typst.blocks.typst_formula", itself),
    ("typst", "symderiv.render.typst.style.typst_name", word),
    ("typst", "symderiv.render.typst.formula.typst_string", quoted),
    ("pdf", "symderiv.render.inline.is_address", always),
    ("markdown", "symderiv.render.markdown.text.text", itself),
    ("markdown", "symderiv.render.markdown.text.code", itself),
    ("markdown", "symderiv.render.markdown.text.is_address", always),
    ("markdown", "symderiv.render.markdown.text.address", itself),
    ("markdown", "symderiv.render.markdown.text.is_formula", always),
    ("markdown", "symderiv.render.markdown.text.identifier", itself),
    ("markdown", "symderiv.render.markdown.article.is_formula", always),
    ("markdown", "symderiv.render.markdown.article.fenced", itself),
    ("markdown", "symderiv.render.markdown.article.text", itself),
    ("markdown", "symderiv.render.markdown.rows.words", itself),
    ("ipynb", "symderiv.render.ipynb.visible_lines", itself),
    ("ipynb", "symderiv.render.markdown.text.text", itself),
    ("json", "symderiv.render.json.article._dumps", __import__("json").dumps),
    ("json", "symderiv.render.json.article._spelled", itself),
    ("text", "symderiv.render.layout.visible", itself),
    ("text", "symderiv.render.text.visible", itself),
    ("text", "symderiv.render.text.visible_lines", itself),
]  # fmt: skip


@pytest.mark.parametrize(
    ("format_", "escape", "instead"), BROKEN, ids=[f"{row[0]} {row[1]}" for row in BROKEN]
)
def test_a_broken_escape_is_found(
    format_: str, escape: str, instead: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escape, instead)
    assert any(_is_live(format_, text) for text in FIXED)


def _is_live(format_: str, text: str) -> bool:
    try:
        JUDGES[format_](by_api(text))
    except AssertionError:
        return True
    return False

"""Running text of a page: what a line may not end within."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from sympy import Symbol

from symderiv.document.blocks import Formula, Words
from symderiv.render.html.anchors import Anchors
from symderiv.render.html.formulas import PagePrinter
from symderiv.render.notation import Notation
from symderiv.render.notation.style_latex import LatexStyle

N, K = Symbol("N"), Symbol("k")
LONG = Formula("+".join("abcdefghi"))


def written(words: Words) -> Element:
    element = Element("p")
    PagePrinter(Notation(LatexStyle()), Anchors()).words(element, words)
    return element


def seen(e: Element) -> str:
    """The text, ``$`` for each formula, and what is kept on one line within braces."""
    inside = (e.text or "") + "".join(seen(child) + (child.tail or "") for child in e)
    if e.tag == "math":
        return "$"
    return f"{{{inside}}}" if e.get("class") == "tied" else inside


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("x (", N, " × ", K, "), and"), "x {($\u00a0×\u00a0$),} and"),
        ((N, " = 1, 2"), "{$\u00a0=\u00a01,} 2"),
        (("for ", N, "에 대하여"), "for {$에} 대하여"),
        (("N = 1, 2; c = 4",), "N\u00a0=\u00a01, 2; c\u00a0=\u00a04"),
        (("원-핫이면 t-test",), "원-\u2060핫이면 t-test"),
        ((N, "antidisestablishment ", K, " a b"), "$antidisestablishment $ a b"),
        ((LONG, " = ", LONG), "{$\u00a0=\u00a0}$"),
        (("a ", N, " ", K, " b"), "a $ $ b"),
    ],
)
def test_a_line_ends_where_a_reader_would_end_it(words: Words, text: str) -> None:
    assert seen(written(words)) == text

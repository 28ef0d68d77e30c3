"""From LaTeX to MathML Core, by latex2mathml and a repair of what it leaves.

latex2mathml never sees a text that a person gave: names of several letters and running text
stand in its input as single private-use characters and are put into the finished tree. Its
``convert`` is not used, for it un-escapes its output; its tree is repaired, checked against
MathML Core, and serialised by ElementTree. What cannot be told that way becomes ``<code>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from symderiv.render.mathml.repair import FIRST, LAST, NotCoreError, check, readable, repair
from symderiv.render.names import visible
from symderiv.render.notation.style_latex import LatexStyle

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
ROWS = {"aligned": "split", "gathered": "matrix"}
"""Environments that latex2mathml leaves in pieces, and what it reads in their place."""


class PlaceholderStyle(LatexStyle):
    """LaTeX in which one private-use character stands for every word."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, tuple[str, str]] = {}
        self._places: dict[tuple[str, str], str] = {}

    def upright(self, text: str) -> str:
        """A name of several letters."""
        return self._place("mi", visible(text))

    def word(self, text: str) -> str:
        """Running text within a formula."""
        return self._place("mtext", visible(text).replace(" ", "\u00a0"))

    def _place(self, tag: str, text: str) -> str:
        place = self._places.get((tag, text))
        if place is None:
            number = FIRST + len(self._places)
            if number > LAST:
                return "?"
            place = self._places[tag, text] = chr(number)
            self.words[place] = (tag, text)
        return place


def formula(safe: str, latex: str, words: Mapping[str, tuple[str, str]]) -> Element:
    """``<math>`` with the LaTeX as annotation; ``<code>`` with the LaTeX where that fails.

    ``safe`` is the LaTeX with placeholders for the ``words``.
    """
    body = _converted(safe)
    try:
        if body is None:
            raise NotCoreError(latex)
        repair(body, words)
        check(body)
    except NotCoreError:
        code = Element("code", {"class": "latex"})
        code.text = readable(latex)
        return code
    math = Element("math", {"xmlns": NAMESPACE, "displaystyle": "true"})
    semantics = SubElement(math, "semantics")
    semantics.append(body)
    SubElement(semantics, "annotation", {"encoding": "application/x-tex"}).text = readable(latex)
    return math


def _converted(latex: str) -> Element | None:
    from latex2mathml.converter import convert_to_element

    try:
        root = convert_to_element(_in_rows(latex))
    except Exception:  # noqa: BLE001 - it has ten errors of its own, and leaks StopIteration
        return None
    row = Element("mrow")
    row.extend(list(root[0]) if len(root) == 1 and root[0].tag == "mrow" else list(root))
    return row


def _in_rows(latex: str) -> str:
    for name, known in ROWS.items():
        latex = latex.replace(f"{{{name}}}", f"{{{known}}}")
    return latex

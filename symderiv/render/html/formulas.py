"""Formulas and running text of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from sympy.core.basic import Basic

from symderiv.document.blocks import Link, Styled, Words
from symderiv.document.words import footnote_anchor
from symderiv.render.html.anchors import Anchors
from symderiv.render.html.breadth import breadth
from symderiv.render.layout import say
from symderiv.render.mathml.inline import InlineStyle
from symderiv.render.mathml.printer import Printer, placed, write
from symderiv.render.notation import Notation
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.notation.walk import restyled

STYLES = {"emphasis": "em", "strong": "strong", "deleted": "s", "code": "code"}
LONG = 18.0
TIED = 12
"""More letters than this that touch a formula may be parted from it."""
_BLANKS = re.compile(r"([ \t\r\n]+)")
_SPACED = re.compile(r" ([=≠≤≥≈<>×]) ")
_HYPHEN = re.compile(r"(?<=[가-힣])-(?=[가-힣])")


class PagePrinter(Printer):
    """Writes links and styles, and formulas that a line of text can hold."""

    linked = True

    def __init__(self, notation: Notation, anchors: Anchors) -> None:
        super().__init__(notation)
        self.anchors = anchors
        self.marked: dict[int, str] = {}
        self.slashed = placed(notation, InlineStyle())
        self.text = restyled(notation, TextStyle())

    def words(self, parent: Element, words: Words) -> None:
        """Running text, in which a formula keeps to the same line as what touches it."""
        super().words(parent, words)
        if any(child.tag == "math" for child in parent):
            _tie(parent)

    def said(self, text: str) -> str:
        """Text that goes on in a new line only where a reader would end one."""
        return _kept(super().said(text))

    def enter(self, parent: Element, part: Link | Styled) -> Element:
        """``<a>`` where an address is harmless, ``<em>`` and the like."""
        if isinstance(part, Styled):
            return SubElement(parent, STYLES.get(part.style, "span"))
        href = self.anchors.address(part.target)
        if not href:
            return SubElement(parent, "span")
        link = SubElement(parent, "a", {"href": href})
        if not any(isinstance(word, str) and word.strip(" =") for word in part.words):
            link.set("aria-label", say(part.words, self.text))
        return link

    def mark(self, parent: Element, number: int) -> None:
        """A raised number that leads to the footnote, which leads back to the first of them."""
        target = self.anchors.address(footnote_anchor(number)) or ""
        sup = SubElement(parent, "sup", {"class": "mark"})
        link = SubElement(sup, "a", {"href": target, "role": "doc-noteref"})
        link.text = str(number)
        if number not in self.marked:
            self.marked[number] = self.anchors.claim(f"fnref-{number}")
            link.set("id", self.marked[number])

    def inline(self, *sides: Basic) -> Element:
        """A formula of a line, its fractions with a slash."""
        return self.within(self.printed(self.slashed, sides))

    def within(self, element: Element) -> Element:
        """A formula of a line; one too long for a small screen scrolls by itself."""
        element.attrib = {k: v for k, v in element.attrib.items() if k != "displaystyle"}
        if breadth(element) <= LONG:
            return element
        span = Element("span", {"class": "long", "tabindex": "0"})
        span.append(element)
        return span


def _kept(text: str) -> str:
    """The text, no line of which ends within a short equation or at a hyphen between Hangul."""
    return _HYPHEN.sub("-\u2060", _SPACED.sub("\u00a0\\1\u00a0", text))


def _tie(parent: Element) -> None:
    """Each formula with the bracket before it, and the particle or the comma after it, as one."""
    pieces = list(_pieces(parent))
    for child in list(parent):
        child.tail = None
        parent.remove(child)
    parent.text = None
    run: list[str | Element] = []
    for piece in pieces:
        if _stands_alone(piece):
            _write_run(parent, run)
            _write_run(parent, [piece])
            run = []
        elif run and not isinstance(piece, str) and sum(map(_wide, [*run, piece])) > LONG:
            _write_run(parent, run)
            run = [piece]
        else:
            run.append(piece)
    _write_run(parent, run)


def _pieces(parent: Element) -> Iterator[str | Element]:
    """Words, the blanks between them, and elements."""
    for text, child in ((parent.text, None), *((child.tail, child) for child in parent)):
        if child is not None:
            yield child
        yield from filter(None, _BLANKS.split(text or ""))


def _stands_alone(piece: str | Element) -> bool:
    if isinstance(piece, str):
        return len(piece) > TIED or bool(_BLANKS.fullmatch(piece))
    return piece.tag != "math"


def _wide(piece: str | Element) -> float:
    return 0.0 if isinstance(piece, str) else breadth(piece)


def _write_run(parent: Element, run: list[str | Element]) -> None:
    """What no blank parts; around a formula and what touches it no line ends."""
    if len(run) > 1 and any(map(_wide, run)):
        parent = SubElement(parent, "span", {"class": "tied"})
    for piece in run:
        if isinstance(piece, str):
            write(parent, piece)
        else:
            parent.append(piece)

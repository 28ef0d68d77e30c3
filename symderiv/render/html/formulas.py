"""Formulas and running text of a page."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from sympy.core.basic import Basic

from symderiv.document.blocks import Link, Styled
from symderiv.document.words import footnote_anchor
from symderiv.render.html.anchors import Anchors
from symderiv.render.layout import say
from symderiv.render.mathml.inline import InlineStyle
from symderiv.render.mathml.printer import Printer, placed
from symderiv.render.mathml.repair import CHILDREN, TOKENS
from symderiv.render.notation import Notation
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.notation.walk import restyled

STYLES = {"emphasis": "em", "strong": "strong", "deleted": "s", "code": "code"}
LONG = 18.0
SMALL = 0.7


class PagePrinter(Printer):
    """Writes links and styles, and formulas that a line of text can hold."""

    linked = True

    def __init__(self, notation: Notation, anchors: Anchors) -> None:
        super().__init__(notation)
        self.anchors = anchors
        self.marked: dict[int, str] = {}
        self.slashed = placed(notation, InlineStyle())
        self.text = restyled(notation, TextStyle())

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
        span = Element("span", {"class": "long"})
        span.append(element)
        return span


def breadth(e: Element) -> float:
    """About how wide a formula is, in ems.

    >>> from symderiv.render.mathml.core import formula
    >>> breadth(formula("a + b", "a + b", {})) < breadth(formula("a + b + c", "", {}))
    True
    """
    if e.tag == "annotation":
        return 0.0
    if e.tag in TOKENS or e.tag == "code":
        wide = 1.1 if e.tag == "mo" and e.text not in tuple("()[]{}|,.") else 0.5
        return wide * len(e.text or "")
    inside = [breadth(child) for child in e]
    if e.tag in ("mfrac", "munder", "mover", "munderover", "mtable"):
        return max(inside, default=0.0)
    if e.tag in CHILDREN and inside:
        return inside[0] + SMALL * max(inside[1:], default=0.0)
    return sum(inside)

"""Formulas and running text of a page."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from sympy.core.basic import Basic

from symderiv.document.blocks import Link, Styled, Words
from symderiv.document.words import footnote_anchor
from symderiv.render.html.anchors import Anchors
from symderiv.render.html.breadth import breadth
from symderiv.render.layout import say
from symderiv.render.mathml.inline import InlineStyle
from symderiv.render.mathml.printer import Printer, placed
from symderiv.render.notation import Notation
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.notation.walk import restyled

STYLES = {"emphasis": "em", "strong": "strong", "deleted": "s", "code": "code"}
LONG = 18.0
TIED = 12
"""More letters than this that touch a formula may be parted from it."""


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
        for child in list(parent):
            if child.tag == "math":
                _tie(parent, child)

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


def _tie(parent: Element, formula: Element) -> None:
    """A formula with the bracket before it, and the particle or the comma after it, as one."""
    at = list(parent).index(formula)
    before = (parent[at - 1].tail if at else parent.text) or ""
    after = formula.tail or ""
    opening, closing = re.split(r"\s", before)[-1], re.split(r"\s", after)[0]
    opening, closing = (text if len(text) <= TIED else "" for text in (opening, closing))
    if not opening and not closing:
        return
    tied = Element("span", {"class": "tied"})
    tied.text, tied.tail = opening or None, after[len(closing) :] or None
    formula.tail = closing or None
    parent.remove(formula)
    parent.insert(at, tied)
    tied.append(formula)
    kept = before[: len(before) - len(opening)] or None
    if at:
        parent[at - 1].tail = kept
    else:
        parent.text = kept

"""A derivation in MathML Core: a table, one ``<math>`` a cell, the LaTeX as annotation."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.document.blocks import Break, Document, Formula, Link, Mark, Styled, Words
from symderiv.document.narrate import Detail
from symderiv.render.layout import Row, Section, prepared
from symderiv.render.mathml.core import PlaceholderStyle, formula
from symderiv.render.names import visible
from symderiv.render.notation import Notation
from symderiv.render.notation.style import Style
from symderiv.render.notation.style_latex import SYMBOLS, LatexStyle
from symderiv.render.notation.walk import restyled
from symderiv.render.sentences import EQUALS, formulas


def to_mathml(
    derivation: Derivation | Document,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> str:
    """The derivation as a well-formed fragment for an HTML page.

    A ``<div class="derivation">`` with a ``<section>`` for the definitions, each lemma and the
    derivation itself; in it a table with the cells ``left``, ``relation``, ``right``, ``reason``.
    """
    parts, notation = prepared(
        derivation, LatexStyle(), detail=detail, language=language, adjoint=adjoint
    )
    printer = Printer(notation)
    root = Element("div", {"class": "derivation"})
    for part in parts:
        _section(printer, root, part)
    return tostring(root, encoding="unicode", short_empty_elements=False)


def mathml(e: Basic) -> str:
    """One expression as a ``<math>`` element.

    >>> from sympy import Symbol
    >>> "<mi>x</mi>" in mathml(Symbol("x"))
    True
    """
    element = Printer(Notation(LatexStyle())).math(e)
    return tostring(element, encoding="unicode", short_empty_elements=False)


class Printer:
    """Writes formulas and running text with one notation, a formula that comes again only once.

    It keeps the words that stand in for names. ``linked`` keeps what leads somewhere or is set
    apart; `enter` says how that is written.
    """

    linked = False

    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.safe = placed(notation, PlaceholderStyle())
        self._made: dict[tuple[Style | None, str], Element] = {}

    def words(self, parent: Element, words: Words) -> None:
        """Running text at the end of an element."""
        for part in formulas(words, linked=self.linked):
            if isinstance(part, tuple):
                parent.append(self.inline(*part))
            elif isinstance(part, Formula):
                parent.append(self.within(self.authored(part.latex)))
            elif isinstance(part, (Link, Styled)):
                self.words(self.enter(parent, part), part.words)
            elif isinstance(part, Break):
                SubElement(parent, "br")
            elif isinstance(part, Mark):
                self.mark(parent, part.number)
            else:
                write(parent, self.said(str(part)))

    def said(self, text: str) -> str:
        """Text as it is written."""
        return visible(text)

    def enter(self, parent: Element, part: Link | Styled) -> Element:
        """The element that the words of a link, or words set apart, are written into."""
        del part
        return parent

    def mark(self, parent: Element, number: int) -> None:
        """The mark of a footnote."""
        write(parent, f"[{number}]")

    def inline(self, *sides: Basic) -> Element:
        """A formula of the notation within running text."""
        return self.within(self.math(*sides))

    def within(self, element: Element) -> Element:
        """A formula within running text."""
        return element

    def math(self, *sides: Basic) -> Element:
        """A formula, or several joined by ``=``."""
        return self.printed(self.safe, sides)

    def authored(self, latex: str) -> Element:
        """A formula in an author's LaTeX."""
        made = self._made.get((None, latex))
        if made is None:
            made = self._made[None, latex] = formula(latex, latex, {})
        return _again(made)

    def relation(self, sign: str) -> Element:
        """What stands between the sides of a line."""
        return self.authored(SYMBOLS[sign])

    def printed(self, safe: Notation, sides: Sequence[Basic]) -> Element:
        """A formula in a notation that `placed` made."""
        style = safe.style
        text = EQUALS.join(map(safe, sides))
        made = self._made.get((style, text))
        if made is None:
            shown = EQUALS.join(map(self.notation, sides))
            words = style.words if isinstance(style, PlaceholderStyle) else {}
            made = self._made[style, text] = formula(text, shown, words)
        return _again(made)


def placed(notation: Notation, style: PlaceholderStyle) -> Notation:
    """The notation in a style that `formula` can read."""
    style.apart = notation.style.apart
    return restyled(notation, style)


def write(parent: Element, text: str) -> None:
    """Text at the end of an element."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _again(made: Element) -> Element:
    """The same formula for another place, which may follow it with other text."""
    again = Element(made.tag, made.attrib)
    again.text = made.text
    again.extend(made)
    return again


def _section(printer: Printer, root: Element, part: Section) -> None:
    section = SubElement(root, "section", {"class": part.kind})
    heading = (visible(part.heading),) if part.heading else ()
    comma = (", ",) if part.heading and part.conditions else ()
    words = (*heading, *comma, *part.conditions)
    if words:
        printer.words(SubElement(section, "p", {"class": "heading"}), (*words, ":"))
    table = SubElement(SubElement(section, "table", {"class": "lines"}), "tbody")
    for row in part.rows:
        _row(printer, SubElement(table, "tr"), row)


def _row(printer: Printer, tr: Element, row: Row) -> None:
    left = SubElement(tr, "td", {"class": "left"})
    if row.left is not None:
        left.append(printer.math(row.left))
    SubElement(tr, "td", {"class": "relation"}).append(printer.relation(row.relation))
    SubElement(tr, "td", {"class": "right"}).append(printer.math(row.right))
    printer.words(SubElement(tr, "td", {"class": "reason"}), row.reason)

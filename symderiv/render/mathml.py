"""A derivation in MathML Core: a table, one ``<math>`` a cell, the LaTeX as annotation."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.document.blocks import Document, Formula, Words
from symderiv.document.narrate import Detail
from symderiv.render.core_mathml import PlaceholderStyle, formula
from symderiv.render.layout import Row, Section, prepared
from symderiv.render.names import visible
from symderiv.render.notation import Notation
from symderiv.render.sentences import EQUALS, formulas
from symderiv.render.style_latex import LatexStyle
from symderiv.render.walk import restyled


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
    printer = _Printer(notation)
    root = Element("div", {"class": "derivation"})
    for part in parts:
        printer.section(root, part)
    return tostring(root, encoding="unicode", short_empty_elements=False)


def mathml(e: Basic) -> str:
    """One expression as a ``<math>`` element.

    >>> from sympy import Symbol
    >>> "<mi>x</mi>" in mathml(Symbol("x"))
    True
    """
    element = _Printer(Notation(LatexStyle())).math(e)
    return tostring(element, encoding="unicode", short_empty_elements=False)


class _Printer:
    """Writes cells with one notation; keeps the words that stand in for names."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.style = PlaceholderStyle()
        self.style.apart = notation.style.apart
        self.safe = restyled(notation, self.style)

    def section(self, root: Element, part: Section) -> None:
        section = SubElement(root, "section", {"class": part.kind})
        heading = (visible(part.heading),) if part.heading else ()
        comma = (", ",) if part.heading and part.conditions else ()
        words = (*heading, *comma, *part.conditions)
        if words:
            self.words(SubElement(section, "p", {"class": "heading"}), (*words, ":"))
        table = SubElement(SubElement(section, "table", {"class": "lines"}), "tbody")
        for row in part.rows:
            self.row(SubElement(table, "tr"), row)

    def row(self, tr: Element, row: Row) -> None:
        left = SubElement(tr, "td", {"class": "left"})
        if row.left is not None:
            left.append(self.math(row.left))
        relation = SubElement(tr, "td", {"class": "relation"})
        relation.append(formula("=", "=", {}))
        SubElement(tr, "td", {"class": "right"}).append(self.math(row.right))
        self.words(SubElement(tr, "td", {"class": "reason"}), row.reason)

    def words(self, parent: Element, words: Words) -> None:
        last: Element | None = None
        for part in formulas(words):
            if isinstance(part, tuple):
                last = self.math(*part)
                parent.append(last)
            elif isinstance(part, Formula):
                last = formula(part.latex, part.latex, {})
                parent.append(last)
            elif last is None:
                parent.text = (parent.text or "") + visible(str(part))
            else:
                last.tail = (last.tail or "") + visible(str(part))

    def math(self, *sides: Basic) -> Element:
        """A formula, or several joined by ``=``."""
        safe, shown = (EQUALS.join(map(to, sides)) for to in (self.safe, self.notation))
        return formula(safe, shown, self.style.words)

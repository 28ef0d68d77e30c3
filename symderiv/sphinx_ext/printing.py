"""What nodes hold: formulas in LaTeX, in MathML and in Unicode."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, tostring

from sympy.core.basic import Basic

from symderiv.document.article import Article
from symderiv.render.aligned import aligned_rows
from symderiv.render.core_mathml import PlaceholderStyle, formula
from symderiv.render.latex import tex_words
from symderiv.render.layout import Row, article_notation
from symderiv.render.names import visible
from symderiv.render.sentences import EQUALS
from symderiv.render.style_latex import LatexStyle, at_row_start
from symderiv.render.style_text import TextStyle
from symderiv.render.text import aligned
from symderiv.render.walk import restyled
from symderiv.sphinx_ext import nodes as ours

PAGE = 44.0
"""Ems that a page of Sphinx's LaTeX is wide."""


class Printing:
    """Prints the formulas of one article."""

    def __init__(self, article: Article) -> None:
        self.latex = article_notation(article, LatexStyle())
        self.text = article_notation(article, TextStyle())
        self.style = PlaceholderStyle()
        self.style.apart = self.latex.style.apart
        self.safe = restyled(self.latex, self.style)
        self.equals = _written(formula("=", "=", {}))

    # ------------------------------------------------------------ within a line

    def formula(self, sides: Sequence[Basic]) -> ours.derivation_formula:
        """Expressions joined by ``=``."""
        latex = EQUALS.join(map(self.latex, sides))
        text = EQUALS.join(map(self.text, sides))
        return _node(text, latex, self.element(sides))

    def authored(self, latex: str) -> ours.derivation_formula:
        """A formula in an author's LaTeX."""
        return _node(visible(latex), latex, formula(latex, latex, {}))

    def element(self, sides: Sequence[Basic]) -> Element:
        """MathML, with the LaTeX as annotation."""
        safe, latex = (EQUALS.join(map(to, sides)) for to in (self.safe, self.latex))
        return formula(safe, latex, self.style.words)

    # ------------------------------------------------------------ lines

    def sides(self, row: Row) -> tuple[str, str]:
        """Both sides of a line in MathML."""
        left = _written(self.element((row.left,))) if row.left is not None else ""
        return left, _written(self.element((row.right,)))

    def texts(self, rows: Sequence[Row]) -> str:
        """All lines in Unicode."""
        return "\n".join(aligned(rows, self.text))

    def rows(self, rows: Sequence[Row]) -> str:
        """All lines as rows for ``align``."""
        return aligned_rows([self.row(row) for row in rows], PAGE)

    def row(self, row: Row) -> tuple[str, str, str]:
        left = at_row_start(self.latex(row.left)) if row.left is not None else ""
        why = rf"\text{{{tex_words(row.reason, self.latex)}}}" if row.reason else ""
        return left, self.latex(row.right), why


def _node(text: str, latex: str, element: Element) -> ours.derivation_formula:
    element.attrib = {k: v for k, v in element.attrib.items() if k != "displaystyle"}
    return ours.derivation_formula(text, text, latex=latex, mathml=_written(element))


def _written(element: Element) -> str:
    return tostring(element, encoding="unicode", short_empty_elements=False)

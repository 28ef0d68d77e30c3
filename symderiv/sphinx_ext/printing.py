"""What nodes hold: formulas in LaTeX, in MathML and in Unicode."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, tostring

from sympy.core.basic import Basic

from symderiv.document.article import Article
from symderiv.render.latex.words import tex_words
from symderiv.render.layout import Row, article_notation
from symderiv.render.markdown.aligned import aligned_rows
from symderiv.render.markdown.widths import ems
from symderiv.render.mathml.core import formula
from symderiv.render.mathml.inline import InlineStyle
from symderiv.render.mathml.printer import Printer, placed
from symderiv.render.names import visible
from symderiv.render.notation.style_latex import LatexStyle, at_row_start
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.sentences import EQUALS
from symderiv.render.text import aligned
from symderiv.sphinx_ext import nodes as ours

PAGE = 44.0
"""Ems that a page of Sphinx's LaTeX is wide."""
COLUMN = 41.0
"""Ems for lines and reasons in the column of a theme in HTML."""
REASON = 13.0
"""Ems that a reason needs, which may be broken into lines."""


class Printing:
    """Prints the formulas of one article."""

    def __init__(self, article: Article) -> None:
        self.latex = article_notation(article, LatexStyle())
        self.text = article_notation(article, TextStyle())
        self.printer = Printer(self.latex)
        self.slashed = placed(self.latex, InlineStyle())
        self.equals = _written(formula("=", "=", {}))

    # ------------------------------------------------------------ within a line

    def formula(self, sides: Sequence[Basic]) -> ours.derivation_formula:
        """Expressions joined by ``=``."""
        latex = EQUALS.join(map(self.latex, sides))
        text = EQUALS.join(map(self.text, sides))
        return _node(text, latex, self.printer.printed(self.slashed, sides))

    def authored(self, latex: str) -> ours.derivation_formula:
        """A formula in an author's LaTeX."""
        return _node(visible(latex), latex, self.printer.authored(latex))

    # ------------------------------------------------------------ lines

    def sides(self, row: Row) -> tuple[str, str]:
        """Both sides of a line in MathML."""
        left = _written(self.printer.math(row.left)) if row.left is not None else ""
        return left, _written(self.printer.math(row.right))

    def texts(self, rows: Sequence[Row]) -> str:
        """All lines in Unicode."""
        return "\n".join(aligned(rows, self.text))

    def rows(self, rows: Sequence[Row]) -> tuple[str, bool]:
        """All lines as rows for ``align``; whether there is no room for reasons beside them."""
        parts = [self.row(row) for row in rows]
        lefts, rights, reasons = (max(map(ems, column)) for column in zip(*parts, strict=True))
        wide = lefts + rights + min(reasons, REASON) > COLUMN
        return aligned_rows(parts, PAGE), wide

    def row(self, row: Row) -> tuple[str, str, str]:
        left = at_row_start(self.latex(row.left)) if row.left is not None else ""
        why = rf"\text{{{tex_words(row.reason, self.latex)}}}" if row.reason else ""
        return left, self.latex(row.right), why


def _node(text: str, latex: str, element: Element) -> ours.derivation_formula:
    element.attrib = {k: v for k, v in element.attrib.items() if k != "displaystyle"}
    return ours.derivation_formula(text, text, latex=latex, mathml=_written(element))


def _written(element: Element) -> str:
    return tostring(element, encoding="unicode", short_empty_elements=False)

"""What nodes hold: formulas in LaTeX, in MathML and in Unicode."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, tostring

from sympy.core.basic import Basic

from symderiv.document.article import Article
from symderiv.render.html.breadth import column, kinds
from symderiv.render.html.parts import breakable
from symderiv.render.latex.words import tex_words
from symderiv.render.layout import Row, article_notation
from symderiv.render.markdown.aligned import aligned_rows
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


class Printing:
    """Prints the formulas of one article."""

    def __init__(self, article: Article) -> None:
        self.latex = article_notation(article, LatexStyle())
        self.text = article_notation(article, TextStyle())
        self.printer = Printer(self.latex)
        self.slashed = placed(self.latex, InlineStyle())

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

    def lines(self, rows: Sequence[Row]) -> list[ours.derivation_line]:
        """Both sides of each line in MathML, in parts where a line may end, and how broad it is."""
        room = column(self.printer.math(row.left) for row in rows if row.left is not None)
        return [self.line(row, room) for row in rows]

    def line(self, row: Row, room: float) -> ours.derivation_line:
        left = None if row.left is None else self.printer.math(row.left)
        formula = self.printer.math(row.right)
        right = Element("div", {"class": "derivation-right"})
        broad = kinds(left, formula, room, reasoned=bool(row.reason))
        breakable(right, formula)
        return ours.derivation_line(
            "",
            "",
            left="" if left is None else _written(left),
            relation=_written(self.printer.relation(row.relation)),
            right=_written(right),
            broad=broad if row.reason else [*broad, "bare"],
            last=row.number > 0,
        )

    def texts(self, rows: Sequence[Row]) -> str:
        """All lines in Unicode."""
        return "\n".join(aligned(rows, self.text))

    def rows(self, rows: Sequence[Row]) -> str:
        """All lines as rows for ``align``."""
        return aligned_rows([self.row(row) for row in rows], PAGE)

    def row(self, row: Row) -> tuple[str, str, str, str]:
        left = at_row_start(self.latex(row.left)) if row.left is not None else ""
        why = rf"\text{{{tex_words(row.reason, self.latex)}}}" if row.reason else ""
        return left, self.latex(row.right), why, self.latex.style.symbols[row.relation]


def _node(text: str, latex: str, element: Element) -> ours.derivation_formula:
    element.attrib = {k: v for k, v in element.attrib.items() if k != "displaystyle"}
    return ours.derivation_formula(text, text, latex=latex, mathml=_written(element))


def _written(element: Element) -> str:
    text = tostring(element, encoding="unicode", short_empty_elements=False)
    return text.replace("<wbr></wbr>", "<wbr/>")

"""The lines of a derivation in Markdown: a sentence, and one block of aligned rows."""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.document.blocks import Break, Formula, Styled, Words
from symderiv.render.layout import Row, Section
from symderiv.render.markdown.aligned import aligned_rows
from symderiv.render.markdown.portable import aligned, display, portable, words
from symderiv.render.markdown.text import anchor, inline, math, paragraph
from symderiv.render.names import visible
from symderiv.render.notation import Notation
from symderiv.render.notation.style_latex import at_row_start
from symderiv.render.sentences import formulas

WIDEST = 40.0
"""Ems that a page of GitHub is wide."""


def section(
    part: Section, notation: Notation, *, label: str = "", number: str = ""
) -> Iterator[str]:
    """The sentence above the lines, and the lines."""
    comma = (", ",) if part.heading and part.conditions else ()
    head = (Styled("strong", (part.heading,)),) if part.kind == "lemma" else (part.heading,)
    said = (*(head if part.heading else ()), *comma, *part.conditions)
    sentence = inline((*said, ":"), notation, end=" ") if said else ""
    if label or sentence:
        yield anchor(label) + (sentence if label else paragraph(sentence))
    rows = [_row(row, notation) for row in part.rows]
    yield display(aligned(aligned_rows(rows, WIDEST, number)))


def _row(row: Row, notation: Notation) -> tuple[str, str, str, str]:
    """Left side, right side, reason, relation."""
    left = portable(at_row_start(notation(row.left))) if row.left is not None else ""
    why, relation = _reason(row.reason, notation), notation.style.symbols[row.relation]
    return left, portable(notation(row.right)), why, relation


def _reason(reason: Words, notation: Notation) -> str:
    """Words and formulas; braces keep a formula that begins with a sign from its neighbour."""
    out = ""
    for part in formulas(reason):
        if isinstance(part, tuple):
            formula = math(part, notation)
            out += f"{{{formula}}}" if formula[:1] in "-+" else formula
        elif isinstance(part, Formula):
            out += f"{{{portable(part.latex)}}}"
        else:
            out += words(" " if isinstance(part, Break) else visible(str(part)))
    return out

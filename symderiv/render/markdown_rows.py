"""The lines of a derivation in Markdown: a sentence, and one block of aligned rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symderiv.document.blocks import Break, Formula, Styled, Words
from symderiv.render.layout import Row, Section, say
from symderiv.render.markdown_text import anchor, inline, math, paragraph
from symderiv.render.names import visible, width
from symderiv.render.notation import Notation
from symderiv.render.portable import aligned, display, portable, words
from symderiv.render.sentences import formulas
from symderiv.render.style_latex import at_row_start
from symderiv.render.style_text import TextStyle
from symderiv.render.walk import restyled

WIDEST = 96
"""Columns of lines and reasons that a page of GitHub shows side by side."""


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
    yield display(aligned(_rows(part.rows, notation, number)))


def _rows(rows: Sequence[Row], notation: Notation, number: str) -> str:
    beside = _fits(rows, notation)
    out: list[str] = []
    for at, row in enumerate(rows):
        left = portable(at_row_start(notation(row.left))) + " " if row.left is not None else ""
        line = f"{left}&= {portable(notation(row.right))}"
        if number and at == len(rows) - 1:
            line += rf" \qquad \text{{{number}}}"
        why = _reason(row.reason, notation) if row.reason else ""
        if why and beside:
            out.append(rf"{line} && \quad {why}")
        else:
            out += [line, rf"&\qquad {why}"] if why else [line]
    return " \\\\\n".join(out)


def _fits(rows: Sequence[Row], notation: Notation) -> bool:
    """Is a page wide enough for the lines and their reasons side by side?"""
    plain = restyled(notation, TextStyle())
    left = max(width(plain(row.left)) for row in rows if row.left is not None)
    right = max(_columns(row.right, plain) for row in rows)
    return left + right + max(width(say(row.reason, plain)) for row in rows) <= WIDEST


def _columns(e: object, plain: Notation) -> int:
    """How wide a side is when its fractions stand upright."""
    return sum(max(map(width, part.split("/"))) for part in plain(e).split(" "))


def _reason(reason: Words, notation: Notation) -> str:
    out = ""
    for part in formulas(reason):
        if isinstance(part, tuple):
            out += math(part, notation)
        elif isinstance(part, Formula):
            out += portable(part.latex)
        else:
            out += words(" " if isinstance(part, Break) else visible(str(part)))
    return out

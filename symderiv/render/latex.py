r"""A derivation in LaTeX, for ``align*``; needs amsmath, and nothing else."""

from __future__ import annotations

from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.document.blocks import Break, Document, Formula, Inline, Words
from symderiv.document.narrate import Detail
from symderiv.render.layout import Row, Section, prepared
from symderiv.render.names import tex_text
from symderiv.render.notation import Notation
from symderiv.render.sentences import EQUALS, formulas
from symderiv.render.style_latex import LatexStyle, at_row_start

PREAMBLE = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{amssymb}
\usepackage{iftex}
% Text beyond Latin letters needs XeLaTeX or LuaLaTeX and a font that has it.
\ifPDFTeX
  \usepackage[T1]{fontenc}
\else
  \IfFileExists{fontspec.sty}{\usepackage{fontspec}}{}
\fi
"""


def to_latex(
    derivation: Derivation | Document,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> str:
    r"""The derivation as rows for ``align*``: ``left &= right && \text{reason} \\``."""
    parts, notation = prepared(
        derivation, LatexStyle(), detail=detail, language=language, adjoint=adjoint
    )
    return " \\\\\n".join(_rows(part, notation) for part in parts)


def to_document(
    derivation: Derivation | Document,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> str:
    """The derivation as a whole LaTeX file."""
    parts, notation = prepared(
        derivation, LatexStyle(), detail=detail, language=language, adjoint=adjoint
    )
    return _file(parts, notation)


def to_line(
    derivation: Derivation,
    position: int,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> str:
    """One step alone, ``line before = line after``, as a formula for any display.

    Positions count from 0. Raises `IndexError` when there is no such line.
    """
    parts, notation = prepared(
        derivation, LatexStyle(), detail=detail, language=language, adjoint=adjoint
    )
    rows = parts[-1].rows
    if not 0 <= position < len(rows):
        raise IndexError(f"line {position}: the derivation has lines 0 to {len(rows) - 1}")
    before = rows[position - 1].right if position else rows[0].left
    left = notation(before) if before is not None else ""
    return f"{left} = {notation(rows[position].right)}"


def latex(e: Basic) -> str:
    r"""One expression in LaTeX.

    >>> from sympy import Symbol
    >>> latex(Symbol("learning_rate"))
    '\\mathrm{learning\\_rate}'
    """
    return Notation(LatexStyle())(e)


def tex_words(words: Words, notation: Notation) -> str:
    r"""Running text, for text mode: formulas between ``$``."""
    return "".join(_tex_part(part, notation) for part in formulas(words))


def _tex_part(part: Inline | tuple[Basic, ...], notation: Notation) -> str:
    if isinstance(part, tuple):
        return f"${EQUALS.join(map(notation, part))}$"
    if isinstance(part, Formula):
        return f"${part.latex}$"
    return "\\\\ " if isinstance(part, Break) else tex_text(str(part))


def _rows(section: Section, notation: Notation) -> str:
    rows = [_row(row, notation) for row in section.rows]
    head = _head(section, notation)
    return " \\\\\n".join([rf"& \text{{{head}}}", *rows] if head else rows)


def _row(row: Row, notation: Notation) -> str:
    left = at_row_start(notation(row.left)) + " " if row.left is not None else ""
    why = rf" && \text{{{tex_words(row.reason, notation)}}}" if row.reason else ""
    return f"{left}&= {notation(row.right)}{why}"


def _head(section: Section, notation: Notation) -> str:
    when = tex_words(section.conditions, notation)
    head = ", ".join(x for x in (tex_text(section.heading), when) if x)
    return f"{head}:" if head else ""


def _file(parts: tuple[Section, ...], notation: Notation) -> str:
    body = []
    for part in parts:
        head = _head(part, notation)
        rows = " \\\\\n".join(_row(row, notation) for row in part.rows)
        lead = rf"\noindent {head}" + "\n" if head else ""
        body.append(f"{lead}\\begin{{align*}}\n{rows}\n\\end{{align*}}\n")
    text = "\n".join(body)
    return f"{PREAMBLE}\\begin{{document}}\n\n{text}\n\\end{{document}}\n"

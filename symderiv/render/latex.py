r"""A derivation in LaTeX, for ``align*``; needs amsmath, and nothing else."""

from __future__ import annotations

from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.document.blocks import Words
from symderiv.document.narrate import Detail
from symderiv.render.layout import Row, Section, prepared
from symderiv.render.names import tex_text
from symderiv.render.notation import Notation
from symderiv.render.style_latex import LatexStyle

PREAMBLE = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{amssymb}
\usepackage{iftex}
% Text beyond Latin letters needs XeLaTeX or LuaLaTeX and a font that has it.
\ifPDFTeX
  \usepackage[T1]{fontenc}
\else
  \usepackage{fontspec}
\fi
"""


def to_latex(
    derivation: Derivation,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
    document: bool = False,
    step: int | None = None,
) -> str:
    r"""The derivation as rows for ``align*``: ``left &= right && \text{reason} \\``.

    ``step=k`` gives the k-th line alone (from 0), as a formula for any display; ``document=True``
    a whole file. Raises `IndexError` when there is no such line.
    """
    parts, notation = prepared(
        derivation, LatexStyle(), detail=detail, language=language, adjoint=adjoint
    )
    if step is not None:
        return _alone(parts[-1], step, notation)
    if document:
        return _file(parts, notation)
    return " \\\\\n".join(_rows(part, notation) for part in parts)


def latex(e: Basic) -> str:
    r"""One expression in LaTeX.

    >>> from sympy import Symbol
    >>> latex(Symbol("learning_rate"))
    '\\mathrm{learning\\_rate}'
    """
    return Notation(LatexStyle())(e)


def tex_words(words: Words, notation: Notation) -> str:
    r"""Running text, for text mode: formulas between ``$``."""
    return "".join(
        tex_text(part) if isinstance(part, str) else f"${notation(part)}$" for part in words
    )


def _alone(section: Section, step: int, notation: Notation) -> str:
    if not 0 <= step < len(section.rows):
        raise IndexError(f"step={step}: the derivation has lines 0 to {len(section.rows) - 1}")
    before = section.rows[0].left if step == 0 else section.rows[step - 1].right
    left = notation(before) if before is not None else ""
    return f"{left} = {notation(section.rows[step].right)}"


def _rows(section: Section, notation: Notation) -> str:
    rows = [_row(row, notation) for row in section.rows]
    head = _head(section, notation)
    return " \\\\\n".join([rf"& \text{{{head}}}", *rows] if head else rows)


def _row(row: Row, notation: Notation) -> str:
    left = notation(row.left) + " " if row.left is not None else ""
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

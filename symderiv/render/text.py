"""A derivation in Unicode text: aligned at ``=``, the reason on the right."""

from __future__ import annotations

from collections.abc import Sequence

from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.document.blocks import Document
from symderiv.document.narrate import Detail
from symderiv.render.layout import Row, Section, prepared, say
from symderiv.render.names import width
from symderiv.render.notation import Notation
from symderiv.render.style_text import TextStyle

GAP = 4
WIDEST = 72


def to_text(
    derivation: Derivation | Document,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> str:
    """The derivation in monospaced Unicode text."""
    parts, notation = prepared(
        derivation, TextStyle(), detail=detail, language=language, adjoint=adjoint
    )
    return "\n\n".join(_section(part, notation) for part in parts)


def text(e: Basic) -> str:
    """One expression in Unicode text.

    >>> from sympy import Symbol
    >>> text(Symbol("lambda") / 2)
    'λ/2'
    """
    return Notation(TextStyle())(e)


def _section(section: Section, notation: Notation) -> str:
    alone = section.conditions == (section.rows[0].left,)  # an empty line tells sections apart
    when = "" if alone else say(section.conditions, notation)
    head = ", ".join(x for x in (section.heading, when) if x)
    lines = _aligned(section.rows, notation)
    return "\n".join([f"{head}:", *lines] if head else lines)


def _aligned(rows: Sequence[Row], notation: Notation) -> list[str]:
    lefts = [notation(row.left) if row.left is not None else "" for row in rows]
    rights = [notation(row.right) for row in rows]
    reasons = [say(row.reason, notation) for row in rows]
    margin = max(map(width, lefts))
    shorter = [width(right) for right in rights if width(right) <= WIDEST]
    column = max(shorter, default=WIDEST) + GAP
    out = []
    for left, right, why in zip(lefts, rights, reasons, strict=True):
        gap = " " * max(column - width(right), GAP) if why else ""
        out.append(f"{left}{' ' * (margin - width(left))} = {right}{gap}{why}")
    return out

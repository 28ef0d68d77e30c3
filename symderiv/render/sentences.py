"""Running text cut into words and formulas."""

from __future__ import annotations

from sympy.core.basic import Basic

from symderiv.document.blocks import Inline, Words
from symderiv.document.words import unlinked

EQUALS = " = "


def formulas(words: Words, *, linked: bool = False) -> tuple[Inline | tuple[Basic, ...], ...]:
    """Running text with its formulas: what ``=`` joins is one of them.

    Links lead nowhere, unless ``linked``.

    >>> from sympy.abc import i, j
    >>> formulas(("selects ", j, " = ", i))
    ('selects ', (j, i))
    """
    out: list[Inline | tuple[Basic, ...]] = []
    for part in words if linked else unlinked(words):
        before = out[-2] if len(out) > 1 and out[-1] == EQUALS else None
        if not isinstance(part, Basic):
            out.append(part)
        elif isinstance(before, tuple):
            out[-2:] = [(*before, part)]
        else:
            out.append((part,))
    return tuple(out)

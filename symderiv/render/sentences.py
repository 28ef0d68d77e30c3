"""Running text cut into words and formulas."""

from __future__ import annotations

from sympy.core.basic import Basic

from symderiv.document.blocks import Words

EQUALS = " = "


def formulas(words: Words) -> tuple[str | tuple[Basic, ...], ...]:
    """Running text with its formulas: what ``=`` joins is one of them.

    >>> from sympy.abc import i, j
    >>> formulas(("selects ", j, " = ", i))
    ('selects ', (j, i))
    """
    out: list[str | tuple[Basic, ...]] = []
    for part in words:
        if isinstance(part, str):
            out.append(part)
        elif len(out) > 1 and out[-1] == EQUALS and isinstance(out[-2], tuple):
            out[-2:] = [(*out[-2], part)]
        else:
            out.append((part,))
    return tuple(out)

"""A text of the message catalogue with formulas in it, as words."""

from __future__ import annotations

from symderiv.document.blocks import Formula, Inline, Words


def prose(text: str) -> Words:
    r"""Words of a text in which formulas of LaTeX stand between dollar signs.

    >>> prose("the error $p - y$")
    ('the error ', Formula(latex='p - y'))
    """
    out: list[Inline] = [
        Formula(part) if position % 2 else part for position, part in enumerate(text.split("$"))
    ]
    return tuple(part for part in out if part != "")

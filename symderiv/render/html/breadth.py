"""How much room a formula takes, before a browser has set it."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from symderiv.render.mathml.repair import CHILDREN, ORDINARY, TOKENS

SMALL = 0.7
GAP, HOOK, APART = 0.4, 0.9, 0.1
"""Beside a sum, in front of what stands under a root, and beside a fraction."""
_BESIDE = {"munderover": GAP, "mfrac": APART}
WIDE_LEFT, LONG_LEFT = 7.0, 12.0
"""Left sides that leave the right side no room on a phone, or on any screen."""
WIDE, WIDER, WIDEST = 11.5, 20.0, 34.0
"""Lines of both sides that leave a reason no room on half a screen, on a whole one, or anywhere."""
LIMITS = (WIDE, WIDER, WIDEST)
_NARROW = ORDINARY.union("()[]{}|,.")
"""Signs without the space of operators."""


def column(lefts: Iterable[Element]) -> float:
    """How broad the left sides of lines are, of which each lies in the column that it fits in."""
    return max((b for b in map(breadth, lefts) if b <= WIDE_LEFT), default=0.0)


def kinds(left: Element | None, right: Element, column: float, *, reasoned: bool) -> list[str]:
    """What is too broad in a line: its left side, or both sides beside a reason.

    >>> from symderiv.render.mathml.core import formula
    >>> kinds(None, formula("a + b + c + d + e + f + g", "", {}), 4.0, reasoned=True)
    ['wide']
    """
    beside = 0.0 if left is None else breadth(left)
    found = ["wide-left", "long-left"][: (beside > WIDE_LEFT) + (beside > LONG_LEFT)]
    broad = column + breadth(right)
    return found + ["wide", "wider", "widest"][: reasoned * sum(broad > x for x in LIMITS)]


def breadth(e: Element) -> float:
    r"""About how wide a formula is, in ems.

    >>> from symderiv.render.mathml.core import formula
    >>> breadth(formula("a + b", "a + b", {})) < breadth(formula("a + b + c", "", {}))
    True
    >>> breadth(formula(r"\partial a", "", {}))
    1.0
    """
    if e.tag == "annotation":
        return 0.0
    if e.tag in TOKENS or e.tag == "code":
        wide = 1.1 if e.tag == "mo" and e.text not in _NARROW else 0.5
        return wide * len(e.text or "")
    inside = [breadth(child) for child in e]
    if e.tag in ("mfrac", "munder", "mover", "munderover", "mtable"):
        return max(inside, default=0.0) + _BESIDE.get(e.tag, 0.0)
    if e.tag == "msqrt":
        return sum(inside) + HOOK
    if e.tag in CHILDREN and inside:
        return inside[0] + SMALL * max(inside[1:], default=0.0)
    return sum(inside)

"""How much room a formula takes, before a browser has set it."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from symderiv.render.mathml.repair import CHILDREN, TOKENS

SMALL = 0.7
GAP, HOOK = 0.4, 0.9
"""Beside a sum, and in front of what stands under a root."""


def breadth(e: Element) -> float:
    """About how wide a formula is, in ems.

    >>> from symderiv.render.mathml.core import formula
    >>> breadth(formula("a + b", "a + b", {})) < breadth(formula("a + b + c", "", {}))
    True
    """
    if e.tag == "annotation":
        return 0.0
    if e.tag in TOKENS or e.tag == "code":
        wide = 1.1 if e.tag == "mo" and e.text not in tuple("()[]{}|,.") else 0.5
        return wide * len(e.text or "")
    inside = [breadth(child) for child in e]
    if e.tag in ("mfrac", "munder", "mover", "munderover", "mtable"):
        return max(inside, default=0.0) + (GAP if e.tag == "munderover" else 0.0)
    if e.tag == "msqrt":
        return sum(inside) + HOOK
    if e.tag in CHILDREN and inside:
        return inside[0] + SMALL * max(inside[1:], default=0.0)
    return sum(inside)

"""Which bars are brackets: those of ``|x|``, in pairs, and not that of ``P(A | B)``."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

SCRIPTED = frozenset(("msub", "msup", "msubsup", "munder", "mover", "munderover"))
OPEN, CLOSE = frozenset("([{⌊⌈⟨"), frozenset(")]}⌋⌉⟩")
TURN = dict.fromkeys(OPEN, 1) | dict.fromkeys(CLOSE, -1)


def sign(e: Element) -> str:
    """The sign that an element is, or at which its scripts stand, as in ``(a + b)²``; else ""."""
    while e.tag in SCRIPTED and len(e):
        e = e[0]
    return (e.text or "") if e.tag == "mo" else ""


def turns(signs: Sequence[str], bars: frozenset[str]) -> list[int]:
    """Of each sign, 1 if it opens brackets, -1 if it closes them, else 0.

    A bar opens where the next one like it within the same brackets closes.

    >>> turns("|x|+P(A|B)", frozenset("|"))
    [1, 0, -1, 0, 0, 1, 0, 0, 0, -1]
    """
    out = [TURN.get(sign, 0) for sign in signs]
    waiting: list[dict[str, int]] = [{}]
    for at, sign in enumerate(signs):
        if sign in OPEN:
            waiting.append({})
        elif sign in CLOSE and len(waiting) > 1:
            waiting.pop()
        elif sign in bars:
            first = waiting[-1].pop(sign, None)
            if first is None:
                waiting[-1][sign] = at
            else:
                out[first], out[at] = 1, -1
    return out

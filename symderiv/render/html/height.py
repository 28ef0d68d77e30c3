"""How tall a formula is, before a browser has set it: of brackets whose halves stand apart.

By MathML Core with the constants of the font of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from symderiv.render.mathml.bars import SCRIPTED
from symderiv.render.mathml.repair import LARGE

AXIS, SMALL = 0.258, 0.7
STEP = 0.06
"""By half of the distance of one size of brackets to the next: what they are taller than asked."""
ABOVE, BELOW = 0.7, 0.21
"""Of letters and signs, from the baseline."""
_LARGE = 0.9
_LIMIT, _BAR = 0.135, 0.034
_SUP, _SUB, _ACCENT = 0.36, 0.21, 0.2
_ROOT = 0.3
_BESIDE = ("msub", "msup", "msubsup")
_ROW = 0.5
"""Between the rows of a table."""

Reach = tuple[float, float]
"""How far something reaches above the baseline, and below it, in ems."""


def height(tokens: Iterable[Element]) -> float:
    r"""How tall brackets are that hold the tokens, in ems; they reach as far up as down.

    >>> from symderiv.render.mathml.core import formula
    >>> low, tall = (formula(tex, "", {}) for tex in ("a + b", r"\frac{a}{b}"))
    >>> height([low]) < 1.2 < height([tall])
    True
    """
    return 2 * _half(reach(tokens))


def reach(tokens: Iterable[Element]) -> Reach:
    """How far a line with the tokens reaches above its baseline, and below it, in ems."""
    return _row(tokens, large=True)


def _reach(e: Element, *, large: bool) -> Reach:
    """``large`` where fractions and sums have their full size."""
    if e.tag == "annotation":
        return (0.0, 0.0)
    if e.tag == "mfrac":
        return _fraction(e, large=large)
    if e.tag in SCRIPTED:
        beside = e.tag in _BESIDE or (e[0].text in LARGE and not large)
        return _scripts(e, large=large) if beside else _limits(e, large=large)
    if e.tag == "mtable":
        rows = [_row(row, large=large) for row in e]
        half = (sum(map(sum, rows)) + _ROW * max(len(rows) - 1, 0)) / 2
        return (half + AXIS, half - AXIS)
    if e.text in LARGE:
        return (AXIS + _LARGE, _LARGE - AXIS) if large else (AXIS + 0.6, 0.6 - AXIS)
    if not len(e):
        return (ABOVE, BELOW) if e.text else (0.0, 0.0)
    if e.tag in ("msqrt", "mroot"):
        up, down = _row(e, large=large)
        return (up + _ROOT, down)
    if e.tag == "mstyle":
        large = e.get("displaystyle", str(large).lower()) == "true"
    return _row(e, large=large)


def _row(tokens: Iterable[Element], *, large: bool) -> Reach:
    """As far as what reaches farthest; brackets that grow as far up as down from the axis."""
    tokens = list(tokens)
    reaches = [_reach(token, large=large) for token in tokens]
    found = (max((up for up, _ in reaches), default=0.0), max((d for _, d in reaches), default=0.0))
    if any(token.get("stretchy") == "true" for token in tokens):
        return (_half(found) + STEP + AXIS, _half(found) + STEP - AXIS)
    return found


def _half(reach: Reach) -> float:
    above, below = reach
    return max(above - AXIS, below + AXIS)


def _fraction(e: Element, *, large: bool) -> Reach:
    gap, shift = (0.15, 0.64) if large else (0.068, 0.585)
    scale = 1.0 if large else SMALL
    (top, bottom), (upper, lower) = (
        tuple(scale * x for x in _reach(part, large=False)) for part in e
    )
    raised = max(shift, AXIS + _BAR + gap + bottom)
    lowered = max(shift, upper + gap + _BAR - AXIS)
    return (raised + top, lowered + lower)


def _limits(e: Element, *, large: bool) -> Reach:
    up, down = _reach(e[0], large=large)
    if e.get("accent") == "true":
        return (up + _ACCENT, down)
    sizes = [SMALL * sum(_reach(script, large=False)) for script in e[1:]]
    if e.tag != "munder":
        up += _LIMIT + sizes[-1]
    if e.tag != "mover":
        down += _LIMIT + sizes[0]
    return (up, down)


def _scripts(e: Element, *, large: bool) -> Reach:
    up, down = _reach(e[0], large=large)
    (high, under), (over, low) = (
        [SMALL * x for x in _reach(e[at], large=False)] if e.tag not in without else [0.0, 0.0]
        for at, without in ((-1, ("msub", "munder")), (1, ("msup", "mover")))
    )
    raised = max(_SUP, up - 0.23, under + 0.12) if high else 0.0
    lowered = max(_SUB, down + 0.16, over - 0.368) if low else 0.0
    if high and low:
        lowered += max(0.0, 0.15 - (raised - under) - (lowered - over))
    return (max(up, raised + high), max(down, lowered + low))

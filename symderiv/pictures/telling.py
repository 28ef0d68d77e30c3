"""A curve in words: from where to where it goes, and where it has no bound.

The extremes of the points that are drawn are those of the curve only where it is bounded. Where it
breaks off or is parted, it is looked at ever more closely from each side: a value that moves on by
as much at each tenth of the distance has no bound there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from symderiv.core.messages import N_
from symderiv.document.words import fill
from symderiv.pictures.axes import Point
from symderiv.pictures.curves import Curve
from symderiv.pictures.formulas import Pen
from symderiv.pictures.quantities import said

GOES = N_("{curve} goes from {first} to {last}, with values between {least} and {most}. ")
RISES = N_("{curve} rises without bound near {places}. ")
FALLS = N_("{curve} falls without bound near {places}. ")
BOTH = N_("{curve} rises and falls without bound near {places}. ")
TOO_LARGE = N_("The values of {curve} are too large to be drawn near {places}. ")
ENDS = N_("At {place} it is {value}. ")
MORE = N_("{places} and {count} further places")

SHOWN = 3
ZOOMS, PARTS, HALVINGS = 30, 11, 80
STEPS, MOVING, STILL = 10, 0.9, 1e-9
BEYOND = 1e-9


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a curve breaks off or is parted, and what it does there."""

    place: float
    rises: bool = False
    falls: bool = False
    overflows: bool = False

    @property
    def message(self) -> str | None:
        """What is said of it; nothing where the curve is bounded."""
        if self.overflows:
            return TOO_LARGE
        if self.rises:
            return BOTH if self.falls else RISES
        return FALLS if self.falls else None


def told(points: Sequence[Point], curve: Curve, label: object, pen: Pen) -> str:
    """What is to be said of a curve, drawn through these points, to who does not see it."""
    found = list(breaks(points, curve))
    wild = [x for x in found if x.message]
    if wild:
        return _unbounded(wild, points, curve, label, pen)
    seen = [y for _, y in points if isfinite(y)]
    peaks = [y for y in (_at(curve, x.place) for x in found) if isfinite(y)]
    least, most = min(seen + peaks), max(seen + peaks)
    values = {"first": seen[0], "last": seen[-1], "least": least, "most": most}
    words = {"curve": pen.says(label), **{key: said(value) for key, value in values.items()}}
    return pen.says(fill(GOES, words, pen.language))


def _unbounded(
    wild: Sequence[Break], points: Sequence[Point], curve: Curve, label: object, pen: Pen
) -> str:
    out = []
    for message in (RISES, FALLS, BOTH, TOO_LARGE):
        at = [found.place for found in wild if found.message == message]
        if at:
            words = {"curve": pen.says(label), "places": _places(at, curve, pen)}
            out.append(fill(message, words, pen.language))
    for x, y in (points[0], points[-1]):
        if isfinite(y) and all(found.place != x for found in wild):
            words = {"place": _places([x], curve, pen), "value": said(y)}
            out.append(fill(ENDS, words, pen.language))
    return "".join(map(pen.says, out))


def _places(at: Sequence[float], curve: Curve, pen: Pen) -> str:
    name = pen.plainly(curve.x)
    shown = ", ".join(f"{name} = {said(place)}" for place in at[:SHOWN])
    if len(at) <= SHOWN:
        return shown
    words = {"places": shown, "count": str(len(at) - SHOWN)}
    return pen.says(fill(MORE, words, pen.language))


# ---------------------------------------------------------------- where a curve breaks


def breaks(points: Sequence[Point], curve: Curve) -> Iterator[Break]:
    """Every place where finite values end, or are parted."""
    known = [at for at, (_, y) in enumerate(points) if isfinite(y)]
    if not known:
        return
    if known[0] > 0:
        yield _edge(points[known[0]][0], points[known[0] - 1][0], curve)
    for a, b in pairwise(known):
        if b == a + 1:
            continue
        (left, _), (right, _) = points[a], points[b]
        if b == a + 2:
            yield _parted(left, right, points[a + 1][0], curve)
        else:
            yield _edge(left, points[a + 1][0], curve)
            yield _edge(right, points[b - 1][0], curve)
    if known[-1] < len(points) - 1:
        yield _edge(points[known[-1]][0], points[known[-1] + 1][0], curve)


def _edge(inside: float, outside: float, curve: Curve) -> Break:
    """The end of what is defined, between a place that has a value and one that has none."""
    good, bad = inside, outside
    for _ in range(HALVINGS):
        middle = (good + bad) / 2
        if isfinite(_at(curve, middle)):
            good = middle
        else:
            bad = middle
    beyond = _at(curve, outside)
    far = abs(bad - outside) > BEYOND * abs(outside - inside)
    if abs(beyond) == float("inf") and far:
        return Break(bad, overflows=True)
    goes = _goes(bad, inside, curve)
    return Break(bad, goes > 0, goes < 0)


def _parted(left: float, right: float, near: float, curve: Curve) -> Break:
    """A place between two values: a pole, a jump, or a value that is missing."""
    place = near if not isfinite(_at(curve, near)) else _steepest(left, right, curve)
    goes = _goes(place, left, curve), _goes(place, right, curve)
    return Break(place, 1 in goes, -1 in goes)


def _steepest(left: float, right: float, curve: Curve) -> float:
    """The place between two others around which the values differ most, ever more closely."""
    for _ in range(ZOOMS):
        places = [left + (right - left) * k / (PARTS - 1) for k in range(PARTS)]
        values = [_at(curve, place) for place in places]
        missing = next((p for p, y in zip(places, values, strict=True) if not isfinite(y)), None)
        if missing is not None:
            return missing
        steps = [abs(b - a) for a, b in pairwise(values)]
        most = max(range(len(steps)), key=steps.__getitem__)
        left, right = places[max(most - 1, 0)], places[min(most + 2, PARTS - 1)]
    return (left + right) / 2


def _goes(place: float, start: float, curve: Curve) -> int:
    """Whether the values rise (1) or fall (−1) without bound towards a place, or neither (0)."""
    values = [_at(curve, place + (start - place) * 10.0**-k) for k in range(1, STEPS)]
    finite = [y for y in values if isfinite(y)]
    moves = [b - a for a, b in pairwise(finite)]
    last = moves[-4:]
    if len(last) < 4 or abs(last[-1]) <= STILL * (1 + abs(finite[0])):
        return 0
    if any(abs(b) < MOVING * abs(a) or a * b <= 0 for a, b in pairwise(last)):
        return 0
    return 1 if last[-1] > 0 else -1


def _at(curve: Curve, place: float) -> float:
    import numpy as np

    return float(curve(np.asarray([place]))[0])

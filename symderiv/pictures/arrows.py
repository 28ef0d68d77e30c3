"""Arrows along curves, and arrows back beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from symderiv.pictures.looks import BACKWARD, INK, LINE
from symderiv.pictures.sheet import Sheet

Point = tuple[float, float]
Area = tuple[float, float, float, float]
"""Left, bottom, right and top."""
HEAD, HALF = 6.0, 2.1
BESIDE = 4.2
DASHES = (3.2, 2.0)
STEPS = 12
STRAIGHT = 0.4
HALVINGS = 20


def flat(curve: Sequence[Point]) -> list[Point]:
    """A Bézier curve as a line through many of its points; of a straight one, its ends."""
    if _is_straight(curve):
        return [curve[0], curve[-1]]
    out = [curve[0]]
    for at in range(0, len(curve) - 3, 3):
        a, b, c, d = curve[at : at + 4]
        for step in range(1, STEPS + 1):
            t = step / STEPS
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            out.append(
                (
                    sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                    sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
                )
            )
    return out


def _is_straight(points: Sequence[Point]) -> bool:
    (x0, y0), (x1, y1) = points[0], points[-1]
    long = hypot(x1 - x0, y1 - y0) or 1.0
    off = (abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / long for x, y in points)
    return max(off) < STRAIGHT


def length(points: Sequence[Point]) -> float:
    """How long a line is."""
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))


def shortened(points: Sequence[Point], by: float) -> list[Point]:
    """A line without its last stretch."""
    out = list(points)
    while len(out) > 1:
        (x0, y0), (x1, y1) = out[-2:]
        last = hypot(x1 - x0, y1 - y0)
        if last > by:
            share = 1 - by / last
            return [*out[:-1], (x0 + share * (x1 - x0), y0 + share * (y1 - y0))]
        by -= last
        out.pop()
    return out


def beside(points: Sequence[Point], by: float) -> list[Point]:
    """A line at a distance to the right of another, seen along it."""
    out = []
    for at, (x, y) in enumerate(points):
        (x0, y0), (x1, y1) = points[max(at - 1, 0)], points[min(at + 1, len(points) - 1)]
        long = hypot(x1 - x0, y1 - y0) or 1.0
        out.append((x + by * (y1 - y0) / long, y - by * (x1 - x0) / long))
    return out


def leaving(points: Sequence[Point], area: Area) -> list[Point]:
    """A line from where it leaves an area, if it begins there."""
    out = list(points)
    while len(out) > 2 and _is_in(out[1], area):
        out.pop(0)
    if not _is_in(out[0], area):
        return out
    (x0, y0), (x1, y1) = out[:2]
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        t = (low + high) / 2
        low, high = (
            (t, high) if _is_in((x0 + t * (x1 - x0), y0 + t * (y1 - y0)), area) else (low, t)
        )
    return [(x0 + high * (x1 - x0), y0 + high * (y1 - y0)), *out[1:]]


def _is_in(point: Point, area: Area) -> bool:
    (x, y), (left, bottom, right, top) = point, area
    return left < x < right and bottom < y < top


def middle(points: Sequence[Point]) -> Point:
    """The point half way along a line."""
    return shortened(points, length(points) / 2)[-1]


def arrow(
    sheet: Sheet,
    points: Sequence[Point],
    *,
    color: str = INK,
    width: float = LINE,
    dashes: Sequence[float] = (),
) -> None:
    """A line with a head at its end."""
    shaft = shortened(points, HEAD - 1)
    sheet.lines(shaft, color=color, width=width, dashes=dashes)
    (x0, y0), (x, y) = shaft[-1], points[-1]
    long = hypot(x - x0, y - y0) or 1.0
    dx, dy = (x - x0) / long, (y - y0) / long
    foot = (x - HEAD * dx, y - HEAD * dy)
    sides = [(foot[0] - k * HALF * dy, foot[1] + k * HALF * dx) for k in (1, -1)]
    sheet.polygon([(x, y), *sides], color)


def there(sheet: Sheet, curve: Sequence[Point]) -> None:
    """The arrow of what flows forward."""
    arrow(sheet, flat(curve))


def back(sheet: Sheet, curve: Sequence[Point], start: Area, end: Area) -> None:
    """The arrow of what flows back, beside it, between the areas that the curve joins."""
    points = leaving(beside(flat(curve), BESIDE), start)
    arrow(sheet, leaving(points[::-1], end), color=BACKWARD, dashes=DASHES)

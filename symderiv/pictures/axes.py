"""A pair of axes, and what is drawn between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

from symderiv.pictures.boxes import Type
from symderiv.pictures.extras import load
from symderiv.pictures.formulas import Run
from symderiv.pictures.looks import FAINT, LINE, MUTED, PAPER, THIN, TINY
from symderiv.pictures.quantities import written
from symderiv.pictures.sheet import Sheet

Point = tuple[float, float]
TICK, GAP, AIR, EDGE = 3.5, 3.0, 0.05, 8.0
DASHES = {"solid": (), "dashed": (5, 2.2), "dashdot": (6, 2, 1.2, 2), "dotted": (1.2, 1.8)}
DOT = 2.6
DWARFED, MOST_CUTS = 10.0, 100


@dataclass(frozen=True, slots=True)
class Stroke:
    """A curve: its points, and how it is drawn."""

    points: tuple[Point, ...]
    color: str
    dashes: str
    label: Type


@dataclass(frozen=True, slots=True)
class Dot:
    """A marked point of a curve."""

    at: Point
    color: str
    label: Type


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the numbers of both axes lie on the sheet."""

    x: tuple[float, float]
    y: tuple[float, float]
    corner: Point
    size: tuple[float, float]

    def at(self, point: Point) -> Point:
        """The place of a point on the sheet."""
        (x0, x1), (y0, y1) = self.x, self.y
        return (
            self.corner[0] + self.size[0] * (point[0] - x0) / (x1 - x0),
            self.corner[1] + self.size[1] * (point[1] - y0) / (y1 - y0),
        )

    @property
    def right(self) -> float:
        """The right edge."""
        return self.corner[0] + self.size[0]

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.corner[1] + self.size[1]

    def pieces(self, points: Sequence[Point]) -> Iterator[list[Point]]:
        """The parts of a curve that lie between the axes, on the sheet."""
        piece: list[Point] = []
        for a, b in pairwise(points):
            cut = _clipped(a, b, self.y)
            if cut is None:
                if len(piece) > 1:
                    yield piece
                piece = []
                continue
            first, last = map(self.at, cut)
            if not piece or piece[-1] != first:
                if len(piece) > 1:
                    yield piece
                piece = [first]
            piece.append(last)
        if len(piece) > 1:
            yield piece


def _clipped(a: Point, b: Point, y: tuple[float, float]) -> tuple[Point, Point] | None:
    if not (isfinite(a[1]) and isfinite(b[1])):
        return None
    low, high = y
    if max(a[1], b[1]) < low or min(a[1], b[1]) > high:
        return None

    def within(p: Point, q: Point) -> Point:
        edge = min(max(p[1], low), high)
        if edge == p[1]:
            return p
        share = (edge - p[1]) / (q[1] - p[1])
        return p[0] + share * (q[0] - p[0]), edge

    return within(a, b), within(b, a)


def span(strokes: Sequence[Stroke], marked: Sequence[float] = ()) -> tuple[float, float]:
    """The lowest and highest value of the curves and of what is marked, with some air.

    Where a curve breaks off, at a pole, its extremes may dwarf the rest. If they lie farther from
    the middle four fifths of the curve (along the axis) than ten times the height of these, the
    curve is shown as far as half that height beyond them. What is large without a break, such as
    a narrow peak, is shown whole.
    """
    found = [*marked, *(y for stroke in strokes for y in _reach(stroke.points))]
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    air = AIR * (high - low)
    return (low if low == 0 else low - air), (high if high == 0 else high + air)


def _reach(points: Sequence[Point]) -> list[float]:
    """The lowest and highest value of a curve to be shown; none if it has no value."""
    seen = [(x, y, _breaks(points, at)) for at, (x, y) in enumerate(points) if isfinite(y)]
    if not seen:
        return []
    low, high = (edge(seen, key=lambda p: p[1]) for edge in (min, max))
    ends = [low[1], high[1]]
    free = [low[2], high[2]]
    for _ in range(MOST_CUTS):
        kept = [(x, y) for x, y, _ in seen if ends[0] <= y <= ends[1]]
        first, last = _middle(kept)
        height = last - first
        below = free[0] and first - ends[0] > DWARFED * height > 0
        above = free[1] and ends[1] - last > DWARFED * height > 0
        if below:
            ends[0] = first - height / 2
        if above:
            ends[1] = last + height / 2
        if not (below or above):
            break
    return ends


def _breaks(points: Sequence[Point], at: int) -> bool:
    """Does a curve break off beside a point?"""
    return any(not isfinite(y) for _, y in points[max(at - 1, 0) : at + 2])


def _middle(points: Sequence[Point]) -> Point:
    """Between which values four fifths of a curve lie, by how much of the axis each stands for."""
    if len(points) < 3:
        return (min(y for _, y in points), max(y for _, y in points)) if points else (0.0, 0.0)
    xs = [x for x, _ in points]
    shares = [b - a for a, b in zip([xs[0], *xs[:-1]], [*xs[1:], xs[-1]], strict=True)]
    ordered = sorted(zip((y for _, y in points), shares, strict=True))
    whole, passed = sum(shares), 0.0
    found: list[float] = []
    for y, share in ordered:
        passed += share
        if passed >= (0.9 if found else 0.1) * whole:
            found.append(y)
            if len(found) == 2:
                break
    return found[0], found[-1]


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between two others."""
    locator = load("matplotlib.ticker", "plots").MaxNLocator(most, steps=[1, 2, 2.5, 5, 10])
    small = 1e-9 * (high - low)
    found = (float(v) for v in locator.tick_values(low, high))
    return [0.0 if abs(v) < small else v for v in found if low - small <= v <= high + small]


def _number(value: float) -> Type:
    return Type((Run(written(value), math=True),), TINY)


# ---------------------------------------------------------------- drawing


def draw_axes(sheet: Sheet, frame: Frame, x_label: Type, y_label: Type | None) -> None:
    """Both axes with their ticks and labels, and a faint line at 0."""
    left, bottom = frame.corner
    if frame.y[0] < 0 < frame.y[1]:
        zero = frame.at((frame.x[0], 0))[1]
        sheet.lines([(left, zero), (frame.right, zero)], color=FAINT, width=LINE)
    for value in ticks(*frame.x, 6):
        x, label = frame.at((value, 0))[0], _number(value)
        sheet.lines([(x, bottom), (x, bottom - TICK)], width=THIN)
        label.put(sheet, x - label.width / 2, bottom - TICK - GAP)
    for value in ticks(*frame.y, 5):
        y, label = frame.at((0, value))[1], _number(value)
        sheet.lines([(left, y), (left - TICK, y)], width=THIN)
        label.put(sheet, left - TICK - GAP - label.width, y + label.ascent / 2)
    sheet.lines([(left, frame.top), (left, bottom), (frame.right, bottom)], width=THIN)
    below = bottom - TICK - GAP - _number(0).height - GAP
    x_label.put(sheet, (left + frame.right - x_label.width) / 2, below)
    if y_label is not None:
        y_label.put(sheet, max(EDGE, left - 20), frame.top + 6 + y_label.height)


def margin_left(y: tuple[float, float]) -> float:
    """Room for the numbers of the upright axis."""
    return EDGE + max([_number(v).width for v in ticks(*y, 5)], default=0) + TICK + GAP


def draw_stroke(sheet: Sheet, frame: Frame, stroke: Stroke) -> None:
    """A curve."""
    for piece in frame.pieces(stroke.points):
        sheet.lines(piece, color=stroke.color, width=1.5, dashes=DASHES[stroke.dashes])


def end_of(frame: Frame, stroke: Stroke) -> Point | None:
    """Where on the sheet a curve is seen last; None for one that is not seen."""
    pieces = list(frame.pieces(stroke.points))
    return pieces[-1][-1] if pieces else None


# ---------------------------------------------------------------- marks


def draw_drop(sheet: Sheet, frame: Frame, dot: Dot) -> None:
    """A dotted line from a marked point to its place on the axis."""
    (x, y), foot = frame.at(dot.at), frame.corner[1]
    if abs(y - foot) > DOT:
        sheet.lines([(x, y), (x, foot)], color=MUTED, width=THIN, dashes=DASHES["dotted"])


def draw_dot(sheet: Sheet, frame: Frame, dot: Dot, corner: Point) -> None:
    """A marked point and its label, on a ground of its own."""
    sheet.box(corner, dot.label.width, dot.label.height, fill=PAPER)
    sheet.dot(frame.at(dot.at), DOT, dot.color)
    dot.label.put(sheet, corner[0], corner[1] + dot.label.height)


def rows(places: Any, heights: Any) -> tuple[Point, ...]:
    """Arrays as points."""
    return tuple((float(x), float(y)) for x, y in zip(places, heights, strict=True))

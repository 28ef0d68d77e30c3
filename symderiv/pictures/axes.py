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
from symderiv.pictures.looks import FAINT, LINE, MUTED, THIN, TINY
from symderiv.pictures.quantities import written
from symderiv.pictures.sheet import Sheet

Point = tuple[float, float]
Box = tuple[float, float, float, float]
TICK, GAP, AIR, EDGE = 3.5, 3.0, 0.05, 8.0
DASHES = {"solid": (), "dashed": (5, 2.2), "dashdot": (6, 2, 1.2, 2), "dotted": (1.2, 1.8)}
DOT = 2.6


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


def span(strokes: Sequence[Stroke]) -> tuple[float, float]:
    """The lowest and highest value of the curves, with some air."""
    found = [y for stroke in strokes for _, y in stroke.points if isfinite(y)]
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    air = AIR * (high - low)
    return (low if low == 0 else low - air), (high if high == 0 else high + air)


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


def ends(frame: Frame, strokes: Sequence[Stroke]) -> list[float]:
    """The heights at which the labels of curves stand at the right, none over another."""
    wanted = []
    for stroke in strokes:
        last = [piece[-1][1] for piece in frame.pieces(stroke.points)]
        wanted.append(last[-1] if last else frame.corner[1])
    order = sorted(range(len(strokes)), key=lambda k: wanted[k])
    out = list(wanted)
    for _ in range(len(strokes)):
        for low, high in pairwise(order):
            need = (strokes[low].label.height + strokes[high].label.height) / 2 + 2
            short = need - (out[high] - out[low])
            if short > 1e-9:
                out[low] -= short / 2
                out[high] += short / 2
    return out


# ---------------------------------------------------------------- marks


def draw_dot(sheet: Sheet, frame: Frame, dot: Dot, corner: Point) -> None:
    """A marked point, a line down to its place, and its label."""
    x, y = frame.at(dot.at)
    foot = frame.corner[1]
    if abs(y - foot) > 4:
        sheet.lines([(x, y), (x, foot)], color=MUTED, width=THIN, dashes=(1.2, 1.8))
    sheet.dot((x, y), DOT, dot.color)
    dot.label.put(sheet, corner[0], corner[1] + dot.label.height)


def label_places(frame: Frame, dots: Sequence[Dot], strokes: Sequence[Stroke]) -> list[Point]:
    """For each label the corner below left, where it covers least."""
    lines = [p for s in strokes for piece in frame.pieces(s.points) for p in piece]
    taken: list[Box] = [_around(frame.at(dot.at), DOT + 1) for dot in dots]
    out = []
    for dot in dots:
        best = min(
            _corners(frame.at(dot.at), dot.label),
            key=lambda corner: _covered(_box(corner, dot.label), frame, lines, taken),
        )
        taken.append(_box(best, dot.label))
        out.append(best)
    return out


def _corners(at: Point, label: Type) -> Iterator[Point]:
    """Places around a point, near ones first."""
    x, y = at
    w, h = label.width, label.height
    for far in (5.0, 9.0, 15.0, 24.0, 34.0):
        diagonal = far * 0.75
        yield from (
            (x - w / 2, y + far), (x + diagonal, y + diagonal), (x - w - diagonal, y + diagonal),
            (x + far, y - h / 2), (x - w - far, y - h / 2), (x + diagonal, y - h - diagonal),
            (x - w - diagonal, y - h - diagonal), (x - w / 2, y - h - far),
            (x + DOT, y + far), (x - DOT - w, y + far),
        )  # fmt: skip


def _box(corner: Point, label: Type) -> Box:
    x, y = corner
    return x - 2, y - 1, x + label.width + 2, y + label.height + 1


def _around(at: Point, far: float) -> Box:
    return at[0] - far, at[1] - far, at[0] + far, at[1] + far


def _covered(box: Box, frame: Frame, lines: Sequence[Point], taken: Sequence[Box]) -> float:
    x0, y0, x1, y1 = box
    left, bottom = frame.corner
    outside = max(0.0, left - x0) + max(0.0, bottom - y0) + max(0.0, x1 - frame.right)
    outside += max(0.0, y1 - frame.top - 8)
    on_lines = sum(1 for x, y in lines if x0 < x < x1 and y0 < y < y1)
    on_others = sum(
        max(0.0, min(x1, c) - max(x0, a)) * max(0.0, min(y1, d) - max(y0, b))
        for a, b, c, d in taken
    )
    return 40 * outside + 6 * on_lines + 5 * on_others


def rows(places: Any, heights: Any) -> tuple[Point, ...]:
    """Arrays as points."""
    return tuple((float(x), float(y)) for x, y in zip(places, heights, strict=True))

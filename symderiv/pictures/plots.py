"""Plots of formulas of one variable: curves, their derivatives, and marked points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sympy import Symbol

from symderiv.core.errors import DataError, Unsupported
from symderiv.core.messages import N_, Sentence
from symderiv.document.article import Picture
from symderiv.document.words import fill
from symderiv.pictures.axes import (
    EDGE,
    Dot,
    Frame,
    Point,
    Stroke,
    draw_axes,
    draw_dot,
    draw_drop,
    draw_stroke,
    end_of,
    margin_left,
    rows,
    span,
)
from symderiv.pictures.boxes import Type
from symderiv.pictures.curves import Curve, curve_of, number, sampled, variable
from symderiv.pictures.fonts import settings
from symderiv.pictures.formulas import Pen, words_of
from symderiv.pictures.labels import Tag, corners, stacked
from symderiv.pictures.looks import CURVES, SMALL, TINY
from symderiv.pictures.quantities import said
from symderiv.pictures.sheet import Sheet
from symderiv.pictures.telling import told as told_of

MOST = len(CURVES)
SIZE = (330.0, 206.0)
BELOW, NEAR_EDGE = 36.0, 4.0

TITLE = N_("Plot over {x}")
ALT = N_("Plot over {x} from {low} to {high}. {facts}")
POINT = N_("Marked is {label} at {x} = {place}, where {curve} is {value}. ")
SLOPE = N_("slope of {curve}")


@dataclass(frozen=True, slots=True)
class Named:
    """A curve and what it is called."""

    curve: Curve
    label: Any


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a curve, as it was written, and what is to be said of it."""

    place: float
    written: Any
    label: Any
    curve: int


@settings("plots")
def plot(
    curves: Any,
    *,
    x: Any,
    range: tuple[Any, Any],  # noqa: A002
    marks: Iterable[tuple[Any, ...]] = (),
    derivative: bool = False,
    values: Mapping[str, Any] | None = None,
    x_label: Any = None,
    y_label: Any = None,
    y_range: tuple[Any, Any] | None = None,
    size: tuple[float, float] = SIZE,
    language: str = "en",
) -> Picture:
    """Curves over one variable.

    Args:
        curves: A formula, several in a list, or a mapping of labels to formulas. A label is text,
            an expression, or running text with expressions in it; without one a curve is called
            by its formula.
        x: The scalar along the axis.
        range: Its lowest and highest value.
        marks: Points ``(place, label)`` on the first curve, or ``(place, label, curve)`` on
            another, counted from 0. A place is a number, or text such as ``"1/100"``.
        derivative: Whether to draw the derivative of each curve too; it is derived.
        values: Numbers for every other name in the formulas.
        x_label: What stands at the axis; the name of ``x`` if nothing else is given.
        y_label: What stands above the upright axis.
        y_range: The lowest and highest value shown. If it is not given, those of the curves; a
            curve that breaks off at a pole is shown as far as most of it reaches, where its
            extremes dwarf the rest.
        size: Of the area between the axes, in points.
        language: Of the text for readers who do not see the picture.

    Raises:
        DataError: For a range that is none, a mark off the curve, a name without a number, a curve
            that has no value in the range.
        Unsupported: Where Matplotlib is not installed, or for more than four curves.

    >>> import symderiv as sd
    >>> p = sd.scalar("p", positive=True)
    >>> plot(-p * sd.log(p), x=p, range=(0, 1), marks=[("1/2", "coin")]).alt
    'Plot over p from 0 to 1. −p log p goes from 0 to 0, ... Marked is coin at p = 1/2, ...'
    """
    pen, along = Pen(language), variable(x)
    low, high = _bounds("range", range)
    named = _named(curves, along, values or {}, pen, slopes=derivative)
    points = [_mark(mark, named, (low, high)) for mark in marks]
    strokes = [
        Stroke(
            rows(*sampled(one.curve, low, high, tuple(m.place for m in points))),
            *CURVES[at],
            Type(pen.line(one.label), SMALL, CURVES[at][0]),
        )
        for at, one in enumerate(named)
    ]
    dots = [_dot(mark, named, pen) for mark in points]
    heights = (
        span(strokes, [dot.at[1] for dot in dots])
        if y_range is None
        else _bounds("y_range", y_range)
    )
    above = Type(pen.line(y_label), SMALL) if y_label is not None else None
    alone = len(strokes) == 1
    if above is None and alone:
        above = strokes[0].label
    frame = Frame((low, high), heights, (margin_left(heights), BELOW), size)
    told = [
        *(
            told_of(stroke.points, one.curve, one.label, pen)
            for stroke, one in zip(strokes, named, strict=True)
        ),
        *(_told_dot(mark, named, along, pen) for mark in points),
    ]
    sheet = Sheet()
    draw_axes(sheet, frame, Type(pen.line(along if x_label is None else x_label), SMALL), above)
    labelled = not alone or (y_label is not None and isinstance(curves, Mapping))
    right, top = _draw(sheet, frame, strokes, dots, told, above, labelled=labelled)
    words = {"x": pen.plainly(along), "low": said(low), "high": said(high)}
    alt = fill(ALT, {**words, "facts": "".join(told)}, language)
    title = pen.says(fill(TITLE, words, language))
    return sheet.picture(right + EDGE, top + EDGE, title, pen.says(alt).strip())


def _draw(
    sheet: Sheet,
    frame: Frame,
    strokes: Sequence[Stroke],
    dots: Sequence[Dot],
    told: Sequence[str],
    above: Type | None,
    *,
    labelled: bool,
) -> Point:
    """Curves and dots with their labels; returns how far to the right and up these reach."""
    seen = [(stroke, end_of(frame, stroke)) for stroke in strokes if labelled]
    ends = [Tag(at, stroke.label, dotted=False) for stroke, at in seen if at is not None]
    beside = [tag for tag in ends if tag.at[0] > frame.right - NEAR_EDGE]
    within = [tag for tag in ends if tag not in beside]
    for dot in dots:
        draw_drop(sheet, frame, dot)
    for stroke, text in zip(strokes, told, strict=False):
        sheet.begin(text.strip())
        draw_stroke(sheet, frame, stroke)
    sheet.end()
    top = frame.top + (above.height + 6 if above else 4)
    reach = max(EDGE, frame.corner[0] - 20) + above.width if above else 0.0
    boxes = [(0.0, frame.top + 2, reach, top)]
    for tag, y in zip(beside, stacked(beside), strict=True):
        up = y + tag.label.height / 2
        tag.label.put(sheet, frame.right + 6, up)
        boxes.append((frame.right, up - tag.label.height, frame.right + 6 + tag.label.width, up))
    tags = [*(Tag(frame.at(dot.at), dot.label) for dot in dots), *within]
    lines = [p for stroke in strokes for piece in frame.pieces(stroke.points) for p in piece]
    places = corners(frame, tags, lines, boxes)
    for dot, place, text in zip(dots, places, told[len(strokes) :], strict=False):
        sheet.begin(text.strip())
        draw_dot(sheet, frame, dot, place)
    sheet.end()
    for tag, (x, y) in zip(within, places[len(dots) :], strict=True):
        tag.label.put(sheet, x, y + tag.label.height)
    for tag, (x, y) in zip(tags, places, strict=True):
        boxes.append((x, y, x + tag.label.width, y + tag.label.height))
    right = max([frame.right + EDGE, *(box[2] for box in boxes)])
    return right, max([top, *(box[3] for box in boxes)])


# ---------------------------------------------------------------- what was handed in


def _bounds(what: str, given: Any) -> tuple[float, float]:
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise DataError(
            Sentence(
                "{what}={given}: expected the lowest and the highest value, (0, 1)",
                what=what,
                given=repr(given),
            )
        )
    low, high = (number(value, what)[0] for value in given)
    if not low < high:
        raise DataError(
            Sentence(
                "{what}={given}: the first number must be the smaller one",
                what=what,
                given=repr(given),
            )
        )
    return low, high


def _named(
    curves: Any, x: Symbol, fixed: Mapping[str, Any], pen: Pen, *, slopes: bool
) -> list[Named]:
    if isinstance(curves, Mapping):
        pairs = list(curves.items())
    else:
        several = curves if isinstance(curves, (list, tuple)) else [curves]
        pairs = [(None, expr) for expr in several]
    out = []
    for label, expr in pairs:
        curve = curve_of(expr, x, fixed)
        out.append(Named(curve, curve.expr if label is None else label))
    if slopes:
        for label, one in zip([label for label, _ in pairs], list(out), strict=True):
            slope = one.curve.slope()
            words = fill(SLOPE, {"curve": words_of(label)}, pen.language)
            out.append(Named(slope, one.curve.slope_as_it_reads() if label is None else words))
    if not 0 < len(out) <= MOST:
        raise Unsupported(
            Sentence(
                "{count} curves are too many for one picture; at most {most} can be told apart",
                count=len(out),
                most=MOST,
            )
            if out
            else Sentence("there is no curve to draw")
        )
    return out


def _mark(given: Any, named: Sequence[Named], bounds: tuple[float, float]) -> Mark:
    if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
        raise DataError(
            Sentence(
                "marks: {given} is no mark; write (place, label) or (place, label, 0)",
                given=repr(given),
            )
        )
    place, written = number(given[0], "marks")
    curve = given[2] if len(given) == 3 else 0
    if not isinstance(curve, int) or not 0 <= curve < len(named):
        raise DataError(
            Sentence(
                "marks: there is no curve {curve}; the last is {count}",
                curve=repr(curve),
                count=len(named) - 1,
            )
        )
    if not bounds[0] <= place <= bounds[1]:
        raise DataError(
            Sentence(
                "marks: {given} lies outside the range {bounds} to {high}",
                given=given[0],
                bounds=said(bounds[0]),
                high=said(bounds[1]),
            )
        )
    return Mark(place, written, given[1], curve)


def _value(mark: Mark, named: Sequence[Named]) -> float:
    import numpy as np

    value = float(named[mark.curve].curve(np.asarray([mark.place]))[0])
    if not isfinite(value):
        raise DataError(
            Sentence("marks: the curve has no value at {written}", written=mark.written)
        )
    return value


def _dot(mark: Mark, named: Sequence[Named], pen: Pen) -> Dot:
    label = Type(pen.line(mark.label), TINY + 0.5)
    return Dot((mark.place, _value(mark, named)), CURVES[mark.curve][0], label)


# ---------------------------------------------------------------- in words


def _told_dot(mark: Mark, named: Sequence[Named], x: Symbol, pen: Pen) -> str:
    values = {
        "label": pen.says(mark.label),
        "x": pen.plainly(x),
        "place": str(mark.written).replace("-", "−"),
        "curve": pen.says(named[mark.curve].label),
        "value": said(_value(mark, named)),
    }
    return pen.says(fill(POINT, values, pen.language))

"""Where labels go: beside the ends of curves, and around points, covering as little as they can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from symderiv.pictures.axes import DOT, Frame, Point
from symderiv.pictures.boxes import Type

Box = tuple[float, float, float, float]
ABOVE = 34.0
OUTSIDE, BEYOND, ON_LINE, ON_OTHERS = 40, 5, 60, 20


@dataclass(frozen=True, slots=True)
class Tag:
    """A label and the point of the sheet that it belongs to; ``dotted`` if a dot is drawn there."""

    at: Point
    label: Type
    dotted: bool = True


def stacked(tags: Sequence[Tag]) -> list[float]:
    """The heights of labels that stand below each other, each near its point."""
    order = sorted(range(len(tags)), key=lambda k: tags[k].at[1])
    out = [tag.at[1] for tag in tags]
    for _ in range(8 * len(tags)):
        for low, high in pairwise(order):
            need = (tags[low].label.height + tags[high].label.height) / 2 + 2
            short = need - (out[high] - out[low])
            if short > 1e-9:
                out[low] -= short / 2
                out[high] += short / 2
    return out


def corners(
    frame: Frame, tags: Sequence[Tag], curves: Sequence[Point], boxes: Sequence[Box] = ()
) -> list[Point]:
    """For each label its corner below left, where it covers least.

    ``curves`` are points of what may not be covered, ``boxes`` what else stands on the sheet.
    """
    lines = [*curves, *(point for tag in tags if tag.dotted for point in _drop(frame, tag))]
    taken: list[Box] = [*boxes, *(_around(tag.at) for tag in tags if tag.dotted)]
    out = []
    for tag in tags:
        best = min(_places(tag), key=lambda at: _covered(_box(at, tag), frame, lines, taken))
        taken.append(_box(best, tag))
        out.append(best)
    return out


def _drop(frame: Frame, tag: Tag) -> Iterator[Point]:
    """The line from a dot down to the axis."""
    x, y = tag.at
    return ((x, frame.corner[1] + 4 * k) for k in range(int((y - frame.corner[1]) / 4)))


def _places(tag: Tag) -> Iterator[Point]:
    """Places around a point, near ones first."""
    (x, y), w, h = tag.at, tag.label.width, tag.label.height
    for far in (5.0, 9.0, 15.0, 24.0, 34.0):
        slant = far * 0.75
        yield from (
            (x - w / 2, y + far), (x + slant, y + slant), (x - w - slant, y + slant),
            (x + far, y - h / 2), (x - w - far, y - h / 2), (x + slant, y - h - slant),
            (x - w - slant, y - h - slant), (x - w / 2, y - h - far),
            (x + DOT, y + far), (x - DOT - w, y + far),
        )  # fmt: skip


def _box(corner: Point, tag: Tag) -> Box:
    x, y = corner
    return x - 2, y - 1, x + tag.label.width + 2, y + tag.label.height + 1


def _around(at: Point) -> Box:
    far = DOT + 1
    return at[0] - far, at[1] - far, at[0] + far, at[1] + far


def _covered(box: Box, frame: Frame, lines: Sequence[Point], taken: Sequence[Box]) -> float:
    x0, y0, x1, y1 = box
    left, bottom = frame.corner
    outside = max(0.0, left - x0) + max(0.0, bottom - y0) + max(0.0, y1 - frame.top - ABOVE)
    beyond = max(0.0, x1 - frame.right)
    on_lines = sum(1 for x, y in lines if x0 < x < x1 and y0 < y < y1)
    on_others = sum(
        max(0.0, min(x1, c) - max(x0, a)) * max(0.0, min(y1, d) - max(y0, b))
        for a, b, c, d in taken
    )
    return OUTSIDE * outside + BEYOND * beyond + ON_LINE * on_lines + ON_OTHERS * on_others

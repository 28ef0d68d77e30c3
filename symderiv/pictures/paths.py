"""The paths that a chain rule adds up, one small picture for each, and all of them in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Expr

from symderiv.core.errors import Unsupported
from symderiv.core.expr import add
from symderiv.core.messages import N_, Sentence
from symderiv.core.model import Model
from symderiv.document.article import Picture
from symderiv.document.words import fill
from symderiv.pictures.arrows import arrow, flat
from symderiv.pictures.boxes import Box, Stack, Type
from symderiv.pictures.fonts import settings
from symderiv.pictures.formulas import Pen, apart
from symderiv.pictures.looks import COMMON, FIRST, FORMULA, INK, NAME, PAPER, SMALL
from symderiv.pictures.placing import Arrow, place
from symderiv.pictures.routes import Hop, Route, Web, goal_of, stops_of, web_of
from symderiv.pictures.sheet import Sheet

MOST = 12
WIDEST_EDGE, WIDEST = 150.0, 470.0
MARGIN, PADDING, BELOW = 8.0, 7.0, 12.0

TITLE = N_("Path {stops}")
TITLE_OF_ALL = N_("All paths from {name} to {out}")
ALT = N_("The path {stops}. Along it: {slopes}. It contributes {term}.")
ALT_OF_ALL = N_("The {number} paths from {name} to {out}: {paths}. Together: {sum}.")


@settings("diagrams")
def paths(
    what: Any,
    name: Any = None,
    *,
    sizes: Mapping[str, Any] | None = None,
    most: int = MOST,
    language: str = "en",
) -> tuple[Picture, ...]:
    """A small picture for every path from a name to the loss, and one of all paths at the end.

    On each arrow stands the derivative of one name by the other, below the product that the path
    contributes to the chain rule's sum. An intermediate with a few components, by its shape or by
    ``sizes``, is shown component by component: x → u_1 → L, x → u_2 → L; any other by an entry,
    and the product is summed over its index. A single path is a single picture.

    Args:
        what: A `Derivation` of ∂L/∂x, a `Backprop`, or anything else that has a graph.
        name: The variable; needed unless there is only one.
        sizes: Numbers for the sizes of the model, ``{"n": 3}``.
        most: How many paths are drawn at most.
        language: Of the texts for readers who do not see the pictures.

    Raises:
        Unsupported: For more than ``most`` paths; without Graphviz; where nothing leads to a loss.

    >>> import symderiv as sd
    >>> x = sd.scalar("x")
    >>> u, v = sd.let("u", x**2), sd.let("v", sd.sin(x))
    >>> for picture in paths(sd.derive(sd.let("L", u * v), x)):
    ...     print(picture.alt)
    The path x → u → L. Along it: ∂u/∂x = 2 x, ∂L/∂u = v. It contributes ∂L/∂u · ∂u/∂x = 2 v x.
    The path x → v → L. Along it: ∂v/∂x = cos x, ∂L/∂v = u. It contributes ...
    The 2 paths from x to L: x → u → L; x → v → L. Together: ∂L/∂x = ∂L/∂u · ∂u/∂x + ...
    """
    goal = goal_of(what, name)
    web = web_of(goal, sizes)
    count = web.count()
    pen = _pen(web, language)
    if not 0 < count <= most:
        ends = {"start": pen.plainly(goal.by), "end": pen.plainly(goal.what)}
        raise Unsupported(
            Sentence(
                "there are {count} paths from {start} to {end}; at most {most} are drawn. "
                "Start at a name nearer to the loss, leave sizes symbolic (their paths are then "
                "one), or ask for more with most={count}",
                count=count,
                most=most,
                **ends,
            )
            if count
            else Sentence("nothing leads from {start} to {end}", **ends)
        )
    routes = web.routes()
    small = tuple(_small(route, pen) for route in routes)
    return (*small, _all(web, routes, pen)) if len(routes) > 1 else small


def ways(
    what: Any, name: Any = None, *, sizes: Mapping[str, Any] | None = None
) -> tuple[tuple[Expr, ...], ...]:
    """The names along each path, in the order of the pictures of `paths`.

    >>> import symderiv as sd
    >>> x = sd.scalar("x")
    >>> ways(sd.let("L", sd.let("u", x**2) * 2), x)
    ((x, u, L),)
    """
    return tuple(tuple(route.stops) for route in web_of(goal_of(what, name), sizes).routes())


def _pen(web: Web, language: str) -> Pen:
    labels = Model.of(web.goal.what, web.goal.by).labels
    return Pen(language, bar=False, ranges=False, apart=apart(labels))


# ---------------------------------------------------------------- what is written


def _slope(hop: Hop, pen: Pen) -> Type:
    """``∂u/∂x = 2x`` on an arrow; ``∂u/∂x`` where that would be too long."""
    left = hop.derivative
    whole = Type(pen.formula(left, "=", hop.slope), SMALL)
    return whole if whole.width <= WIDEST_EDGE else Type(pen.formula(left), SMALL)


def _lines(left: Expr | None, terms: Sequence[Expr], values: Sequence[Expr], pen: Pen) -> Stack:
    """A sum, and below it the same with the derivatives put in, as far as they are short."""
    start = [left, "="] if left is not None else []
    whole = Type(pen.formula(*start, add(*terms)), FORMULA)
    if whole.width > WIDEST and len(terms) > 1:
        parts: list[Box] = [Type(pen.formula(*start, terms[0]), FORMULA)]
        parts += [Type(pen.formula("+", term), FORMULA) for term in terms[1:]]
        return Stack(tuple(parts), 6)
    below = Type(pen.formula("=", add(*values)), FORMULA)
    return Stack((whole, below) if below.width <= WIDEST else (whole,), 6)


def _stop(entry: Expr, pen: Pen) -> Type:
    return Type(pen.formula(entry), NAME)


def _size(kind: Type) -> tuple[float, float]:
    return max(kind.width + 2 * PADDING, 26.0), max(kind.height + PADDING, 24.0)


def _draw_stop(sheet: Sheet, kind: Type, middle: tuple[float, float], fill: str) -> None:
    width, height = _size(kind)
    x, y = middle
    sheet.box((x - width / 2, y - height / 2), width, height, fill=fill, stroke=INK, radius=8)
    kind.put(sheet, x - kind.width / 2, y + kind.height / 2)


# ---------------------------------------------------------------- one path


def _small(route: Route, pen: Pen) -> Picture:
    """The path as a row, its product below."""
    kinds = [_stop(entry, pen) for entry in route.stops]
    slopes = [_slope(hop, pen) for hop in route.hops]
    product = _lines(None, [route.term], [route.value], pen)
    high = max(_size(kind)[1] for kind in kinds)
    over = max(slope.height for slope in slopes) + 4
    row = sum(_size(kind)[0] for kind in kinds) + sum(slope.width + 22 for slope in slopes)
    width = max(row, product.width) + 2 * MARGIN
    sheet = Sheet()
    axis = MARGIN + product.height + BELOW + high / 2
    height = axis + max(high / 2, over) + MARGIN
    x = (width - row) / 2
    for at, kind in enumerate(kinds):
        half = _size(kind)[0] / 2
        sheet.begin(pen.plainly(route.stops[at]))
        _draw_stop(sheet, kind, (x + half, axis), PAPER if at else COMMON)
        x += 2 * half
        if at < len(slopes):
            hop, slope = route.hops[at], slopes[at]
            sheet.begin(pen.plainly(hop.derivative, "=", hop.slope))
            arrow(sheet, [(x, axis), (x + slope.width + 22, axis)])
            slope.put(sheet, x + 9, axis + 3 + slope.height)
            x += slope.width + 22
    sheet.end()
    product.put(sheet, (width - product.width) / 2, MARGIN + product.height)
    stops = " → ".join(map(pen.plainly, route.stops))
    told = {
        "stops": stops,
        "slopes": ", ".join(pen.plainly(hop.derivative, "=", hop.slope) for hop in route.hops),
        "term": pen.plainly(route.term, "=", route.value),
    }
    title = pen.says(fill(TITLE, told, pen.language))
    return sheet.picture(width, height, title, pen.says(fill(ALT, told, pen.language)))


# ---------------------------------------------------------------- all of them


def _all(web: Web, routes: Sequence[Route], pen: Pen) -> Picture:
    """The paths from the common variable, and their sum below."""
    stops = stops_of(web)
    at = {stop: position for position, stop in enumerate(stops)}
    kinds = [_stop(stop, pen) for stop in stops]
    slopes = [_slope(hop, pen) for hop in web.hops]
    arrows = [
        Arrow(at[hop.before], at[hop.after], (slope.width + 8, slope.height + 3))
        for hop, slope in zip(web.hops, slopes, strict=True)
    ]
    placed = place([_size(kind) for kind in kinds], arrows, ranksep=22, nodesep=20)
    summed = _lines(web.goal, [r.term for r in routes], [r.value for r in routes], pen)
    width = max(placed.size[0], summed.width) + 2 * MARGIN
    left = (width - placed.size[0]) / 2
    foot = MARGIN + summed.height + BELOW
    sheet = Sheet()
    for hop, slope, curve, (x, y) in zip(
        web.hops, slopes, placed.curves, placed.labels, strict=True
    ):
        sheet.begin(pen.plainly(hop.derivative, "=", hop.slope))
        color = FIRST if hop.before == web.goal.by else INK
        arrow(sheet, flat([(a + left, b + foot) for a, b in curve]), color=color)
        slope.put(sheet, x + left - slope.width / 2, y + foot + slope.height / 2)
    for stop, kind, (x, y) in zip(stops, kinds, placed.nodes, strict=True):
        sheet.begin(pen.plainly(stop))
        _draw_stop(sheet, kind, (x + left, y + foot), COMMON if stop == web.goal.by else PAPER)
    sheet.end()
    summed.put(sheet, (width - summed.width) / 2, MARGIN + summed.height)
    told = {
        "number": str(len(routes)),
        "name": pen.plainly(web.goal.by),
        "out": pen.plainly(web.goal.what),
        "paths": "; ".join(" → ".join(map(pen.plainly, route.stops)) for route in routes),
        "sum": pen.plainly(web.goal, "=", add(*(route.term for route in routes))),
    }
    title = pen.says(fill(TITLE_OF_ALL, told, pen.language))
    alt = pen.says(fill(ALT_OF_ALL, told, pen.language))
    return sheet.picture(width, placed.size[1] + foot + MARGIN, title, alt)

"""Curves as points: where a formula of one variable has a value, and where it jumps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Rational, Symbol

from symderiv.api.derive import derive, gradient
from symderiv.api.functions import lambdify
from symderiv.api.goals import subject
from symderiv.core.binding import names
from symderiv.core.errors import DataError, ShapeError, Unsupported
from symderiv.core.messages import Sentence
from symderiv.core.model import Model, inputs
from symderiv.core.symbols import Label, label_of
from symderiv.model.plain import read
from symderiv.pictures.quantities import said

POINTS = 481
HALVINGS = 40
FEW = POINTS // 4
NEAR, NEAREST = 40, 1e-4
STEEP, MOST_POLES, ZOOMS, GROWS = 4.0, 40, 8, 2.0


class Curve:
    """A formula of one variable as a function of arrays; ``fixed`` are the numbers of others.

    Raises `DataError` where another name has no number.
    """

    def __init__(self, expr: Expr, x: Symbol, fixed: Mapping[str, Any]) -> None:
        known = _inputs(expr)
        others = [name for name in known if name not in (x.name, *fixed)]
        if others:
            raise DataError(
                Sentence(
                    "the curve {expr} rests on {others} beside {x}; give a number for each, "
                    "values={{others_2}: 1}",
                    expr=expr,
                    others=", ".join(others),
                    x=x,
                    others_2=repr(others[0]),
                )
            )
        self.expr, self.x, self.fixed = expr, x, fixed
        self._given = {name: value for name, value in fixed.items() if name in known}
        self._moves = x.name in known
        self._function = lambdify(expr)

    def __call__(self, at: Any) -> Any:
        """The values at an array of places; nan where there is none."""
        import numpy as np

        if not self._moves:
            return np.full(np.shape(at), float(self._function(self._given)))
        with np.errstate(all="ignore"):
            values = [self._function({**self._given, self.x.name: float(place)}) for place in at]
        return np.asarray(values, dtype=float)

    def slope(self) -> Curve:
        """The curve of its derivative, derived."""
        return Curve(gradient(self.expr, self.x), self.x, self.fixed)

    def slope_as_it_reads(self) -> Expr:
        """The last line of the derivation, where SymPy's own form has terms in another order."""
        return derive(self.expr, self.x).last


def _inputs(e: Expr) -> list[str]:
    model = Model.of(e)
    found = {label.name: None for label in inputs(model)}
    return list(found | {s.name: None for s in sorted(names(e), key=str) if s not in model.labels})


def variable(x: Any) -> Symbol:
    """The variable of a plot.

    Raises `ShapeError` for an array, `Unsupported` for what is no name.
    """
    label = label_of(read(x)) if isinstance(x, (Expr, str)) else None
    if isinstance(label, Label) and label.shape:
        raise ShapeError(
            Sentence("curves are drawn over a scalar; {name} has a shape", name=label.name)
        )
    if label is None or label != x:
        raise Unsupported(Sentence("x={x}: expected a scalar, such as sd.scalar('x')", x=repr(x)))
    return label


def curve_of(expr: Any, x: Symbol, fixed: Mapping[str, Any]) -> Curve:
    """An expression, or the result of a derivation, as a curve.

    Raises `ShapeError` where it has axes.
    """
    of = subject(expr)
    if of.indices:
        raise ShapeError(
            Sentence(
                "{expression} is no scalar; sum over its indices or pick an entry",
                expression=of.element,
            )
        )
    return Curve(of.element, x, fixed)


def sampled(curve: Curve, low: float, high: float, extra: tuple[float, ...] = ()) -> Any:
    """``(places, values)``: a line through these points is the curve; a nan parts its pieces.

    Raises `DataError` for a curve that has no finite value there.
    """
    import numpy as np

    with np.errstate(all="ignore"):
        return _sampled(curve, low, high, extra)


def _sampled(curve: Curve, low: float, high: float, extra: tuple[float, ...]) -> Any:
    import numpy as np

    places = np.union1d(np.linspace(low, high, POINTS), np.asarray(extra, dtype=float))
    values = curve(places)
    known = np.flatnonzero(np.isfinite(values))
    if not known.size:
        raise DataError(
            Sentence(
                "the curve {expr} has no finite value for {x} from {low} to {high}; choose a range "
                "where it has values",
                expr=curve.expr,
                x=curve.x,
                low=said(low),
                high=said(high),
            )
        )
    if known.size < FEW:
        first, last = max(known[0] - 1, 0), min(known[-1] + 1, places.size - 1)
        places = np.union1d(places, np.linspace(places[first], places[last], POINTS))
        values = curve(places)
    near = _near_ends(places, np.isfinite(values))
    if near.size:
        places = np.concatenate([places, near])
        values = np.concatenate([values, curve(near)])
        order = np.argsort(places)
        places, values = places[order], values[order]
    values[~np.isfinite(values)] = np.nan
    return _parted(curve, places, values)


def _near_ends(places: Any, finite: Any) -> Any:
    """More places towards each end of what is defined, where a curve may rise without limit."""
    import numpy as np

    out = [np.empty(0)]
    for at in np.flatnonzero(finite[:-1] != finite[1:]):
        inner, outer = (at, at + 1) if finite[at] else (at + 1, at)
        shares = np.geomspace(NEAREST, 1, NEAR, endpoint=False)
        out.append(places[outer] + shares * (places[inner] - places[outer]))
    return np.concatenate(out)


def _parted(curve: Curve, places: Any, values: Any) -> Any:
    """A nan wherever the values still jump when one looks closely, or rise without limit.

    What counts as a step to look at is measured by the middle of the values: a pole dwarfs others.
    """
    import numpy as np

    places, values = _risen(curve, places, values)
    seen = values[np.isfinite(values)]
    span = np.ptp(seen) if seen.size else 0.0
    if span:
        middle = np.subtract(*np.percentile(seen, [90, 10]))
        span = min(span, 10 * middle) if middle > 0 else span
    steps = np.abs(np.diff(values))
    out_x, out_y = [places[0]], [values[0]]
    for at, step in enumerate(steps):
        if span and step > 0.05 * span and _jumps(curve, places[at], places[at + 1], values[at]):
            out_x.append((places[at] + places[at + 1]) / 2)
            out_y.append(np.nan)
        out_x.append(places[at + 1])
        out_y.append(values[at + 1])
    return np.asarray(out_x), np.asarray(out_y)


def _risen(curve: Curve, places: Any, values: Any) -> Any:
    """With a nan at every place between where the values rise without limit on both sides."""
    import numpy as np

    size = np.abs(values)
    inner, beside = size[1:-1], np.maximum(size[:-2], size[2:])
    tops = 1 + np.flatnonzero((inner >= beside) & (inner > STEEP * np.nanmedian(size)))
    chosen = tops[np.argsort(-size[tops])][:MOST_POLES]
    looked = [(places[at], max(np.diff(places[at - 1 : at + 2])), size[at]) for at in chosen]
    for start, width, size_there in looked:
        middle, half, highest = start, width, size_there
        for _ in range(ZOOMS):
            near = middle + half * np.linspace(-1, 1, 11)
            found = np.nan_to_num(np.abs(curve(near)), nan=0.0, posinf=np.inf)
            before, highest = highest, found.max()
            middle, half = near[found.argmax()], half / 5
            if not np.isfinite(highest):
                break
        if highest > GROWS * before:
            after = np.searchsorted(places, middle)
            places = np.insert(places, after, middle)
            values = np.insert(values, after, np.nan)
    return places, values


def _jumps(curve: Curve, a: float, b: float, before: float) -> bool:
    """Is most of the step between two places made at a single one?"""
    import numpy as np

    left, right = before, curve(np.asarray([b]))[0]
    whole = abs(right - left)
    for _ in range(HALVINGS):
        middle = (a + b) / 2
        value = curve(np.asarray([middle]))[0]
        if abs(value - left) >= abs(right - value):
            b, right = middle, value
        else:
            a, left = middle, value
    return bool(abs(right - left) > 0.5 * whole)


def number(value: Any, what: str) -> tuple[float, Any]:
    """A number as it is computed with, and exactly as it is written.

    Raises `DataError` for anything else.
    """
    from symderiv.api.values import exact

    written = exact(value, what)
    return float(written), written if isinstance(written, Rational) else value

"""Losses of regression: squared, absolute, Huber. Means over all entries."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Expr, Integer, LessThan, Number, Rational, S

from symderiv.core.errors import Unsupported
from symderiv.core.expr import call, cases, mul, power, relation, sub
from symderiv.core.messages import Sentence
from symderiv.model.arrays import as_expression, elementwise
from symderiv.model.elementwise import abs_
from symderiv.model.losses.parts import alike, mean

HALF = Rational(1, 2)


def mean_squared_error(target: Any, output: Any) -> Any:
    """``1/n Σ_i (ŷ_i - y_i)²``.

    >>> from symderiv.model.declare import dim, vector
    >>> n = dim("n")
    >>> mean_squared_error(vector("y", n), vector("o", n))
    Sum((o[i] - y[i])**2, (i, 1, n))/n

    Raises `ShapeError` unless the shapes are equal.
    """
    y, out = alike("mean_squared_error", target, output)
    return mean((out - y) ** 2)


def mean_absolute_error(target: Any, output: Any) -> Any:
    """``1/n Σ_i |ŷ_i - y_i|``.

    Raises `ShapeError` unless the shapes are equal.
    """
    y, out = alike("mean_absolute_error", target, output)
    return mean(abs_(out - y))


def huber(target: Any, output: Any, delta: Any = 1) -> Any:
    """``r²/2`` where ``|r| ≤ δ``, else ``δ (|r| - δ/2)``, with ``r = ŷ - y``; the mean of it.

    P. J. Huber, *Robust Estimation of a Location Parameter* (1964).

    Raises `ShapeError` unless the shapes are equal, `Unsupported` for a number δ ≤ 0.
    """
    y, out = alike("huber", target, output)
    edge = as_expression(delta)
    if isinstance(edge, Number) and edge <= 0:
        raise Unsupported(Sentence("huber: delta is greater than 0; got {delta}", delta=delta))
    return mean(elementwise(lambda a, b: _huber(sub(a, b), edge), out, y))


def _huber(r: Expr, edge: Expr) -> Expr:
    far = mul(edge, sub(call(Abs, r), mul(HALF, edge)))
    near = mul(HALF, power(r, Integer(2)))
    return cases((near, relation(LessThan, call(Abs, r), edge)), (far, S.true))

"""A check of arrays with many axes is bounded, and still finds what is wrong."""

import pytest
from sympy import Expr, Indexed, Integer, S, Sum, Tuple

import symderiv as sd
from symderiv.api.backprop import Backprop
from symderiv.core.binding import subst
from symderiv.core.expr import InRange, subexpressions
from symderiv.model.layers import Activation, Conv2d
from symderiv.oracle.check import compare
from symderiv.oracle.claim import Guard, places
from symderiv.oracle.point import draw
from symderiv.oracle.world import World

N, R, C, n, r = sd.dims("N R C n r")


@pytest.fixture(scope="module")
def bp() -> Backprop:
    layers = [Conv2d(3, r, "same"), Activation("relu")]
    x, y = sd.tensor("x", N, R, C, n), sd.tensor("y", N, R, C, r)
    net = sd.Network(layers, loss=sd.losses.mean_squared_error, input=x, target=y)
    return sd.backprop(net.loss)


def shifted(line: Expr) -> Expr:
    """The row that is read is one further."""
    x = next(e for e in subexpressions(line) if isinstance(e, Indexed) and len(e.args) == 5)
    return line.xreplace({x: x.func(*x.args[:2], x.args[2] - 1, *x.args[3:])})


def dropped(line: Expr) -> Expr:
    """The first entry stands for the outermost sum."""
    body, *limits = line.args
    return Sum(subst(body, {limits[-1][0]: Integer(1)}), *limits[:-1])


def shortened(line: Expr) -> Expr:
    """The outermost sum ends one term early."""
    v, low, high = line.args[-1]
    return Sum(*line.args[:-1], Tuple(v, low, high - 1))


def test_guards_are_tested_early_and_let_the_same_places_through() -> None:
    i, j, k = sd.indices("i j k")
    scope = (Tuple(i, 1, n), Tuple(j, 1, r), Tuple(k, 1, n), Guard(InRange(i + 1, S.One, n)))
    found = [tuple(env.values()) for env in places(scope, World(draw({n: 3, r: 2})), {})]
    assert found == [(a, b, c) for a in (1, 2) for b in (1, 2) for c in (1, 2, 3)]


def test_the_gradient_of_a_kernel_is_right(bp: Backprop) -> None:
    told = bp["W1"]
    assert compare(told.goal, told.last, indices=told.indices, points=2)


@pytest.mark.parametrize("spoil", [shifted, dropped, shortened])
def test_a_wrong_gradient_of_a_kernel_is_reported(bp: Backprop, spoil) -> None:
    told = bp["W1"]
    report = compare(told.goal, spoil(told.last), indices=told.indices, points=2)
    assert report.is_wrong

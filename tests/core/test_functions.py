"""Activation functions: definitions, numbers and derivatives by SymPy's own means."""

import warnings

import numpy as np
import pytest
import sympy
from numpy.testing import assert_allclose

from symderiv.core.functions import ACTIVATIONS, elu, leaky_relu, relu, sigmoid, softplus

x = sympy.Symbol("x", real=True)
POINTS = np.array([-3.0, -0.5, 0.25, 2.0])
SECOND = {leaky_relu: sympy.Rational(1, 5), elu: sympy.Rational(3, 2)}


def applied(head, argument=x):
    return head(argument, SECOND[head]) if head in SECOND else head(argument)


each = pytest.mark.parametrize("head", ACTIVATIONS, ids=lambda h: h.__name__)


@each
def test_nothing_evaluates_by_itself(head):
    for argument in (x, sympy.S.Zero, sympy.Integer(2), -x):
        assert type(applied(head, argument)) is head
    assert applied(head).is_real
    assert applied(head).is_commutative


@each
def test_lambdify_agrees_with_the_definition(head):
    definition = sympy.lambdify(x, applied(head).doit(), "numpy")
    direct = sympy.lambdify(x, applied(head), "numpy")
    expected = [float(applied(head).doit().subs(x, sympy.Rational(str(v)))) for v in POINTS]
    assert_allclose(direct(POINTS), expected, rtol=1e-12)
    if not applied(head).doit().has(sympy.erf):
        assert_allclose(definition(POINTS), expected, rtol=1e-12)


@each
def test_evalf(head):
    assert applied(head, sympy.Rational(1, 3)).evalf(30) == pytest.approx(
        float(applied(head, sympy.Rational(1, 3)).doit())
    )
    high = applied(head, sympy.Rational(1, 3)).evalf(40)
    assert abs(high - applied(head, sympy.Rational(1, 3)).doit().evalf(40)) < 10**-35


@each
def test_sympy_differentiates_it(head):
    slope = applied(head, x**2 - 2).diff(x)
    for v in (-1.7, -0.4, 0.6, 2.3):
        f = sympy.lambdify(x, applied(head, x**2 - 2), "numpy")
        numeric = (f(v + 1e-6) - f(v - 1e-6)) / 2e-6
        assert float(slope.subs(x, v)) == pytest.approx(float(numeric), rel=1e-6, abs=1e-8)


@each
def test_second_argument(head):
    if head in SECOND:
        s = sympy.Symbol("s", real=True)
        assert head(-x, s).diff(s).subs(x, 2).doit() == head(-2, s).doit().diff(s)


@each
def test_far_points_do_not_overflow(head):
    direct = sympy.lambdify(x, applied(head), "numpy")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(direct(np.array([-1000.0, 1000.0]))).all()


def test_what_is_positive():
    assert sigmoid(x).is_positive
    assert softplus(x).is_positive
    assert relu(x).is_positive is None


def test_names_are_those_of_sympys_style():
    assert [h.__name__ for h in ACTIVATIONS] == [
        "sigmoid",
        "relu",
        "leaky_relu",
        "elu",
        "softplus",
        "gelu",
        "silu",
    ]

"""Ordinary scalar functions: against SymPy's ``diff`` by numbers, every step against the oracle."""

import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Rational, S, symbols

import symderiv as sd

x, y = symbols("x y", real=True)
POINTS = (Rational(3, 7), Rational(13, 11), Rational(-5, 8), Rational(29, 10))

TABLE = [
    # polynomials, quotients, powers
    3 * x**4 - 5 * x**2 + x - 7, (x**2 + 1) * (x**3 - 2 * x), (2 * x - 1) ** 10,
    (x**2 + 1) / (x - 5), x / (x**2 + 1) ** 2, 1 / x**3, sp.sqrt(x**2 + 4),
    sp.cbrt(x**2 + 1), (x**2 + 3) ** Rational(-5, 2), ((x + 6) / (x**2 + 2)) ** 3,
    # exponentials and logarithms
    x**2 * sp.exp(-x), sp.exp(sp.sin(x)), sp.exp(x) / (1 + sp.exp(x)), sp.log(x**2 + 1),
    sp.log(x) ** 2 / x, x * sp.log(x) - x, 2**x * 3 ** (x**2), sp.log(sp.log(x**2 + 3)),
    x**x, x ** (1 / x), (x**2 + 1) ** sp.sin(x), x ** (x**x), sp.log(sp.Abs(x)),
    # trigonometric and their inverses
    sp.sin(x) ** 2 * sp.cos(x), sp.tan(x**2), sp.sin(1 / x), sp.cos(sp.sqrt(x**2 + 1)),
    sp.sec(x) * sp.tan(x), sp.cot(x) + sp.csc(x), sp.sin(x) / (1 + sp.cos(x)),
    sp.asin(x / 4), sp.acos(x / 5) * x, sp.atan(x) / x, sp.acot(x**2 + 1),
    sp.atan(sp.sqrt(x**2 + 1)), sp.sin(sp.sin(sp.sin(x))), x**2 * sp.sin(x) * sp.exp(x),
    # hyperbolic and their inverses
    sp.sinh(x) * sp.cosh(x), sp.tanh(x**2), sp.sech(x) + sp.csch(x), sp.coth(x) ** 2,
    sp.asinh(x), sp.acosh(x**2 + 2), sp.atanh(x / 4), sp.acoth(x**2 + 2),
    # special functions
    sp.erf(x) * sp.erfc(x), sp.gamma(x**2 + 1), sp.loggamma(x**2 + 1), sp.besselj(0, x),
    sp.LambertW(x**2 + 1), sp.Si(x), sp.digamma(x**2 + 1), sp.polylog(2, x / 5),
    # kinks and cases
    sp.Abs(x**2 - 2) * x, sp.sign(x) * x**2, sp.Max(x, x**2), sp.Min(sp.sin(x), x / 2, 1),
    sp.Piecewise((x**2, x < 1), (2 * x - 1, x < 2), (sp.log(x), True)),
    sp.Heaviside(x - 1) * sp.cos(x),
    # with a parameter
    sp.sin(y * x) * sp.exp(-y * x), (x**y + y**x) / (x**2 + y**2 + 1), sp.atan2(y, x),
]  # fmt: skip


def agree(ours, theirs):
    """By numbers, at complex values too, wherever both are finite."""
    met = 0
    for at in POINTS:
        values = {x: at, y: Rational(7, 5)}
        wanted = sp.N(theirs.subs(values), 30)
        if not wanted.is_number or wanted.has(sp.nan, sp.zoo, sp.oo, sp.Derivative, sp.Subs):
            continue
        found = sp.N(ours.subs(values), 30)
        assert abs(complex(found) - complex(wanted)) <= 1e-12 * (1 + abs(complex(wanted)))
        met += 1
    return met


@pytest.mark.parametrize("e", TABLE, ids=str)
def test_of_the_calculus_books(e):
    found = sd.derive(e, x)
    assert agree(found.result, e.diff(x)) >= 2
    assert sd.gradient(e, x) == found.result


def test_there_are_more_than_fifty():
    assert len(set(TABLE)) > 50


@pytest.mark.parametrize("e", TABLE[::2], ids=str)
def test_every_step(e):
    report = sd.derive(e, x).check()
    assert report.ok, report.counterexample


@pytest.mark.parametrize("e", TABLE[1:38:3], ids=str)
def test_second_derivative(e):
    twice = sd.derive(sd.derive(e, x), x)
    assert agree(twice.result, e.diff(x, 2)) >= 2


FUNCTIONS = (sp.sin, sp.cos, sp.tanh, sp.atan, sp.exp, sp.asinh, sp.erf)


@st.composite
def functions(draw, nodes):
    """A tree of about so many nodes, of functions that are smooth on the whole line."""
    if nodes <= 1:
        return draw(st.sampled_from([x, x, x, y, S(2), Rational(-1, 3)]))
    kind = draw(st.sampled_from(["add", "mul", "function", "quotient", "power", "log", "tower"]))
    left = draw(functions(nodes // 2))
    if kind in ("add", "mul"):
        return (sp.Add if kind == "add" else sp.Mul)(left, draw(functions(nodes - nodes // 2)))
    if kind == "function":
        return draw(st.sampled_from(FUNCTIONS))(sp.tanh(left) + draw(functions(nodes // 3)) / 8)
    if kind == "quotient":
        return left / (2 + sp.sin(draw(functions(nodes // 2))))
    if kind == "power":
        return left ** draw(st.sampled_from([2, 3]))
    if kind == "log":
        return sp.log(2 + sp.cos(left))
    return (2 + sp.sin(left)) ** sp.atan(draw(functions(nodes // 3)))


GIVEN = settings(
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def numbers(e):
    """Values in doubles at two points; None where they are too large."""
    run = sp.lambdify((x, y), e, modules=["math", {"sign": _sign}], cse=True)
    try:
        return [run(at, 1.4) for at in (0.37, -0.81)]
    except (OverflowError, ZeroDivisionError):
        return None


def _sign(value):
    return (value > 0) - (value < 0)


@given(st.sampled_from([5, 20, 60, 150, 300]).flatmap(functions))
@settings(GIVEN, max_examples=25)
def test_generated_against_diff(e):
    wanted = numbers(e.diff(x))
    if wanted is not None and all(abs(value) < 1e12 for value in wanted):
        assert numbers(sd.gradient(e, x)) == pytest.approx(wanted, rel=1e-6, abs=1e-9)


@given(st.integers(2, 25).flatmap(functions))
@settings(GIVEN, max_examples=40)
def test_generated_step_by_step(e):
    found = sd.derive(e, x)
    report = found.check()
    assert report.ok, report.counterexample


@given(st.integers(2, 60).flatmap(functions))
@settings(GIVEN, max_examples=40)
def test_traced_and_not(e):
    assert sd.gradient(e, x) == sd.derive(e, x).result

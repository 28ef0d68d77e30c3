"""When two values count as equal: no false equality however small, no false alarm by rounding."""

import pytest
import sympy as sp
from sympy import Derivative, Rational, S, exp, log, sqrt, tanh

import symderiv as sd
from symderiv.oracle.check import compare
from symderiv.oracle.claim import Claim, examine
from symderiv.oracle.point import draw
from symderiv.oracle.world import World
from symderiv.testing import assert_equal, assert_gradient

x = sd.scalar("x")
y = sd.scalar("y")
n, i = sd.dim("n"), sd.index("i")
z = sd.vector("z", n)
TINY = Rational(1, 10**30)

FALSE = [
    (Rational(1, 3), Rational(333333333333, 10**12)),
    (Rational(1, 3), Rational(int("3" * 50), 10**50)),
    (x * Rational(1, 10**15), S.Zero),
    (x * Rational(1, 10**90), S.Zero),
    (x + TINY, x),
    (x + y + TINY, x + y),
    (tanh(50 + x), S.One),
    (exp(-80) + x**2, x**2),
    (exp(x) * TINY, exp(x) * TINY * Rational(10**15 + 1, 10**15)),
    (sp.erfc(x + 7), S.Zero),
    (sqrt(x**2 + TINY), sp.Abs(x)),
    (log(1 + x**2 * TINY), S.Zero),
    (sp.pi, Rational(3141592653589793238462643, 10**24)),
    (Derivative(x**2, x), 2 * x + Rational(1, 10**15)),
    (Derivative(x**3 * TINY, x), 3 * x**2 * TINY + Rational(1, 10**45)),
    (Derivative(x * TINY, x), S.Zero),
    (z[i] * TINY, z[i] * TINY**2),
]


@pytest.mark.parametrize(("left", "right"), FALSE, ids=lambda e: str(e)[:40])
def test_a_false_equality_is_refuted_however_small_the_difference(left, right) -> None:
    report = compare(left, right)
    assert report.is_wrong
    with pytest.raises(AssertionError, match=r"is .*, but"):
        assert_equal(left, right)


s = sd.sigmoid(x + 60)
big = 10**40 * x
TRUE = [
    (big + y - big, y),
    ((big + y - big) ** 2 / y, y),
    (log(1 - s), -(x + 60) - log(1 + exp(-x - 60))),
    (exp(x) * exp(-x) - 1, S.Zero),
    (x / 3 + x / 3 + x / 3 - x, S.Zero),
    (1 - sd.sigmoid(700 + x), sd.sigmoid(-700 - x)),
    (10**40 * (1 - sd.sigmoid(530 + x)), 10**40 * sd.sigmoid(-530 - x)),
    (Derivative(sd.sigmoid(x + 690), x), sd.sigmoid(x + 690) * sd.sigmoid(-x - 690)),
    (1 - tanh(90 + x) ** 2, 1 / sp.cosh(90 + x) ** 2),
    (1 / (exp(x + 150) - exp(x + 150) + y), 1 / y),
    (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1, S.Zero),
    (Derivative(sp.cos(x) ** 2 + sp.sin(x) ** 2, x), S.Zero),
    (Derivative(exp(x), x) - exp(x), S.Zero),
    (Derivative(10**10 * x**2, x) - 2 * 10**10 * x, S.Zero),
    (Derivative(x**4, x, x), 12 * x**2),
    (Derivative(x**5, x, x, x), 60 * x**2),
    (sd.log(sd.softmax(100 * z)).element, sd.log_softmax(100 * z).element),
]


@pytest.mark.parametrize(("left", "right"), TRUE, ids=lambda e: str(e)[:40])
def test_rounding_is_no_counterexample(left, right) -> None:
    report = compare(left, right)
    assert report.ok, str(report)
    assert report.worst < 1e-15


def test_a_float_of_sympy_is_known_to_its_digits() -> None:
    assert compare(sp.Float(0.1) * 3 * x, sp.Float(0.3) * x).ok
    assert compare(sp.Float(0.1) * 3 * x, sp.Float(0.3001) * x).is_wrong
    assert compare(x + 1e-30, x).is_wrong
    assert compare(1e-15 * x, S.Zero).is_wrong
    assert sd.derive(0.1 * x**2 * exp(0.7 * x / 0.3) + 0.3 * x, x).check().ok


def test_a_tolerance_is_what_the_user_says_it_is() -> None:
    near = Rational(333333333333, 10**12)
    assert_equal(Rational(1, 3), near, tolerance=1e-9)
    with pytest.raises(AssertionError):
        assert_equal(Rational(1, 3), near, tolerance=1e-15)


def test_a_gradient_that_is_wrong_by_little() -> None:
    loss = (z * z).sum() * TINY
    assert_gradient(loss, z, 2 * z * TINY)
    with pytest.raises(AssertionError, match="not the gradient"):
        assert_gradient(loss, z, 2 * z * TINY + Rational(1, 10**50))


def test_a_counterexample_of_two_numbers_that_look_alike_says_how_far_they_are_apart() -> None:
    said = str(compare(Rational(1, 3), Rational(333333333333, 10**12)).counterexample)
    assert "3.33333e-13" in said
    assert "1e-30" in str(compare(x + TINY, x).counterexample)


def test_a_number_is_zero_only_beside_a_larger_one() -> None:
    found = compare(x * Rational(1, 10**90), S.Zero).counterexample
    assert found.left != 0


def test_a_fact_that_is_nearly_true_is_false() -> None:
    d = sd.distribution("d", n)
    for more, holds in ((0, True), (TINY, False)):
        claim = Claim("fact", x, x, (), (sp.Eq(d.sum(), 1 + more),))
        assert (examine(claim, World(draw({n: 3}))).failure is None) is holds

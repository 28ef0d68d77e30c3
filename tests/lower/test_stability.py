"""Large logits, zeros under logarithms, infinite entries behind guards; no warning anywhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sympy import Integer, KroneckerDelta, Sum, Tuple, erf, erfc, exp, log, symbols

from symderiv.core.expr import InRange, add, call, indicator, mul, neg, power
from symderiv.core.functions import elu, gelu, sigmoid, silu, softplus
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.lower import lower

i, k, n = symbols("i k n", integer=True)
I = (Tuple(i, 1, n),)
Z, Y = Label("z", Spec((n,))), Label("y", Spec((n,)))
C = Label("C", Spec((n, n)))
z, y = Z.entry, Y.entry
ONE = Integer(1)
S = Sum(exp(z(k)), (k, 1, n))
P = Label("p", Spec((n,), definition=Definition((i,), exp(z(i)) / S)))
A = Label("a", Spec((n,), definition=Definition((i,), 1 / (1 + exp(-z(i))))))
p, a = P.entry, A.entry

BIG = np.array([1000.0, -1000.0, 999.0, 0.0])
HOT = np.array([1.0, 0.0, 0.0, 0.0])
LSE = 1000 + math.log1p(math.exp(-1))
SOFTMAX = np.exp(np.array([0, -2000.0, -1, -1000]) - (LSE - 1000))
SIGMOID = np.array([1.0, 0.0, 1.0, 0.5])
LOG_SIGMOID = np.array([0.0, -1000, 0, -math.log(2)])
LOG_OTHER = np.array([-1000.0, 0, -999, -math.log(2)])


def written(argument):
    """``1 / (1 + e^-x)`` as written."""
    return power(add(Integer(1), call(exp, neg(argument))), Integer(-1))


@pytest.mark.parametrize(
    ("e", "want"),
    [
        (exp(z(i)) / S, SOFTMAX),
        (p(i), SOFTMAX),
        (p(i) - y(i), SOFTMAX - HOT),
        (mul(y(i), power(p(i), Integer(-1)), p(i)), HOT),
        (log(exp(z(i)) / S), BIG - LSE),
        (log(p(i)), BIG - LSE),
        (log(S), np.full(4, LSE)),
        (log(1 + S), np.full(4, LSE)),
        (-Sum(y(k) * log(p(k)), (k, 1, n)), np.full(4, LSE - 1000)),
        (exp(z(i)) ** 2 / S**2, SOFTMAX**2),
        (p(i) * (KroneckerDelta(i, 1) - p(ONE)), SOFTMAX * (HOT - SOFTMAX[0])),
        (Sum(y(k) * exp(z(k)), (k, 1, n)) / S, np.full(4, SOFTMAX[0])),
        (sigmoid(z(i)), SIGMOID),
        (written(z(i)), SIGMOID),
        (exp(z(i)) / (1 + exp(z(i))), SIGMOID),
        (exp(-z(i)) / (1 + exp(-z(i))) ** 2, SIGMOID * (1 - SIGMOID)),
        (a(i) * (1 - a(i)), SIGMOID * (1 - SIGMOID)),
        (log(1 + exp(z(i))), -LOG_OTHER),
        (softplus(z(i)), -LOG_OTHER),
        (log(sigmoid(z(i))), LOG_SIGMOID),
        (log(written(z(i))), LOG_SIGMOID),
        (log(a(i)), LOG_SIGMOID),
        (log(1 - sigmoid(z(i))), LOG_OTHER),
        (log(1 - a(i)), LOG_OTHER),
        (
            -y(i) * log(a(i)) - (1 - y(i)) * log(1 - a(i)),
            -np.where(HOT == 1, LOG_SIGMOID, LOG_OTHER),
        ),
        ((exp(z(i)) - exp(-z(i))) / (exp(z(i)) + exp(-z(i))), np.sign(BIG)),
        (gelu(z(i)) + silu(z(i)), 2 * np.maximum(BIG, 0)),
        (elu(z(i), 1), np.maximum(BIG, 0) - (BIG < 0)),
    ],
)
@pytest.mark.filterwarnings("error")
def test_large_logits(e, want):
    f = lower(e, indices=I)
    got = f({"z": BIG, "y": HOT} if "y" in f.arrays else {"z": BIG})
    np.testing.assert_allclose(got, want, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize(
    ("e", "want"),
    [
        (y(i) * log(y(i)), [0.0, 0, 0, 0]),
        (y(i) * log(z(i)), [math.log(2), 0, 0, 0]),
        (y(i) * log(z(i)) ** 2, [math.log(2) ** 2, 0, 0, 0]),
        (y(i) * log(y(i) / z(i)), [-math.log(2), 0, 0, 0]),
        (y(i) * (log(y(i)) - log(z(i))), [-math.log(2), 0, 0, 0]),
        (Sum(y(k) * log(z(k)), (k, 1, n)), math.log(2)),
        (Sum(y(k) * (log(y(k)) - log(z(k))), (k, 1, n)), -math.log(2)),
        (Sum(y(k) * KroneckerDelta(k, 1) * log(z(k)), (k, 1, n)), math.log(2)),
    ],
)
@pytest.mark.filterwarnings("error")
def test_zero_times_log_of_zero(e, want):
    f = lower(e, indices=I if np.ndim(want) else ())
    data = {"z": np.array([2.0, 0, 0, 1]), "y": HOT}
    got = f({name: data[name] for name in f.arrays})
    np.testing.assert_allclose(got, want, rtol=1e-14)


def test_infinite_stays_infinite():
    f = lower(y(i) * log(z(i)) + 1 / z(i), indices=I)
    np.testing.assert_array_equal(f(z=[0.0, 1.0], y=[1.0, 0.0])[1:], [1.0])
    assert math.isnan(f(z=[-1.0], y=[1.0])[0])
    assert math.isnan(lower(z(i) * y(i), indices=I)(z=[math.inf], y=[0.0])[0])


def test_what_a_guard_hides_is_never_used():
    f = lower(Sum(C.entry(i, k) * z(k), (k, 1, i)), indices=I)
    c = np.array([[1.0, np.nan], [2.0, 3.0]])
    np.testing.assert_array_equal(f(C=c, z=[1.0, 2.0]), [1.0, 8.0])
    np.testing.assert_array_equal(f(C=np.nan_to_num(c), z=[1.0, np.inf]), [1.0, np.inf])
    shifted = mul(InRange(i + 1, Integer(1), n), power(z(i + 1), Integer(-1)))
    np.testing.assert_array_equal(lower(shifted, indices=I)(z=[0.0, 2.0]), [0.5, 0.0])
    safe = mul(indicator(z(i) > 0), log(z(i)))
    np.testing.assert_array_equal(lower(safe, indices=I)(z=[-1.0, 1.0]), [0.0, 0.0])


def test_softmax_cross_entropy_gradient_of_a_million():
    gradient = lower(Sum(mul(neg(y(k)), KroneckerDelta(k, i) - p(i)), (k, 1, n)), indices=I)
    size = 10**6
    logits = np.random.default_rng(0).normal(size=size)
    target = np.full(size, 1 / size)
    want = np.exp(logits) / np.exp(logits).sum() - target
    np.testing.assert_allclose(gradient(z=logits, y=target), want, atol=1e-16, rtol=1e-11)


@pytest.mark.parametrize(("head", "exact"), [(erf, math.erf), (erfc, math.erfc)])
def test_error_function_to_the_last_digits(head, exact):
    x = np.concatenate([np.linspace(-7, 7, 4001), np.linspace(-0.5, 0.5, 501), [20.0, -20.0]])
    got = lower(head(z(i)), indices=I)(z=x)
    np.testing.assert_allclose(got, [exact(v) for v in x], rtol=1.2e-15, atol=0)

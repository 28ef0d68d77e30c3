"""Values of lowered functions against loops over entries in plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import (
    And,
    Eq,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Ne,
    Not,
    Or,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    Tuple,
    erf,
    exp,
    log,
    pi,
    sin,
    sqrt,
    symbols,
    sympify,
    tanh,
)

from symderiv.core.expr import InRange, MaxOver, MinOver, add, bind, delta, indicator, mul, neg
from symderiv.core.functions import elu, gelu, leaky_relu, relu, sigmoid, silu, softplus
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.lower import lower

i, j, k, l, n, m = symbols("i j k l n m", integer=True)
ONE = Integer(1)
SIZES = {n: 4, m: 3}


def _label(name, *shape, **more):
    return Label(name, Spec(shape, **more))


X, Y, Z = _label("x", n), _label("y", n), _label("z", m)
A, B, C = _label("A", n, m), _label("B", m, n), _label("C", n, n)
T = _label("t", n, kind="labels", classes=m)
ALPHA = _label("alpha")
LABELS = (X, Y, Z, A, B, C, T, ALPHA)


def _entries(label):
    return lambda *at: label.entry(*map(sympify, at))


x, y, z, a, b, c, t = map(_entries, LABELS[:-1])
I, J, M = Tuple(i, 1, n), Tuple(j, 1, n), Tuple(j, 1, m)
P = _label("p", n, definition=Definition((i,), exp(x(i)) / Sum(exp(x(k)), (k, 1, n))))
S = _label("S", definition=Definition((), Sum(exp(x(k)), (k, 1, n))))
Q = _label("q", n, m, definition=Definition((i, j), a(i, j) * x(i) + P.entry(i)))
p, q = _entries(P), _entries(Q)


@pytest.fixture
def data():
    rng = np.random.default_rng(7)
    sizes = {s.name: v for s, v in SIZES.items()}
    out = {}
    for label in LABELS:
        shape = tuple(sizes[s.name] for s in label.shape)
        out[label.name] = rng.normal(size=shape)
    out["t"] = rng.integers(0, 3, size=4)
    out["alpha"] = 0.3
    return out


CASES = [
    (Sum(x(i) * y(i), (i, 1, n)), ()),
    (Sum(x(i) * x(i), (i, 1, n)), ()),
    (mul(x(i), y(i), x(i)), (I,)),
    (bind(Sum, mul(x(i), x(i)), Tuple(i, 1, n)), ()),
    (Sum(a(i, k) * z(k), (k, 1, m)), (I,)),
    (Sum(a(i, k) * b(k, j), (k, 1, m)), (I, J)),
    (Sum(a(i, k) * b(k, j), (k, 1, m)), (J, I)),
    (Sum(a(i, k) * a(i, k) * z(k), (k, 1, m)), (I,)),
    (Sum(x(k) * c(k, l) * y(l), (k, 1, n), (l, 1, n)), ()),
    (Sum(c(i, k) * Sum(c(k, l) * y(l), (l, 1, n)), (k, 1, n)), (I,)),
    (Sum(x(k) * Sum(x(k) * y(k), (k, 1, n)), (k, 1, n)), ()),
    (Sum(c(i, k) * Sum(c(k, i) * x(i), (i, 1, n)), (k, 1, n)), (I,)),
    (Sum(c(k, k), (k, 1, n)), ()),
    (c(i, i) + x(i), (I,)),
    (x(i) - y(j), (I, J)),
    (x(n - i + 1), (I,)),
    (x(i + 1) - x(i), (Tuple(i, 1, n - 1),)),
    (Sum(x(2 * k - 1), (k, 1, 2)), ()),
    (x(2) * y(i) + c(1, i), (I,)),
    (Sum(x(k), (k, 2, n)), ()),
    (Sum(x(k), (k, n - 1, n)), ()),
    (Sum(x(k), (k, 1, i)), (I,)),
    (Sum(c(i, k) * x(k), (k, i, n)), (I,)),
    (Sum(c(k, l), (k, 1, l), (l, 1, n)), ()),
    (Sum(x(k + 1), (k, 1, i - 1)), (I,)),
    (Product(x(k), (k, 1, n)), ()),
    (Product(1 + x(k), (k, 1, i)), (I,)),
    (Product(2, (k, 1, n)), ()),
    (MaxOver(c(i, k), (k, 1, n)), (I,)),
    (MinOver(c(i, k), (k, 1, i)), (I,)),
    (MaxOver(MinOver(c(i, k), (k, 1, n)), (i, 1, n)), ()),
    (Sum(KroneckerDelta(i, k) * y(k), (k, 1, n)), (I,)),
    (Sum(delta(k, i + 1) * y(k), (k, 1, n)), (I,)),
    (Sum(delta(k - 1, i) * y(k) * log(y(k) ** 2), (k, 1, n)), (I,)),
    (Sum(y(k) * (p(i) - KroneckerDelta(k, i)), (k, 1, n)), (I,)),
    (Sum(y(k) * Sum(c(k, l) * delta(k, i) * x(l), (l, 1, n)), (k, 1, n)), (I,)),
    (p(i) * (KroneckerDelta(i, j) - p(j)), (I, J)),
    (KroneckerDelta(i, j) * x(i), (I, J)),
    (KroneckerDelta(i, j), (I, J)),
    (Sum(KroneckerDelta(j, t(k)) * x(k), (k, 1, n)), (M,)),
    (Sum(KroneckerDelta(k, t(i)) * a(i, k), (k, 1, m)), (I,)),
    (a(i, t(i)) + t(i), (I,)),
    (Sum(a(i, t(i)), (i, 1, n)), ()),
    (mul(InRange(i + 1, ONE, n), x(i + 1)), (I,)),
    (mul(x(i - 2), InRange(i - 2, ONE, n)), (I,)),
    (Sum(InRange(k - i, ONE, n) * x(k - i) * y(k), (k, 1, n)), (I,)),
    (indicator(i < j), (I, J)),
    (Sum(x(k) * indicator(x(k) > 0), (k, 1, n)), ()),
    (Piecewise((x(i + 1), i < n), (0, True)) * 2 + 1, (I,)),
    (Piecewise((x(i), x(i) > 0), (y(i), Or(y(i) < -1, Eq(i, 2))), (i, True)), (I,)),
    (Piecewise((x(i), And(Ne(i, 1), Not(x(i) > y(i)))), (ALPHA, True)), (I,)),
    (sin(x(i)) * tanh(y(i)) + erf(x(i)) + sqrt(2) * pi, (I,)),
    (sigmoid(x(i)) + relu(x(i)) + softplus(x(i)) + gelu(x(i)) + silu(x(i)), (I,)),
    (leaky_relu(x(i), Rational(1, 100)) + elu(x(i), ALPHA), (I,)),
    (Max(x(i), y(i), 0) + abs(x(i)), (I,)),
    (log(Sum(exp(x(k)), (k, 1, n))), ()),
    (log(Sum(exp(c(i, k)) * x(k) ** 2, (k, 1, n))), (I,)),
    (Sum(exp(x(k)) * x(k), (k, 1, n)) / Sum(exp(x(k)), (k, 1, n)), ()),
    (exp(x(i)) * exp(x(j)) / Sum(exp(x(k)), (k, 1, n)) ** 2, (I, J)),
    ((exp(x(i)) - exp(-x(i))) / (exp(x(i)) + exp(-x(i))), (I,)),
    (log(1 + exp(x(i))) + log(1 - sigmoid(x(i))) + 1 / (1 + exp(-x(i))), (I,)),
    (exp(x(i)) / S + log(S) + S, (I,)),
    (-Sum(y(k) * log(p(k)), (k, 1, n)) + Sum(q(k, j) * z(j), (k, 1, n), (j, 1, m)), ()),
    (q(i, 2) * q(n, j), (I, M)),
    (Sum(q(k, t(k)), (k, 1, n)), ()),
    (log(Product(x(k) ** 2, (k, 1, n))), ()),
    (Sum((x(i) - Sum(x(k), (k, 1, n)) / n) ** 2, (i, 1, n)) / n, ()),
    (Sum(1, (k, 1, n)) + n, ()),
    (Sum(k * x(k), (k, 1, n)), ()),
    (Sum(x(i), (k, 1, n)), (I,)),
    (Sum((x(i) - y(k)) * z(j), (k, 1, n)), (I, M)),
    (Sum(exp(x(i) - y(k)), (k, 1, n)), (I,)),
    (Sum(2, (l, k, n), (k, 1, n)), ()),
    (ALPHA * x(i) + i, (I,)),
    (Rational(1, 3), (I, J)),
    (x(i), (I,)),
    (1 / (2 - Sum(exp(-(x(i) ** 2)) * delta(i, j), (j, 1, n))), (I,)),
    (Sum(x(k) ** i, (k, 1, n)), (I,)),
    (2 ** x(i) + exp(2) + Symbol("beta") * 0, (I,)),
    (add(x(i), neg(y(i)), neg(x(i))), (I,)),
    (Sum(c(k, l) * KroneckerDelta(k, l), (k, 1, n), (l, 1, n)), ()),
    (Sum(c(k, l) * KroneckerDelta(k, i) * KroneckerDelta(l, j), (k, 1, n), (l, 1, n)), (I, J)),
    (Sum(c(k, l) * Piecewise((1, Eq(k, i)), (0, True)), (l, 1, k), (k, 1, n)), (I,)),
]


@pytest.mark.parametrize(("e", "indices"), CASES, ids=range(len(CASES)))
def test_value(e, indices, data, entrywise):
    f = lower(e, indices=indices)
    before = {name: np.copy(v) for name, v in data.items()}
    sizes = {name: v for name, v in (("n", 4), ("m", 3)) if name in f.signature.every_size}
    given = {name: v for name, v in data.items() if name in f.arrays}
    got = f(given, **sizes)
    want = entrywise(e, indices, SIZES, data)
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)
    assert np.shape(got) == want.shape
    for name, v in before.items():
        np.testing.assert_array_equal(data[name], v)
    if np.ndim(got):
        got[...] = 0
        for name, v in before.items():
            np.testing.assert_array_equal(data[name], v)


def test_plain_sympy_names():
    w, v = IndexedBase("w"), IndexedBase("v")
    f = lower(Sum(w[i, k] * v[k], (k, 1, n)), indices=((i, 1, m),))
    got = f(w=np.arange(6.0).reshape(2, 3), v=[1, 2, 3])
    np.testing.assert_allclose(got, [8, 26])
    assert f.required == ("v", "w")


@pytest.mark.parametrize(("e", "indices"), CASES[::8], ids=range(0, len(CASES), 8))
def test_value_in_jax(e, indices, data, entrywise):
    jax = pytest.importorskip("jax")
    f = lower(e, indices=indices, backend="jax")
    sizes = {name: v for name, v in (("n", 4), ("m", 3)) if name in f.signature.every_size}
    given = {name: v for name, v in data.items() if name in f.arrays}
    got = jax.jit(lambda arrays: f(arrays, **sizes))(given)
    np.testing.assert_allclose(got, entrywise(e, indices, SIZES, data), rtol=1e-4, atol=1e-5)

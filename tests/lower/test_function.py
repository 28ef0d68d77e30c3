"""What a compiled function accepts, requires and says; its program and its back ends."""

from __future__ import annotations

import math
import os
import pickle
import re
import subprocess
import sys

import numpy as np
import pytest
from sympy import (
    Derivative,
    Function,
    IndexedBase,
    Integer,
    Sum,
    Symbol,
    Tuple,
    exp,
    log,
    symbols,
    tanh,
)

from symderiv.core.errors import DataError, NameClash, SymderivError, Unsupported
from symderiv.core.expr import Total, add, call, mul, power
from symderiv.core.model import Model
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.lower import lower

i, j, k, n, m, b, B = symbols("i j k n m b B", integer=True)
I = (Tuple(i, 1, n),)
X, W = Label("x", Spec((n,))), Label("W", Spec((n, m)))
T = Label("t", Spec((B,), kind="labels", classes=m))
H = Label("h", Spec((m,), definition=Definition((j,), Sum(W.entry(k, j) * X.entry(k), (k, 1, n)))))
RATE = Label("lambda", Spec())
x, w, h = X.entry, W.entry, H.entry
PRODUCT = lower(Sum(w(k, j) * x(k), (k, 1, n)), indices=(Tuple(j, 1, m),))


def test_names():
    loss = Sum(h(j) ** 2, (j, 1, m)) * RATE
    f = lower(x(i), indices=I, model=Model.of(loss))
    assert f.arrays == ("W", "x", "lambda") or set(f.arrays) == {"W", "x", "lambda"}
    assert f.required == ("x",)
    assert f.shape == (n,)
    np.testing.assert_array_equal(f({"lambda": 2.0}, x=[1.0], W=[[1.0, 2.0]]), [1.0])


def test_keyword_names_by_dict():
    f = lower(RATE * x(i), indices=I)
    np.testing.assert_array_equal(f({"lambda": 2.0}, x=[1.0, 2.0]), [2.0, 4.0])
    np.testing.assert_array_equal(f({"lambda": 2.0, "x": [1.0, 2.0]}), [2.0, 4.0])
    with pytest.raises(DataError, match="'x' is given twice"):
        f({"x": [1.0], "lambda": 1.0}, x=[1.0])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"W": np.ones((4, 2)), "x": np.ones(3)},
            "x of shape (n,) must have shape (4,), as n = 4 from W; given is shape (3,)",
        ),
        (
            {"x": np.ones(3), "W": np.ones(3)},
            "W of shape (n, m) has 2 axes; given is shape (3,)",
        ),
        ({"x": 1.0, "W": np.ones((1, 1))}, "x of shape (n,) is expected; given is the number 1.0"),
        ({"x": np.ones(3)}, "missing: W of shape (n, m); given is x"),
        ({}, "missing: W of shape (n, m), x of shape (n,)"),
        (
            {"x": np.ones(3), "w": np.ones((3, 2))},
            "there is no array 'w' here; accepted are W, x, m and n",
        ),
        ({"x": ["a"], "W": np.ones((1, 2))}, "x of shape (n,) must hold real numbers"),
        ({"x": [1j], "W": np.ones((1, 2))}, "must hold real numbers; given is type complex128"),
        (
            {"x": np.ones(3), "W": np.ones((3, 2)), "n": 4},
            "must have shape (4, 2), as n = 4 given by name, m = 2 from W",
        ),
        ({"x": np.ones(3), "W": np.ones((3, 2)), "n": 3.0}, "a whole number is expected, not 3.0"),
    ],
)
def test_errors(given, message):
    with pytest.raises(DataError, match=re.escape(message)):
        PRODUCT(given)


def test_close_match():
    f = lower(Label("logits", Spec((n,))).entry(i), indices=I)
    with pytest.raises(DataError, match="did you mean 'logits'"):
        f(logit=[1.0])


def test_defined_names_are_computed():
    f = lower(h(j), indices=(Tuple(j, 1, m),))
    with pytest.raises(DataError, match=r"'h' is defined by the model.*give W and x instead"):
        f(h=[1.0])


def test_definition_is_computed_once():
    listing = str(lower(Sum(h(j) * h(j), (j, 1, m)) + h(1 + 0 * n)).program)
    assert listing.count("contract(") == 1
    assert listing.count("input W") == 1


def test_labels():
    f = lower(Sum(W.entry(1 + 0 * n, T.entry(b)), (b, 1, B)))
    assert f(W=[[1.0, 2.0, 4.0]], t=[0, 2, 2]) == 9.0
    with pytest.raises(DataError, match=re.escape("count from 0 to 2 (m = 3 classes); given is 3")):
        f(W=[[1.0, 2.0, 4.0]], t=[0, 3])
    with pytest.raises(DataError, match="given is -1"):
        f(W=[[1.0, 2.0, 4.0]], t=[-1])
    with pytest.raises(DataError, match="integers from 0; given is type float64"):
        f(W=[[1.0, 2.0, 4.0]], t=[1.0])


def test_scalar_label():
    t = Label("t", Spec((), kind="labels", classes=n))
    f = lower(-x(t) + log(Sum(exp(x(k)), (k, 1, n))))
    data = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(f(x=data, t=2), -3 + np.log(np.exp(data).sum()))


def test_size_that_only_a_name_tells():
    f = lower(Sum(1, (k, 1, n)) + Symbol("n", integer=True))
    assert f.required == ()
    assert f(n=3) == 6.0
    with pytest.raises(DataError, match="no given array tells the size n; give n=… by name"):
        f()
    g = lower(1 + 0 * i, indices=I, model=Model.of(x(i)))
    assert g.required == ("x",)
    np.testing.assert_array_equal(g(x=[5.0, 6.0]), [1.0, 1.0])
    np.testing.assert_array_equal(g(n=3), [1.0, 1.0, 1.0])
    with pytest.raises(DataError, match="give x, or n=… by name"):
        g()


def test_composite_sizes():
    y = Label("y", Spec((2 * n + 1,)))
    f = lower(Sum(y.entry(k), (k, 1, n)))
    assert f(y=np.arange(5.0)) == 1.0
    with pytest.raises(DataError):
        f(y=np.arange(4.0))


def test_reading_outside_an_array():
    f = lower(x(i + 1), indices=I)
    with pytest.raises(DataError, match=r"reads entry 4 of x \(index i \+ 1\).*1 to 3"):
        f(x=np.ones(3))
    zero = IndexedBase("v")
    g = lower(Sum(zero[k], (k, 0, n - 1)))
    with pytest.raises(DataError, match=r"reads entry 0 of v.*count from 1"):
        g(v=np.ones(3))


def test_what_has_no_numbers():
    for e, word in [
        (Function("f")(x(i)), "f has no numerical form"),
        (Total(x(i), x(j)), "derivative by x"),
        (Derivative(Function("f")(Symbol("u")), Symbol("u")), "has no meaning"),
        (Sum(x(k), (k, 1, T.entry(i))), "limit"),
    ]:
        with pytest.raises(Unsupported, match=word):
            lower(e, indices=I)
    with pytest.raises(SymderivError, match="no back end 'cuda'"):
        lower(x(i), indices=I, backend="cuda")
    with pytest.raises(NameClash, match="axes"):
        lower(x(i), indices=(*I, *I))


def test_types():
    f = lower(2 * x(i) / n + Sum(x(k) * w(k, 1 + 0 * n), (k, 1, n)) * RATE + 0.1, indices=I)
    f32 = np.float32
    got = f({"lambda": 0.1}, x=f32([1, 2]), W=f32([[1], [2]]))
    assert got.dtype == np.float32
    assert f({"lambda": 1}, x=[1, 2], W=[[1], [2]]).dtype == np.float64
    assert f({"lambda": 1}, x=f32([1, 2]), W=np.ones((2, 1))).dtype == np.float64
    total = lower(Sum(x(k), (k, 1, n)))
    assert type(total(x=[1, 2])) is np.float64
    assert type(total(x=f32([1, 2]))) is np.float32
    assert isinstance(total(x=[True, False]), float)


def test_result_is_no_view():
    data = np.ones((2, 2))
    f = lower(w(i, j), indices=(Tuple(i, 1, n), Tuple(j, 1, m)))
    got = f(W=data)
    assert not np.shares_memory(got, data)
    got[...] = 5
    data.flags.writeable = False
    assert lower(w(j, i), indices=(Tuple(i, 1, m), Tuple(j, 1, n)))(W=data).flags.writeable


def test_empty_arrays():
    f = lower(Sum(x(k), (k, 1, n)))
    assert f(x=[]) == 0.0
    assert lower(x(i) * 2, indices=I)(x=[]).shape == (0,)


def test_listing():
    assert str(PRODUCT.program).splitlines() == [
        "%0 = input x",
        "%1[k] = entry %0[k]",
        "%2 = input W",
        "%3[k, j] = entry %2[k, j]",
        "%4[j] = contract(%1, %3) over k",
        "return %4[j]  (j = 1..m)",
    ]


def test_pickle_and_immutability():
    again = pickle.loads(pickle.dumps(PRODUCT))
    assert again == PRODUCT
    np.testing.assert_array_equal(again(x=[1.0], W=[[3.0, 4.0]]), [3.0, 4.0])
    with pytest.raises(AttributeError):
        PRODUCT.shape = ()


def test_long_chain_of_definitions():
    last = X
    for depth in range(400):
        body = 1 - last.entry(i) / 2
        last = Label(f"u{depth}", Spec((n,), definition=Definition((i,), body)))
    got = lower(last.entry(i), indices=I)(x=[0.0, 1.0])
    np.testing.assert_allclose(got, [2 / 3, 2 / 3])


def test_jax():
    jax = pytest.importorskip("jax")
    e = -Sum(x(k) * log(exp(h(j)) / Sum(exp(h(k)), (k, 1, m))), (k, 1, n), (j, 1, m))
    f = lower(e, backend="jax")
    g = lower(e)
    data = {"x": np.float32([0.5, -1.0]), "W": np.float32([[1, 2, 3], [0.5, 2, -1]])}
    np.testing.assert_allclose(f(data), g(data), rtol=1e-5)
    np.testing.assert_allclose(jax.jit(f)(data), g(data), rtol=1e-5)
    slope = jax.grad(lambda v: f(x=v, W=data["W"]))(data["x"])
    step = np.float32([1e-2, 0])
    numeric = (g(x=data["x"] + step, W=data["W"]) - g(x=data["x"] - step, W=data["W"])) / 2e-2
    np.testing.assert_allclose(slope[0], numeric, rtol=1e-2)


def test_deep_expression():
    e, want = x(i), 1.0
    for _ in range(60):
        e = add(Integer(1), mul(Integer(2), call(tanh, power(e, Integer(2)))))
        want = 1 + 2 * math.tanh(want**2)
    np.testing.assert_allclose(lower(e, indices=I)(x=[1.0]), [want], rtol=1e-14)


def test_listing_does_not_depend_on_the_hash_seed():
    code = (
        "from sympy import *\n"
        "from symderiv.lower import lower\n"
        "i, j, k, n = symbols('i j k n', integer=True)\n"
        "x, y, W, s, u = IndexedBase('x'), IndexedBase('y'), IndexedBase('W'), *symbols('s u')\n"
        "e = Sum(W[i, k] * x[k] * Sum(y[j] * KroneckerDelta(j, k) * exp(s * u), (j, 1, n)),\n"
        "    (k, 1, i)) + Piecewise((s, (y[i] > 0) & (x[i] < 1)), (u, True))\n"
        "f = lower(e, indices=((i, 1, n),))\n"
        "print(f.program, f.arrays, f.required, f.signature.every_size)\n"
    )
    listings = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(listings) == 1

"""What users try in their first minutes: clear errors, and nothing hangs."""

import math
import signal

import numpy as np
import pytest
import sympy

from symderiv.core.errors import ShapeError, Unsupported
from symderiv.model import elementwise as sd
from symderiv.model.declare import (
    dim,
    dims,
    distribution,
    index,
    indices,
    labels,
    matrix,
    one_hot,
    scalar,
    tensor,
    vector,
)

n, m = dims("n m")
z, W = vector("z", n), matrix("W", n, m)
i = index("i")
A = sympy.MatrixSymbol("A", 2, 2)


@pytest.fixture(autouse=True)
def within_seconds():
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(*_):
        raise TimeoutError("this hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    ("attempt", "word"),
    [
        (lambda: sympy.exp(z), r"sd\.exp\(z\)"),
        (lambda: sympy.log(z), r"sd\.log"),
        (lambda: sympy.sympify(z), r"sd\.exp"),
        (lambda: sympy.Sum(z, (i, 1, n)), r"z\[i\]"),
        (lambda: np.exp(z), r"sd\.exp\(z\)"),
        (lambda: np.maximum(z, 0), r"sd\.maximum\(z\)"),
        (lambda: np.sum(z), r"z\.sum\(\)"),
        (lambda: np.asarray(z), "lambdify"),
        (lambda: np.array([1.0, 2.0]) * z, "ndarray"),
        (lambda: math.exp(z), r"sd\.exp\(z\)"),
        (lambda: list(z), "iterated"),
        (lambda: tuple(z), "iterated"),
        (lambda: sum(z), r"z\.sum\(\)"),
        (lambda: max(z), "iterated"),
        (lambda: [*z], "iterated"),
        (lambda: 1 in z, "'in'"),
        (lambda: float(z), "lambdify"),
        (lambda: bool(z), r"sd\.where"),
        (lambda: 1 if z > 0 else 0, r"sd\.where"),
        (lambda: len(z), r"z\.shape"),
        (lambda: sympy.Symbol("a").subs("a", z), r"z\[i\]"),
        (lambda: z + A, r"sd\.matrix"),
        (lambda: A * z, r"sd\.matrix"),
        (lambda: z @ A, r"sd\.matrix"),
        (lambda: z * A[0, 0], r"sd\.matrix"),
        (lambda: sympy.Matrix([1, 2]) * z, r"sd\.matrix"),
        (lambda: z + sympy.Array([1, 2]), r"sd\.matrix"),
        (lambda: sd.exp(A), r"sd\.matrix"),
        (lambda: sd.exp(sympy.log(A[0, 1]) + 1), r"sd\.matrix"),
        (lambda: z + sympy.IndexedBase("q"), r"q\[i\]"),
        (lambda: z + sympy.Function("f"), r"f\(x\)"),
        (lambda: z["i"], "index"),
        (lambda: z[1.5], "index"),
        (lambda: z[sympy.Rational(1, 2)], "not an integer"),
        (lambda: z[1:2], "slices"),
        (lambda: z[vector("x", n)[i]], r"sd\.labels"),
        (lambda: W[z], "entry"),
        (lambda: z[sympy.Idx("k", n)], r"sd\.index"),
        (lambda: sd.where(z, 1, 0), "comparison"),
        (lambda: sd.softmax(sympy.Symbol("a")), "scalar"),
        (lambda: sd.log(z, 1), "base"),
        (lambda: sd.log(z, -2), "base"),
        (lambda: float("nan") * z, "nan"),
    ],
)
def test_refused_with_a_word_on_what_to_write(attempt, word):
    with pytest.raises(Unsupported, match=word):
        attempt()


@pytest.mark.parametrize(
    ("attempt", "word"),
    [
        (lambda: z[0], "count from 1"),
        (lambda: z[-1], "count from 1"),
        (lambda: z[n + 1], "runs from 1 to n"),
        (lambda: z[1, 2], "2 indices"),
        (lambda: W[i, 0], "count from 1"),
        (lambda: (z + 1)[0], "count from 1"),
        (lambda: vector("v", 3)[4], "1 to 3"),
        (lambda: z[np.int64(0)], "count from 1"),
        (lambda: vector("v", 2)[labels("t", classes=3)], "3 classes"),
        (lambda: z[labels("t", classes=m)], "m classes"),
        (lambda: vector("z", 0), "not positive"),
        (lambda: vector("z", -3), "not positive"),
        (lambda: vector("z", 2.0), "no size"),
        (lambda: vector("z", "n"), "no size"),
        (lambda: vector("z", True), "no size"),
        (lambda: vector("z", (n, m)), "one by one"),
        (lambda: tensor("T", (n, m)), "one by one"),
        (lambda: vector("z", sympy.Symbol("n", negative=True)), "no size"),
        (lambda: vector("z", sympy.oo), "no size"),
        (lambda: vector("z", sympy.Rational(1, 2)), "no size"),
        (lambda: distribution("p"), "last axis"),
        (lambda: one_hot("y"), "last axis"),
        (lambda: one_hot("y", n, labels=labels("t", 3, classes=n)), "labels of shape"),
        (lambda: one_hot("y", n, labels=labels("t", classes=m)), "m classes"),
    ],
)
def test_shapes_and_ranges(attempt, word):
    with pytest.raises(ShapeError, match=word):
        attempt()


@pytest.mark.parametrize("name", ["", " ", " x", "x\n", "\x00", "a\x1b[0m", 3, None, A])
def test_bad_names(name):
    for make in (scalar, dim, index, lambda s: vector(s, n), lambda s: labels(s, n)):
        with pytest.raises(Unsupported, match="name"):
            make(name)


@pytest.mark.parametrize("name", ["learning_rate", "lambda", "a&b", "<x>", "확률", "x'", "E", "S"])
def test_odd_names_are_names(name):
    assert vector(name, n).name == name
    assert scalar(name).name == name


def test_sizes_may_not_be_matrices():
    with pytest.raises(Unsupported, match="size"):
        vector("z", A)
    with pytest.raises(Unsupported, match="names"):
        dims("")
    with pytest.raises(Unsupported, match="names"):
        indices(3)


def test_comparing_with_other_things_is_false():
    assert z != 1
    assert z in [1, "z", z]
    assert z not in [1, "z"]


def test_huge_numbers_do_not_hang():
    assert (z**1000000)[i] == z[i] ** 1000000
    assert ((1e300 * z) * 1e300)[i].args[0] == sympy.Integer(10) ** 600

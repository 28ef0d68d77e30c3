"""Elementwise functions and softmax, against NumPy and brute force."""

from math import erf

import numpy as np
import pytest
import sympy
from numpy.testing import assert_allclose

from symderiv.core.errors import ShapeError
from symderiv.model import elementwise as sd
from symderiv.model.declare import dims, indices, matrix, scalar, tensor, vector

n, m, N = dims("n m N")
i, j, k = indices("i j k")
x, y, X, T = vector("x", n), vector("y", n), matrix("X", N, n), tensor("T", N, n, m)
a = scalar("a")


def sigma(v):
    return 1 / (1 + np.exp(-v))


FUNCTIONS = {
    sd.exp: np.exp,
    sd.sin: np.sin,
    sd.cos: np.cos,
    sd.tan: np.tan,
    sd.sinh: np.sinh,
    sd.cosh: np.cosh,
    sd.tanh: np.tanh,
    sd.abs_: np.abs,
    sd.sigmoid: sigma,
    sd.relu: lambda v: np.maximum(v, 0),
    sd.leaky_relu: lambda v: np.where(v > 0, v, 0.01 * v),
    sd.elu: lambda v: np.where(v > 0, v, np.exp(v) - 1),
    sd.softplus: lambda v: np.log1p(np.exp(v)),
    sd.gelu: lambda v: v / 2 * (1 + np.vectorize(erf)(v / np.sqrt(2))),
    sd.silu: lambda v: v * sigma(v),
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_functions(function, env, evaluate):
    assert_allclose(evaluate(function(x), env), FUNCTIONS[function](env["x"]), rtol=1e-12)
    assert_allclose(evaluate(function(a), env), FUNCTIONS[function](env["a"]), rtol=1e-12)
    assert isinstance(function(2), sympy.Expr)
    assert function(x[i]) == function(x)[i]


def test_logarithms_and_roots(env, evaluate):
    positive = {**env, "x": np.abs(env["x"])}
    assert_allclose(evaluate(sd.log(x), positive), np.log(positive["x"]))
    assert_allclose(evaluate(sd.log(x, 2), positive), np.log2(positive["x"]))
    assert_allclose(evaluate(sd.log(x, base=10), positive), np.log10(positive["x"]))
    assert_allclose(evaluate(sd.sqrt(x), positive), np.sqrt(positive["x"]))
    assert sd.log(a, sympy.E) == sd.log(a)
    assert sd.log(a, 2).args == (sympy.log(a), 1 / sympy.log(2))


def test_two_arguments(env, evaluate):
    u, v = env["x"], env["y"]
    assert_allclose(evaluate(sd.maximum(x, y), env), np.maximum(u, v))
    assert_allclose(evaluate(sd.minimum(x, 0), env), np.minimum(u, 0))
    assert_allclose(evaluate(sd.where(x > y, x, -y), env), np.where(u > v, u, -v))
    assert_allclose(evaluate(sd.where(X <= 0, x, 1), env), np.where(env["X"] <= 0, u, 1))
    assert_allclose(evaluate(sd.leaky_relu(x, 0.2), env), np.where(u > 0, u, 0.2 * u))
    assert_allclose(evaluate(sd.elu(x, a), env), np.where(u > 0, u, 0.7 * (np.exp(u) - 1)))


@pytest.mark.parametrize("axis", [-1, 0, 1, (0, 2), None])
def test_softmax_over_any_axis(axis, env, evaluate):
    e = np.exp(env["T"])
    total = e.sum(axis=axis, keepdims=True)
    assert_allclose(evaluate(sd.softmax(T, axis), env), e / total)
    assert_allclose(evaluate(sd.log_softmax(T, axis), env), np.log(e / total))
    assert_allclose(evaluate(sd.logsumexp(T, axis), env), np.log(e.sum(axis=axis)))


def test_softmax_is_written_out():
    total = sympy.Sum(sympy.exp(x[j]), (j, 1, n))
    assert sd.softmax(x)[i].args == (sympy.exp(x[i]), 1 / total)
    assert sd.log_softmax(x)[i].args == (x[i], -sympy.log(total))
    assert sd.logsumexp(x) == sympy.log(sympy.Sum(sympy.exp(x[i]), (i, 1, n)))
    inner = sd.softmax(X)[i, j].atoms(sympy.Sum)
    assert inner == {sympy.Sum(sympy.exp(X[i, k]), (k, 1, n))}


def test_shapes_of_two_arguments():
    with pytest.raises(ShapeError):
        sd.maximum(x, vector("b", m))
    with pytest.raises(ShapeError):
        sd.softmax(x, axis=1)

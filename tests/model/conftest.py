"""An evaluator of index notation in plain Python: brute force, and independent of the package."""

from itertools import product
from math import cos, cosh, erf, exp, inf, log, log1p, prod, sin, sinh, tan, tanh

import numpy as np
import pytest
import sympy

ONE = {
    "exp": exp,
    "log": log,
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
    "Abs": abs,
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "relu": lambda x: max(x, 0.0),
    "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
    "elu": lambda x, alpha: x if x > 0 else alpha * (exp(x) - 1),
    "softplus": lambda x: log1p(exp(x)),
    "gelu": lambda x: x / 2 * (1 + erf(x / 2**0.5)),
    "silu": lambda x: x / (1 + exp(-x)),
    "Max": max,
    "Min": min,
    "StrictGreaterThan": lambda a, b: a > b,
    "StrictLessThan": lambda a, b: a < b,
    "GreaterThan": lambda a, b: a >= b,
    "LessThan": lambda a, b: a <= b,
}
OVER = {"Sum": sum, "Product": prod, "MaxOver": max, "MinOver": min}


def value_of(e, env):
    head = type(e).__name__
    if isinstance(e, sympy.Number):
        return float(e)
    if e is sympy.S.Exp1 or e is sympy.S.Pi:
        return float(e)
    if isinstance(e, sympy.Symbol):
        return env[e.name]
    if head == "Indexed":
        where = tuple(round(value_of(k, env)) - 1 for k in e.args[1:])
        assert min(where, default=0) >= 0
        return env[e.args[0].args[0].name][where]
    if head in OVER:
        return OVER[head](_entries(e.args[0], e.args[1:], env))
    if head == "Piecewise":
        return next(value_of(v, env) for v, c in e.args if c is sympy.true or value_of(c, env))
    parts = [value_of(x, env) for x in e.args]
    if head == "Add":
        return sum(parts)
    if head == "Mul":
        return prod(parts)
    if head == "Pow":
        return parts[0] ** parts[1]
    if head == "KroneckerDelta":
        return float(parts[0] == parts[1])
    return ONE[head](*parts)


def _entries(body, limits, env):
    *inner, (v, low, high) = limits
    for k in range(round(value_of(low, env)), round(value_of(high, env)) + 1):
        here = {**env, v.name: k}
        if inner:
            yield from _entries(body, inner, here)
        else:
            yield value_of(body, here)


def numbers(array, env):
    """The array of numbers that an array of formulas stands for."""
    if not hasattr(array, "element"):
        return value_of(array, env)
    shape = [round(value_of(n, env)) for n in array.shape]
    out = np.full(shape, inf)
    for where in product(*map(range, shape)):
        here = dict(zip((v.name for v in array.indices), (k + 1 for k in where), strict=True))
        out[where] = value_of(array.element, {**env, **here})
    return out


@pytest.fixture
def evaluate():
    return numbers


@pytest.fixture
def env():
    """Numbers for a few names, sizes n = 3, m = 2, N = 4."""
    r = np.random.default_rng(7)
    p, q = r.dirichlet(np.ones(3)), r.dirichlet(np.ones(3))
    return {
        "n": 3,
        "m": 2,
        "N": 4,
        "a": 0.7,
        "x": r.normal(size=3),
        "y": r.normal(size=3),
        "b": r.normal(size=2),
        "W": r.normal(size=(3, 2)),
        "X": r.normal(size=(4, 3)),
        "T": r.normal(size=(4, 3, 2)),
        "U": r.normal(size=(2, 4)),
        "p": p,
        "q": q,
        "P": r.dirichlet(np.ones(3), size=4),
        "J": r.dirichlet(np.ones(6)).reshape(3, 2),
        "t": np.array([3, 1, 2, 3]),
        "s": 2,
    }

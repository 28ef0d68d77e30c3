"""What an index expression means, entry by entry, in plain Python floats: the tests' oracle."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from sympy import (
    Add,
    Indexed,
    KroneckerDelta,
    Mul,
    Number,
    Piecewise,
    Pow,
    Product,
    Sum,
    Symbol,
    exp,
    log,
)
from sympy.core.numbers import NumberSymbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Not, Or

from symderiv.core.expr import InRange, MaxOver, MinOver
from symderiv.core.symbols import Label

FUNCTIONS = {
    "tanh": math.tanh,
    "sin": math.sin,
    "cos": math.cos,
    "Abs": abs,
    "sign": lambda x: float((x > 0) - (x < 0)),
    "erf": math.erf,
    "Max": max,
    "Min": min,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "relu": lambda x: max(x, 0.0),
    "gelu": lambda x: x / 2 * (1 + math.erf(x / math.sqrt(2))),
    "silu": lambda x: x / (1 + math.exp(-x)),
    "leaky_relu": lambda x, s: x if x > 0 else s * x,
    "elu": lambda x, a: x if x > 0 else a * math.expm1(x),
}
COMPARE = {
    "Equality": lambda a, b: a == b,
    "Unequality": lambda a, b: a != b,
    "StrictLessThan": lambda a, b: a < b,
    "LessThan": lambda a, b: a <= b,
    "StrictGreaterThan": lambda a, b: a > b,
    "GreaterThan": lambda a, b: a >= b,
}


def truth(c, env, data):
    if c == True or c == False:  # noqa: E712
        return bool(c)
    if isinstance(c, And):
        return all(truth(a, env, data) for a in c.args)
    if isinstance(c, Or):
        return any(truth(a, env, data) for a in c.args)
    if isinstance(c, Not):
        return not truth(c.args[0], env, data)
    assert isinstance(c, Relational)
    return COMPARE[type(c).__name__](*(value(a, env, data) for a in c.args))


def value(e, env, data):  # noqa: C901
    """The number that ``e`` is, where ``env`` gives indices and sizes and ``data`` the arrays."""
    if isinstance(e, (Number, NumberSymbol)):
        return int(e) if e.is_Integer else float(e)
    if isinstance(e, Symbol):
        if e in env:
            return env[e]
        if isinstance(e, Label) and e.spec.definition is not None:
            return value(e.spec.definition.body, env, data)
        shift = int(isinstance(e, Label) and e.spec.kind == "labels")
        return data[e.name] + shift
    if isinstance(e, Indexed):
        label = e.args[0].args[0]
        at = [int(value(a, env, data)) for a in e.args[1:]]
        if isinstance(label, Label) and label.spec.definition is not None:
            d = label.spec.definition
            sizes = {k: v for k, v in env.items() if k.name in data.get("_sizes", {})}
            return value(d.body, {**sizes, **dict(zip(d.indices, at, strict=True))}, data)
        array = data[str(label)]
        assert all(1 <= a <= s for a, s in zip(at, array.shape, strict=True)), (e, at)
        shift = int(isinstance(label, Label) and label.spec.kind == "labels")
        return array[tuple(a - 1 for a in at)] + shift
    if isinstance(e, Add):
        return sum(value(a, env, data) for a in e.args)
    if isinstance(e, Mul):
        return product(e, env, data)
    if isinstance(e, Pow):
        return value(e.args[0], env, data) ** value(e.args[1], env, data)
    if isinstance(e, (Sum, Product, MaxOver, MinOver)):
        every = list(runs(e.args[0], e.args[1:], env, data))
        if isinstance(e, Sum):
            return math.fsum(every)
        if isinstance(e, Product):
            return math.prod(every)
        return (max if isinstance(e, MaxOver) else min)(every)
    if isinstance(e, KroneckerDelta):
        return int(value(e.args[0], env, data) == value(e.args[1], env, data))
    if isinstance(e, InRange):
        at, low, high = (value(a, env, data) for a in e.args)
        return int(low <= at <= high)
    if isinstance(e, Piecewise):
        for pair in e.args:
            if truth(pair.args[1], env, data):
                return value(pair.args[0], env, data)
        return math.nan
    if isinstance(e, exp):
        return math.exp(value(e.args[0], env, data))
    if isinstance(e, log):
        return math.log(value(e.args[0], env, data))
    return FUNCTIONS[type(e).__name__](*(value(a, env, data) for a in e.args))


def product(e, env, data):
    guards = [a for a in e.args if isinstance(a, (KroneckerDelta, InRange, Piecewise))]
    out = 1
    for g in guards:
        out = out * value(g, env, data)
        if out == 0:
            return 0.0
    for a in e.args:
        if not any(a is g for g in guards):
            out = out * value(a, env, data)
    return out


def runs(body, limits, env, data):
    if not limits:
        yield value(body, env, data)
        return
    v, low, high = limits[-1]
    for at in range(value(low, env, data), value(high, env, data) + 1):
        yield from runs(body, limits[:-1], {**env, v: at}, data)


def array(e, indices, sizes, data):
    """The expression over its free indices."""
    env = dict(sizes)
    ranges = [range(value(lo, env, data), value(hi, env, data) + 1) for _, lo, hi in indices]
    data = {**data, "_sizes": {s.name: v for s, v in sizes.items()}}
    out = np.empty([len(r) for r in ranges])
    for places in itertools.product(*(range(len(r)) for r in ranges)):
        here = {v: r[p] for (v, _, _), r, p in zip(indices, ranges, places, strict=True)}
        out[places] = value(e, {**env, **here}, data)
    return out


@pytest.fixture(scope="session")
def entrywise():
    """``entrywise(e, indices, sizes, data)``: the array that a loop over entries gives."""
    return array

"""Generated index expressions, letters used again and again, against loops over entries."""

from __future__ import annotations

import numpy as np
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Integer, Product, Rational, S, Sum, Tuple, exp, log, symbols, tanh

from symderiv.core.expr import (
    InRange,
    MaxOver,
    MinOver,
    add,
    bind,
    call,
    cases,
    delta,
    mul,
    nested,
    power,
    relation,
)
from symderiv.core.functions import sigmoid
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.lower import lower

i, j, k, n, m = symbols("i j k n m", integer=True)
LETTERS = (i, j, k)
SIZES = {n: 3, m: 2}
V = {n: Label("x", Spec((n,))), m: Label("z", Spec((m,)))}
PAIR = {(a, b): Label(f"{a}{b}".upper(), Spec((a, b))) for a in (n, m) for b in (n, m)}
T = Label("t", Spec((n,), kind="labels", classes=m))
P = Label(
    "p",
    Spec(
        (n,),
        definition=Definition(
            (i,),
            mul(
                call(exp, V[n].entry(i)),
                power(bind(Sum, call(exp, V[n].entry(j)), Tuple(j, 1, n)), S.NegativeOne),
            ),
        ),
    ),
)
NUMBERS = st.sampled_from([S.NegativeOne, Integer(2), Rational(1, 2)])


@st.composite
def leaves(draw, scope):
    options = ["number", "entry", "entry", "pair", "delta", "shift", "label", "defined"]
    kind = draw(st.sampled_from(options))
    if kind == "number" or not scope:
        return draw(NUMBERS)
    v, size = draw(st.sampled_from(scope))
    w, other = draw(st.sampled_from(scope))
    if kind == "pair":
        return PAIR[size, other].entry(v, w)
    if kind == "delta":
        return delta(v, add(w, draw(st.sampled_from([S.Zero, S.One, S.NegativeOne]))))
    if kind == "shift":
        at = v + draw(st.sampled_from([1, -1, 2]))
        return mul(InRange(at, S.One, size), V[size].entry(at))
    if kind == "label" and size is n:
        return PAIR[n, m].entry(v, T.entry(v))
    if kind == "defined" and size is n:
        return P.entry(v)
    return V[size].entry(v)


@st.composite
def expressions(draw, scope, depth):
    if depth == 0:
        return draw(leaves(scope))

    def inner(where=scope):
        return draw(expressions(where, depth - 1))

    kinds = ["add", "mul", "mul", "sum", "sum", "sum", "triangle", "extremum", "call", "cases"]
    kind = draw(st.sampled_from([*kinds, "softmax", "leaf"]))
    if kind == "leaf":
        return draw(leaves(scope))
    if kind == "add":
        return add(inner(), inner())
    if kind == "mul":
        return mul(inner(), inner())
    if kind == "call":
        return draw(
            st.sampled_from(
                [
                    lambda e: call(tanh, e),
                    lambda e: call(exp, call(tanh, e)),
                    lambda e: call(sigmoid, e),
                    lambda e: power(e, Integer(2)),
                    lambda e: power(add(Integer(2), power(e, Integer(2))), S.NegativeOne),
                    lambda e: call(log, add(S.One, call(exp, call(tanh, e)))),
                ]
            )
        )(inner())
    if kind == "cases":
        head = draw(st.sampled_from(["StrictLessThan", "GreaterThan"]))
        sides = [inner(), inner()]

        return cases((inner(), relation(getattr(sympy, head), *sides)), (inner(), S.true))
    v = draw(st.sampled_from(LETTERS))
    size = draw(st.sampled_from([n, m]))
    around = tuple(pair for pair in scope if pair[0] != v)
    body = inner((*around, (v, size)))
    low, high = S.One, size
    if kind == "triangle" and around:
        outer = [w for w, s in around if s is size]
        if outer:
            low, high = draw(st.sampled_from([(S.One, outer[0]), (outer[0], size)]))
    limit = Tuple(v, low, high)
    if kind == "extremum":
        head = draw(st.sampled_from([MaxOver, MinOver, Product]))
        return bind(head, body, limit)
    if kind == "softmax":
        e = call(exp, call(tanh, body))
        return mul(
            draw(st.sampled_from([S.One, draw(leaves(scope))])),
            power(bind(Sum, e, limit), draw(st.sampled_from([S.NegativeOne, Integer(2)]))),
        )
    if isinstance(body, Sum):
        return nested(body, (limit,))
    return bind(Sum, body, limit)


DATA = np.random.default_rng(3)
ARRAYS = {
    label.name: DATA.uniform(-1.5, 1.5, size=[SIZES[s] for s in label.shape])
    for label in (*V.values(), *PAIR.values())
} | {"t": np.array([1, 0, 1])}


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(expressions(((i, n), (j, m)), 4))
def test_generated(entrywise, e):
    indices = (Tuple(i, 1, n), Tuple(j, 1, m))
    want = entrywise(e, indices, SIZES, ARRAYS)
    f = lower(e, indices=indices)
    got = f({name: ARRAYS[name] for name in f.arrays}, n=3, m=2)
    np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9)

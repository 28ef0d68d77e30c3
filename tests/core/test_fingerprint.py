"""Fingerprints: equal modulo order and bound letters, and otherwise different."""

import subprocess
import sys
from itertools import combinations

import pytest
from sympy import Function, Integer, Rational, Sum, Symbol, Tuple, cos, log, sin, symbols

from symderiv.core.expr import (
    MaxOver,
    MinOver,
    Partial,
    Total,
    add,
    bind,
    delta,
    mul,
    nested,
    power,
    total,
)
from symderiv.core.fingerprint import fingerprint, same
from symderiv.core.symbols import Label, Spec

i, j, k, n, m = symbols("i j k n m", integer=True)
x, y = symbols("x y")
z, w = Label("z", Spec((n,))).entry, Label("w", Spec((n,))).entry

EQUAL = [
    (add(x, y), add(y, x)),
    (mul(x, y, z(i)), mul(z(i), y, x)),
    (delta(i, j), delta(j, i)),
    (total(z(i), Tuple(i, 1, n)), total(z(k), Tuple(k, 1, n))),
    (
        total(mul(z(i), total(w(j), Tuple(j, 1, n))), Tuple(i, 1, n)),
        total(mul(total(w(i), Tuple(i, 1, n)), z(j)), Tuple(j, 1, n)),
    ),
    (
        total(z(k), Tuple(k, 1, i), Tuple(i, 1, n)),
        total(z(j), Tuple(j, 1, k), Tuple(k, 1, n)),
    ),
]

DIFFERENT = [
    add(x, y), mul(x, y), power(x, y), power(y, x), x, y, z(i), z(j), w(i),
    total(z(i), Tuple(i, 1, n)), total(z(i), Tuple(i, 1, m)), total(z(i), Tuple(i, 2, n)),
    total(z(j), Tuple(i, 1, n)), total(w(i), Tuple(i, 1, n)),
    bind(MaxOver, z(i), Tuple(i, 1, n)), bind(MinOver, z(i), Tuple(i, 1, n)),
    total(z(k), Tuple(k, 1, i), Tuple(i, 1, n)), total(z(k), Tuple(k, 1, i), Tuple(j, 1, n)),
    total(z(k), Tuple(k, i, n), Tuple(i, 1, n)),
    total(mul(z(i), w(j)), Tuple(i, 1, n), Tuple(j, 1, m)),
    total(mul(z(j), w(i)), Tuple(i, 1, n), Tuple(j, 1, m)),
    nested(total(z(i), Tuple(i, 1, n)), (Tuple(i, 1, m),)),
    nested(total(z(j), Tuple(i, 1, n)), (Tuple(j, 1, m),)),
    sin(x), cos(x), log(x), Function("f")(x), Function("f")(x, y), Function("f")(y, x),
    Function("log")(x),
    Integer(2), Rational(1, 2), Partial(x, y), Partial(y, x), Total(x, y),
    delta(i, j), delta(i, k), Label("z", Spec((m,))).entry(i),
    Label("z", Spec((n,), "one_hot")).entry(i),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), EQUAL, ids=str)
def test_order_and_bound_letters_do_not_matter(a, b):
    assert a != b
    assert same(a, b)


def test_everything_else_does():
    for a, b in combinations(DIFFERENT, 2):
        assert not same(a, b), (a, b)


def test_the_same_in_every_process():
    code = (
        "from symderiv.core.fingerprint import fingerprint\n"
        "from sympy import Sum, IndexedBase, symbols, exp, Function\n"
        "i, n = symbols('i n', integer=True); z = IndexedBase('z'); x, y = symbols('x y')\n"
        "print(fingerprint(Sum(exp(z[i])*x + y**x + Function('f')(y), (i, 1, n))).hex())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "1")
    }  # fmt: skip
    assert len(seen) == 1


def test_twelve_bytes():
    assert len(fingerprint(Sum(Symbol("x"), (i, 1, n)))) == 12

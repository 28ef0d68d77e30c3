"""The oracle as the judge of every conversion, and random index expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

import pytest
from sympy import Expr, Integer, Rational, StrictGreaterThan, Symbol, Tuple, exp, tanh

import symderiv as sd
from symderiv.core.binding import index
from symderiv.core.expr import Total, add, call, delta, indicator, mul, power, relation, total
from symderiv.core.functions import sigmoid
from symderiv.core.model import Model
from symderiv.core.symbols import Label
from symderiv.matrices.check import Mismatch, check_form
from symderiv.matrices.form import MatrixForm
from symderiv.oracle.dense import evaluate, sample_point
from symderiv.oracle.dimensions import dimensions

Compare = Callable[..., Mismatch | None]


def by_oracle(
    form: MatrixForm, expr: Expr, indices: tuple[Tuple, ...], *, batch: Symbol | None = None,
    sizes: Mapping[Symbol, int] | None = None, seed: int = 0,
) -> Mismatch | None:  # fmt: skip
    model = Model.of(expr)
    found = dimensions(model, [expr], indices)
    sizes = sizes or {size: 2 + k for k, size in enumerate(found)}
    closed = total(expr, *indices)
    point = sample_point(model, [closed], sizes, seed)

    def value(e: Expr, at: Mapping[Symbol, int]) -> float:
        return float(evaluate(e, point, at))

    return check_form(form, expr, indices, value, sizes, batch=batch)


@pytest.fixture(scope="session")
def agree() -> Callable[..., bool]:
    """Does a form agree with its index form at sizes that all differ?"""

    def judge(*args: object, **options: object) -> bool:
        found = by_oracle(*args, **options)  # type: ignore[arg-type]
        assert found is None, found
        return True

    return judge


# ---------------------------------------------------------------- random index expressions

n, m, d = sd.dims("n m d")
I, J, K = map(index, "ijk")
AXES = ((), ((I, n),), ((I, n), (J, m)), ((J, m), (I, n)), ((I, n), (K, n)), ((K, d), (J, m)))
ARRAYS = [
    *(sd.matrix(name, *shape).label for name, shape in (
        ("A", (n, m)), ("B", (m, d)), ("C", (n, n)), ("D", (d, n)),
    )),
    *(sd.vector(name, size).label for name, size in (("x", n), ("y", m), ("w", d), ("u", n))),
    sd.tensor("T", n, m, d).label,
]  # fmt: skip
LOSS = sd.let("L", (sd.matrix("Z", n, m) * sd.matrix("Z", n, m)).sum())
ADJOINT = sd.matrix("Z", n, m).label
SCALE = sd.scalar("s")
LETTERS = "ijklij"  # few, so that some are bound twice
Scope = dict[Symbol, Expr]


def expression(rng: Random, scope: Scope, depth: int) -> Expr:
    if depth == 0:
        return leaf(rng, scope)
    kind = rng.choice(("mul", "mul", "mul", "add", "add", "sum", "sum", "sum", "call", "power"))
    if kind in ("mul", "add"):
        parts = [expression(rng, scope, depth - 1) for _ in range(rng.randint(2, 3))]
        return (mul if kind == "mul" else add)(*parts)
    if kind == "sum":
        v, size = index(rng.choice(LETTERS)), rng.choice((n, m, d))
        return total(expression(rng, {**scope, v: size}, depth - 1), Tuple(v, 1, size))
    inside = expression(rng, scope, depth - 1)
    if kind == "power":
        if rng.random() < 0.4:
            inside = add(Integer(2), call(exp, call(tanh, inside)))
            return power(inside, rng.choice((Integer(-1), Integer(-2), Rational(1, 2))))
        return power(inside, Integer(rng.choice((2, 3))))
    head = rng.choice((tanh, sigmoid, "indicator", exp))
    if head == "indicator":
        return indicator(relation(StrictGreaterThan, inside, Integer(0)))
    return call(head, call(tanh, inside))


def leaf(rng: Random, scope: Scope) -> Expr:
    if rng.random() < 0.1:
        return rng.choice((SCALE, Integer(-2), Rational(1, 3), n, Integer(1)))
    fitting = []
    for label in (*ARRAYS, ADJOINT):
        choices = [[v for v in scope if scope[v] == size] for size in label.shape]
        if all(choices):
            fitting.append((label, choices))
    pairs = [(a, b) for a in scope for b in scope if a != b and scope[a] == scope[b]]
    if pairs and rng.random() < 0.15:
        return delta(*rng.choice(pairs))
    if not fitting:
        return SCALE
    label, choices = rng.choice(fitting)
    entry = label.entry(*map(rng.choice, choices))
    if label is ADJOINT:
        return Total(LOSS, entry)
    return entry


def drawn(rng: Random) -> tuple[Expr, tuple[Tuple, ...]]:
    axes = rng.choice(AXES)
    indices = tuple(Tuple(v, 1, size) for v, size in axes)
    return expression(rng, dict(axes), rng.choice((2, 3, 4))), indices


@pytest.fixture(scope="session")
def draw() -> Callable[[Random], tuple[Expr, tuple[Tuple, ...]]]:
    """A random index expression, over arrays of different sizes, with its free indices."""
    return drawn


@pytest.fixture(scope="session")
def drawn_labels() -> list[Label]:
    """The arrays that random expressions read."""
    return [*ARRAYS, ADJOINT]

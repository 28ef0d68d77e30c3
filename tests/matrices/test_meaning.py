"""What a form means in index form, against what it is worth in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from random import Random

import numpy as np
import pytest
from sympy import Expr, Integer, Rational, S, Symbol

import symderiv as sd
from symderiv.core.binding import index
from symderiv.core.model import Model
from symderiv.core.symbols import Label
from symderiv.matrices.convert import matrix_form
from symderiv.matrices.evaluate import evaluate
from symderiv.matrices.form import (
    Add,
    Apply,
    Diag,
    Fill,
    Hadamard,
    Identity,
    Indicator,
    MatMul,
    MatrixForm,
    Name,
    Ones,
    Power,
    Scalar,
    Scale,
    SumOver,
    Trace,
    Transpose,
    Unit,
)
from symderiv.matrices.meaning import entry_of
from symderiv.oracle.dense import evaluate as by_oracle
from symderiv.oracle.dense import sample_point

n, m, N = sd.dims("n m N")
SIZES = {n: 3, m: 2, N: 4}
i, j, b = map(index, "ijb")


def array(name: str, *shape: Symbol, held: tuple[Expr, ...] = ()) -> Name:
    places = (*held, *[None] * (len(shape) - len(held)))
    return Name(sd.tensor(name, *shape).label, tuple(zip(shape, places, strict=True)))


A, B, C = array("A", n, m), array("B", m, n), array("C", n, n)
x, y, s = array("x", n), array("y", m), Name(sd.scalar("s"))
FORMS: dict[str, MatrixForm] = {
    "a column": x,
    "a row": Transpose(x),
    "a product": MatMul((A, B)),
    "three factors": MatMul((Transpose(x), A, y)),
    "an outer product": MatMul((x, Transpose(y))),
    "products inside": MatMul((Transpose(MatMul((A, B))), MatMul((C, A)))),
    "entry by entry": Hadamard((A, Transpose(B))),
    "a sum": Add((A, Scale(Scalar(Rational(-2, 3)), Transpose(B)))),
    "a scalar in front": Scale(Trace(MatMul((A, B))), x),
    "a name in front": Scale(s, y),
    "a size in front": Scale(Scalar(1 / n), y),
    "a diagonal": MatMul((Diag(x), A)),
    "a filled matrix": Add((A, Fill(MatMul((Transpose(x), x)), (n, m)))),
    "ones": MatMul((Transpose(A), Ones(n))),
    "the unit matrix": Add((C, Identity(n))),
    "a unit column": MatMul((C, Unit(n, Integer(2)))),
    "a held row": MatMul((C, array("X", N, n, held=(Integer(3),)))),
    "a sum of examples": SumOver(
        b, N, MatMul((array("X", N, n, held=(b,)), Transpose(array("T", N, m, held=(b,)))))
    ),
    "a function": Apply("tanh", (MatMul((C, x)),)),
    "an activation": Apply("softplus", (A,)),
    "the larger": Apply("Max", (A, Transpose(B))),
    "a power": Power(A, Integer(3)),
    "a comparison": Indicator("≤", A, Transpose(B)),
    "a number": Trace(MatMul((Diag(x), C))),
}


def arrays(form: MatrixForm) -> tuple[dict[str, np.ndarray], Callable[[Expr], float]]:
    """Every array that the forms read at a point, and what the oracle says of an expression."""
    entries = [entry_of(form, S.One, S.One)]
    labels = Model.of(*entries).labels
    point = sample_point(Model.of(*entries), (), SIZES)
    found = {}
    for label in labels:
        assert isinstance(label, Label)
        shape = [SIZES[size] for size in label.shape]
        found[label.name] = np.zeros(shape)
        for place in np.ndindex(*shape):
            entry = label.entry(*(Integer(k + 1) for k in place))
            found[label.name][place] = by_oracle(entry, point)
    return found, lambda e: float(by_oracle(e, point))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_entry_of_every_kind_of_form(form: MatrixForm) -> None:
    given, value = arrays(form)
    matrix = evaluate(form, given, SIZES)
    rows, columns = matrix.shape
    for row, column in product(range(rows), range(columns)):
        entry = entry_of(form, Integer(row + 1), Integer(column + 1))
        assert value(entry) == pytest.approx(matrix[row, column], abs=1e-12)


def test_random_forms(draw: Callable[..., tuple[Expr, tuple]], agree: Callable) -> None:
    found = 0
    for seed in range(60):
        expr, indices = draw(Random(f"meaning {seed}"))
        form = matrix_form(expr, indices)
        if form is not None:
            row, column = [*(v for v, *_ in indices), S.One, S.One][:2]
            found += agree(form, entry_of(form, row, column), indices)
    assert found >= 50


def test_letters_are_not_taken_twice() -> None:
    form = MatMul((array("j", n, m), array("k", m, n), x))
    assert str(entry_of(form, i)) == "Sum(j[i, l]*k[l, r]*x[r], (l, 1, m), (r, 1, n))"

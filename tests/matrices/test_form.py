"""Forms themselves: ill-shaped ones are refused, and their values are NumPy's."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from sympy import Rational, S, Symbol

from symderiv.core.errors import DataError, ShapeError
from symderiv.matrices import form as m
from symderiv.matrices.evaluate import evaluate

N, M = Symbol("n"), Symbol("m")
A = m.Name(Symbol("A"), ((N, None), (M, None)))
C = m.Name(Symbol("C"), ((N, None), (N, None)))
X = m.Name(Symbol("x"), ((N, None),))
ROW = m.Name(Symbol("A"), ((N, Symbol("b")), (M, None)))
NUMBERS = np.random.default_rng(3)
DATA = {
    "A": NUMBERS.normal(size=(2, 3)),
    "C": NUMBERS.normal(size=(2, 2)),
    "x": NUMBERS.normal(size=2),
    "s": 0.5,
}


@pytest.mark.parametrize(
    "build",
    [
        lambda: m.MatMul((A, A)),
        lambda: m.MatMul((A,)),
        lambda: m.Add((A, X)),
        lambda: m.Hadamard((A, m.Transpose(A))),
        lambda: m.Scale(X, A),
        lambda: m.Diag(A),
        lambda: m.Trace(A),
        lambda: m.Apply("max", (A, X)),
        lambda: m.Indicator(">", A, X),
        lambda: m.Fill(X, (N, N)),
        lambda: m.Name(Symbol("T"), ((N, None), (N, None), (N, None))),
    ],
)
def test_ill_shaped_forms_cannot_be_built(build: object) -> None:
    with pytest.raises(ShapeError):
        build()  # type: ignore[operator]


def test_forms_are_values() -> None:
    again = m.Name(Symbol("A"), ((N, None), (M, None)))
    assert again == A
    assert len({A, again, X}) == 2
    assert A.shape == (N, M)
    assert m.Transpose(A).shape == (M, N)
    assert ROW.shape == (M, S.One)
    with pytest.raises(FrozenInstanceError):
        A.of = S.One  # type: ignore[misc]


def worth(form: m.MatrixForm) -> np.ndarray:
    return evaluate(form, DATA, {Symbol("b"): 2})


def test_values() -> None:
    a, c, x = DATA["A"], DATA["C"], DATA["x"][:, None]
    np.testing.assert_allclose(worth(m.MatMul((m.Transpose(A), X))), a.T @ x)
    np.testing.assert_allclose(worth(m.Trace(C)), [[np.trace(c)]])
    np.testing.assert_allclose(worth(m.Diag(X)), np.diag(x[:, 0]))
    np.testing.assert_allclose(worth(ROW), a[1][:, None])
    np.testing.assert_allclose(worth(m.Power(C, S(3))), c**3)
    np.testing.assert_allclose(worth(m.Scale(m.Scalar(Symbol("s") / N), C)), c / 4)
    np.testing.assert_allclose(worth(m.SumOver(Symbol("b"), N, ROW)), a.sum(axis=0)[:, None])
    np.testing.assert_allclose(worth(m.Indicator(">", C, m.Fill(m.Scalar(S.Zero), C.shape))), c > 0)
    np.testing.assert_allclose(worth(m.Apply("Abs", (C,))), np.abs(c))
    unit = m.MatMul((m.Transpose(X), m.Unit(N, Symbol("b"))))
    np.testing.assert_allclose(worth(unit), [[x[1, 0]]])


def test_zero_times_log_zero_is_zero() -> None:
    log = m.Apply("log", (X,))
    with np.errstate(all="ignore"):
        dot = evaluate(m.MatMul((m.Transpose(X), log)), {"x": [0.0, 1.0]})
        product = evaluate(m.Hadamard((X, log)), {"x": [0.0, 1.0]})
    assert dot.item() == 0
    assert product.tolist() == [[0], [0]]


@pytest.mark.parametrize(
    ("form", "arrays", "words"),
    [
        (X, {}, "no array for x"),
        (X, {"x": np.zeros((2, 2))}, r"x: expected shape \(n,\), given \(2, 2\)"),
        (m.MatMul((A, m.Transpose(A))), {"A": [1.0]}, "expected shape"),
        (m.MatMul((C, X)), {"C": np.eye(3), "x": [1.0, 2.0]}, "with n = 3"),
        (m.Scalar(Symbol("q")), {}, "q"),
        (m.Ones(M), {}, "size or index m is not known"),
        (ROW, {"A": np.zeros((1, 3))}, "out of 1…n"),
        (m.Power(m.Scalar(Rational(1, 2)), Symbol("q")), {}, "q"),
    ],
)
def test_what_does_not_fit_is_named(form: m.MatrixForm, arrays: object, words: str) -> None:
    with pytest.raises(DataError, match=words):
        evaluate(form, arrays, {Symbol("b"): 2})  # type: ignore[arg-type]

"""Layouts and shapes, stated; names escaped in every notation; the judge itself."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from sympy import Symbol, Tuple

import symderiv as sd
from symderiv.core.expr import Partial, Total, delta, mul, total
from symderiv.core.symbols import Label
from symderiv.matrices.build import transpose
from symderiv.matrices.check import check_form
from symderiv.matrices.convert import matrix_form
from symderiv.matrices.form import MatrixForm
from symderiv.matrices.layout import in_layout, shapes
from symderiv.render.mathml import mathml
from symderiv.render.notation import Notation
from symderiv.render.notation.matrix_shapes import shape_lines
from symderiv.render.notation.style_latex import LatexStyle
from symderiv.render.notation.style_text import TextStyle

TEXT, LATEX = Notation(TextStyle(), bar=True), Notation(LatexStyle(), bar=True)
n, m, N = sd.dims("n m N")
i, j, b = sd.indices("i j b")


def jacobian() -> tuple[Total, MatrixForm]:
    x, W = sd.vector("x", n), sd.matrix("W", n, m)
    u = sd.let("u", x @ W)
    d = sd.derive(u, x)
    form = matrix_form(d.last, d.indices)
    assert form is not None
    return Total(u[j], x[i]), form


def test_numerator_layout_is_the_default() -> None:
    goal, form = jacobian()
    assert in_layout(form, goal).shape == (m, n)
    assert TEXT(in_layout(form, goal)) == "Wᵀ"
    assert TEXT(in_layout(form, goal, "denominator")) == "W"
    with pytest.raises(ValueError, match="'numerator' or 'denominator'"):
        in_layout(form, goal, "mixed")  # type: ignore[arg-type]


def test_shapes_of_a_jacobian() -> None:
    goal, form = jacobian()
    assert shape_lines(TEXT, shapes(goal, form)) == [
        "x: (n,), a column in matrix notation",
        "W: (n, m)",
        "∂u/∂x: (m, n), numerator layout: a row for each entry of the numerator",
    ]
    last = shape_lines(TEXT, shapes(goal, form, "denominator"))[-1]
    assert last == "∂u/∂x: (n, m), denominator layout: a row for each entry of the denominator"


def test_a_gradient_has_the_shape_of_the_variable() -> None:
    inputs, outputs = sd.dims("in out")
    X, W = sd.matrix("X", N, inputs), sd.matrix("W", inputs, outputs)
    z = sd.let("Z", X @ W)
    loss = sd.let("L", sd.tanh(z).sum())
    e = total(mul(X[b, i], Total(loss, z[b, j])), Tuple(b, 1, N))
    indices = (Tuple(i, 1, inputs), Tuple(j, 1, outputs))
    form = matrix_form(e, indices)
    assert form is not None
    goal = Total(loss, W[i, j])
    assert in_layout(form, goal, "denominator") == form
    assert shape_lines(TEXT, shapes(goal, form)) == [
        "W: (in, out)",
        "X: (N, in)",
        "Z̄: (N, out)",
        "∂L/∂W: (in, out), shape of the variable",
    ]
    assert shape_lines(LATEX, shapes(goal, form))[-1].startswith(
        r"\frac{\partial L}{\partial W}: ("
    )


def test_what_has_no_name_is_refused() -> None:
    x = sd.vector("x", n)
    with pytest.raises(ValueError, match="name it by let"):
        shapes(Partial(x[i] * x[j], x[i]))


# ---------------------------------------------------------------- printing


@pytest.mark.parametrize(
    ("name", "layer", "text", "latex"),
    [
        ("W", None, "Wᵀ W", r"W^\top W"),
        ("W", "2", "W⁽²⁾ᵀ W⁽²⁾", r"(W^{(2)})^\top W^{(2)}"),
        ("lambda", None, "λᵀ λ", r"\lambda^\top \lambda"),
        ("a&b", None, "a&bᵀ a&b", r"\text{a\&b}^\top \, \text{a\&b}"),
        ("W_1", None, "W_1ᵀ W_1", r"W_{1}^\top W_{1}"),
        ("큰", None, "큰ᵀ 큰", r"\text{큰}^\top \, \text{큰}"),
    ],
)
def test_names_are_the_users(name: str, layer: str | None, text: str, latex: str) -> None:
    W = sd.matrix(name, n, m, layer=layer)
    e = total(mul(W[b, i], W[b, j]), Tuple(b, 1, n))
    form = matrix_form(e, (Tuple(i, 1, m), Tuple(j, 1, m)))
    assert form is not None
    assert TEXT(form) == text
    assert LATEX(form) == latex
    assert ElementTree.fromstring(mathml(form)).tag.endswith("math")


def test_latex_of_every_head() -> None:
    C, x, t = sd.matrix("C", n, n), sd.vector("x", n), Symbol("t", integer=True)
    soft = sd.let("p", sd.softmax(x))
    jac = sd.derive(soft, x)
    cases = {
        r"\operatorname{diag}(p) - p p^\top": (jac.last, jac.indices),
        r"\operatorname{tr}(C)": (total(C[i, i], Tuple(i, 1, n)), ()),
        r"C \mathbf{1}": (total(C[i, j], Tuple(j, 1, n)), (Tuple(i, 1, n),)),
        r"C^{\odot 3}": (C[i, j] ** 3, (Tuple(i, 1, n), Tuple(j, 1, n))),
        r"\mathbf{e}_{t}": (delta(i, t), (Tuple(i, 1, n),)),
        r"I_{n}": (delta(i, j), (Tuple(i, 1, n), Tuple(j, 1, n))),
    }
    for latex, (e, indices) in cases.items():
        form = matrix_form(e, indices)
        assert form is not None, latex
        assert LATEX(form) == latex


# ---------------------------------------------------------------- the judge


def test_a_wrong_form_is_caught(agree: Callable[..., bool]) -> None:
    A = sd.matrix("A", n, m)
    indices = (Tuple(i, 1, n), Tuple(j, 1, m))
    form = matrix_form(A[i, j], indices)
    assert form is not None
    assert agree(form, A[i, j], indices)
    label: Label = A.label
    numbers = {(1, 1): 1.0, (1, 2): 2.0}

    def value(e: object, at: object) -> float:
        where = [int(x.subs(at)) for x in e.args[1:]]  # type: ignore[attr-defined]
        return numbers[tuple(where)] * (2 if at else 1)

    found = check_form(form, label.entry(i, j), indices, value, {n: 1, m: 2})
    assert found is not None
    assert found.at == {i: 1, j: 1}
    assert (found.index_form, found.matrix_form) == (2.0, 1.0)
    assert transpose(transpose(form)) == form

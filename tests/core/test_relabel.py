"""Shapes of equations: what is told apart, and what is one family."""

import pytest
from sympy import S

import symderiv as sd
from symderiv.core.binding import index
from symderiv.core.canonical import RelabelCanonical, canonical, may_be_renamed
from symderiv.core.expr import add, div, mul, neg, power
from symderiv.core.reads import reads_plainly
from symderiv.core.relabel import Relabel, declaration, skeleton
from symderiv.core.symbols import Definition, Label, Spec

N = sd.dim("n")
I, J = index("i"), index("j")
X, Y, Z = (sd.vector(name, N).label for name in "xyz")


def named(name, body):
    return Label(name, Spec(shape=(N, N), definition=Definition((I, J), body)))


def test_equal_shapes_are_one_object():
    one, two = named("u", mul(X.entry(I), Y.entry(J))), named("v", mul(Y.entry(I), Z.entry(J)))
    assert skeleton(one)[0] is skeleton(two)[0]


def test_an_index_is_no_number():
    one, two = (named("u", mul(X.entry(I), X.entry(v))) for v in (J, S.One))
    assert skeleton(one)[0] is not skeleton(two)[0]


def test_a_declaration_leaves_out_what_nobody_reads():
    one, two = named("u", add(X.entry(I), Y.entry(J))), sd.matrix("v", N, N).label
    assert skeleton(one)[0] is not skeleton(two)[0]
    assert declaration(one)[0] is declaration(two)[0]


@pytest.mark.parametrize(
    "line",
    [
        mul(Z.entry(I), X.entry(I), Y.entry(J)),
        add(Z.entry(I), neg(mul(X.entry(I), Y.entry(J))), S.One),
        div(add(Y.entry(I), neg(Z.entry(I))), power(X.entry(J), S(2))),
    ],
)
@pytest.mark.parametrize("names", [(Y, Z, X), (Z, Y, X), (X, Z, Y)])
def test_a_canonical_form_under_other_names(line, names):
    mapping = dict(zip((X, Y, Z), names, strict=True))
    assert may_be_renamed(canonical(line))
    found = RelabelCanonical(mapping)(canonical(line))
    expected = canonical(Relabel(mapping)(line))
    assert found == expected
    assert found.args == expected.args


def test_functions_may_take_another_form_under_other_names():
    assert not may_be_renamed(sd.tanh(sd.scalar("c")))


def test_what_an_equation_plainly_reads():
    x, W, b = sd.vector("x", N), sd.matrix("W", N, N), sd.vector("b", N)
    body = (x @ W + b).element
    assert all(reads_plainly(body, array.label) for array in (x, W, b))
    assert not reads_plainly((x * (x + b)).element, X)
    assert not reads_plainly((sd.tanh(x) + b).element, X)
    assert not reads_plainly(body, Y)

"""What is wrong with a network is said with the equation and the shapes."""

import numpy as np
import pytest
from sympy import Symbol

import symderiv as sd
from symderiv import losses
from symderiv.core.errors import DataError, NameClash, ShapeError, Unsupported
from symderiv.model.layers import (
    Activation,
    Attention,
    BatchNorm,
    Conv1d,
    Dense,
    Dropout,
    Embedding,
    Residual,
)

N, n, m, h, c, V = sd.dims("N n m h c V")
X, W = sd.matrix("x", N, n), sd.matrix("W", n, m)
Z = sd.let("z", X @ W)


U = sd.matrix("U", m, n)
Z_IS = "z[i, j] = Sum(x[i, k]*W[k, j], (k, 1, n))"
Z1_IS = "z1[i, j] = Sum(x[i, k]*W1[k, j], (k, 1, n)) + b1[j]"


def network(*layers, x=X, **more):
    return sd.Network(layers, input=x, **more)


def unsmooth(y, o):
    return (o - y) ** 2


WRONG_SHAPES = {
    "product": (lambda: X @ U, ["x @ U", "(N, n)", "(m, n)"]),
    "product of a name given by let": (
        lambda: Z @ sd.matrix("V", n, h),
        ["z @ V", "(N, m)", "(n, h)", Z_IS],
    ),
    "product of an expression": (
        lambda: sd.let("a", sd.tanh(Z) @ X),
        ["tanh(z[i, j]) @ x", "(N, m)", "(N, n)", Z_IS],
    ),
    "product over batches": (
        lambda: sd.tensor("A", N, n, m) @ sd.tensor("B", h, m, n),
        ["multiply", "A of shape (N, n, m)", "B of shape (h, m, n)"],
    ),
    "product with a scalar": (lambda: X @ sd.scalar("s"), ["x of shape (N, n)", "the scalar s"]),
    "sum": (lambda: Z + sd.vector("b", n), ["z of shape (N, m)", "b of shape (n,)", Z_IS]),
    "difference of expressions": (
        lambda: 2 * sd.vector("b", n) - sd.exp(Z),
        ["2*b[i] of shape (n,)", "exp(z[i, j]) of shape (N, m)", Z_IS],
    ),
    "einsum": (
        lambda: sd.einsum("ij,jk->ik", Z, W),
        ["z of shape (N, m)", "W of shape (n, m)", "'j'", Z_IS],
    ),
    "where": (
        lambda: sd.where(Z > 0, sd.vector("b", n), 0),
        ["z[i, j] > 0 of shape (N, m)", "b of shape (n,)", Z_IS],
    ),
    "residual": (
        lambda: network(Residual(Dense(m))),
        ["layer 1, Residual(Dense(m))", "x has shape (N, n)", "z1 has (N, m)", Z1_IS],
    ),
    "shared weights": (
        lambda: network(Dense(m), Dense(h, shares=1)),
        ["layer 2, Dense(h, shares=1)", "W1", "(m, h)", "(n, m)", "layer 1, Dense(m)"],
    ),
    "attention of a vector": (
        lambda: network(Attention(m), x=sd.vector("x", n)),
        ["layer 1, Attention(m)", "x has shape (n,)"],
    ),
    "batch norm of a vector": (
        lambda: network(BatchNorm(), x=sd.vector("x", n)),
        ["layer 1, BatchNorm()", "a batch axis", "(n,)"],
    ),
    "mask": (
        lambda: network(Dropout(0.5, mask=sd.vector("keep", n))),
        ["layer 1, Dropout", "keep", "(n,)", "(N, n)"],
    ),
    "long kernel": (
        lambda: network(Conv1d(5), x=sd.vector("x", 3)),
        ["layer 1, Conv1d(5)", "5 long", "(3,)"],
    ),
    "embedding of other classes": (
        lambda: network(Embedding(V, m), x=sd.labels("t", N, classes=c)),
        ["layer 1, Embedding(V, m)", "c classes", "V"],
    ),
    "a layer that needs more axes": (
        lambda: network(Dense(m), Attention(m), x=sd.vector("x", n)),
        ["layer 2, Attention(m)", "z1 has shape (m,); here z1[i] ="],
    ),
    "a layer after another": (
        lambda: network(Dense(m), Embedding(V, h)),
        ["layer 2, Embedding(V, h)", "z1 of shape (N, m)", "(V, h)", Z1_IS],
    ),
    "embedding of rows": (
        lambda: network(Embedding(V, m)),
        ["layer 1, Embedding(V, m)", "(N, n)", "(V, m)"],
    ),
    "target": (
        lambda: network(Dense(m), target=sd.matrix("y", N, h), loss=losses.mean_squared_error),
        ["the loss, mean_squared_error", "z1 of shape (N, m)", "y has (N, h)", Z1_IS],
    ),
    "a loss of one's own": (
        lambda: network(Dense(m), target=sd.matrix("y", N, h), loss=lambda y, o: (y - o).sum()),
        ["the loss", "y of shape (N, h)", "z1 of shape (N, m)", Z1_IS],
    ),
    "classes": (
        lambda: losses.cross_entropy(sd.labels("t", N, classes=c), X),
        ["x[t[i]]", "c classes", "size n"],
    ),
}


@pytest.mark.parametrize(("build", "said"), WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_wrong_shapes(build, said):
    with pytest.raises(ShapeError) as error:
        build()
    assert [part for part in said if part not in str(error.value)] == []


TWICE = {
    "an equation": (
        lambda: sd.backprop(sd.let("z", sd.tanh(Z)).sum()),
        ["'z'", "(N, m)", Z_IS, "z[i, j] = tanh(z[i, j])"],
    ),
    "two equations of one loss": (
        lambda: sd.backprop((Z + sd.let("z", 2 * X @ W)).sum()),
        ["'z'", "(N, m)", Z_IS, "z[i, j] = Sum(2*x[i, k]*W[k, j], (k, 1, n))"],
    ),
    "a parameter of two shapes": (
        lambda: sd.backprop(Z.sum() + sd.matrix("W", m, n).sum()),
        ["'W'", "(n, m)", "(m, n)"],
    ),
    "two layers of one number": (
        lambda: network(Dense(n, layer=1), Dense(n, layer=1)),
        ["layer 2, Dense(n)", "'z1'", "(N, n)", "layer 1, Dense(n)", "W1[k, j]"],
    ),
}


@pytest.mark.parametrize(("build", "said"), TWICE.values(), ids=TWICE)
def test_a_name_defined_twice(build, said):
    with pytest.raises(NameClash) as error:
        build()
    assert [part for part in said if part not in str(error.value)] == []


NO_SCALAR = {
    "an equation": (lambda: sd.backprop(Z), ["no scalar", "(N, m)", "i = 1…N", "j = 1…m", Z_IS]),
    "an expression": (
        lambda: sd.backprop(sd.tanh(Z).sum(axis=0)),
        ["tanh(z[", "of shape (m,) is no scalar", "1…m", "sum over", Z_IS],
    ),
    "of a network": (
        lambda: network(Dense(m), Activation("tanh"), target=sd.matrix("y", N, m), loss=unsmooth),
        ["unsmooth", "(N, m)", ".mean()", "a1[i, j] = tanh(z1[i, j])"],
    ),
}


@pytest.mark.parametrize(("build", "said"), NO_SCALAR.values(), ids=NO_SCALAR)
def test_a_loss_that_is_no_scalar(build, said):
    with pytest.raises(ShapeError) as error:
        build()
    assert [part for part in said if part not in str(error.value)] == []


A = sd.scalar("a")
LOSS = sd.let("L", (Z**2).sum())


def test_a_parameter_on_which_the_loss_does_not_depend():
    with pytest.raises(Unsupported) as error:
        sd.backprop(LOSS, [W, sd.vector("b", m)])
    for part in (
        "the loss L = Sum(z[i, j]**2, (j, 1, m), (i, 1, N)) does not depend on",
        "b of shape (m,)",
        "it rests on W, x, z",
    ):
        assert part in str(error.value)


def test_a_parameter_of_another_shape_than_that_of_the_loss():
    with pytest.raises(Unsupported) as error:
        sd.backprop(LOSS, [sd.matrix("W", m, n)])
    for part in ("the loss L = Sum(", "W of shape (m, n)", "another one, array W of shape (n, m)"):
        assert part in str(error.value)


NO_VARIABLE = {
    "a number": (lambda: sd.backprop(3), ["the loss 3 rests on no variable", "at least one"]),
    "nothing asked for": (
        lambda: sd.backprop(LOSS, []),
        ["the loss L = Sum(", "rests on W, x, z", "at least one variable"],
    ),
    "a loss that is 0": (lambda: sd.backprop(0 * X.sum()), ["the loss 0 rests on no variable"]),
    "a loss that is 0, by an array": (
        lambda: sd.backprop(0 * X.sum(), [X]),
        ["the loss 0 does not depend on array x", "it rests on no variable"],
    ),
    "the loss by itself": (
        lambda: sd.backprop(LOSS, [LOSS]),
        ["L = Sum(", "is the loss: its derivative by itself is 1; it rests on W, x, z"],
    ),
    "class numbers alone": (
        lambda: sd.backprop(sd.labels("t", N, classes=c)[1]),
        ["rests on t;", "at least one variable"],
    ),
}


@pytest.mark.parametrize(("build", "said"), NO_VARIABLE.values(), ids=NO_VARIABLE)
def test_nothing_to_differentiate_by(build, said):
    with pytest.raises(Unsupported) as error:
        build()
    assert [part for part in said if part not in str(error.value)] == []


def test_a_variable_is_a_loss_as_well():
    assert sd.backprop(A, [A])["a"].result == sd.backprop(A)["a"].result == 1


def test_what_is_asked_for_twice_is_told_once():
    assert sd.backprop(LOSS, [W, X, W]).names == ("W", "x")


# ---------------------------------------------------------------- equations in a circle


CIRCLES = {
    "two equations": (
        lambda: sd.backprop(sd.let("a", 2 * sd.let("b", A + 1))),
        ["a = 2*b, b = a + 1", "'a', a scalar, would rest on itself"],
    ),
    "a name on both sides": (
        lambda: sd.backprop(sd.let("a", 2 * A)),
        ["a = 2*a", "rest on itself"],
    ),
    "arrays": (
        lambda: sd.backprop(sd.let("x", Z @ U).sum()),
        ["x[i, j] = Sum(z[i, k]*U[k, j], (k, 1, m))", Z_IS, "'x', an array of shape (N, n)"],
    ),
    "arrays of two shapes": (
        lambda: sd.backprop(sd.let("x", Z).sum()),
        ["x[i, j] = z[i, j], " + Z_IS, "shape (N, m)", "'x', an array of shape (N, n)"],
    ),
    "plain SymPy names": (
        lambda: sd.derive(sd.let("a", 2 * sd.let("b", Symbol("a") + 1)), Symbol("a")),
        ["a = 2*b, b = a + 1", "would rest on itself"],
    ),
    "a network": (
        lambda: network(Activation("tanh"), x=sd.matrix("a1", N, n)),
        ["layer 1, Activation('tanh')", "a1[i, j] = tanh(a1[i, j])", "(N, n)", "on itself"],
    ),
}


@pytest.mark.parametrize(("build", "said"), CIRCLES.values(), ids=CIRCLES)
def test_equations_in_a_circle(build, said):
    with pytest.raises(NameClash, match="go in a circle") as error:
        build()
    assert [part for part in said if part not in str(error.value)] == []


def test_a_name_without_an_adjoint():
    bp = sd.backprop(LOSS, [W])
    for ask in (bp.__getitem__, bp.gradient):
        with pytest.raises(Unsupported, match=r"'b' has no adjoint here; there are .*z, W"):
            ask("b")


def test_the_loss_has_no_adjoint_to_derive():
    for bp in (sd.backprop(LOSS, [W]), sd.backprop((Z**2).sum())):
        for ask in ("L", bp.loss):
            with pytest.raises(Unsupported, match=r"is the loss: .* by itself is 1; .* z, "):
                bp[ask]


def test_data_of_other_shapes():
    f = sd.backprop(LOSS, [W]).lambdify()
    with pytest.raises(DataError, match=r"W of shape \(n, m\) must have shape \(3, 2\)"):
        f(x=np.zeros((2, 3)), W=np.zeros((4, 2)))
    with pytest.raises(DataError, match=r"missing: W of shape \(n, m\)"):
        f(x=np.zeros((2, 3)))
    with pytest.raises(DataError, match=r"no array 'b' here; accepted are x, W"):
        f(x=np.zeros((2, 3)), W=np.zeros((3, 2)), b=np.zeros(2))


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: losses.huber(X, X, -1), "huber: delta is greater than 0; got -1"),
        (lambda: losses.huber(X, X, 0), "greater than 0; got 0"),
        (lambda: losses.cross_entropy(X, X, label_smoothing=2), "cross_entropy: .*0 to 1; got 2"),
        (
            lambda: losses.cross_entropy_with_logits(X, X, label_smoothing=-0.5),
            r"cross_entropy_with_logits: label_smoothing is from 0 to 1; got -0\.5",
        ),
    ],
)
def test_numbers_that_make_no_loss(build, said):
    with pytest.raises(Unsupported, match=said):
        build()

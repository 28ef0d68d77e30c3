"""What is wrong with a network is said with the equation and the shapes."""

import numpy as np
import pytest

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


def network(*layers, x=X, **more):
    return sd.Network(layers, input=x, **more)


def unsmooth(y, o):
    return (o - y) ** 2


WRONG_SHAPES = {
    "product": (lambda: X @ sd.matrix("U", m, n), ["(N, n)", "(m, n)"]),
    "sum": (lambda: Z + sd.vector("b", n), ["(N, m)", "(n,)"]),
    "residual": (
        lambda: network(Residual(Dense(m))),
        ["layer 1, Residual(Dense(m))", "(N, n)", "(N, m)"],
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
    "embedding of rows": (
        lambda: network(Embedding(V, m)),
        ["layer 1, Embedding(V, m)", "(N, n)", "(V, m)"],
    ),
    "target": (
        lambda: network(Dense(m), target=sd.matrix("y", N, h), loss=losses.mean_squared_error),
        ["mean_squared_error", "(N, m)", "y has (N, h)"],
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
        ["'z'", "(N, m)", "Sum(W[k, j]*x[i, k], (k, 1, n))", "tanh(z[i, j])"],
    ),
    "two equations of one loss": (
        lambda: sd.backprop((Z + sd.let("z", 2 * X @ W)).sum()),
        ["'z'", "(N, m)", "Sum(W[k, j]*x[i, k], (k, 1, n))", "2"],
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
    "an equation": (lambda: sd.backprop(Z), ["z[i, j]", "no scalar", "i = 1…N", "j = 1…m"]),
    "an expression": (
        lambda: sd.backprop(sd.tanh(Z).sum(axis=0)),
        ["tanh(z[", "no scalar", "1…m", "sum over"],
    ),
    "of a network": (
        lambda: network(Dense(m), Activation("tanh"), target=sd.matrix("y", N, m), loss=unsmooth),
        ["unsmooth", "(N, m)", ".mean()"],
    ),
}


@pytest.mark.parametrize(("build", "said"), NO_SCALAR.values(), ids=NO_SCALAR)
def test_a_loss_that_is_no_scalar(build, said):
    with pytest.raises(ShapeError) as error:
        build()
    assert [part for part in said if part not in str(error.value)] == []


LOSS = sd.let("L", (Z**2).sum())


def test_a_parameter_on_which_the_loss_does_not_depend():
    with pytest.raises(Unsupported) as error:
        sd.backprop(LOSS, [W, sd.vector("b", m)])
    for part in ("the loss L", "does not depend on b", "W, x, z"):
        assert part in str(error.value)


def test_a_name_without_an_adjoint():
    bp = sd.backprop(LOSS, [W])
    for ask in (bp.__getitem__, bp.gradient):
        with pytest.raises(Unsupported, match=r"'b' has no adjoint here; there are .*z, W"):
            ask("b")


def test_data_of_other_shapes():
    f = sd.backprop(LOSS, [W]).lambdify()
    with pytest.raises(DataError, match=r"W of shape \(n, m\) must have shape \(3, 2\)"):
        f(x=np.zeros((2, 3)), W=np.zeros((4, 2)))
    with pytest.raises(DataError, match=r"missing: W of shape \(n, m\)"):
        f(x=np.zeros((2, 3)))
    with pytest.raises(DataError, match=r"no array 'b' here; accepted are x, W"):
        f(x=np.zeros((2, 3)), W=np.zeros((3, 2)), b=np.zeros(2))

"""Residual connections, dropout, embeddings."""

import pytest

import symderiv as sd
from symderiv.core.errors import NameClash, ShapeError, Unsupported
from symderiv.model.layers import Activation, Dense, Dropout, Embedding, Residual
from symderiv.model.network import Network

jax = pytest.importorskip("jax")
jnp = jax.numpy
N, T, n, m, V, r = sd.dims("N T n m V r")
INPUTS = [sd.vector("x", n), sd.matrix("x", N, n), sd.tensor("x", N, T, n)]


@pytest.mark.parametrize("x", INPUTS, ids=str)
def test_residual(x, agrees):
    block = Residual(Dense(m, layer=1), Activation("tanh", layer=1), Dense(n, layer=2))
    agrees(
        block(x),
        lambda d: d["x"] + jnp.tanh(d["x"] @ d["W1"] + d["b1"]) @ d["W2"] + d["b2"],
    )


def test_residuals_are_numbered_inside_out():
    net = Network([Residual(Residual(Dense(n)), Dense(n)), Dense(m)], input=INPUTS[1])
    assert [str(left) for left, _ in net.equations] == [
        "z1[i, j]", "r1[i, j]", "z2[i, j]", "r2[i, j]", "z3[i, j]",
    ]  # fmt: skip
    assert list(net.parameters) == ["W1", "b1", "W2", "b2", "W3", "b3"]


@pytest.mark.parametrize("x", INPUTS, ids=str)
def test_dropout(x, agrees):
    agrees(Dropout(0.3)(x), lambda d: d["m"] * d["x"] / 0.7)
    mask = sd.tensor("keep", *x.shape)
    rate = sd.scalar("rate", positive=True)
    agrees(Dropout(rate, mask)(x), lambda d: d["keep"] * d["x"] / (1 - d["rate"]))


def test_a_mask_is_an_input_and_no_parameter():
    net = Network([Dense(m), Dropout(0.5), Dropout(0.5)], input=INPUTS[1])
    assert list(net.parameters) == ["W1", "b1"]
    assert list(net.inputs) == ["x", "m1", "m2"]


@pytest.mark.parametrize("axes", [(), (N,), (N, T)], ids=str)
def test_embedding(axes, agrees):
    numbers, hot = sd.labels("t", *axes, classes=V), sd.one_hot("y", *axes, V)
    agrees(Embedding(V, r)(numbers), lambda d: d["E"][d["t"]])
    agrees(Embedding(V, r)(hot), lambda d: d["y"] @ d["E"])


def test_names(shown):
    t = sd.labels("t", N, classes=V)
    assert shown(Embedding(V, r, layer=1)(t)) == {"x1": "E1[t[i], j]"}
    assert shown(Dropout(0.5)(INPUTS[0])) == {"d": "2*m[i]*x[i]"}


def test_errors_name_the_shapes():
    with pytest.raises(
        ShapeError, match=r"Residual\(Dense\(m\)\) .*\(N, n\), the output z has \(N, m\)"
    ):
        Residual(Dense(m))(INPUTS[1])
    with pytest.raises(ShapeError, match=r"the mask k has shape \(n,\), the input \(N, n\)"):
        Dropout(0.5, sd.vector("k", n))(INPUTS[1])
    with pytest.raises(Unsupported, match=r"rate is at least 0 and less than 1; got 1"):
        Dropout(1)
    with pytest.raises(ShapeError, match=r"y of shape \(N, n\) has n classes .*\(V, r\) has V"):
        Embedding(V, r)(sd.one_hot("y", N, n))
    with pytest.raises(ShapeError, match=r"t holds one of n classes, but axis 0 of E has size V"):
        Embedding(V, r)(sd.labels("t", N, classes=n))
    with pytest.raises(Unsupported, match=r"at least one layer"):
        Residual()
    with pytest.raises(Unsupported, match=r"goes around layers"):
        Residual(sd.tanh)
    with pytest.raises(NameClash, match=r"name 'z1'"):
        Network([Residual(Dense(n, layer=1), Dense(n, layer=1))], input=INPUTS[0])

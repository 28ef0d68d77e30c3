"""`Network`: numbering, what it hands out, and its errors."""

import copy
import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from numpy.testing import assert_allclose

import symderiv as sd
from symderiv.core.errors import NameClash, ShapeError, Unsupported
from symderiv.model import losses
from symderiv.model.layers import Activation, Dense, Softmax
from symderiv.model.network import Network

N, n, h, c = sd.dims("N n h c")
x, y = sd.matrix("x", N, n), sd.one_hot("y", N, c)
MLP = [Dense(h), Activation("tanh"), Dense(c), Softmax()]


def perceptron():
    return Network(MLP, loss=losses.cross_entropy, input=x, target=y)


def test_what_it_hands_out():
    net = perceptron()
    assert list(net.parameters) == ["W1", "b1", "W2", "b2"]
    assert [a.shape for a in net.parameters.values()] == [(n, h), (h,), (h, c), (c,)]
    assert list(net.inputs) == ["x", "y"]
    assert [str(left) for left, _ in net.equations] == [
        "z1[i, j]", "a1[i, j]", "z2[i, j]", "p2[i, j]", "L",
    ]  # fmt: skip
    assert net.output.name == "p"
    assert [layer.layer for layer in net.layers] == [1, 1, 2, 2]


def test_it_is_the_composition_by_hand():
    z = Dense(h, layer=1)(x)
    a = sd.let("a", sd.tanh(z), layer=1)
    p = sd.let("p", sd.softmax(Dense(c, layer=2)(a)), layer=2)
    assert perceptron().loss == sd.let("L", losses.cross_entropy(y, p))


def test_value_and_gradient_by_hand():
    net = perceptron()
    r = np.random.default_rng(0)
    W1, b1, W2, b2 = (r.normal(size=s) for s in ((3, 4), 4, (4, 2), 2))
    data, hot = r.normal(size=(5, 3)), np.eye(2)[[0, 1, 1, 0, 1]]
    a = np.tanh(data @ W1 + b1)
    p = np.exp(a @ W2 + b2)
    p /= p.sum(axis=1, keepdims=True)
    given = {"x": data, "y": hot, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
    assert_allclose(sd.lambdify(net.loss)(given), -np.log((hot * p).sum(1)).mean())
    back = (p - hot) / 5
    for key, expected in {
        "W2": a.T @ back,
        "b1": (back @ W2.T * (1 - a**2)).sum(0),
        "W1": data.T @ (back @ W2.T * (1 - a**2)),
    }.items():
        found = sd.lambdify(sd.gradient(net.loss, net.parameters[key]))(given)
        assert_allclose(found, expected, atol=1e-14)


def test_numbers_never_clash():
    layers = [Activation("tanh"), Dense(h), Activation("relu"), Activation("tanh"), Dense(c)]
    names = [str(left) for left, _ in Network(layers, input=x).equations]
    assert names == ["a1[i, j]", "z1[i, j]", "a2[i, j]", "a3[i, j]", "z3[i, j]"]
    own = Network([Dense(h, layer="in"), Dense(c)], input=x)
    assert list(own.parameters) == ["Win", "bin", "W1", "b1"]


def test_shared_weights_are_one_parameter():
    net = Network([Dense(n), Dense(n, shares=1), Dense(c)], input=x)
    assert list(net.parameters) == ["W1", "b1", "W3", "b3"]


def test_without_a_loss_or_a_target():
    assert Network([Dense(h)], input=x).loss is None
    net = Network([Dense(h)], input=x, loss=lambda out: (out**2).sum())
    assert list(net.inputs) == ["x"]
    assert net.target is None
    named = Network([Dense(h)], input=x, loss=lambda out: sd.let("J", out.sum()))
    assert str(named.loss) == "J"


def test_penalties_are_added_by_hand():
    net = perceptron()
    J = sd.let("J", net.loss + losses.l2_penalty(net.parameters["W1"], strength=0.5))
    f = sd.lambdify(
        sd.gradient(J, net.parameters["W1"]) - sd.gradient(net.loss, net.parameters["W1"])
    )
    r = np.random.default_rng(0)
    shapes = {"x": (5, 3), "W1": (3, 4), "b1": 4, "W2": (4, 2), "b2": 2}
    given = {k: r.normal(size=s) for k, s in shapes.items()}
    assert_allclose(f(given, y=np.eye(2)[[0, 1, 1, 0, 1]]), given["W1"], atol=1e-15)


def test_it_is_frozen_and_can_be_copied():
    net = perceptron()
    with pytest.raises(FrozenInstanceError):
        net.loss = None
    with pytest.raises(TypeError):
        net.parameters["W1"] = x
    assert copy.copy(net).loss == net.loss
    assert pickle.loads(pickle.dumps(net.loss)) == net.loss


def test_construction_is_linear_in_the_layers():
    deep = Network([Dense(3), Activation("tanh")] * 300, input=sd.vector("x", 3))
    assert len(deep.equations) == 600


class TestErrors:
    def test_shapes(self):
        with pytest.raises(ShapeError, match=r"layer 1, Dense\(3\): needs an input.*shape \(\)"):
            Network([Dense(3)], input=sd.scalar("x"))
        with pytest.raises(
            ShapeError, match=r"mean_squared_error: for z of shape \(N, h\).*\(N, c\)"
        ):
            Network([Dense(h)], input=x, target=y, loss=losses.mean_squared_error)

    def test_a_loss_that_is_no_scalar(self):
        with pytest.raises(ShapeError, match=r"a loss is a scalar; .* shape \(N,\) for .*\(N, h\)"):
            Network([Dense(h)], input=x, loss=lambda out: out.sum(axis=1))

    def test_a_name_defined_twice(self):
        layers = [Dense(h), Activation("relu", layer=1), Activation("tanh", layer=1)]
        with pytest.raises(
            NameClash, match=r"layer 3, Activation\('tanh'\): the name 'a1' .*shape"
        ):
            Network(layers, input=x)
        with pytest.raises(NameClash, match=r"the loss: the name 'z1' .*layer 1, Dense\(h\)"):
            Network([Dense(h)], input=x, loss=lambda out: sd.let("z1", out.sum()))

    def test_parameters_that_do_not_fit(self):
        with pytest.raises(ShapeError, match=r"layer 2, .*W1.*shape \(h, c\).*layer 1.*\(n, h\)"):
            Network([Dense(h), Dense(c, shares=1)], input=x)
        with pytest.raises(ShapeError, match=r"'W1'.*shape \(n, h\), in the input for .*\(N, n\)"):
            Network([Dense(h)], input=sd.matrix("W1", N, n))

    def test_what_is_no_layer(self):
        with pytest.raises(Unsupported, match=r"layer 2 is <function"):
            Network([Dense(h), lambda a: a], input=x)
        with pytest.raises(Unsupported, match=r"at least one layer"):
            Network([], input=x)

    def test_a_name_made_from_itself(self):
        again = sd.let("a", sd.let("a", sd.tanh(x)) + 1)
        with pytest.raises(NameClash, match=r"the name 'a' stands for two different things"):
            Network([Dense(h)], input=again)

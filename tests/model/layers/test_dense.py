"""Dense layers, activations, softmax."""

import pytest

import symderiv as sd
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.model.layers import Activation, Dense, Softmax
from symderiv.model.layers.activation import ACTIVATIONS

jax = pytest.importorskip("jax")
N, T, n, m = sd.dims("N T n m")
INPUTS = [sd.vector("x", n), sd.matrix("x", N, n), sd.tensor("x", N, T, n)]


@pytest.mark.parametrize("x", INPUTS, ids=str)
def test_dense(x, agrees):
    agrees(Dense(m)(x), lambda d: d["x"] @ d["W"] + d["b"])
    agrees(Dense(m, bias=False, layer=2)(x), lambda d: d["x"] @ d["W2"])


def test_a_layer_may_use_the_parameters_of_another(agrees):
    z = Dense(n, layer=2, shares=1)(Dense(n, layer=1)(INPUTS[1]))
    agrees(z, lambda d: (d["x"] @ d["W1"] + d["b1"]) @ d["W1"] + d["b1"])


SAME = {
    "abs": "abs", "cos": "cos", "cosh": "cosh", "exp": "exp", "sin": "sin", "sinh": "sinh",
    "tan": "tan", "tanh": "tanh",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_activation(name, agrees):
    expected = getattr(jax.numpy if name in SAME else jax.nn, name)
    if name == "gelu":
        agrees(Activation(name)(INPUTS[1]), lambda d: jax.nn.gelu(d["x"], approximate=False))
    else:
        agrees(Activation(name)(INPUTS[1]), lambda d: expected(d["x"]))


def test_activation_with_a_parameter(agrees):
    agrees(Activation("elu", 0.5)(INPUTS[1]), lambda d: jax.nn.elu(d["x"], 0.5))
    agrees(Activation("leaky_relu", 0.2)(INPUTS[0]), lambda d: jax.nn.leaky_relu(d["x"], 0.2))


@pytest.mark.parametrize("x", INPUTS, ids=str)
def test_softmax(x, agrees):
    agrees(Softmax()(x), lambda d: jax.nn.softmax(d["x"]))


def test_names_are_those_of_the_papers(shown):
    p = Softmax(layer=1)(Activation("tanh", layer=1)(Dense(m, layer=1)(INPUTS[0])))
    assert shown(p) == {
        "z1": "b1[i] + Sum(W1[j, i]*x[j], (j, 1, n))",
        "a1": "tanh(z1[i])",
        "p1": "exp(a1[i])/Sum(exp(a1[j]), (j, 1, m))",
    }


def test_errors_say_what_to_do():
    with pytest.raises(Unsupported, match=r"no activation 'rellu'; there are abs, .*relu.*tanh"):
        Activation("rellu")
    with pytest.raises(Unsupported, match=r"relu has no parameter"):
        Activation("relu", 2)
    with pytest.raises(ShapeError, match=r"Dense\(3\) needs an input with a last axis.*\(\)"):
        Dense(3)(sd.scalar("s"))
    with pytest.raises(ShapeError, match=r"Softmax\(\) needs .*classes"):
        Softmax()(sd.scalar("s"))

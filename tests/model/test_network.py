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
from symderiv.model.layers import (
    Activation,
    Attention,
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Embedding,
    LayerNorm,
    Residual,
    Softmax,
)
from symderiv.model.network import Network

jax = pytest.importorskip("jax")
jnp = jax.numpy
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


@pytest.mark.parametrize(
    ("layers", "names"),
    [
        ([Dense(n, layer=1), Activation("tanh"), Dense(n, shares=1)], "z1 a1 z2"),
        ([Dense(n, layer=2), Activation("tanh"), Dense(n), Dense(n)], "z2 a2 z3 z4"),
        ([Residual(Dense(n, layer=1)), Dense(n)], "z1 r1 z2"),
        ([Dense(n), Dense(n, layer=1), Activation("tanh"), Dense(n)], "z2 z1 a1 z3"),
        ([Residual(Dense(n), layer=3), Residual(Dense(n))], "z1 r3 z3 r4"),
        ([Dense(n, layer="1"), Dense(n)], "z1 z2"),
        ([Dense(n), Dense(n, layer="in"), Dense(n)], "z1 zin z2"),
    ],
    ids=str,
)
def test_given_numbers_are_kept_and_not_given_again(layers, names):
    net = Network(layers, input=x)
    assert [str(left).split("[")[0] for left, _ in net.equations] == names.split()


def test_parameters_of_a_layer_that_has_none_are_not_shared():
    for layers, said in [
        (
            [Dense(n), Dense(n, shares=7)],
            r"layer 2, Dense\(n, shares=7\): .* no layer 7 .* there is 1",
        ),
        ([Dense(n, shares=1)], r"no layer 1 with parameters of its own .* there is none"),
        ([Dense(n), Dense(n), Dense(n, shares=1), Dense(n, shares=3)], r"no layer 3 .* 1, 2$"),
        ([LayerNorm(), Residual(Dense(n, shares=1)), Dense(n)], r"layer 2, Residual.* there is 2$"),
    ]:
        with pytest.raises(Unsupported, match=said):
            Network(layers, input=x)
    by_hand = Dense(n, layer=7)(x)
    assert list(Network([Dense(n, shares=7)], input=by_hand).parameters) == ["W7", "b7"]
    around = Network([Residual(Dense(n)), Dense(n, shares=1)], input=x)
    assert list(around.parameters) == ["W1", "b1"]
    later = Network([Dense(n, shares=2), Dense(n, layer=2)], input=x)
    assert list(later.parameters) == ["W2", "b2"]


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
            ShapeError, match=r"mean_squared_error: for z1 of shape \(N, h\).*\(N, c\)"
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


def test_a_transformer_block(agrees_with_jax):
    T, M, d = sd.dims("T M d")
    t = sd.labels("t", N, T, classes=M)
    net = Network(
        [
            Embedding(M, d),
            Residual(LayerNorm(), Attention(2, heads=2, causal=True)),
            Residual(LayerNorm(), Dense(h), Activation("gelu"), Dense(d)),
            Dense(M),
        ],
        loss=losses.cross_entropy_with_logits,
        input=t,
        target=sd.labels("y", N, T, classes=M),
    )
    assert list(net.parameters) == [
        "E1", "gamma1", "beta1", "W_Q1", "W_K1", "W_V1", "W_O1",
        "gamma2", "beta2", "W2", "b2", "W3", "b3", "W4", "b4",
    ]  # fmt: skip
    assert list(net.inputs) == ["t", "y"]

    def norm(a, k, p):
        a = a - a.mean(-1, keepdims=True)
        return p[f"gamma{k}"] * a / jnp.sqrt((a**2).mean(-1, keepdims=True) + 1e-5) + p[f"beta{k}"]

    def attend(a, p):
        q, k, v = (jnp.einsum("ntd,hdr->nhtr", a, p[f"W_{name}1"]) for name in "QKV")
        s = jnp.einsum("nhtr,nhur->nhtu", q, k) / jnp.sqrt(2.0)
        s = jnp.where(jnp.tril(jnp.ones(s.shape[-2:])) > 0, s, -jnp.inf)
        return jnp.einsum("nhtr,hrd->ntd", jax.nn.softmax(s) @ v, p["W_O1"])

    def expected(p):
        a = p["E1"][p["t"]]
        a = a + attend(norm(a, 1, p), p)
        hidden = jax.nn.gelu(norm(a, 2, p) @ p["W2"] + p["b2"], approximate=False)
        a = a + hidden @ p["W3"] + p["b3"]
        scores = jax.nn.log_softmax(a @ p["W4"] + p["b4"])
        return -jnp.take_along_axis(scores, p["y"][..., None], -1).mean()

    agrees_with_jax(
        net, expected, {"N": 2, "T": 3, "M": 5, "d": 4, "h": 3}, ("W_K1", "beta2", "W3")
    )


def test_a_convolutional_network(agrees_with_jax):
    R, C = sd.dims("R C")
    net = Network(
        [Conv2d(3, 2, "same"), BatchNorm(), Activation("relu"), Conv2d((1, 2), 3), Dropout(0.25)],
        loss=losses.huber,
        input=sd.tensor("x", N, R, C, n),
        target=sd.tensor("y", N, R, C - 1, 3),
    )
    assert list(net.inputs) == ["x", "m2", "y"]

    def conv(a, k, p, padding):
        w, b, order = p[f"W{k}"], p[f"b{k}"], ("NHWC", "HWIO", "NHWC")
        return jax.lax.conv_general_dilated(a, w, (1, 1), padding, dimension_numbers=order) + b

    def expected(p):
        a = conv(p["x"], 1, p, "SAME")
        a = a - a.mean((0, 1, 2))
        a = p["gamma1"] * a / jnp.sqrt((a**2).mean((0, 1, 2)) + 1e-5) + p["beta1"]
        gap = p["m2"] * conv(jax.nn.relu(a), 2, p, "VALID") / 0.75 - p["y"]
        return jnp.where(abs(gap) <= 1, gap**2 / 2, abs(gap) - 0.5).mean()

    agrees_with_jax(net, expected, {"N": 2, "R": 3, "C": 4, "n": 2}, ("W1", "gamma1", "b2"))


@pytest.fixture
def agrees_with_jax():
    """The loss and its gradient in some parameters, on random data."""

    def agrees(net, expected, sizes, wrt):
        random = np.random.default_rng(0)
        given = {}
        for name, array in (net.inputs | net.parameters).items():
            shape = [int(s.subs({v: sizes[v.name] for v in s.free_symbols})) for s in array.shape]
            if array.label.spec.kind == "labels":
                given[name] = random.integers(sizes["M"], size=shape)
            else:
                given[name] = random.normal(size=shape)
        learned = {name: given[name] for name in net.parameters}
        with jax.enable_x64(True):
            fixed = {k: jnp.asarray(v) for k, v in given.items()}
            value, slopes = jax.value_and_grad(lambda p: expected({**fixed, **p}))(learned)
        assert_allclose(sd.lambdify(net.loss)(given), value, rtol=1e-12)
        for name in wrt:
            f = sd.lambdify(sd.gradient(net.loss, net.parameters[name]))
            shared = {k: v for k, v in given.items() if k in f.arrays}
            told = {k: v for k, v in sizes.items() if k in f.signature.sizes}
            assert_allclose(f(shared, **told), slopes[name], rtol=1e-9, atol=1e-12, err_msg=name)

    return agrees

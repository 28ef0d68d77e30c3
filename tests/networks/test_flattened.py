"""Convolutions, then a dense layer over what they leave: the flattened network of a framework."""

import pytest

import symderiv as sd
from symderiv import layers, losses
from symderiv.core.errors import ShapeError, Unsupported

from .test_layers import convolution

jax = pytest.importorskip("jax")
jnp = jax.numpy

N, n, T, U, d, m, c = sd.dims("N n T U d m c")


def network(*convolutions, shape, axes, labels=True):
    """Convolutions with ReLU, a dense layer over all their axes, softmax and cross-entropy."""
    stack = [x for one in convolutions for x in (one, layers.Activation("relu"))]
    stack += [layers.Dense(c, axes=axes), layers.Softmax()]
    target = sd.labels("t", N, classes=c) if labels else sd.one_hot("y", N, c)
    return sd.Network(
        stack, input=sd.tensor("x", N, *shape), target=target, loss=losses.cross_entropy
    )


def reference(rank, padding="valid", count=1, channels=True):
    """With the library's reshape."""

    def forward(at):
        out = at["x"]
        for k in range(1, count + 1):
            names = {"x": out, "W": at[f"W{k}"], "b": at[f"b{k}"]}
            out = jax.nn.relu(convolution(rank, padding, channels)(names))
        W = at[f"W{count + 1}"]
        scores = out.reshape(out.shape[0], -1) @ W.reshape(-1, W.shape[-1]) + at[f"b{count + 1}"]
        logs = jax.nn.log_softmax(scores)
        if "y" in at:
            return -(at["y"] * logs).sum(-1).mean()
        return -jnp.take_along_axis(logs, at["t"][:, None], 1).mean()

    return forward


CASES = {
    "images": (
        network(layers.Conv2d(2, m), shape=(T, U, d), axes=3),
        reference(2),
    ),
    "two convolutions": (
        network(layers.Conv2d(3, m, padding="same"), layers.Conv2d((2, 1), 2, padding="same"),
                shape=(T, U, d), axes=3, labels=False),
        reference(2, "same", 2),
    ),
    "sequences": (network(layers.Conv1d(2, m), shape=(T, d), axes=2), reference(1)),
    "without channels": (
        network(layers.Conv2d(2), shape=(T, U), axes=2),
        reference(2, channels=False),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_gradients(name, agrees):
    net, forward = CASES[name]
    bp = agrees(net.loss, forward, wrt=tuple(net.parameters.values()))
    assert set(bp) == set(net.parameters)


@pytest.mark.parametrize("name", ["images", "sequences", "without channels"])
def test_every_step(name):
    net, _ = CASES[name]
    report = sd.backprop(net.loss, net.parameters.values()).check()
    assert report, report


def test_the_last_axes_are_read_in_their_order():
    x = sd.tensor("x", N, T, U)
    z = layers.Dense(m, axes=2)(x)
    assert z.shape == (N, m)
    assert layers.Dense(m, axes=2).parameters(x)[0].shape == (T, U, m)
    assert layers.Dense(m, bias=False, axes=3)(x).shape == (m,)


def test_one_axis_is_the_plain_layer():
    x = sd.matrix("x", N, n)
    assert layers.Dense(m, axes=1)(x).label == layers.Dense(m)(x).label


@pytest.mark.parametrize("axes", [0, -1, 9, True, 1.5, "2"])
def test_a_wrong_number_of_axes_is_refused(axes):
    with pytest.raises(Unsupported, match="how many of the last axes"):
        layers.Dense(m, axes=axes)


def test_too_few_axes_are_told():
    with pytest.raises(ShapeError, match="needs an input with 3 axes; x has shape"):
        layers.Dense(m, axes=3)(sd.matrix("x", N, n))

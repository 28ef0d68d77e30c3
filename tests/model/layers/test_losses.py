"""Losses against JAX and NumPy."""

from functools import partial

import numpy as np
import pytest

import symderiv as sd
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.model import losses

jax = pytest.importorskip("jax")
jnp = jax.numpy
N, T, n, c = sd.dims("N T n c")
VECTOR, BATCH = (sd.vector("y", n), sd.vector("o", n)), (sd.matrix("y", N, n), sd.matrix("o", N, n))
SCALAR = (sd.scalar("y"), sd.scalar("o"))


def huber(r, delta):
    return jnp.where(abs(r) <= delta, r**2 / 2, delta * (abs(r) - delta / 2))


ELEMENTWISE = {
    "squared": (losses.mean_squared_error, lambda y, o: (o - y) ** 2),
    "absolute": (losses.mean_absolute_error, lambda y, o: abs(o - y)),
    "huber": (losses.huber, lambda y, o: huber(o - y, 1)),
    "huber half": (partial(losses.huber, delta=0.3), lambda y, o: huber(o - y, 0.3)),
    "hinge": (losses.hinge, lambda y, o: jnp.maximum(1 - y * o, 0)),
    "logits": (
        losses.binary_cross_entropy_with_logits,
        lambda y, o: -y * jax.nn.log_sigmoid(o) - (1 - y) * jax.nn.log_sigmoid(-o),
    ),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("pair", [SCALAR, VECTOR, BATCH], ids=str)
def test_elementwise(name, pair, agrees):
    loss, expected = ELEMENTWISE[name]
    agrees(loss(*pair), lambda d: expected(d["y"], d["o"]).mean())


def test_huber_takes_a_symbol():
    y, o = SCALAR
    f = sd.lambdify(losses.huber(y, o, delta=sd.scalar("delta", positive=True)))
    assert f(y=0.0, o=3.0, delta=2.0) == 4.0
    assert f(y=0.0, o=1.0, delta=2.0) == 0.5


@pytest.mark.parametrize("shape", [(), (n,), (N, n)], ids=str)
def test_binary_cross_entropy(shape, agrees):
    y, z = sd.tensor("y", *shape), sd.tensor("z", *shape)

    def expected(d):
        p = jax.nn.sigmoid(d["z"])
        return -(d["y"] * jnp.log(p) + (1 - d["y"]) * jnp.log(1 - p)).mean()

    agrees(losses.binary_cross_entropy(y, sd.let("p", sd.sigmoid(z))), expected)


def rows(y, classes):
    return jax.nn.one_hot(y, classes) if y.dtype.kind == "i" else y


TARGETS = [
    ((), sd.labels("y", classes=c)),
    ((), sd.one_hot("y", c)),
    ((), sd.distribution("y", c)),
    ((N,), sd.labels("y", N, classes=c)),
    ((N,), sd.one_hot("y", N, c)),
    ((N, T), sd.labels("y", N, T, classes=c)),
]


@pytest.mark.parametrize("smoothing", [0, 0.1])
@pytest.mark.parametrize(("axes", "y"), TARGETS, ids=str)
def test_cross_entropy(axes, y, smoothing, agrees):
    z = sd.tensor("z", *axes, c)

    def expected(d):
        share = (1 - smoothing) * rows(d["y"], d["z"].shape[-1]) + smoothing / d["z"].shape[-1]
        return -(share * jax.nn.log_softmax(d["z"])).sum(-1).mean()

    p = sd.let("p", sd.softmax(z))
    agrees(losses.cross_entropy(y, p, label_smoothing=smoothing), expected)
    agrees(losses.cross_entropy_with_logits(y, z, label_smoothing=smoothing), expected)


def test_large_logits_do_not_overflow():
    y, z = sd.one_hot("y", N, c), sd.matrix("z", N, c)
    f = sd.lambdify(losses.cross_entropy_with_logits(y, z))
    assert f(y=[[1.0, 0.0]], z=[[0.0, 1000.0]]) == 1000.0


@pytest.mark.parametrize("axes", [(), (N,)], ids=str)
def test_kl_divergence(axes, agrees):
    y, z = sd.distribution("y", *axes, c), sd.tensor("z", *axes, c)

    def expected(d):
        p = jax.nn.softmax(d["z"])
        return (d["y"] * jnp.log(d["y"] / p)).sum(-1).mean()

    agrees(losses.kl_divergence(y, sd.let("p", sd.softmax(z))), expected)


def test_penalties(agrees):
    W, b, s = sd.matrix("W", n, c), sd.vector("b", c), sd.scalar("s")

    agrees(losses.l1_penalty(W, b, s), lambda d: sum(abs(d[k]).sum() for k in "Wbs"))
    weighted = losses.l2_penalty(W, b, strength=sd.scalar("lambda"))
    agrees(weighted, lambda d: d["lambda"] * ((d["W"] ** 2).sum() + (d["b"] ** 2).sum()))


def test_shapes_must_agree():
    with pytest.raises(
        ShapeError, match=r"mean_squared_error: .*o of shape \(N, 1\).*y has \(N,\)"
    ):
        losses.mean_squared_error(sd.vector("y", N), sd.matrix("o", N, 1))
    with pytest.raises(ShapeError, match=r"cross_entropy: .*\(N, c\).* y has \(N, n\)"):
        losses.cross_entropy(sd.one_hot("y", N, n), sd.matrix("p", N, c))
    with pytest.raises(ShapeError, match=r"must have the shape \(N,\); y has \(T,\)"):
        losses.cross_entropy_with_logits(sd.labels("y", T), sd.matrix("z", N, c))
    with pytest.raises(ShapeError, match=r"axis of classes"):
        losses.cross_entropy(sd.labels("y"), sd.scalar("z"))
    with pytest.raises(Unsupported, match=r"needs the arrays"):
        losses.l1_penalty()


def test_losses_write_exact_numbers():
    y, z = sd.labels("y", classes=2), sd.vector("z", 2)
    assert not sd.let("L", losses.cross_entropy(y, z, label_smoothing=0.9)).atoms(sd.Array)
    numbers = [x for x in losses.huber(*SCALAR, delta=0.3).atoms() if x.is_Float]
    assert numbers == []
    assert np.isclose(float(losses.l2_penalty(0.1 * SCALAR[0]).subs(SCALAR[0], 1)), 0.01)

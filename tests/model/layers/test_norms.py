"""Layer norm, RMS norm, batch norm: values, slopes, and the compact published gradients."""

import pytest

import symderiv as sd
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.fingerprint import same
from symderiv.model.arrays import Array, whole
from symderiv.model.layers import BatchNorm, LayerNorm, RMSNorm

jax = pytest.importorskip("jax")
jnp = jax.numpy
N, T, n = sd.dims("N T n")
INPUTS = [sd.vector("x", n), sd.matrix("x", N, n), sd.tensor("x", N, T, n)]
ROWS = INPUTS[1]


def standardised(x, axes, eps=1e-5):
    centred = x - x.mean(axes, keepdims=True)
    return centred / jnp.sqrt((centred**2).mean(axes, keepdims=True) + eps)


def rms(x, eps=1e-5):
    return x / jnp.sqrt((x**2).mean(-1, keepdims=True) + eps)


@pytest.mark.parametrize("x", INPUTS, ids=str)
def test_layer_norm(x, agrees):
    agrees(LayerNorm()(x), lambda d: d["gamma"] * standardised(d["x"], -1) + d["beta"])
    plain = LayerNorm(0.01, affine=False)(x)
    agrees(plain, lambda d: standardised(d["x"], -1, 0.01))


@pytest.mark.parametrize("x", INPUTS, ids=str)
def test_rms_norm(x, agrees):
    agrees(RMSNorm()(x), lambda d: d["gamma"] * rms(d["x"]))
    eps = sd.scalar("epsilon", positive=True)
    agrees(RMSNorm(eps, affine=False)(x), lambda d: rms(d["x"], d["epsilon"]))


@pytest.mark.parametrize("x", INPUTS[1:], ids=str)
def test_batch_norm(x, agrees):
    axes = tuple(range(x.ndim - 1))
    agrees(BatchNorm()(x), lambda d: d["gamma"] * standardised(d["x"], axes) + d["beta"])


def test_names_are_those_of_the_papers(shown):
    eps = sd.scalar("epsilon", positive=True)
    assert shown(LayerNorm(eps, layer=1)(INPUTS[0])) == {
        "mu1": "Sum(x[i], (i, 1, n))/n",
        "v1": "Sum((-mu1 + x[i])**2, (i, 1, n))/n",
        "sigma1": "sqrt(epsilon + v1)",
        "x_hat1": "(-mu1 + x[i])/sigma1",
        "h1": "beta1[i] + gamma1[i]*x_hat1[i]",
    }
    assert list(shown(BatchNorm()(ROWS))) == ["mu", "v", "sigma", "x_hat", "h"]
    assert list(shown(RMSNorm()(ROWS))) == ["sigma", "x_hat", "h"]


def derived(norm):
    """The gradient of the sum of ``g ⊙ x̂`` in x, with g, x̂ and σ."""
    g, x_hat = sd.matrix("g", N, n), norm(ROWS)
    labels = {a.name: a for a in x_hat.label.spec.definition.body.free_symbols}
    found = sd.derive(sd.let("L", (g * x_hat).sum()), ROWS)
    assert found.check().ok
    return found.result, g, x_hat, whole(labels["sigma"])


def is_form(result, published):
    return same(result, Array(ROWS.shape, ROWS.indices, published.element).element)


def test_the_gradient_of_layer_norm_is_the_published_one():
    result, g, x_hat, sigma = derived(LayerNorm(affine=False))
    first, second = g.mean(-1, keepdims=True), (g * x_hat).mean(-1, keepdims=True)
    assert is_form(result, (g - first - x_hat * second) / sigma[:, None])


def test_the_gradient_of_batch_norm_is_the_published_one():
    result, g, x_hat, sigma = derived(BatchNorm(affine=False))
    first, second = g.mean(0), (g * x_hat).mean(0)
    assert is_form(result, (g - first - x_hat * second) / sigma)


def test_the_gradient_of_rms_norm_is_the_published_one():
    result, g, x_hat, sigma = derived(RMSNorm(affine=False))
    assert is_form(result, (g - x_hat * (g * x_hat).mean(-1, keepdims=True)) / sigma[:, None])


def test_errors():
    with pytest.raises(ShapeError, match=r"BatchNorm\(\) needs .*batch axis.* x has shape \(n,\)"):
        BatchNorm()(INPUTS[0])
    with pytest.raises(ShapeError, match=r"LayerNorm\(\) needs .*features"):
        LayerNorm()(sd.scalar("s"))
    with pytest.raises(Unsupported, match=r"eps is not negative; got -1"):
        LayerNorm(-1)

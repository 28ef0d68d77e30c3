"""Convolutions against JAX: valid and padded, with and without channels and batch."""

import pytest

import symderiv as sd
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.model.layers import Conv1d, Conv2d

jax = pytest.importorskip("jax")
jnp = jax.numpy
N, T, U, d, r = sd.dims("N T U d r")
PLACES = {1: (T,), 2: (T, U)}
LAYOUT = {1: ("NHC", "HIO", "NHC"), 2: ("NHWC", "HWIO", "NHWC")}


def expected(rank, padding, channels):
    """`lax.conv_general_dilated`, with the axes that it wants."""

    def convolution(data):
        x, w = data["x"], data["W"]
        if not channels:
            x, w = x[..., None], w[..., None, None]
        batched = x if x.ndim == rank + 2 else x[None]
        strides = (1,) * rank
        z = jax.lax.conv_general_dilated(
            batched,
            w,
            strides,
            padding.upper(),
            dimension_numbers=LAYOUT[rank],
            precision="highest",
        )
        z = z if x.ndim == rank + 2 else z[0]
        return (z if channels else z[..., 0]) + data.get("b", 0.0)

    return convolution


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("batch", [(), (N,)], ids=str)
@pytest.mark.parametrize("channels", [None, r], ids=str)
@pytest.mark.parametrize(("layer", "kernel"), [(Conv1d, 3), (Conv1d, 4), (Conv2d, (3, 2))])
def test_values_and_slopes(layer, kernel, channels, batch, padding, agrees):
    rank = layer.axes
    x = sd.tensor("x", *batch, *PLACES[rank], *(() if channels is None else (d,)))
    agrees(layer(kernel, channels, padding)(x), expected(rank, padding, channels is not None))


def test_without_bias_and_with_a_kernel_of_one(agrees):
    x = sd.tensor("x", N, T, d)
    agrees(Conv1d(1, r, "same", bias=False)(x), expected(1, "same", True))


def test_symbolic_kernel():
    q = sd.dim("q")
    x = sd.vector("x", T)
    f = sd.lambdify(Conv1d(2 * q + 1, padding="same", bias=False)(x))
    assert f(x=[1.0, 2.0, 3.0, 4.0], W=[1.0, 10.0, 100.0]).tolist() == [210, 321, 432, 43]
    assert Conv1d(q)(x).shape == (T - q + 1,)


def test_every_step_of_the_gradients_checks():
    x = sd.matrix("x", T, d)
    layer = Conv1d(2, r, "same")
    G = sd.matrix("G", T, r)
    L = sd.let("L", (G * layer(x)).sum())
    assert sd.derive(L, x).check().ok
    assert all(sd.derive(L, w).check().ok for w in layer.parameters(x))


def test_names(shown):
    x = sd.vector("x", T)
    assert shown(Conv1d(3, layer=1)(x)) == {"z1": "b1 + Sum(W1[j]*x[i + j - 1], (j, 1, 3))"}
    padded = shown(Conv1d(3, padding="same", bias=False)(x))
    assert padded == {"z": "Sum(InRange(i + j - 2, 1, T)*W[j]*x[i + j - 2], (j, 1, 3))"}


def test_errors_name_the_shapes():
    with pytest.raises(ShapeError, match=r"kernel is 5 long, but x of shape \(4,\) only 4"):
        Conv1d(5)(sd.vector("x", 4))
    with pytest.raises(ShapeError, match=r"Conv2d\(3, channels=r\) needs .*2 axes.*\(T, d\)"):
        Conv2d(3, r)(sd.matrix("x", T, d))
    with pytest.raises(ShapeError, match=r"kernel has 2 sizes; got 3"):
        Conv2d((3, 3, 3))(sd.matrix("x", T, d))
    with pytest.raises(Unsupported, match=r"padding is one of valid, same"):
        Conv1d(3, padding="full")
    with pytest.raises(Unsupported, match=r"odd size as 2\*q \+ 1"):
        Conv1d(sd.dim("K"), padding="same")

"""Every layer: all gradients of the backward pass against `jax.grad`, and every step checked."""

import math
from itertools import product

import pytest

import symderiv as sd
from symderiv.model.layers import (
    Activation,
    Attention,
    BatchNorm,
    Conv1d,
    Conv2d,
    Dense,
    Dropout,
    Embedding,
    LayerNorm,
    Residual,
    RMSNorm,
    Softmax,
)
from symderiv.model.layers.activation import ACTIVATIONS

jax = pytest.importorskip("jax")
jnp = jax.numpy

N, T, U, n, m, d, r, V = sd.dims("N T U n m d r V")
ONE = sd.vector("x", n)
BATCH = sd.matrix("x", N, n)
DEEP = sd.tensor("x", N, T, d)
EPS = 1e-5


def dense(at):
    return at["x"] @ at["W"] + at.get("b", 0.0)


def standardised(x, axes):
    centred = x - x.mean(axes, keepdims=True)
    return centred / jnp.sqrt((centred**2).mean(axes, keepdims=True) + EPS)


def layer_norm(at):
    return at.get("gamma", 1.0) * standardised(at["x"], -1) + at.get("beta", 0.0)


def batch_norm(at):
    axes = tuple(range(at["x"].ndim - 1))
    return at.get("gamma", 1.0) * standardised(at["x"], axes) + at.get("beta", 0.0)


def rms_norm(at):
    x = at["x"]
    return at.get("gamma", 1.0) * x / jnp.sqrt((x**2).mean(-1, keepdims=True) + EPS)


def attention(causal=False, heads=1):
    h = "h" if heads > 1 else ""

    def forward(at):
        q, k, v = (jnp.einsum(f"...td,{h}dr->...{h}tr", at["x"], at[f"W_{a}"]) for a in "QKV")
        s = jnp.einsum("...tr,...ur->...tu", q, k) / math.sqrt(q.shape[-1])
        if causal:
            s = jnp.where(jnp.tril(jnp.ones(s.shape[-2:])) > 0, s, -jnp.inf)
        o = jnp.einsum("...tu,...ur->...tr", jax.nn.softmax(s), v)
        return jnp.einsum(f"...{h}tr,{h}rd->...td", o, at["W_O"]) if "W_O" in at else o

    return forward


def convolution(rank, padding="valid", channels=True):
    """Written as the sum of shifted products that it is."""

    def forward(at):
        x, w = at["x"], at["W"]
        if not channels:
            x, w = x[..., None], w[..., None, None]
        first = x.ndim - rank - 1
        kernel = w.shape[:rank]
        if padding == "same":
            around = [((k - 1) // 2, k // 2) for k in kernel]
            x = jnp.pad(x, [(0, 0)] * first + around + [(0, 0)])
        lengths = [x.shape[first + a] - k + 1 for a, k in enumerate(kernel)]
        z = 0.0
        for place in product(*map(range, kernel)):
            cut = tuple(slice(p, p + long) for p, long in zip(place, lengths, strict=True))
            z = z + x[(slice(None),) * first + cut] @ w[place]
        return (z if channels else z[..., 0]) + at.get("b", 0.0)

    return forward


def residual(at):
    return at["x"] + jnp.tanh(at["x"] @ at["W"] + at["b"])


def rows(at):
    return at["E"][at["t"]]


SLOPED = {"elu": 0.5, "leaky_relu": 0.2}
NUMPY = ("abs", "cos", "cosh", "exp", "sin", "sinh", "tan", "tanh")


def activation(name, *parameter):
    if name == "gelu":
        return lambda at: jax.nn.gelu(at["x"], approximate=False)
    f = getattr(jnp if name in NUMPY else jax.nn, name)
    return lambda at: f(at["x"], *parameter)


def layer_cases():
    """(name, layer's output, the same by hand)."""
    for x, label in ((ONE, "one"), (BATCH, "batch"), (DEEP, "deep")):
        yield f"dense {label}", Dense(m)(x), dense
        yield f"dense without bias {label}", Dense(m, bias=False)(x), dense
        yield f"softmax {label}", Softmax()(x), lambda at: jax.nn.softmax(at["x"])
        yield f"layer norm {label}", LayerNorm()(x), layer_norm
        yield f"layer norm plain {label}", LayerNorm(affine=False)(x), layer_norm
        yield f"RMS norm {label}", RMSNorm()(x), rms_norm
        yield f"RMS norm plain {label}", RMSNorm(affine=False)(x), rms_norm
        yield f"residual {label}", Residual(Dense(x.shape[-1]), Activation("tanh"))(x), residual
        dropped = Dropout(0.25, layer=1)(x)
        yield f"dropout {label}", dropped, lambda at: at["m1"] * at["x"] / 0.75
        if x is not ONE:
            yield f"batch norm {label}", BatchNorm()(x), batch_norm
            yield f"batch norm plain {label}", BatchNorm(affine=False)(x), batch_norm
    p = sd.scalar("p", positive=True)
    yield "dropout by symbol", Dropout(p)(BATCH), lambda at: at["m"] * at["x"] / (1 - at["p"])
    y, ys = sd.one_hot("y", V), sd.one_hot("y", N, T, V)
    yield "embedding of one class", Embedding(V, d)(sd.labels("t", classes=V)), rows
    yield "embedding of classes", Embedding(V, d)(sd.labels("t", N, classes=V)), rows
    yield "embedding of a batch", Embedding(V, d)(sd.labels("t", N, T, classes=V)), rows
    yield "embedding of one-hot", Embedding(V, d)(y), lambda at: at["y"] @ at["E"]
    yield "embedding of one-hots", Embedding(V, d)(ys), lambda at: at["y"] @ at["E"]


def activation_cases():
    for name in ACTIVATIONS:
        yield f"{name} one", Activation(name)(ONE), activation(name)
        yield f"{name} batch", Activation(name)(BATCH), activation(name)
    for name, slope in SLOPED.items():
        yield f"{name} {slope}", Activation(name, slope)(BATCH), activation(name, slope)


def attention_cases():
    for x, label in ((sd.matrix("x", T, d), "one"), (DEEP, "batch")):
        for causal in (False, True):
            for heads in (1, 2):
                name = f"attention {label}{' causal' * causal}{' of two heads' * (heads > 1)}"
                yield name, Attention(r, heads, causal)(x), attention(causal, heads)
    yield "attention projected", Attention(r, project=True)(DEEP), attention()


def convolution_cases():
    kernels = ((Conv1d, (T,), 3), (Conv1d, (T,), 2), (Conv2d, (T, U), (3, 2)))
    for layer, along, kernel in kernels:
        for batch in ((), (N,)):
            for channels in (None, r):
                for padding in ("valid", "same"):
                    x = sd.tensor("x", *batch, *along, *(() if channels is None else (d,)))
                    name = f"{layer.__name__} {kernel} {padding}{' batch' * bool(batch)}"
                    yield (
                        f"{name}{' channels' * (channels is not None)}",
                        layer(kernel, channels, padding)(x),
                        convolution(layer.axes, padding, channels is not None),
                    )
    yield "Conv1d without bias", Conv1d(3, r, bias=False)(DEEP), convolution(1)


CASES = [*layer_cases(), *activation_cases(), *attention_cases(), *convolution_cases()]


def is_slow(name):
    """Attention and convolution with most axes: seconds each."""
    if name.startswith("attention"):
        return "batch" in name or "projected" in name or "causal of" in name
    return "channels" in name and (name.startswith("Conv2d") or "batch" in name)


def is_extra(name):
    """A third shape, and activations of one example: what the others say already."""
    return name.endswith("deep") or (name.endswith("one") and name.split()[0] in ACTIVATIONS)


def cases(slow, count):
    """The cases as parameters of a test; some of them slow."""
    for name, *given in CASES:
        marks = [pytest.mark.slow] if slow(name) else []
        yield pytest.param(*given[:count], id=name, marks=marks)


@pytest.mark.parametrize(("output", "by_hand"), list(cases(is_extra, 2)))
def test_gradients(output, by_hand, agrees, weighted):
    loss = weighted(output)
    agrees(loss, lambda at: (by_hand(at) * at["omega"]).sum())


@pytest.mark.parametrize("output", list(cases(is_slow, 1)))
def test_every_step(output, weighted):
    report = sd.backprop(weighted(output)).check()
    assert report, report
    assert report.steps

"""Layers and small networks, backwards: every adjoint from the loss to the parameters.

A layer alone gets the loss ``Σ g h``, which has the slope g at its output h: g stands for whatever
comes after it.
"""

from __future__ import annotations

from typing import Any

import symderiv as sd
from symderiv import layers, losses
from symderiv.api import Derivation
from symderiv.catalog.entry import Part, Pass, entry
from symderiv.core.messages import N_

SCORES = N_("The scores")
WEIGHTS = N_("The weights")
BIAS = N_("The bias")
INPUT = N_("The input")
OUTPUT = N_("The output")
FIRST_WEIGHTS = N_("The weights of the first layer")
KERNEL = N_("The kernel")
GAIN = N_("The gain")
SHIFT = N_("The shift")
BEFORE_GAIN = N_("What the gain is given")
BEFORE_BOTH = N_("What gain and shift are given")


def alone(layer: layers.Layer, x: Any, wrt: tuple[Any, ...]) -> sd.Backprop:
    """The backward pass of one layer, g being the slope of the loss at its output."""
    h = layer(x)
    g = sd.tensor("g", *h.shape)
    return sd.backprop(sd.let("L", (g * h).sum()), wrt)


def epsilon() -> Any:
    """What keeps a norm from dividing by zero."""
    return sd.scalar("epsilon", positive=True)


# ---------------------------------------------------------------- networks


@entry(
    "two-layer-perceptron",
    N_("Two-layer perceptron with softmax and cross-entropy"),
    N_(
        "From the loss of a data set to every weight: each adjoint follows from the one "
        "after it, and the gradient of a weight is what came in times what came back."
    ),
    main=FIRST_WEIGHTS,
)
def two_layer_perceptron() -> Pass:
    return Pass(
        perceptron(),
        {
            "z2": N_("The scores of the second layer"),
            "W2": N_("The weights of the second layer"),
            "b2": N_("The bias of the second layer"),
            "a1": N_("The output of the first layer"),
            "z1": N_("The scores of the first layer"),
            "W1": FIRST_WEIGHTS,
            "b1": N_("The bias of the first layer"),
        },
    )


def perceptron() -> sd.Backprop:
    """The backward pass by all parameters."""
    examples, n, h, c = sd.dims("N n h c")
    net = sd.Network(
        [layers.Dense(h), layers.Activation("tanh"), layers.Dense(c), layers.Softmax()],
        input=sd.matrix("x", examples, n),
        target=sd.one_hot("y", examples, c),
        loss=losses.cross_entropy,
    )
    return sd.backprop(net.loss, list(net.parameters.values()))


@entry(
    "logistic-regression",
    N_("Logistic regression"),
    N_("The gradient is the error $p - y$ of every example, weighted by its features."),
    main=WEIGHTS,
)
def logistic_regression() -> Pass:
    examples, n = sd.dims("N n")
    x, y = sd.matrix("x", examples, n), sd.vector("y", examples)
    w, b = sd.vector("w", n), sd.scalar("b")
    p = sd.let("p", sd.sigmoid(sd.let("z", x @ w + b)))
    bp = sd.backprop(sd.let("L", losses.binary_cross_entropy(y, p)), [w, b])
    return Pass(bp, {"z": SCORES, "w": WEIGHTS, "b": BIAS})


# ---------------------------------------------------------------- norms


@entry(
    "layer-norm",
    N_("Layer norm"),
    N_(
        "The gradient of the input is what comes back, less its mean and less its share along the "
        "normalised input, over the deviation."
    ),
    main=INPUT,
)
def layer_norm() -> Pass:
    norm, x = layers.LayerNorm(epsilon()), sd.vector("x", sd.dim("n"))
    return _norm(norm, x)


@entry(
    "batch-norm",
    N_("Batch norm"),
    N_(
        "As in layer norm, with means over the batch: what comes back to one example depends on "
        "all others."
    ),
    main=INPUT,
)
def batch_norm() -> Pass:
    return _norm(layers.BatchNorm(epsilon()), sd.matrix("x", *sd.dims("N n")))


@entry(
    "rms-norm",
    N_("RMS norm"),
    N_("As in layer norm, but no mean is taken off."),
    main=INPUT,
)
def rms_norm() -> Pass:
    return _norm(layers.RMSNorm(epsilon()), sd.vector("x", sd.dim("n")))


def _norm(norm: layers.Layer, x: Any) -> Pass:
    bp = alone(norm, x, (x, *norm.parameters(x)))
    before = BEFORE_BOTH if "beta" in bp else BEFORE_GAIN
    captions = {"h": OUTPUT, "x_hat": before, "x": INPUT, "gamma": GAIN, "beta": SHIFT}
    return Pass(bp, captions)


# ---------------------------------------------------------------- layers


@entry(
    "attention",
    N_("Scaled dot-product attention"),
    N_(
        "The backward pass of one head. Through the softmax every score gets what comes back less "
        "its mean under the weights $P$, times its own weight."
    ),
    main=SCORES,
)
def attention() -> Pass:
    positions, d, r = sd.dims("T d r")
    layer, x = layers.Attention(r), sd.matrix("x", positions, d)
    bp = alone(layer, x, (*layer.parameters(x), x))
    captions = {
        "O": OUTPUT,
        "V": N_("The values"),
        "P": N_("The weights of attention"),
        "S": SCORES,
        "Q": N_("The queries"),
        "K": N_("The keys"),
        "W_Q": N_("The weights of the queries"),
        "W_K": N_("The weights of the keys"),
        "W_V": N_("The weights of the values"),
        "x": INPUT,
    }
    return Pass(bp, captions)


@entry(
    "convolution",
    N_("Convolution"),
    N_("The gradient of the kernel is a convolution too; that of the input runs backwards."),
    main=KERNEL,
)
def convolution() -> Pass:
    length, kernel, channels, out = sd.dims("T K C F")
    layer, x = layers.Conv1d(kernel, out), sd.matrix("x", length, channels)
    bp = alone(layer, x, (x, *layer.parameters(x)))
    return Pass(bp, {"z": OUTPUT, "W": KERNEL, "b": BIAS, "x": INPUT})


@entry(
    "embedding",
    N_("Embedding"),
    N_("Each row of the table collects the slopes of the places where it was looked up."),
    main=0,
)
def embedding() -> tuple[Part, ...]:
    positions, words, d = sd.dims("T V d")
    table = layers.Embedding(words, d)
    t, y = sd.labels("t", positions, classes=words), sd.one_hot("y", positions, words)
    return (
        (N_("The table, by class numbers"), alone(table, t, table.parameters(t))["E"]),
        (N_("The table, by one-hot rows"), alone(table, y, table.parameters(y))["E"]),
    )


@entry(
    "residual-block",
    N_("Residual block"),
    N_("The slope reaches the input by two ways: through the layers, and past them unchanged."),
    main=INPUT,
)
def residual_block() -> Pass:
    n = sd.dim("n")
    block = layers.Residual(layers.Dense(n), layers.Activation("relu"))
    x = sd.vector("x", n)
    bp = alone(block, x, (x, *block.parameters(x)))
    return Pass(bp, {"r": OUTPUT, "z": SCORES, "x": INPUT, "W": WEIGHTS, "b": BIAS})


# ---------------------------------------------------------------- losses


@entry(
    "label-smoothing",
    N_("Cross-entropy with label smoothing"),
    N_("Still prediction minus target; a share of the target lies evenly on all classes."),
)
def label_smoothing() -> Derivation:
    c = sd.dim("c")
    z, y, share = sd.vector("z", c), sd.distribution("y", c), sd.scalar("epsilon")
    p = sd.let("p", sd.softmax(z))
    loss = losses.cross_entropy(y, p, label_smoothing=share)
    return sd.derive(sd.let("L", loss), z, to=p - (y * (1 - share) + share / c))

"""Losses: binary cross-entropy, mean squared error, least squares."""

from __future__ import annotations

import symderiv as sd
from symderiv.api import Derivation
from symderiv.catalog.entry import Part, entry
from symderiv.core.messages import N_


@entry(
    "binary-cross-entropy-with-logits",
    N_("Binary cross-entropy with logits"),
    N_("Through the sigmoid, too, the gradient is prediction minus target, $p - y$."),
)
def binary_cross_entropy_with_logits() -> tuple[Part, ...]:
    y, z = sd.scalar("y"), sd.scalar("z")
    p = sd.let("p", sd.sigmoid(z))
    by_chain = sd.derive(sd.let("L", sd.binary_cross_entropy(y, p)), z, to=p - y)
    direct = sd.derive(sd.let("L", sd.binary_cross_entropy_with_logits(y, z)), z)
    return (
        (N_("By the chain rule through $p$"), by_chain),
        (N_("Directly, from the form that is safe for large scores"), direct),
    )


@entry(
    "mean-squared-error",
    N_("Gradient of the mean squared error"),
    N_("The gradient is twice the error, shared among $n$ entries."),
)
def mean_squared_error() -> Derivation:
    n = sd.dim("n")
    y, guess = sd.vector("y", n), sd.vector("ŷ", n, latex=r"\hat y")
    return sd.derive(sd.let("L", ((guess - y) ** 2).mean()), guess)


@entry(
    "least-squares",
    N_("Gradient of least squares"),
    N_(
        r"The gradient is the residual seen through the data, $X^\top r$; where it is 0 hold "
        r"the normal equations."
    ),
    main=0,
)
def least_squares() -> tuple[Part, ...]:
    m, n = sd.dims("m n")
    data, w, y = sd.matrix("X", m, n), sd.vector("w", n), sd.vector("y", m)
    r = sd.let("r", data @ w - y)
    gradient = sd.derive(sd.let("L", (r**2).sum() / 2), w)
    return (
        (N_("The gradient"), gradient),
        (N_("With the residual put in"), sd.unfold(gradient)),
    )

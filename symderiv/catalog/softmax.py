"""Softmax, and what it gives together with cross-entropy."""

from __future__ import annotations

import sympy as sp

import symderiv as sd
from symderiv.api import Derivation
from symderiv.api.statements import by_cases
from symderiv.catalog.entry import Part, entry
from symderiv.core.expr import delta
from symderiv.core.messages import N_


def last_layer() -> tuple[sd.Array, sd.Array, sd.Array]:
    """Scores z, their softmax p, and a target distribution y."""
    n = sd.dim("n")
    z = sd.vector("z", n)
    return z, sd.let("p", sd.softmax(z)), sd.distribution("y", n)


@entry(
    "softmax-jacobian",
    N_("Jacobian of softmax"),
    N_(
        r"Every probability depends on every score: $\partial p_i/\partial z_j = p_i "
        r"(\delta_{ij} - p_j)$."
    ),
)
def softmax_jacobian() -> Derivation:
    z, p, _ = last_layer()
    return sd.derive(p, z)


@entry(
    "log-softmax",
    N_("Jacobian of log-softmax"),
    N_("The logarithm undoes the exponential: no quotient rule is needed."),
)
def log_softmax() -> Derivation:
    z, p, _ = last_layer()
    i, j = sd.indices("i j")
    return sd.derive(sd.let("l", sd.log_softmax(z)), z, to=delta(i, j) - p[j])


@entry(
    "softmax-cross-entropy",
    N_("Softmax with cross-entropy, by the chain rule"),
    N_("The gradient of the last layer is the prediction minus the target, $p_i - y_i$."),
)
def softmax_cross_entropy() -> Derivation:
    z, p, y = last_layer()
    return sd.derive(sd.let("L", sd.cross_entropy(y, p)), z)


@entry(
    "softmax-cross-entropy-direct",
    N_("Softmax with cross-entropy, by log-sum-exp"),
    N_(r"The same gradient without a Jacobian: the loss is $\log \sum e^z - \sum y z$."),
)
def softmax_cross_entropy_direct() -> tuple[Part, ...]:
    z, p, y = last_layer()
    short = sd.rewrite(sd.cross_entropy(y, sd.softmax(z)))
    return (
        (N_("The loss without the quotient"), short),
        (N_("Its gradient"), sd.derive(sd.let("L", short.last), z, to=p - y)),
    )


@entry(
    "softmax-cross-entropy-integer",
    N_("Softmax with cross-entropy, for a class number"),
    N_("For the true class $t$ the gradient is $p_t - 1$, for every other class $p_i$."),
    main=1,
)
def softmax_cross_entropy_integer() -> tuple[Part, ...]:
    z, p, _ = last_layer()
    t, i = sd.labels("t", classes=sd.dim("n")), sd.index("i")
    short = sd.rewrite(sd.cross_entropy(t, sd.softmax(z)))
    loss = sd.let("L", short.last)
    general = sd.derive(loss, z, to=p[i] - delta(t, i))
    return (
        (N_("The loss"), short),
        (N_("Its gradient"), general),
        (N_(r"The cases $i = t$ and $i \ne t$"), by_cases(sd.rewrite(general))),
        (N_("The score of the true class alone"), sd.derive(loss, z[t], to=p[t] - 1)),
    )


@entry(
    "softmax-cross-entropy-hessian",
    N_("Hessian of softmax with cross-entropy"),
    N_("The target has gone from the second derivative: it is the Jacobian of softmax."),
)
def softmax_cross_entropy_hessian() -> Derivation:
    z, p, y = last_layer()
    gradient = sd.derive(sd.let("L", sd.cross_entropy(y, p)), z)
    return sd.derive(gradient, z)


@entry(
    "data-set-loss",
    N_("Loss of a data set"),
    N_(
        "The sum over examples of the cross-entropy; one-hot targets leave one term each, and "
        "softmax makes it a ratio."
    ),
)
def data_set_loss() -> Derivation:
    _, _, loss = data_set()
    return sd.unfold(loss)


@entry(
    "data-set-gradient",
    N_("Gradient of the loss of a data set"),
    N_("Every example contributes its own row: prediction minus target."),
)
def data_set_gradient() -> Derivation:
    scores, _, loss = data_set()
    return sd.derive(loss, scores)


def data_set() -> tuple[sd.Array, sd.Array, sp.Expr]:
    """Scores of N examples, their classes, and the loss of all."""
    count, n = sd.dims("N n")
    scores, t = sd.matrix("z", count, n), sd.labels("t", count, classes=n)
    y, p = sd.one_hot("y", count, n, labels=t), sd.let("p", sd.softmax(scores))
    each = sd.let("l", sd.cross_entropy(y, p))
    return scores, t, sd.let("L", each.sum())

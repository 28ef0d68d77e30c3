"""Activation functions, differentiated from their definitions."""

from __future__ import annotations

import sympy as sp

import symderiv as sd
from symderiv.api import Derivation
from symderiv.catalog.entry import entry
from symderiv.core.expr import add, call, div, mul, neg, power, sub
from symderiv.core.messages import N_
from symderiv.core.symbols import Label


def exponentials() -> tuple[Label, sp.Expr, sp.Expr]:
    """x, e^x and e^-x."""
    x = sd.scalar("x")
    return x, sd.exp(x), sd.exp(-x)


def logistic(name: str, up: sp.Expr) -> sp.Symbol:
    """The sigmoid, as the softmax of two scores, x and 0."""
    return sd.let(name, div(up, add(sp.S.One, up)))


@entry(
    "sigmoid",
    N_("Derivative of the sigmoid"),
    N_("Written $e^x / (1 + e^x)$, a softmax of two scores, its slope is $a (1 - a)$."),
)
def sigmoid() -> Derivation:
    x, up, _ = exponentials()
    return sd.derive(logistic("a", up), x)


@entry(
    "tanh",
    N_("Derivative of tanh"),
    N_("The slope is made of the value itself: $1 - a^2$."),
)
def tanh() -> Derivation:
    x, up, down = exponentials()
    return sd.derive(sd.let("a", div(sub(up, down), add(up, down))), x)


@entry(
    "relu",
    N_("Derivative of ReLU"),
    N_("1 where the input is positive, 0 elsewhere; at the kink the left slope is taken."),
)
def relu() -> Derivation:
    x = sd.scalar("x")
    return sd.derive(sd.let("a", sd.relu(x)), x)


@entry(
    "softplus",
    N_("Derivative of softplus"),
    N_(r"A smooth ReLU, $\log(1 + e^x)$, whose slope is the sigmoid."),
)
def softplus() -> Derivation:
    x, up, _ = exponentials()
    return sd.derive(sd.let("s", call(sp.log, add(sp.S.One, up))), x, to=logistic("a", up))


@entry(
    "gelu",
    N_("Derivative of GELU"),
    N_(
        r"$x \Phi(x)$ with the normal distribution function $\Phi$: the slope is $\Phi(x) + x "
        r"\varphi(x)$."
    ),
)
def gelu() -> Derivation:
    x = sd.scalar("x")
    half, two = sp.Rational(1, 2), sp.Integer(2)
    area = call(sp.erf, div(x, power(two, half)))
    normal = sd.let("Phi", mul(half, add(sp.S.One, area)), latex=r"\Phi")
    bell = div(
        call(sp.exp, neg(div(power(x, two), two))), mul(power(two, half), power(sp.pi, half))
    )
    density = sd.let("phi", bell, latex=r"\varphi")
    return sd.derive(sd.let("a", mul(x, normal)), x, to=add(normal, mul(x, density)))

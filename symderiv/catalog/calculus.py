"""Derivatives of functions of several variables."""

from __future__ import annotations

import sympy as sp

import symderiv as sd
from symderiv.api import Derivation
from symderiv.catalog.entry import Part, entry
from symderiv.core.messages import N_


def three_variables() -> tuple[sp.Expr, tuple[sp.Symbol, ...]]:
    """A function of three variables."""
    x = tuple(sd.scalar(f"x_{k}") for k in (1, 2, 3))
    return sd.let("f", x[0] ** 2 * x[1] + sd.sin(x[2])), x


@entry(
    "partial-derivatives",
    N_("Partial derivatives"),
    N_("One derivative for each variable: that variable moves, the others are held."),
)
def partial_derivatives() -> tuple[Part, ...]:
    f, (x_1, x_2, x_3) = three_variables()
    return (
        (N_("Only $x_1$ moves"), sd.derive(f, x_1)),
        (N_("Only $x_2$ moves"), sd.derive(f, x_2)),
        (N_("Only $x_3$ moves"), sd.derive(f, x_3)),
    )


@entry(
    "directional-derivative",
    N_("Directional derivative"),
    N_(
        "$x_1$ grows, $x_2$ falls and $x_3$ stays: every variable contributes its slope "
        "times its move."
    ),
)
def directional_derivative() -> Derivation:
    f, (x_1, x_2, x_3) = three_variables()
    return sd.directional(f, {x_1: 1, x_2: -1, x_3: 0})


@entry(
    "total-differential",
    N_("Total differential"),
    N_("Small moves $dx$ of all variables change $f$ by the sum of slope times move."),
)
def total_differential() -> Derivation:
    f, x = three_variables()
    moves = {v: sd.scalar(f"d{v.name}", latex=f"dx_{k}") for k, v in enumerate(x, 1)}
    return sd.directional(f, moves)


@entry(
    "chain-rule",
    N_("Chain rule through every component"),
    N_(
        r"$x$ reaches $y$ through every $u_k$, so what flows through each of them is added "
        r"up: $\partial y/\partial x_i = \sum_k \partial y/\partial u_k \cdot \partial "
        r"u_k/\partial x_i$."
    ),
)
def chain_rule() -> Derivation:
    m, n = sd.dims("m n")
    x, v, weights = sd.vector("x", m), sd.vector("v", n), sd.matrix("W", m, n)
    u = sd.let("u", sd.tanh(x @ weights))
    return sd.derive(sd.let("y", (v * u).sum()), x)


@entry(
    "common-variable",
    N_("A common variable"),
    N_(
        "$x$ reaches $y$ through $u$, through $v$, and directly: the three contributions are "
        "added up."
    ),
)
def common_variable() -> Derivation:
    x = sd.scalar("x")
    u, v = sd.let("u", sd.sin(x)), sd.let("v", x**2)
    return sd.derive(sd.let("y", u * v + x), x)

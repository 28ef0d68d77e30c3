"""What the entropy is made of and where it is largest."""

from __future__ import annotations

import sympy as sp

import symderiv as sd
from symderiv.api import Derivation
from symderiv.api.statements import at_place
from symderiv.catalog.entry import Part, entry
from symderiv.core.messages import N_


@entry(
    "entropy-term",
    N_("The term −p log p"),
    N_(
        "It does not always grow as $p$ falls: it is largest, $1/e$, at $p = 1/e$, and goes "
        "to 0 with $p$."
    ),
    main=0,
)
def entropy_term() -> tuple[Part, ...]:
    p = sd.scalar("p", positive=True)
    f = -p * sd.log(p)
    slope = sd.derive(sd.let("f", f), p)
    curvature = sd.derive(slope, p)
    (top,) = sp.solve(slope.result, p)
    place = sd.let("p", top)
    return (
        (N_("The slope"), slope),
        (N_("It is 0 at $p = 1/e$, and nowhere else"), at_place(slope, {p: place})),
        (N_("The second derivative, negative for every $p$"), curvature),
        (N_("At $p = 1/e$ it is $-e$: a maximum"), at_place(curvature, {p: place})),
        (N_("The maximum is $1/e$"), at_place(f, {p: place})),
        (
            N_(
                r"With $q = \sqrt p$, $g$ is at most $1/e$: $-p \log p$ lies between 0 and "
                "$2 q/e$, so it goes to 0"
            ),
            near_zero(p),
        ),
    )


def near_zero(p: sp.Symbol) -> Derivation:
    """``-p log p`` as a small factor times the same term at the root of p, which has a bound."""
    q = sd.let("q", sd.sqrt(p))
    g = sd.let("g", -q * sd.log(q))
    return sd.rewrite(-p * sd.log(p), to=2 * q * g)


@entry(
    "entropy-gradient",
    N_("Gradient of the entropy"),
    N_("How the entropy changes with each probability, every entry moving on its own."),
)
def entropy_gradient() -> Derivation:
    p = sd.distribution("p", sd.dim("n"))
    return sd.derive(sd.let("H", sd.entropy(p)), p)


@entry(
    "entropy-hessian",
    N_("Hessian of the entropy"),
    N_("Diagonal and negative: the entropy is concave, so a stationary point is its maximum."),
)
def entropy_hessian() -> Derivation:
    p = sd.distribution("p", sd.dim("n"))
    gradient = sd.derive(sd.let("H", sd.entropy(p)), p)
    return sd.derive(gradient, p)


@entry(
    "uniform-distribution",
    N_("The uniform distribution has the largest entropy"),
    N_(
        r"Under $\sum p = 1$ the entropy is stationary only where all probabilities are "
        r"equal, $1/n$, and there it is $\log n$."
    ),
    main=0,
)
def uniform_distribution() -> tuple[Part, ...]:
    n, i = sd.dim("n"), sd.index("i")
    p, multiplier = sd.vector("p", n, positive=True), sd.scalar("lambda")
    lagrangian = sd.let("Λ", sd.entropy(p) + multiplier * (1 - p.sum()))
    condition = sd.derive(lagrangian, p)
    (solution,) = sp.solve(condition.result, p[condition.indices[0][0]])
    place = sd.let("p", solution, (i, 1, n))
    uniform = sd.let("p", 1 / n, (i, 1, n))
    return (
        (N_("The condition of a stationary point: this is 0 for every $i$"), condition),
        (N_("It holds where every p_i has this one value"), at_place(condition, {p: place})),
        (N_("The probabilities add up to 1, so each is $1/n$"), at_place(p.sum(), {p: place})),
        (N_("The check: $n$ times $1/n$ is 1"), at_place(p.sum(), {p: uniform})),
        (N_("The entropy there"), at_place(sd.entropy(p), {p: uniform}, to=sd.log(n))),
    )

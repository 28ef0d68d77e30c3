"""Entropy: of a coin, a die and two urns, and its two forms."""

from __future__ import annotations

import sympy as sp

import symderiv as sd
from symderiv.api import Derivation, Evaluation
from symderiv.catalog.entry import Part, entry
from symderiv.core.messages import N_


def equally_likely(outcomes: int) -> Derivation:
    """The entropy of so many outcomes with the same probability."""
    p = sd.let("p", sp.Rational(1, outcomes), (sd.index("i"), 1, outcomes))
    return sd.evaluate(sd.let("H", sd.entropy(p)), {})


def urn(name: str, red: sp.Expr) -> sp.Expr:
    """The entropy of the colour drawn, red with that probability."""
    return sd.let(f"H_{name}", sd.binary_entropy(sd.let(f"p_{name}", red)))


@entry(
    "self-information",
    N_("Self-information"),
    N_(
        r"What a sure event tells is nothing, and the less likely an event, the more it "
        r"tells: $-\log p$ falls with slope $-1/p$."
    ),
)
def self_information() -> Derivation:
    p = sd.scalar("p", positive=True)
    return sd.derive(sd.let("I", sd.self_information(p)), p)


@entry(
    "entropy-coin",
    N_("Entropy of a fair coin"),
    N_(r"Two outcomes of probability $1/2$ each: $\log 2$, about 0.693 nats."),
)
def entropy_coin() -> Derivation:
    return equally_likely(2)


@entry(
    "entropy-die",
    N_("Entropy of a fair die"),
    N_(r"Six outcomes of probability $1/6$ each: $\log 6$, about 1.792 nats."),
)
def entropy_die() -> Derivation:
    return equally_likely(6)


@entry(
    "entropy-coin-die",
    N_("A die is more uncertain than a coin"),
    N_(
        r"The difference of the two entropies is $\log 3$, a positive number: six outcomes "
        r"leave more open than two."
    ),
)
def entropy_coin_die() -> tuple[Part, ...]:
    i = sd.index("i")
    coin = sd.let("c", sp.Rational(1, 2), (i, 1, 2))
    die = sd.let("d", sp.Rational(1, 6), (i, 1, 6))
    of_coin, of_die = sd.let("H_c", sd.entropy(coin)), sd.let("H_d", sd.entropy(die))
    return (
        (N_("The coin"), sd.evaluate(of_coin, {})),
        (N_("The die"), sd.evaluate(of_die, {})),
        (
            N_("The die has the larger entropy: the difference, about 1.099, is positive"),
            larger(of_die, of_coin),
        ),
    )


@entry(
    "entropy-urns",
    N_("Entropy of two urns"),
    N_(
        "One red ball among 100 leaves little open, 50 among 100 as much as a coin: the second "
        "urn has the larger entropy."
    ),
)
def entropy_urns() -> tuple[Part, ...]:
    rare, even = urn("1", sp.Rational(1, 100)), urn("2", sp.Rational(50, 100))
    return (
        (N_("One red ball among 100"), sd.evaluate(rare, {})),
        (N_("50 red balls among 100"), sd.evaluate(even, {})),
        (
            N_("The second urn has the larger entropy: the difference, about 0.637, is positive"),
            larger(even, rare),
        ),
    )


def larger(a: sp.Expr, b: sp.Expr) -> Evaluation:
    """The exact difference of two numbers of which the first is the larger one."""
    difference = sd.evaluate(a - b, {})
    if not difference.value.is_positive:
        raise ValueError(f"{a} - {b} = {difference.value} is not positive")
    return difference


@entry(
    "entropy-forms",
    N_("Both forms of the entropy"),
    N_("Entropy is the mean self-information, and the minus may stand in front of the sum."),
)
def entropy_forms() -> Derivation:
    p = sd.distribution("p", sd.dim("n"))
    mean_information = (p * sd.self_information(p)).sum()
    return sd.rewrite(mean_information, to=sd.entropy(p))

"""Cross-entropy and the Kullback-Leibler divergence."""

from __future__ import annotations

import symderiv as sd
from symderiv.api import Derivation
from symderiv.catalog.entry import Part, entry
from symderiv.core.messages import N_


@entry(
    "cross-entropy",
    N_("Cross-entropy"),
    N_(
        "What coding costs with the estimate $p$ when the truth is $q$: the entropy of $q$, and "
        "the divergence on top. For a one-hot $q$ one term is left."
    ),
    main=0,
)
def cross_entropy() -> tuple[Part, ...]:
    n = sd.dim("n")
    q, p = sd.distribution("q", n), sd.distribution("p", n, positive=True)
    y = sd.one_hot("y", n, labels=sd.labels("t", classes=n))
    both = sd.entropy(q) + sd.kl_divergence(q, p)
    return (
        (N_("Entropy and divergence add up to it"), sd.rewrite(both, to=sd.cross_entropy(q, p))),
        (N_("For a class $t$, one-hot"), sd.unfold(sd.let("H", sd.cross_entropy(y, p)))),
    )


@entry(
    "cross-entropy-gradient",
    N_("Gradient of the cross-entropy"),
    N_("By the estimated probabilities $p$, with the true ones $q$ held: $-q_i / p_i$."),
)
def cross_entropy_gradient() -> Derivation:
    n = sd.dim("n")
    q, p = sd.distribution("q", n), sd.distribution("p", n, positive=True)
    return sd.derive(sd.let("H", sd.cross_entropy(q, p)), p)


@entry(
    "kl-gradient-first",
    N_("Gradient of the KL divergence by its first argument"),
    N_(r"Moving $p$ in $D(p \Vert q)$ changes the weights and the logarithms."),
)
def kl_gradient_first() -> Derivation:
    n = sd.dim("n")
    p, q = (sd.distribution(name, n, positive=True) for name in "pq")
    return sd.derive(sd.let("D", sd.kl_divergence(p, q)), p)


@entry(
    "kl-gradient-second",
    N_("Gradient of the KL divergence by its second argument"),
    N_(
        r"Moving $q$ in $D(p \Vert q)$ gives the gradient of the cross-entropy: the entropy "
        r"of $p$ is constant."
    ),
)
def kl_gradient_second() -> Derivation:
    n = sd.dim("n")
    p, q = (sd.distribution(name, n, positive=True) for name in "pq")
    return sd.derive(sd.let("D", sd.kl_divergence(p, q)), q)

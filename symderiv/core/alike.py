"""What a derivation comes to, whatever letters its indices bear."""

from __future__ import annotations

from collections.abc import Hashable

from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.core.expr import Direct, Partial, Total
from symderiv.core.fingerprint import fingerprint_for_all
from symderiv.core.model import through
from symderiv.core.symbols import Label, label_of


def claim(derivation: Derivation) -> Hashable:
    """Equal for derivations of the same equation under the same facts.

    Letters of indices do not count, nor does the order of terms and factors, nor whether names
    are held that do not move.
    """
    letters = tuple(v for v, *_ in derivation.indices)
    bounds = [bound for _, *rest in derivation.indices for bound in rest]
    equation = (_without_holding(derivation.goal), derivation.last, *bounds)
    given = frozenset(fingerprint_for_all(fact, letters) for fact in derivation.given)
    return *(fingerprint_for_all(e, letters) for e in equation), given


def _without_holding(goal: Basic) -> Basic:
    """A derivative with names held is the total one where x moves none of them."""
    if isinstance(goal, (Direct, Partial)):
        u, x = label_of(goal.what), label_of(goal.by)
        if isinstance(u, Label) and u.spec.definition is not None and x is not None:
            return goal if through(u, x) else Total(goal.what, goal.by)
    return goal

"""What a derivation comes to, whatever letters its indices bear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from sympy import Add, Mul, Symbol
from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.core.expr import BINDERS, Direct, Partial, Total
from symderiv.core.model import through
from symderiv.core.symbols import Label, label_of


def claim(derivation: Derivation) -> Hashable:
    """Equal for derivations of the same equation under the same facts.

    Letters of indices do not count, nor does the order of terms and factors, nor whether names
    are held that do not move.
    """
    letters = tuple(v for v, *_ in derivation.indices)
    ranges = tuple(_shape(bound, letters) for _, *rest in derivation.indices for bound in rest)
    given = frozenset(_shape(fact, letters) for fact in derivation.given)
    return ranges, _goal(derivation.goal, letters), _shape(derivation.last, letters), given


def _goal(goal: Basic, letters: tuple[Symbol, ...]) -> Hashable:
    """A derivative with names held is the total one where x moves none of them."""
    if isinstance(goal, (Direct, Partial)):
        u, x = label_of(goal.what), label_of(goal.by)
        named = isinstance(u, Label) and u.spec.definition is not None
        if named and isinstance(u, Label) and x is not None and not through(u, x):
            return (Total, *(_shape(part, letters) for part in goal.args))
    return _shape(goal, letters)


def _shape(e: Basic, bound: tuple[Symbol, ...]) -> Hashable:
    if isinstance(e, Symbol):
        return ("letter", bound[::-1].index(e)) if e in bound else (e,)
    if not e.args:
        return (e,)
    if isinstance(e, BINDERS):
        inner = (*bound, *(limit.args[0] for limit in e.args[1:]))
        ranges = (_shape(end, inner) for limit in e.args[1:] for end in limit.args[1:])
        return (type(e), _shape(e.args[0], inner), *ranges)
    parts = tuple(_shape(part, bound) for part in e.args)
    if isinstance(e, (Add, Mul)):
        return type(e), frozenset(Counter(parts).items())
    return type(e), *parts

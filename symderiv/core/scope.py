"""What a rule may ask about the place where it is applied: ranges, letters, facts, definitions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sympy import Expr, S, Symbol
from sympy.core.basic import Basic

from symderiv.core.binding import free, fresh, letters_in
from symderiv.core.expr import BINDERS
from symderiv.core.model import EMPTY_MODEL, Model

Range = tuple[Expr, Expr]


@dataclass(frozen=True, slots=True)
class Scope:
    """The ranges of the indices in sight, and the model.

    ``avoid`` are names no fresh letter may bear; ``letters`` the pool to choose from;
    ``facts`` says whether facts about declared arrays may be used here.
    """

    ranges: dict[Symbol, Range] = field(default_factory=dict)
    model: Model = EMPTY_MODEL
    avoid: frozenset[str] = frozenset()
    letters: tuple[str, ...] = ()
    facts: bool = True

    def inside(self, binder: Expr) -> Scope:
        """The scope of a binder's body."""
        if not isinstance(binder, BINDERS):
            return self
        bound = {limit[0]: (limit[1], limit[2]) for limit in binder.args[1:]}
        return replace(self, ranges={**self.ranges, **bound})

    def fresh(self, *seen: Basic) -> Symbol:
        """A letter that no expression seen, no index in sight and no name of the model bears."""
        taken = self.avoid.union((v.name for v in self.ranges), *map(letters_in, seen))
        return fresh(taken, self.letters) if self.letters else fresh(taken)

    def proves(self, e: Expr, low: Expr, high: Expr) -> bool:
        """Is ``low ≤ e ≤ high`` certain from the ranges in sight?"""
        if self.ranges.get(e) == (low, high):
            return True
        below = self._extreme(e - low, lowest=True)
        above = self._extreme(high - e, lowest=True)
        return bool(below.is_nonnegative) and bool(above.is_nonnegative)

    def _extreme(self, e: Expr, *, lowest: bool) -> Expr:
        for v in sorted(free(e), key=str):
            if v in self.ranges:
                slope = e.coeff(v)
                low, high = self.ranges[v]
                e = e.subs(v, low if bool(slope.is_positive) == lowest else high)
        return e + S.Zero

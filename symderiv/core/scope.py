"""What a rule may ask about the place where it is applied: ranges, letters, facts, definitions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sympy import Expr, S, Symbol
from sympy.core.basic import Basic

from symderiv.core.binding import EMPTY, free, fresh, letters_in
from symderiv.core.derivation import Derivation
from symderiv.core.expr import BINDERS, Inert
from symderiv.core.model import EMPTY_MODEL, Model
from symderiv.core.symbols import Label, indices_of, label_of

Range = tuple[Expr, Expr]


@dataclass(frozen=True, slots=True)
class Scope:
    """The ranges of the indices in sight, and the model.

    ``avoid`` are names no fresh letter may bear; ``letters`` the pool to choose from;
    ``facts`` says whether facts about declared arrays may be used at all, ``withheld`` names those
    whose facts may not; ``written`` holds the sums as the author wrote them; ``lemma`` derives an
    inert derivative on its own, to be cited.
    """

    ranges: dict[Symbol, Range] = field(default_factory=dict)
    model: Model = EMPTY_MODEL
    avoid: frozenset[str] = frozenset()
    letters: tuple[str, ...] = ()
    facts: bool = True
    withheld: frozenset[Symbol] = frozenset()
    written: frozenset[Expr] = frozenset()
    lemma: Callable[[Inert], Derivation | None] | None = None

    def inside(self, binder: Expr) -> Scope:
        """The scope of a binder's body."""
        if not isinstance(binder, BINDERS):
            return self
        ranges = dict(self.ranges)
        for limit in reversed(binder.args[1:]):
            v, low, high = limit.args
            ranges[v] = (low, high)
        return self._with(ranges)

    def _with(self, ranges: dict[Symbol, Range]) -> Scope:
        """As ``dataclasses.replace``, which is too slow for every sum that a pass enters."""
        return Scope(
            ranges,
            self.model,
            self.avoid,
            self.letters,
            self.facts,
            self.withheld,
            self.written,
            self.lemma,
        )

    def inside_of(self, entry: Expr) -> Scope:
        """The scope with the indices of an entry (or inert derivative) in sight."""
        return replace(self, ranges={**self.ranges, **ranges_of(entry)})

    def letter(self, preferred: Symbol, *seen: Basic) -> Symbol:
        """The preferred letter if it is free here, else a fresh one."""
        used = self.avoid.union((v.name for v in self.ranges), *map(letters_in, seen))
        if preferred.name not in used and not self.letters:
            return preferred
        return self.fresh(*seen)

    def fresh(self, *seen: Basic) -> Symbol:
        """A letter that no expression seen, no index in sight and no name of the model bears."""
        taken = self.avoid.union((v.name for v in self.ranges), *map(letters_in, seen))
        return fresh(taken, self.letters) if self.letters else fresh(taken)

    def proves(self, e: Expr, low: Expr, high: Expr) -> bool:
        """Is ``low ≤ e ≤ high`` certain from the ranges in sight?"""
        if self.ranges.get(e) == (low, high):
            return True
        label = label_of(e)
        if isinstance(label, Label) and label.spec.classes is not None:
            return low is S.One and label.spec.classes == high
        below = self._extreme(e - low, lowest=True)
        above = self._extreme(high - e, lowest=True)
        return bool(below.is_nonnegative) and bool(above.is_nonnegative)

    def refutes(self, e: Expr, low: Expr, high: Expr) -> bool:
        """Is ``e < low`` or ``high < e`` certain from the ranges in sight?"""
        below = self._extreme(low - e, lowest=True)
        above = self._extreme(e - high, lowest=True)
        return bool(below.is_positive) or bool(above.is_positive)

    def _extreme(self, e: Expr, *, lowest: bool) -> Expr:
        for v in sorted(free(e), key=str):
            if v in self.ranges:
                slope = e.coeff(v)
                if v in free(e - slope * v) or slope.is_positive is slope.is_negative:
                    return S.NaN  # not linear, or of unknown sign
                low, high = self.ranges[v]
                e = e.subs(v, low if bool(slope.is_positive) == lowest else high)
        return e + S.Zero


def ranges_of(entry: Expr) -> dict[Symbol, Range]:
    """The ranges of the index letters of an entry, from the shape of its array."""
    if isinstance(entry, Inert):
        return {**ranges_of(entry.what), **ranges_of(entry.by)}
    label = label_of(entry)
    shape: tuple[Expr, ...] = getattr(label, "shape", ())
    sizes = EMPTY.union(*map(free, shape))  # z[n] is the last entry
    return {
        v: (S.One, size)
        for v, size in zip(indices_of(entry), shape, strict=False)
        if isinstance(v, Symbol) and not isinstance(v, Label) and v not in sizes
    }

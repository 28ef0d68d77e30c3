"""Names in index form as forms: entries, adjoints, deltas, and formulas of scalars."""

from __future__ import annotations

from dataclasses import dataclass, field

from sympy import Add, Expr, KroneckerDelta, Mul, Number, Pow, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.numbers import NumberSymbol

from symderiv.core.binding import free, is_index_arithmetic
from symderiv.core.expr import Total
from symderiv.core.symbols import Label, indices_of, label_of
from symderiv.matrices.build import diagonal
from symderiv.matrices.form import Identity, MatrixForm, Name, Unit
from symderiv.matrices.network import NoFormError, Part

Key = tuple[Expr, tuple[tuple[Symbol, Expr], ...], tuple[Symbol, ...]]

MOST_TRIALS = 64  # products multiplied out in search of a shorter form
ELEMENTWISE = frozenset(
    (
        *("exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"),
        *("asinh", "acosh", "atanh", "Abs", "sign", "floor", "ceiling", "Max", "Min", "erf"),
        *("sigmoid", "relu", "leaky_relu", "elu", "softplus", "gelu", "silu"),
    )
)


@dataclass(slots=True)
class Search:
    """What all converters of one expression share."""

    shapes: dict[Symbol, tuple[Expr | None, ...]] = field(default_factory=dict)
    trials: int = MOST_TRIALS
    failed: set[Key] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Sight:
    """The index letters in sight with their sizes, and those that are held.

    ``aside`` are letters to be held wherever they are met.
    """

    ranges: dict[Symbol, Expr]
    held: dict[Symbol, Expr]
    aside: tuple[Symbol, ...] = ()
    search: Search = field(default_factory=Search)

    def is_plain(self, e: Expr) -> bool:
        """A number, or a formula of scalar names and sizes."""
        if isinstance(e, (Number, NumberSymbol)):
            return bool(e.is_finite)
        if isinstance(e, Symbol):
            return not (e in self.ranges or e in self.held)
        known = isinstance(e, (Add, Mul, Pow)) or type(e).__name__ in ELEMENTWISE
        return known and not isinstance(e, AppliedUndef) and all(map(self.is_plain, e.args))

    def entry(self, e: Expr, of: Expr | None) -> Part:
        """The array of an entry (or its adjoint in ``of``), whole along the letters in sight."""
        label = label_of(e)
        places = indices_of(e)
        shape = self._shape(e, label, places)
        axes: list[Symbol] = []
        read: list[tuple[Expr, Expr | None]] = []
        for place, size in zip(places, shape, strict=True):
            if place in self.ranges:
                if self.ranges[place] != size:
                    raise NoFormError
                axes.append(place)
                read.append((size, None))
            else:
                read.append((size, self._held(place, size)))
        if len(axes) > 2:
            raise NoFormError
        form: MatrixForm = Name(label, tuple(read), of)
        if len(axes) == 2 and axes[0] == axes[1]:
            return Part(diagonal(form), (axes[0],))
        return Part(form, tuple(axes))

    def _held(self, place: Expr, size: Expr) -> Expr:
        """An index that stays the same over all axes."""
        inside = free(place)
        if not is_index_arithmetic(place) or inside.intersection(self.ranges):
            raise NoFormError
        if place in self.held and self.held[place] != size:
            raise NoFormError
        return place

    def _shape(self, e: Expr, label: Symbol, places: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """The sizes of an array's axes; those of an undeclared one from the indices' ranges."""
        declared = label.shape if isinstance(label, Label) else e.args[0].shape if e.args else ()
        if declared or not places:
            if len(declared) != len(places):
                raise NoFormError
            return tuple(declared)
        seen = tuple(self.ranges.get(p, self.held.get(p)) for p in places)
        known = self.search.shapes.get(label, (None,) * len(seen))
        if len(known) != len(seen):
            raise NoFormError
        both = tuple(a if b is None else b for a, b in zip(known, seen, strict=True))
        if any(size is None for size in both):
            raise NoFormError
        if any(a is not None and a != b for a, b in zip(known, both, strict=True)):
            raise NoFormError
        self.search.shapes[label] = both
        return tuple(size for size in both if size is not None)

    def adjoint(self, e: Total) -> Part:
        """An inert adjoint, as an array of its own."""
        if free(e.what).intersection(self.ranges) or label_of(e.by) is None:
            raise NoFormError
        if indices_of(e.by):
            return self.entry(e.by, e.what)
        return Part(Name(label_of(e.by), (), e.what))

    def delta(self, e: KroneckerDelta) -> Part:
        """The unit matrix, or a column of it where one index is held."""
        a, b = e.args[:2]
        if a not in self.ranges:
            a, b = b, a
        if a not in self.ranges or a == b:
            raise NoFormError
        if b not in self.ranges:
            return Part(Unit(self.ranges[a], self._held(b, self.ranges[a])), (a,))
        if self.ranges[a] != self.ranges[b]:
            raise NoFormError
        return Part(Identity(self.ranges[a]), (a, b) if e.args[0] == a else (b, a))

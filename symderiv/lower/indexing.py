"""Indices, guards and conditions: what decides which entries are read, and where a term counts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from sympy import Expr, Indexed, KroneckerDelta, Piecewise, Pow, S, Symbol, Tuple
from sympy.core.basic import Basic
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or

from symderiv.core.binding import free
from symderiv.core.errors import Unsupported
from symderiv.core.expr import InRange
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label
from symderiv.lower.functions import RELATIONS
from symderiv.lower.places import Place, affine, extreme
from symderiv.lower.products import Parts, Products
from symderiv.lower.program import Affine, At, Axis, Constant, Index, Input
from symderiv.lower.sums import Limits


@dataclass(slots=True)
class Indexing(Products, ABC):
    """Emits what reads indices; `Translator` knows the values of expressions.

    ``pool`` holds the axes by their range, ``taken`` the names that they bear.
    """

    defined: dict[Label, tuple[tuple[Axis, ...], Parts]] = field(default_factory=dict)
    pool: dict[tuple[Expr, Expr], list[Axis]] = field(default_factory=dict)
    taken: dict[str, None] = field(default_factory=dict)

    @abstractmethod
    def value(self, e: Expr, place: Place) -> int:
        """The register of an expression's value."""

    @abstractmethod
    def parts(self, e: Expr, place: Place, *, scaled: bool = False) -> Parts:
        """The factors of an expression."""

    # ------------------------------------------------------------ axes

    def axis(self, index: Symbol, low: Expr, high: Expr, avoid: frozenset[Axis]) -> Axis:
        """An axis of this range that is not among those to avoid; used again where possible."""
        same = self.pool.setdefault((low, high), [])
        for axis in same:
            if axis not in avoid:
                return axis
        name, count = index.name, 1
        while name in self.taken:
            count += 1
            name = f"{index.name}{count}"
        self.taken[name] = None
        same.append(Axis(name, low, high))
        return same[-1]

    def bound(
        self, body: Expr, limits: Limits, place: Place
    ) -> tuple[Place, tuple[Axis, ...], tuple[int, ...]]:
        """The place inside a binder, its axes, and masks where a limit depends on other indices."""
        extra: dict[Symbol, Axis] = {}
        masks: list[Tuple] = []
        for v, low, high in reversed(limits):
            here = place.bound(extra)
            ends = (low, high)
            if any(here.get(s) is not None for s in free(low) | free(high)):
                masks.append(Tuple(v, low, high))
                ends = (extreme(low, here, lowest=True), extreme(high, here, lowest=False))
            seen = frozenset(extra.values()).union(
                axis for s, axis in here.axes if s in free(body) or _mentions(limits, s)
            )
            extra[v] = self.axis(v, *ends, seen)
        inside = place.bound(extra, guarded=bool(masks))
        registers = []
        for v, low, high in masks:
            index = self.position(v, inside)
            for function, a, b in (("less_equal", low, v), ("less_equal", v, high)):
                if a != v and not any(inside.get(s) for s in free(a)):
                    continue
                if b != v and not any(inside.get(s) for s in free(b)):
                    continue
                pair = (
                    index if a == v else self.position(a, inside),
                    index if b == v else self.position(b, inside),
                )
                registers.append(self.apply(function, *pair))
        return inside, tuple(extra.values()), tuple(registers)

    # ------------------------------------------------------------ entries

    def position(self, e: Expr, place: Place) -> int:
        """The register of an index: integers that count from 1."""
        found = affine(e, place)
        if found is not None:
            return self.builder.emit(Index(found.axes, found))
        label = e.args[0].args[0] if isinstance(e, Indexed) else e
        if isinstance(label, Label) and label.spec.kind == "labels" and label not in self.defined:
            if isinstance(e, Indexed):
                return self.entry(e, place)
            return self.builder.emit(Input((), label.name))
        return self.apply("integer", self.value(e, place))

    def subscript(self, e: Expr, place: Place) -> Affine | At:
        found = affine(e, place)
        return found if found is not None else At(self.position(e, place))

    def entry(self, e: Indexed, place: Place) -> int:
        name = str(e.args[0].args[0])
        source = self.builder.emit(Input((), name))
        subscripts = tuple(self.subscript(x, place) for x in e.args[1:])
        return self.read(source, name, subscripts, guarded=place.guarded)

    def moved(self, register: int, where: dict[Axis, Affine | At], name: str, place: Place) -> int:
        """Entries of a computed array: its axes replaced by subscripts."""
        axes = self.builder.ops[register].axes
        if all(where[a] == Affine(((a, S.One),), S.Zero) for a in axes):
            return register
        subscripts = tuple(where[a] for a in axes)
        made = self.read(register, name, subscripts, guarded=place.guarded)
        if register in self.yielding:
            self.yielding.add(made)
        return made

    # ------------------------------------------------------------ guards

    def guard(self, e: Expr, place: Place) -> Parts | None:
        """A factor that is 0 where a condition fails: the condition as a mask, and the rest."""
        if isinstance(e, Pow) and isinstance(e.args[0], (KroneckerDelta, InRange)):
            positive = e.args[1].is_Integer and bool(e.args[1] > 0)
            return self.guard(e.args[0], place) if positive else None
        if isinstance(e, KroneckerDelta):
            pair = (self.position(a, place) for a in e.args[:2])
            return Parts((), (self.apply("equal", *pair),))
        if isinstance(e, InRange):
            index, low, high = (self.position(a, place) for a in e.args)
            return Parts(
                (), (self.apply("less_equal", low, index), self.apply("less_equal", index, high))
            )
        if isinstance(e, Piecewise) and len(e.args) == 2:
            (kept, condition), (zero, otherwise) = (pair.args for pair in e.args)
            if zero == 0 and otherwise == S.true:
                mask = Parts((), (self.condition(condition, place),))
                return mask + self.parts(kept, place.behind_guard())
        return None

    def condition(self, c: Basic, place: Place) -> int:
        """The register of a condition's truth."""
        if isinstance(c, (BooleanTrue, BooleanFalse)):
            return self.builder.emit(Constant((), bool(c)))
        if isinstance(c, Not):
            return self.apply("logical_not", self.condition(c.args[0], place))
        if isinstance(c, (And, Or)):
            name = "logical_and" if isinstance(c, And) else "logical_or"
            parts = sorted(c.args, key=str)
            out = self.condition(parts[0], place)
            for part in parts[1:]:
                out = self.apply(name, out, self.condition(part, place))
            return out
        if isinstance(c, Relational):
            sides = [self._side(a, place) for a in c.args]
            return self.apply(RELATIONS[type(c).__name__], *sides)
        raise Unsupported(
            Sentence("the condition {condition} is no comparison, and, or, not", condition=c)
        )

    def _side(self, e: Expr, place: Place) -> int:
        found = affine(e, place) if any(place.get(s) for s in free(e)) else None
        if found is not None and e.is_integer:
            return self.builder.emit(Index(found.axes, found))
        return self.value(e, place)


def _mentions(limits: Limits, s: Symbol) -> bool:
    return any(s in free(low) or s in free(high) for _, low, high in limits)

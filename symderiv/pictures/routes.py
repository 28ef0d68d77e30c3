"""The paths that a chain rule adds up: from a variable through named intermediates to the loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from sympy import Expr, Integer, S, Symbol, Tuple

from symderiv.api.backprop import Backprop
from symderiv.api.derivation import Derivation
from symderiv.api.goals import Goal, named, subject
from symderiv.api.sizes import written
from symderiv.core.binding import fresh, letters_in, names, subst
from symderiv.core.engine import Engine
from symderiv.core.errors import DataError, Unsupported
from symderiv.core.expr import Direct, Inert, Total, base_and_exponent, factors, mul, power, total
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.symbols import Label, indices_of, label_of
from symderiv.pictures.net import declared, letters_of, net_of
from symderiv.rules import STANDARD

MOST_COMPONENTS = 6
BUDGET = 1_000_000


@dataclass(frozen=True, slots=True)
class Hop:
    """From a name to one that reads it, with the derivative of that one alone."""

    before: Expr
    after: Expr
    slope: Expr

    @property
    def derivative(self) -> Direct:
        """``∂u/∂x``."""
        return Direct(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Route:
    """One path; ``limits`` are the ranges of the indices over which its term is summed."""

    hops: tuple[Hop, ...]
    limits: tuple[Tuple, ...] = ()

    @property
    def stops(self) -> tuple[Expr, ...]:
        """The entries on the path, the variable first."""
        return (self.hops[0].before, *(hop.after for hop in self.hops))

    @property
    def term(self) -> Expr:
        """What the path contributes, ``Σ_k ∂L/∂u_k · ∂u_k/∂x``."""
        factors = [hop.derivative for hop in reversed(self.hops)]
        return total(mul(*factors), *self.limits)

    @property
    def value(self) -> Expr:
        """The same with the derivatives put in."""
        found = mul(*(hop.slope for hop in reversed(self.hops)))
        return total(_with_powers(found), *self.limits)


def _with_powers(e: Expr) -> Expr:
    """A product with ``x x`` as ``x²``, where the first of them stands; nothing is cancelled."""
    raised: dict[tuple[Expr, bool], Expr] = {}
    for factor in factors(e):
        base, exponent = base_and_exponent(factor)
        if not exponent.is_Rational:
            base, exponent = factor, S.One
        key = (base, bool(exponent > 0))
        raised[key] = raised.get(key, S.Zero) + exponent
    return mul(*(power(base, exponent) for (base, _), exponent in raised.items()))


@dataclass(frozen=True, slots=True)
class Web:
    """All paths from a variable to an output."""

    goal: Total
    hops: tuple[Hop, ...]
    limits: Mapping[Expr, tuple[Tuple, ...]]

    def count(self) -> int:
        """How many paths there are; without following each."""
        ways: dict[Expr, int] = {self.goal.what: 1}

        def found(stop: Expr) -> int:
            if stop not in ways:
                ways[stop] = sum(found(hop.after) for hop in self._from(stop))
            return ways[stop]

        for hop in reversed(self.hops):
            found(hop.after)
        return found(self.goal.by)

    def routes(self) -> tuple[Route, ...]:
        """Each path."""
        return tuple(self._routes((), self.goal.by))

    def _routes(self, hops: tuple[Hop, ...], stop: Expr) -> Iterator[Route]:
        if stop == self.goal.what:
            yield Route(hops, tuple(x for hop in hops[:-1] for x in self.limits[hop.after])[::-1])
            return
        for hop in self._from(stop):
            yield from self._routes((*hops, hop), hop.after)

    def _from(self, stop: Expr) -> list[Hop]:
        return [hop for hop in self.hops if hop.before == stop]


def goal_of(what: Any, name: Any = None) -> Total:
    """The derivative whose paths are wanted.

    Raises `Unsupported` where it is not clear by which name.
    """
    if isinstance(what, Derivation) and name is None:
        goal = what.goal
        if not isinstance(goal, Inert) or label_of(goal.args[1]) is None:
            raise Unsupported(
                Sentence("{goal} is no derivative by a name; there are no paths to draw", goal=goal)
            )
        return Total(named(subject(goal.args[0]), Model.of(goal.args[0])), goal.args[1])
    bp = what if isinstance(what, Backprop) else net_of(what).bp
    if bp is None:
        raise Unsupported(Sentence("paths lead to a scalar; hand in a loss, or a derivation"))
    if name is None and len(bp.names) != 1:
        raise Unsupported(
            Sentence("paths start at one name; choose one: {order}", order=", ".join(bp.order))
        )
    goal = bp[bp.names[0] if name is None else name].goal
    assert isinstance(goal, Total)
    return goal


def web_of(goal: Total, sizes: Mapping[str, Any] | None = None) -> Web:
    """The hops from the variable of a derivative to its output.

    A name of a few components, at the sizes given, is told of component by component.
    """
    model = Model.of(goal.what, goal.by)
    x, out = declared(label_of(goal.by)), declared(label_of(goal.what))
    live = model.depends(x)
    labels = [label for label in model.labels if label in live]
    numbers = _numbers(model, sizes or {})
    places = _Places(goal, model, numbers)
    ends = {x: [(goal.by, ())], out: [(goal.what, ())]}
    stops = {label: ends.get(label) or places.of(label) for label in labels}
    slopes = _Slopes(model, numbers)
    hops = []
    for reader, definition in model.equations:
        for read in [label for label in labels if label in names(definition.body)]:
            if reader == read or reader not in stops or read == out:
                continue
            for (before, _), (after, _) in product(stops[read], stops[reader]):
                slope = slopes.at(after, before)
                if slope is not S.Zero:
                    hops.append(Hop(before, after, slope))
    limits = {entry: ranges for found in stops.values() for entry, ranges in found}
    return Web(goal, tuple(_leading(hops, goal)), limits)


def _leading(hops: list[Hop], goal: Total) -> list[Hop]:
    """Those on a path from the variable to the output."""
    from_x, to_out = {goal.by}, {goal.what}
    for hop in hops:
        if hop.before in from_x:
            from_x.add(hop.after)
    for hop in reversed(hops):
        if hop.after in to_out:
            to_out.add(hop.before)
    return [hop for hop in hops if hop.before in from_x and hop.after in to_out]


def _numbers(model: Model, sizes: Mapping[str, Any]) -> dict[Symbol, Expr]:
    known = {s.name: s for label in model.labels for size in label.shape for s in names(size)}
    for name, size in sizes.items():
        if name not in known:
            raise DataError(
                Sentence(
                    "{name} is no size of this model; it has {names}",
                    name=name,
                    names=", ".join(sorted(known)) or Sentence("none"),
                )
            )
        if not isinstance(size, int) or size < 1:
            raise DataError(
                Sentence(
                    "{name}={size}: a size is an integer of at least 1", name=name, size=repr(size)
                )
            )
    return {known[name]: Integer(size) for name, size in sizes.items()}


class _Places:
    """The entries of each name: its components, or one with index letters."""

    def __init__(self, goal: Total, model: Model, numbers: Mapping[Symbol, Expr]) -> None:
        self.numbers = numbers
        self.taken = {*model.letters, *letters_in(goal)}

    def of(self, label: Label) -> list[tuple[Expr, tuple[Tuple, ...]]]:
        """Entries, each with the ranges over which it is summed."""
        shape = [subst(size, self.numbers) for size in label.shape]
        if all(size.is_Integer for size in shape) and prod(shape) <= MOST_COMPONENTS:
            counts = product(*(range(1, int(size) + 1) for size in shape))
            return [(label.entry(*map(Integer, place)), ()) for place in counts]
        letters = [self._letter(v) for v in letters_of(label)]
        limits = tuple(Tuple(v, S.One, size) for v, size in zip(letters, shape, strict=True))
        return [(label.entry(*letters), limits)]

    def _letter(self, wanted: Symbol) -> Symbol:
        v = fresh(self.taken) if wanted.name in self.taken else wanted
        self.taken.add(v.name)
        return v


class _Slopes:
    """The derivatives of one name by another that it reads, all other names held."""

    def __init__(self, model: Model, numbers: Mapping[Symbol, Expr]) -> None:
        self.model = model
        self.numbers = numbers
        self.generic: dict[tuple[Label, Label], Any] = {}

    def at(self, after: Expr, before: Expr) -> Expr:
        """The derivative at these entries."""
        u, x = declared(label_of(after)), declared(label_of(before))
        if (u, x) not in self.generic:
            self.generic[u, x] = self._derive(u, x)
        found = self.generic[u, x]
        letters = indices_of(found.goal.what) + indices_of(found.goal.by)
        here = indices_of(after) + indices_of(before)
        line = subst(found.last, {**dict(zip(letters, here, strict=True)), **self.numbers})
        return written(line)

    def _derive(self, u: Label, x: Label) -> Any:
        taken = set(self.model.letters)
        places = []
        for label in (u, x):
            letters = []
            for _ in label.shape:
                letters.append(fresh(taken))
                taken.add(letters[-1].name)
            places.append(label.entry(*letters))
        node = Direct(*places)
        limits = tuple(
            Tuple(v, S.One, size)
            for label, place in zip((u, x), places, strict=True)
            for v, size in zip(indices_of(place), label.shape, strict=True)
        )
        goal = Goal(node, limits, self.model)
        scope = goal.scope((), facts=True, withheld=frozenset())
        return Engine(STANDARD, scope, trace=False, budget=BUDGET).lemma(node)


def stops_of(web: Web) -> list[Expr]:
    """The entries on any path, the variable first, in the order of the hops."""
    found = dict.fromkeys([web.goal.by])
    for hop in web.hops:
        found.setdefault(hop.before)
        found.setdefault(hop.after)
    return list(found)

"""An expression at fixed sizes and indices: sums written out, entries found, once for all worlds.

The worlds of a point differ in the values of entries alone. Which entries an expression reads, and
which terms a sum has, is the same in all of them, so it is worked out once. A world in which one
entry is shifted then computes anew only what reads that entry, in the same order and with the same
operations: every value is the same, to the last digit, as if all had been computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import TYPE_CHECKING, Any

from sympy import Add, Indexed, Mul, Number, NumberSymbol, Pow, S, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.core.binding import free
from symderiv.core.memo import memo
from symderiv.core.symbols import Label
from symderiv.oracle.closures import Env, integer, limits_of, program, walk
from symderiv.oracle.conditions import condition
from symderiv.oracle.numeric import Real
from symderiv.oracle.point import Key, Point

if TYPE_CHECKING:
    from symderiv.oracle.world import World

EVERYTHING = -1
MOST_TERMS = 4_000
"""A longer sum is added up as it is read."""
FEW = 6
"""So many terms are added up at once: where one changes, sums of the others are known."""


@dataclass(frozen=True, slots=True)
class Flat:
    """What an expression is in any world of a point, and which entries it reads.

    ``reads`` is None where that depends on values. Entries that are read by way of definitions are
    not listed.
    """

    run: Callable[[World], Real]
    reads: frozenset[Key] | None


def flat(e: Basic, w: World, env: Env) -> Flat:
    """The expression at these indices; remembered for the point of the world."""
    letters = _letters(e)
    key = (e, *[env.get(v) for v in letters])
    found = w.point.flat.get(key)
    if found is None:
        found = w.point.flat[key] = _flat(e, w, {v: env[v] for v in letters if v in env})
    made: Flat = found
    return made


@memo
def _letters(e: Basic) -> tuple[Symbol, ...]:
    return tuple(sorted(free(e), key=str))


def _flat(e: Basic, w: World, env: Env) -> Flat:
    make = next((make for heads, make in _MAKERS if isinstance(e, heads)), None)
    found = make(e, w, env) if make else None
    return found or _as_read(e, env)


def _as_read(e: Basic, env: Env) -> Flat:
    """What is left to the closure of the expression; of a sum, to that of its terms."""
    kept = dict(env)
    if isinstance(e, Sum):
        term, limits = program(e.args[0]), limits_of(e)
        return Flat(lambda w: sum(term(w, inner) for inner in walk(limits, w, kept)), None)
    run = program(e)
    return Flat(lambda w: run(w, kept), None)


def _constant(value: Real) -> Flat:
    return Flat(lambda _: value, frozenset())


NOTHING = _constant(0)


def _number(e: Any, w: World, env: Env) -> Flat:
    return _constant(program(e)(w, env))


def _symbol(e: Any, w: World, env: Env) -> Flat:
    value = env.get(e, w.point.sizes.get(e))
    return _entry(e, (), None) if value is None else _constant(value)


def _indexed(e: Any, w: World, env: Env) -> Flat | None:
    if not all(_is_known(x, w, env) for x in e.args[1:]):
        return None
    base = e.args[0]
    name = base.args[0]
    at = tuple([integer(x)(w, env) for x in e.args[1:]])
    return _entry(name, at, None if isinstance(name, Label) else base)


def _entry(name: Symbol, at: tuple[int, ...], base: Any) -> Flat:
    key = (name, at)

    def run(w: World) -> Real:
        found = w.values.get(key)
        return w.value(name, at, base) if found is None else found

    return Flat(run, frozenset((key,)))


def _is_known(e: Basic, w: World, env: Env) -> bool:
    """Is it the same in all worlds of the point? Class numbers are, and never shifted."""
    names = _plain_names(e)
    return names is not None and all(v in env or v in w.point.sizes for v in names)


@memo
def _plain_names(e: Basic) -> frozenset[Symbol] | None:
    """The free symbols of an expression that reads no entry but class numbers."""
    if isinstance(e, Indexed):
        name = e.args[0].args[0]
        if not isinstance(name, Label) or name.spec.kind != "labels" or name.spec.definition:
            return None
        parts = e.args[1:]
    elif isinstance(e, Symbol):
        is_class = isinstance(e, Label) and e.spec.kind == "labels" and not e.spec.definition
        return frozenset() if is_class else frozenset((e,))
    else:
        parts = e.args
    found = [_plain_names(x) for x in parts]
    known = [names for names in found if names is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def _piecewise(e: Any, w: World, env: Env) -> Flat | None:
    """The branch that holds at these indices, where that does not depend on values."""
    for branch in e.args:
        value, test = branch.args
        if not _is_known(test, w, env):
            return None
        if condition(test)(w, env):
            return _flat(value, w, env)
    return None


def _guard(e: Any, w: World, env: Env) -> Flat | None:
    return _constant(program(e)(w, env)) if _is_known(e, w, env) else None


def _add(e: Any, w: World, env: Env) -> Flat:
    first, *rest = parts = [_flat(x, w, env) for x in e.args]
    begin, others = first.run, [part.run for part in rest]

    def run(w: World) -> Real:
        out = begin(w)
        for part in others:
            out = out + part(w)
        return out

    return Flat(run, _together(parts))


def _mul(e: Any, w: World, env: Env) -> Flat | None:
    from symderiv.oracle.nodes import factors_of, is_guard, multiplied, weight_of

    parts = factors_of(e)
    guards = [x for x in parts if is_guard(x)]
    if not all(_is_known(x, w, env) for x in guards):
        return None
    if not all(program(x)(w, env) for x in guards):
        return NOTHING
    others = [x for x in parts if not is_guard(x)]
    made, weights = [_flat(x, w, env) for x in others], [weight_of(x, others) for x in others]
    runs = [part.run for part in made]
    return Flat(lambda w: multiplied(runs, weights, w), _together(made))


def _pow(e: Any, w: World, env: Env) -> Flat:
    from symderiv.oracle.nodes import power_of

    base, exponent = e.args
    if base is S.Exp1:
        return _applied(power_of(e), [_flat(exponent, w, env)])
    read = (base,) if exponent is S.NegativeOne else (base, exponent)
    return _applied(power_of(e), [_flat(x, w, env) for x in read])


def _function(e: Any, w: World, env: Env) -> Flat | None:
    from symderiv.oracle.nodes import function_of

    function = function_of(e)
    return function and _applied(function, [_flat(x, w, env) for x in e.args])


def _applied(function: Callable[..., Real], parts: Sequence[Flat]) -> Flat:
    runs = [part.run for part in parts]
    if len(runs) == 1:
        (only,) = runs
        return Flat(lambda w: function(only(w)), parts[0].reads)
    return Flat(lambda w: function(*[run(w) for run in runs]), _together(parts))


def _together(parts: Iterable[Flat]) -> frozenset[Key] | None:
    reads = [part.reads for part in parts]
    known = [keys for keys in reads if keys is not None]
    return frozenset().union(*known) if len(known) == len(reads) else None


def _sum(e: Any, w: World, env: Env) -> Flat | None:
    bound = {v for v, *_ in e.args[1:]}
    ends = (x for limit in e.args[1:] for x in limit.args[1:])
    if not all(_is_known(x, w, dict.fromkeys(bound, 1) | env) for x in ends):
        return None
    inside = [dict(x) for x in islice(walk(limits_of(e), w, env), MOST_TERMS + 1)]
    if len(inside) > MOST_TERMS:
        return None
    terms = [_flat(e.args[0], w, x) for x in inside]
    return _added([term for term in terms if term is not NOTHING])


def _added(terms: list[Flat]) -> Flat:
    """The sum of some terms; of many, the sum of sums of a few."""
    while len(terms) > FEW:
        terms = [_added(terms[k : k + FEW]) for k in range(0, len(terms), FEW)]
    return Flat(_Written(terms), _together(terms)) if terms else NOTHING


class _Written:
    """A sum, term by term."""

    __slots__ = ("deep", "near", "terms")

    def __init__(self, terms: list[Flat]) -> None:
        self.terms = terms
        self.near: list[int] = []
        self.deep: list[int] = []

    def __call__(self, w: World) -> Real:
        found = w.sums.get(self)
        if found is None:
            found = w.sums[self] = self._of(w)
        return found

    def _of(self, w: World) -> Real:
        parent = w.parent
        if parent is None or not w.follows_parent():
            return sum(self._values(w))
        bit = _bit(w.key, w.point)
        changed = [k for k, bits in enumerate(self._masks(w)) if bits & bit]
        if not changed:
            return self(parent)
        values = list(self._values(parent))
        for k in changed:
            values[k] = self.terms[k].run(w)
        w.terms[self] = values
        return sum(values)

    def _values(self, w: World) -> Sequence[Real]:
        found = w.terms.get(self)
        if found is None:
            if w.parent is not None and w.follows_parent():
                self(w)
                return w.terms.get(self) or self._values(w.parent)
            found = w.terms[self] = [term.run(w) for term in self.terms]
        return found

    def _masks(self, w: World) -> list[int]:
        """Which entries each term reads, by way of definitions too if the world follows them."""
        if w.downstream:
            self.deep = self.deep or [_bits(term, w, _rested_on) for term in self.terms]
            return self.deep
        self.near = self.near or [_bits(term, w, _itself) for term in self.terms]
        return self.near


def _bits(part: Flat, w: World, of: Callable[[Key, World], int]) -> int:
    if part.reads is None:
        return EVERYTHING
    return reduce(or_, (of(at, w) for at in part.reads), 0)


def _itself(entry: Key, w: World) -> int:
    return _bit(entry, w.point)


def rests(entry: Key, w: World) -> bool:
    """Does an entry rest on the one that the world shifts, by its definition?"""
    bit = _bit(w.key, w.point)
    return bool(_rested_on(entry, w) & bit)


def _bit(key: Any, point: Point) -> int:
    found = point.bits.get(key)
    if found is None:
        found = point.bits[key] = 1 << len(point.bits)
    return found


def _rested_on(entry: Key, w: World) -> int:
    """The entries that one rests on and itself, as bits; all of them where it is not known."""
    known = w.point.rested
    todo = [entry]
    while todo:
        at = todo[-1]
        part = None if at in known else defined(*at, w)
        reads = frozenset() if part is None else part.reads
        if reads is None:
            known[at] = EVERYTHING
        missing = [x for x in reads or () if x not in known]
        todo += missing
        if not missing:
            todo.pop()
            bits = (known[x] for x in reads or ())
            known.setdefault(at, reduce(or_, bits, _bit(at, w.point)))
    return known[entry]


def defined(name: Symbol, at: tuple[int, ...], w: World) -> Flat | None:
    """The definition of an entry; None for one that has none."""
    definition = name.spec.definition if isinstance(name, Label) else None
    if definition is None:
        return None
    return flat(definition.body, w, dict(zip(definition.indices, at, strict=True)))


_Maker = Callable[[Any, "World", Env], "Flat | None"]


def _makers() -> tuple[tuple[type | tuple[type, ...], _Maker], ...]:
    from sympy import Function, KroneckerDelta, Max, Min, Piecewise

    from symderiv.core.expr import InRange

    return (
        ((Number, NumberSymbol), _number),
        (Symbol, _symbol),
        (Indexed, _indexed),
        ((KroneckerDelta, InRange), _guard),
        (Add, _add),
        (Mul, _mul),
        (Pow, _pow),
        (Sum, _sum),
        (Piecewise, _piecewise),
        ((Function, Max, Min), _function),
    )


_MAKERS = _makers()

"""A claim: two expressions are equal wherever their indices may stand; and testing it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import TypeVar

from sympy import Eq, Expr, IndexedBase, Integer, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.core.binding import free
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label
from symderiv.oracle.closures import Env, integer, program
from symderiv.oracle.conditions import condition
from symderiv.oracle.dimensions import loose
from symderiv.oracle.numeric import DomainError, PoleError, RangeError, Real, finite
from symderiv.oracle.point import SIMPLE, Point, draw, draws
from symderiv.oracle.report import Counterexample, plain, shortened
from symderiv.oracle.wording import CANNOT, FALSE_FACT
from symderiv.oracle.world import World

Prepare = Callable[[World], None]
T = TypeVar("T")
PLACES = 8
LONG = 12
TRIALS = 300
MANY = 500
"""So many places of a claim are listed."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition, or a factor that is 0 or 1, that has to be ``wanted`` for a place to count."""

    test: Basic
    wanted: bool = True

    def passes(self, world: World, env: Env) -> bool:
        """Does the guard let this place through?"""
        if isinstance(self.test, Expr):
            return bool(program(self.test)(world, env)) is self.wanted
        return condition(self.test)(world, env) is self.wanted


Scope = tuple[Tuple | Guard, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """``left = right`` at every place of a scope.

    The scope lists limits and guards from the outside in. ``provided`` holds the side conditions:
    an inequality restricts the claim, an equation is a fact that has to be true.
    """

    rule: str
    left: Expr
    right: Expr
    scope: Scope = ()
    provided: tuple[Basic, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What testing a claim showed so far."""

    points: int = 0
    worst: float = 0.0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a claim is wrong, and how."""

    point: Point
    env: Env = field(default_factory=dict)
    left: Real | None = None
    right: Real | None = None
    problem: str = ""
    by_fact: bool = False


class FactFailure(Exception):
    """A fact that a step rests on is false."""

    def __init__(self, told: Sentence) -> None:
        super().__init__(told)
        self.told = told


def places(
    scope: Scope, world: World, env: Env, *, guarded: bool = True, every: bool = False,
    source: random.Random | None = None,
) -> Iterator[Env]:  # fmt: skip
    """The assignments of the indices that the limits allow and the guards let through.

    Of a long range only some values are taken unless ``every`` one is wanted; two indices of one
    range take the same ones, so that they meet. With a ``source``, each range is gone through in an
    order that is drawn from it.
    """
    found = _early(scope) if guarded else tuple(x for x in scope if not isinstance(x, Guard))
    return _places(found, world, env, every, source)


def _places(
    scope: Scope, world: World, env: Env, every: bool, source: random.Random | None
) -> Iterator[Env]:
    if not scope:
        yield env
        return
    first, rest = scope[0], scope[1:]
    if isinstance(first, Guard):
        if first.passes(world, env):
            yield from _places(rest, world, env, every, source)
        return
    v, low, high = first
    values: Sequence[int] = range(integer(low)(world, env), integer(high)(world, env) + 1)
    values = values if every else _some(values, LONG)
    for value in source.sample(values, len(values)) if source else values:
        yield from _places(rest, world, {**env, v: value}, every, source)


@memo
def _early(scope: Scope) -> Scope:
    """Each guard right after the last limit that it needs, and after the guards before it.

    The places stay the same; most of those that a guard shuts out are never built.
    """
    out: list[Tuple | Guard] = []
    for part in scope:
        at = len(out)
        if isinstance(part, Guard):
            while at and _may_pass(part, out[at - 1]):
                at -= 1
        out.insert(at, part)
    return tuple(out)


def _may_pass(guard: Guard, before: Tuple | Guard) -> bool:
    """May a guard be tested before what stands before it?"""
    return not isinstance(before, Guard) and before[0] not in free(guard.test)


def _tested(claim: Claim, world: World, limit: int, *, guarded: bool) -> Sequence[Env]:
    """At most ``limit`` places of a claim, the same ones every time.

    They are chosen among all places. A claim about arrays of many axes has too many to list: where
    there are more than `MANY`, the first is taken, and each other one is the first that is found
    when every range is gone through in an order of its own. Sizes are not made smaller for this, so
    different dimensions still have different sizes.
    """
    found = list(islice(places(claim.scope, world, {}, guarded=guarded), MANY + 1))
    if len(found) <= MANY:
        return _some(found, limit)
    drawn = [found[0]]
    for turn in range(1, limit):
        source = random.Random(f"{world.point.seed}|{turn}")  # noqa: S311 - repeatable, no secret
        drawn.append(next(places(claim.scope, world, {}, guarded=guarded, source=source)))
    return drawn


def examine(
    claim: Claim, world: World, tolerance: float, *, guarded: bool = True, limit: int = PLACES
) -> Outcome:
    """Test a claim in one world, at some of its places if there are many; stop at a failure."""
    outcome = Outcome()
    for env in _tested(claim, world, limit, guarded=guarded):
        try:
            if not _applies(claim, world, env, tolerance):
                continue
            left = finite(program(claim.left)(world, env))
        except FactFailure as failure:
            outcome.failure = Failure(world.point, env, None, None, failure.told, True)
            return outcome
        except (DomainError, RangeError):
            continue
        _compare(claim, world, env, left, tolerance, outcome)
        if outcome.failure:
            return outcome
    return outcome


def _compare(
    claim: Claim, world: World, env: Env, left: Real, tolerance: float, outcome: Outcome
) -> None:
    """Compare the right side with a left side that is a number."""
    try:
        right = finite(program(claim.right)(world, env))
    except PoleError:
        return
    except RangeError as error:
        told = Sentence(CANNOT, expression=claim.right, reason=error.told)
        outcome.failure = Failure(world.point, env, left, None, told)
        return
    except DomainError:
        outcome.failure = Failure(world.point, env, left, None)
        return
    apart = float(abs(left - right) / (1 + max(abs(left), abs(right))))
    if apart > tolerance:
        outcome.failure = Failure(world.point, env, left, right)
        return
    outcome.points += 1
    outcome.worst = max(outcome.worst, apart)


def _some(found: Sequence[T], limit: int) -> Sequence[T]:
    """At most so many, the first and the last among them, the same ones every time."""
    if len(found) <= limit:
        return found
    middle = random.Random(len(found)).sample(range(1, len(found) - 1), limit - 2)  # noqa: S311
    return [found[k] for k in (0, *sorted(middle), len(found) - 1)]


def _applies(claim: Claim, world: World, env: Env, tolerance: float) -> bool:
    """Do the side conditions hold here?

    Raises:
        FactFailure: An equation among them is false.
    """
    for relation in claim.provided:
        for inner in places(loose(relation, env, world.point.sizes), world, env):
            if isinstance(relation, Eq):
                if not _fact(relation, world, inner, tolerance):
                    return False
            elif not condition(relation)(world, inner):
                return False
    return True


def _fact(relation: Eq, world: World, env: Env, tolerance: float) -> bool:
    left, right = (program(side)(world, env) for side in relation.args)
    if float(abs(left - right)) <= tolerance * (1 + float(abs(right))):
        return True
    if isinstance(left, int) and isinstance(right, int) and not _has_entries(relation):
        return False  # i = j restricts the claim
    sides = {"left": f"{float(left):.6g}", "right": f"{float(right):.6g}"}
    raise FactFailure(Sentence(FALSE_FACT, fact=relation, **sides))


def _has_entries(relation: Basic) -> bool:
    return any(isinstance(x, Label) or type(x).__name__ == "Indexed" for x in _every(relation))


def _every(e: Basic) -> Iterator[Basic]:
    yield e
    for part in e.args:
        yield from _every(part)


# ---------------------------------------------------------------- the smallest counterexample


def smallest(
    claim: Claim, found: Failure, sizes: Mapping[Symbol, int], seed: int, tolerance: float,
    prepare: Prepare | None = None,
) -> Counterexample:  # fmt: skip
    """A counterexample at sizes as small and with numbers as simple as can be found.

    ``sizes`` has the least of each size.
    """
    for point in _trials(sizes, seed):
        world = World(point)
        try:
            if prepare:
                prepare(world)
            failure = examine(claim, world, tolerance, limit=64).failure
        except (DomainError, RangeError):
            continue
        if failure:
            found = failure
            break
    return describe(claim, found, prepare)


def _trials(sizes: Mapping[Symbol, int], seed: int) -> Iterator[Point]:
    """Points from small and simple to larger."""
    tuples = sorted(product((1, 2, 3), repeat=min(len(sizes), 6)), key=lambda t: (sum(t), t))
    count = 0
    for numbers in tuples:
        table = {s: least - 1 + numbers[k % 6] for k, (s, least) in enumerate(sizes.items())}
        for turn, style in product(range(6), SIMPLE):
            yield draw(table, seed + turn, style)
            count += 1
        yield from _first(draws(table, seed), 2)
        if count > TRIALS:
            return


def _first(found: Iterator[Point], count: int) -> Iterator[Point]:
    for point, _ in zip(found, range(count), strict=False):
        yield point


def describe(claim: Claim, failure: Failure, prepare: Prepare | None = None) -> Counterexample:
    """A failure as a reader wants it, with the numbers that the two sides read."""
    point = Point(failure.point.sizes, failure.point.seed, failure.point.style)
    world = World(point)
    if prepare:
        prepare(world)
    sides = (claim.left, claim.right)
    for e in claim.provided if failure.by_fact else sides:
        try:
            program(e)(world, failure.env) if isinstance(e, Expr) else _read(e, world, failure.env)
        except (DomainError, RangeError):
            continue
    sizes = sorted(point.sizes.items(), key=lambda x: x[0].name)
    values = [
        (name.name + (f"[{', '.join(map(str, at))}]" if at else ""), plain(value))
        for (name, at), value in point.values.items()
    ]
    return Counterexample(
        claim.rule,
        claim.left,
        claim.right,
        tuple((s.name, k) for s, k in sizes),
        tuple((v.name, value) for v, value in failure.env.items()),
        tuple(values),
        None if failure.left is None else shortened(failure.left),
        None if failure.right is None else shortened(failure.right),
        failure.problem,
        (*(s for s, _ in sizes), *failure.env, *(_entry(name, at) for name, at in point.values)),
    )


def _entry(name: Symbol, at: Sequence[int]) -> Expr:
    """``w_1``, as formulas have it."""
    if not at:
        return name
    where = tuple(map(Integer, at))
    return name.entry(*where) if isinstance(name, Label) else IndexedBase(name)[where]


def _read(relation: Basic, world: World, env: Env) -> None:
    for inner in places(loose(relation, env, world.point.sizes), world, env):
        condition(relation)(world, inner)

"""A claim: two expressions are equal wherever their indices may stand; and testing it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeVar

from sympy import Eq, Expr, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.core.symbols import Label
from symderiv.oracle.closures import Env, integer, program
from symderiv.oracle.conditions import condition
from symderiv.oracle.dimensions import loose
from symderiv.oracle.numeric import DomainError, PoleError, RangeError, Real, finite
from symderiv.oracle.point import SIMPLE, Point, draw, draws
from symderiv.oracle.report import Counterexample, plain, shortened, written
from symderiv.oracle.wording import CANNOT, FALSE_FACT, Sentence
from symderiv.oracle.world import World

Prepare = Callable[[World], None]
T = TypeVar("T")
PLACES = 8
LONG = 12
TRIALS = 300


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


@dataclass(frozen=True, slots=True)
class Claim:
    """``left = right`` at every place of a scope.

    The scope lists limits and guards from the outside in. ``provided`` holds the side conditions:
    an inequality restricts the claim, an equation is a fact that has to be true.
    """

    rule: str
    left: Expr
    right: Expr
    scope: tuple[Tuple | Guard, ...] = ()
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
    scope: tuple[Tuple | Guard, ...], world: World, env: Env, *, guarded: bool = True,
    every: bool = False,
) -> Iterator[Env]:  # fmt: skip
    """The assignments of the indices that the limits allow and the guards let through.

    Of a long range only some values are taken unless ``every`` one is wanted; two indices of one
    range take the same ones, so that they meet.
    """
    if not scope:
        yield env
        return
    first, rest = scope[0], scope[1:]
    if isinstance(first, Guard):
        if not guarded or first.passes(world, env):
            yield from places(rest, world, env, guarded=guarded, every=every)
        return
    v, low, high = first
    values: Sequence[int] = range(integer(low)(world, env), integer(high)(world, env) + 1)
    for value in values if every else _some(values, LONG):
        yield from places(rest, world, {**env, v: value}, guarded=guarded, every=every)


def examine(
    claim: Claim, world: World, tolerance: float, *, guarded: bool = True, limit: int = PLACES
) -> Outcome:
    """Test a claim in one world, at some of its places if there are many; stop at a failure."""
    outcome = Outcome()
    for env in _some(list(places(claim.scope, world, {}, guarded=guarded)), limit):
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
        told = Sentence(CANNOT, expression=written(claim.right), reason=error.told)
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
    raise FactFailure(Sentence(FALSE_FACT, fact=written(relation), **sides))


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
    values = [
        (name.name + (f"[{', '.join(map(str, at))}]" if at else ""), plain(value))
        for (name, at), value in point.values.items()
    ]
    return Counterexample(
        claim.rule,
        claim.left,
        claim.right,
        tuple((s.name, k) for s, k in sorted(point.sizes.items(), key=lambda x: x[0].name)),
        tuple((v.name, value) for v, value in failure.env.items()),
        tuple(values),
        None if failure.left is None else shortened(failure.left),
        None if failure.right is None else shortened(failure.right),
        failure.problem,
    )


def _read(relation: Basic, world: World, env: Env) -> None:
    for inner in places(loose(relation, env, world.point.sizes), world, env):
        condition(relation)(world, inner)

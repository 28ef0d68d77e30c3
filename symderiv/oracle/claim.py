"""A claim: two expressions are equal wherever their indices may stand; and testing it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from sympy import Eq, Expr, Tuple
from sympy.core.basic import Basic

from symderiv.core.binding import free
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label
from symderiv.oracle.agreement import compared
from symderiv.oracle.closures import Env, integer, program, value
from symderiv.oracle.conditions import condition
from symderiv.oracle.dimensions import loose
from symderiv.oracle.numeric import DomainError, PoleError, RangeError, Real, finite
from symderiv.oracle.point import Point
from symderiv.oracle.wording import CANNOT, FALSE_FACT
from symderiv.oracle.world import World

T = TypeVar("T")
PLACES = 8
LONG = 12
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
    numbers: Sequence[int] = range(integer(low)(world, env), integer(high)(world, env) + 1)
    numbers = numbers if every else _some(numbers, LONG)
    for number in source.sample(numbers, len(numbers)) if source else numbers:
        yield from _places(rest, world, {**env, v: number}, every, source)


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
    claim: Claim,
    world: World,
    tolerance: float | None = None,
    *,
    guarded: bool = True,
    limit: int = PLACES,
) -> Outcome:
    """Test a claim in one world, at some of its places if there are many; stop at a failure.

    When two values count as equal, `symderiv.oracle.agreement` says.
    """
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
    claim: Claim, world: World, env: Env, left: Real, tolerance: float | None, outcome: Outcome
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
    try:
        found = compared((claim.left, claim.right), (left, right), world, env, tolerance)
    except DomainError:
        return
    if not found.equal:
        outcome.failure = Failure(world.point, env, found.left, found.right)
        return
    outcome.points += 1
    outcome.worst = max(outcome.worst, found.error)


def _some(found: Sequence[T], limit: int) -> Sequence[T]:
    """At most so many, the first and the last among them, the same ones every time."""
    if len(found) <= limit:
        return found
    middle = random.Random(len(found)).sample(range(1, len(found) - 1), limit - 2)  # noqa: S311
    return [found[k] for k in (0, *sorted(middle), len(found) - 1)]


def _applies(claim: Claim, world: World, env: Env, tolerance: float | None) -> bool:
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


def _fact(relation: Eq, world: World, env: Env, tolerance: float | None) -> bool:
    left, right = (value(side, world, env) for side in relation.args)
    if isinstance(left, int) and isinstance(right, int) and not _has_entries(relation):
        return left == right  # i = j restricts the claim
    if compared(relation.args, (left, right), world, env, tolerance).equal:
        return True
    sides = {"left": f"{float(left):.6g}", "right": f"{float(right):.6g}"}
    raise FactFailure(Sentence(FALSE_FACT, fact=relation, **sides))


def _has_entries(relation: Basic) -> bool:
    return any(isinstance(x, Label) or type(x).__name__ == "Indexed" for x in _every(relation))


def _every(e: Basic) -> Iterator[Basic]:
    yield e
    for part in e.args:
        yield from _every(part)

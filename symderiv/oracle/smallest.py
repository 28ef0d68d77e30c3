"""The smallest counterexample of a claim that is wrong, as a reader wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from sympy import Expr, IndexedBase, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.core.symbols import Label
from symderiv.oracle.claim import Claim, Failure, examine, places
from symderiv.oracle.closures import Env, program
from symderiv.oracle.conditions import condition
from symderiv.oracle.dimensions import loose
from symderiv.oracle.numeric import DomainError, RangeError
from symderiv.oracle.point import SIMPLE, Point, draw, draws
from symderiv.oracle.report import Counterexample, plain, shortened
from symderiv.oracle.world import World

Prepare = Callable[[World], None]
TRIALS = 300


def smallest(
    claim: Claim, found: Failure, sizes: Mapping[Symbol, int], seed: int, tolerance: float | None,
    prepare: Prepare | None = None,
) -> Counterexample:  # fmt: skip
    """A counterexample at sizes as small and with numbers as simple as can be found.

    ``sizes`` has the least of each size.
    """
    for point in _trials(sizes, seed):
        try:
            world = World(point).prepared(prepare)
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
    world = World(point).prepared(prepare)
    sides = (claim.left, claim.right)
    for e in claim.provided if failure.by_fact else sides:
        try:
            program(e)(world, failure.env) if isinstance(e, Expr) else _read(e, world, failure.env)
        except (DomainError, RangeError):
            continue
    left, right = failure.left, failure.right
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
        None if left is None else shortened(left, right),
        None if right is None else shortened(right, left),
        failure.problem,
        (*(s for s, _ in sizes), *failure.env, *(_entry(name, at) for name, at in point.values)),
        None if left is None or right is None else float(abs(left - right)),
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

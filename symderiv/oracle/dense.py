"""What a line means at concrete sizes, in sixty digits. It knows no rule.

A sum is added up, an inert derivative is a central difference, a name given by ``let`` is computed
from its definition. Entries are perturbed freely: those of a distribution one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy import Symbol
from sympy.core.basic import Basic

from symderiv.core.errors import SymderivError
from symderiv.core.model import Model
from symderiv.oracle.closures import value
from symderiv.oracle.conditions import condition
from symderiv.oracle.numeric import DomainError, Real
from symderiv.oracle.point import Point, draws
from symderiv.oracle.world import World


class NoPointError(SymderivError, ValueError):
    """No point was found at which an expression is a finite real number."""


def evaluate(e: Basic, point: Point, indices: Mapping[Symbol, int] | None = None) -> Real:
    """The number that an expression is at a point.

    Args:
        e: An expression; inert derivatives and binders included.
        point: Sizes and numbers, from `sample_point`.
        indices: The values of the free indices.

    Raises:
        DomainError: The value is not a finite real number at this point.
        RangeError: An entry is read that its array does not have.

    Example:
        >>> from sympy import IndexedBase, Sum, symbols
        >>> i, n = symbols("i n", integer=True)
        >>> int(evaluate(Sum(i**2, (i, 1, n)), sample_point(Model(), (), {n: 3})))
        14
    """
    return value(e, World(point), dict(indices or {}))


def sample_point(
    model: Model,
    expressions: Iterable[Basic],
    sizes: Mapping[Symbol, int],
    seed: int = 0,
    *,
    far: bool = False,
) -> Point:
    """A point at which some expressions without free indices, and the model, have real values.

    Numbers are drawn from about ±1.2 first (±8 if ``far``), then from other ranges until the domain
    is met.

    Raises:
        NoPointError: No range that was tried keeps every value real and finite.
    """
    wanted = list(expressions)
    why = ""
    for point in draws(sizes, seed, far=far):
        world = World(point)
        try:
            for label, _ in model.equations:
                for at in world.entries(label):
                    world.value(label, at)
            for e in wanted:
                value(e, world, {})
        except DomainError as error:
            why = str(error)
            continue
        return point
    shown = ", ".join(map(str, wanted)) or "the model"
    raise NoPointError(f"no point was found at which {shown} is real and finite: {why}")


def holds(e: Basic, world: World, env: dict[Symbol, Any]) -> bool:
    """Is a condition true in a world?"""
    return condition(e)(world, env)

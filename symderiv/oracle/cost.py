"""About how long numbers take, told from the sizes that are given as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod

from sympy import Integer
from sympy.core.basic import Basic

from symderiv.core.expr import BINDERS, Inert
from symderiv.core.memo import memo
from symderiv.core.model import Model

SMALL = 5
"""The largest number that is tried for a size which has a name."""
ENOUGH = 3_000_000
"""So many nodes are computed in about two seconds."""
MOST = 4 * ENOUGH


@memo
def nodes(e: Basic) -> int:
    """About how many nodes have to be computed for the value of an expression.

    >>> from sympy import Sum, Symbol
    >>> i, x = Symbol("i"), Symbol("x")
    >>> nodes(Sum(i * x, (i, 1, 100)))
    300
    """
    if isinstance(e, BINDERS):
        return int(nodes(e.args[0]) * prod(_length(high) for _, _, high in e.args[1:]))
    if isinstance(e, Inert):
        return 2 * nodes(e.args[0]) + 1
    return 1 + sum(map(nodes, e.args))


def _length(high: Basic) -> int:
    return max(int(high), 1) if isinstance(high, Integer) else SMALL


def work(model: Model, expressions: Iterable[Basic]) -> int:
    """About how many nodes are computed when all expressions are, at one place."""
    definitions = (
        nodes(definition.body) * prod(map(_length, label.shape))
        for label, definition in model.equations
    )
    return sum(map(nodes, expressions)) + sum(definitions)


def fewer(turns: int, places: int) -> Iterator[tuple[int, int]]:
    """Ever fewer choices of numbers, and places at each."""
    yield turns, places
    for some in ((3, 8), (3, 3), (1, 3)):
        yield min(some[0], turns), min(some[1], places)

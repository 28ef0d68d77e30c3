"""Which symbols are sizes, which are indices that nobody declared, and which sizes to try."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping

from sympy import Indexed, Integer, S, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.core.binding import free
from symderiv.core.expr import BINDERS, InRange
from symderiv.core.memo import memo
from symderiv.core.model import Model
from symderiv.core.symbols import Label


def dimensions(model: Model, expressions: Iterable[Basic], limits: Iterable[Tuple]) -> list[Symbol]:
    """Every symbol that stands in the shape of an array or in a limit and is no index, by name."""
    limits = list(limits)
    indices = {v for v, _, _ in limits}
    found: set[Symbol] = set()
    for _, low, high in limits:
        found |= (free(low) | free(high)) - indices
    for label in model.labels:
        sizes = (*label.shape, *((label.spec.classes,) if label.spec.classes is not None else ()))
        found = found.union(*map(free, sizes))
        if label.spec.definition is not None:
            found |= _in_limits(label.spec.definition.body) - set(label.spec.definition.indices)
    for e in expressions:
        found |= _in_limits(e) - indices
    return sorted((s for s in found if not isinstance(s, Label)), key=lambda s: s.name)


@memo
def _in_limits(e: Basic) -> frozenset[Symbol]:
    """The symbols in limits and range guards that no binder outside them binds."""
    if isinstance(e, BINDERS):
        out = _in_limits(e.args[0])
        for v, low, high in e.args[1:]:
            out = (out - {v}) | free(low) | free(high)
        return out
    if isinstance(e, InRange):
        return free(e.args[1]) | free(e.args[2])
    return frozenset().union(*map(_in_limits, e.args))


def loose(e: Basic, env: Collection[Symbol], sizes: Collection[Symbol]) -> tuple[Tuple, ...]:
    """Free symbols at the index of a declared array that nothing binds, with their ranges."""
    found: dict[Symbol, Tuple] = {}
    for v, size in _at_axes(e):
        if v not in env and v not in sizes and v not in found:
            found[v] = Tuple(v, S.One, size)
    return tuple(found.values())


@memo
def _at_axes(e: Basic) -> tuple[tuple[Symbol, Basic], ...]:
    """Free symbols that stand at an axis of a declared array, with the size of the axis."""
    if isinstance(e, Indexed):
        name = e.args[0].args[0]
        shape = name.shape if isinstance(name, Label) else ()
        here = zip(e.args[1:], shape, strict=False)
        found = [(v, n) for v, n in here if isinstance(v, Symbol) and not isinstance(v, Label)]
        return (*found, *(pair for x in e.args[1:] for pair in _at_axes(x)))
    if isinstance(e, BINDERS):
        bound = {v for v, _, _ in e.args[1:]}
        return tuple(pair for pair in _at_axes(e.args[0]) if pair[0] not in bound)
    return tuple(dict.fromkeys(pair for x in e.args for pair in _at_axes(x)))


def least_sizes(dims: Iterable[Symbol], expressions: Iterable[Basic]) -> dict[Symbol, int]:
    """The least of each size: an array has every entry that is read with numbers for indices."""
    least = dict.fromkeys(dims, 1)
    for e in expressions:
        for size, place in _concrete(e):
            if size in least:
                least[size] = max(least[size], place)
    return least


@memo
def _concrete(e: Basic) -> tuple[tuple[Basic, int], ...]:
    """The numbers at axes of declared arrays, with the size of the axis."""
    found = tuple(dict.fromkeys(pair for x in e.args for pair in _concrete(x)))
    if not isinstance(e, Indexed):
        return found
    name = e.args[0].args[0]
    here = zip(e.args[1:], name.shape if isinstance(name, Label) else (), strict=False)
    return (*found, *((size, int(at)) for at, size in here if isinstance(at, Integer)))


def longest(model: Model, expressions: Iterable[Basic], limits: Iterable[Tuple]) -> int:
    """The largest number that is a size of an array or an end of a range, the model's included."""
    found = [end for limit in limits for end in limit.args[1:]]
    found += [size for label in model.labels for size in label.shape]
    for e in (*expressions, *(definition.body for _, definition in model.equations)):
        found += _ends(e)
    return max((int(end) for end in found if isinstance(end, Integer)), default=1)


@memo
def _ends(e: Basic) -> tuple[Basic, ...]:
    found = dict.fromkeys(end for x in e.args for end in _ends(x))
    if isinstance(e, BINDERS):
        found |= dict.fromkeys(end for limit in e.args[1:] for end in limit.args[1:])
    return tuple(found)


def plan(
    dims: Iterable[Symbol], count: int, seed: int, least: Mapping[Symbol, int] | None = None
) -> list[dict[Symbol, int]]:
    """So many choices of sizes: all 1 first, then different dimensions get different sizes.

    No size is below its ``least``.
    """
    sizes = _plan(list(dims), count, seed)
    least = least or {}
    return [{s: max(k, least.get(s, 1)) for s, k in one.items()} for one in sizes]


def _plan(dims: list[Symbol], count: int, seed: int) -> list[dict[Symbol, int]]:
    cycle = (2, 3, 4) if len(dims) <= 3 else (2, 3, 4, 5)
    out: list[dict[Symbol, int]] = []
    for turn in range(count):
        if turn == 0 and dims and count > 1:
            out.append(dict.fromkeys(dims, 1))
        elif turn <= 3:
            out.append({s: cycle[(k + turn - 1) % len(cycle)] for k, s in enumerate(dims)})
        else:
            source = random.Random(f"{seed}|{turn}")  # noqa: S311
            out.append({s: source.randint(1, 4) for s in dims})
    return out

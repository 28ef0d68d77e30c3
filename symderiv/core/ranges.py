"""Over what an index runs: read off the arrays that it indexes."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Indexed, Piecewise, S, Symbol
from sympy.core.basic import Basic

from symderiv.core.binding import EMPTY, free
from symderiv.core.errors import ShapeError
from symderiv.core.expr import BINDERS, InRange
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label, label_of

Range = tuple[Expr, Expr]
Bound = dict[Symbol, Range]


def _entries(e: Basic, bound: Bound) -> Iterator[tuple[Indexed, Bound]]:
    """Every entry with the ranges of the indices bound around it, in reading order."""
    if isinstance(e, Indexed):
        yield e, bound
    if isinstance(e, BINDERS):
        for v, low, high in reversed(e.args[1:]):
            yield from _entries(low, bound)
            yield from _entries(high, bound)
            bound = {**bound, v: (low, high)}
        yield from _entries(e.args[0], bound)
    else:
        for x in e.args:
            yield from _entries(x, bound)


def axis_ranges(*expressions: Basic) -> dict[tuple[Basic, int], Range]:
    """The range of every axis: declared, or, for a plain IndexedBase, the one it is summed over."""
    found: dict[tuple[Basic, int], Range | None] = {}
    for e in expressions:
        for entry, bound in _entries(e, {}):
            base, label = entry.args[0], label_of(entry)
            shape = label.shape if isinstance(label, Label) else base.shape
            for axis, v in enumerate(entry.args[1:]):
                if shape is not None:
                    found[base, axis] = (S.One, shape[axis])
                elif v in bound:
                    known = found.setdefault((base, axis), bound[v])
                    if known != bound[v]:
                        found[base, axis] = None
    return {k: r for k, r in found.items() if r is not None}


def check_ranges(e: Basic) -> None:
    """Refuse a sum that surely reads past the end of a declared array.

    Raises `ShapeError`. An expression with conditions may guard what it reads, and passes.
    """
    if e.has(Piecewise, InRange):
        return
    for entry, bound in _entries(e, {}):
        label = label_of(entry)
        if not isinstance(label, Label):
            continue
        for v, size in zip(entry.args[1:], label.shape, strict=False):
            if v not in bound:
                continue
            low, high = bound[v]
            if low.is_Integer and low < 1:
                raise ShapeError(
                    Sentence(
                        "formulas count from 1, but {v} in {entry} starts at {low}; {name} has "
                        "entries "
                        "1 to {size}",
                        v=v,
                        entry=entry,
                        low=low,
                        name=label.name,
                        size=size,
                    )
                )
            if (high - size).is_positive:
                raise ShapeError(
                    Sentence(
                        "{v} in {entry} runs to {high}, but {name} has entries 1 to {size}",
                        v=v,
                        entry=entry,
                        high=high,
                        name=label.name,
                        size=size,
                    )
                )


def free_ranges(*expressions: Basic) -> dict[Symbol, Range]:
    """The ranges of the free indices of some expressions, in reading order.

    Raises `ShapeError` if one index runs over two different sizes.
    """
    axes = axis_ranges(*expressions)
    sizes = EMPTY.union(*(free(high) for _, high in axes.values()))  # z[n] is the last entry
    out: dict[Symbol, Range] = {}
    where: dict[Symbol, Expr] = {}
    for e in expressions:
        for entry, bound in _entries(e, {}):
            for axis, v in enumerate(entry.args[1:]):
                if not isinstance(v, Symbol) or isinstance(v, Label) or v in bound or v in sizes:
                    continue
                size = axes.get((entry.args[0], axis))
                if size is None:
                    out.setdefault(v, (S.One, S.Infinity))
                elif out.get(v, (S.One, S.Infinity))[1] is S.Infinity:
                    out[v], where[v] = size, entry
                elif out[v] != size:
                    raise ShapeError(
                        Sentence(
                            "the index {v} runs from {out} to {end} in {where} but from {size} to "
                            "{last} in {entry}; use two different indices",
                            v=v,
                            out=out[v][0],
                            end=out[v][1],
                            where=where[v],
                            size=size[0],
                            last=size[1],
                            entry=entry,
                        )
                    )
    return out

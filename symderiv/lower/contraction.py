"""Contractions: products of arrays with named axes, summed over the axes that the result lacks."""

from __future__ import annotations

from math import prod
from typing import Any

from symderiv.lower.program import Axes, Axis

Factor = tuple[Any, Axes]


def contracted(factors: list[Factor], out: Axes, state: Any) -> Any:
    """The contraction of factors to the axes ``out``.

    One factor is summed, two meet in a matrix product, more go to ``einsum`` along a good path.
    """
    scale: Any = 1
    arrays: list[Factor] = []
    for x, axes in _presummed(factors, out, state.xp):
        if axes:
            arrays.append((x, axes))
        else:
            scale = scale * x
    if not arrays:
        return scale
    xp = state.xp
    if len(arrays) > 2:
        arrays = _presummed(_merged(arrays, state), out, xp)
    if len(arrays) == 1:
        x, axes = arrays[0]
        made = _summed(x, axes, out, state)
    elif len(arrays) == 2:
        made = _pair(arrays[0], arrays[1], out, state)
    else:
        made = _einsum(arrays, out, xp)
    return made if isinstance(scale, int) and scale == 1 else made * scale


def _presummed(factors: list[Factor], out: Axes, xp: Any) -> list[Factor]:
    """Every factor with those axes summed that nothing else has."""
    summed = []
    for k, (x, axes) in enumerate(factors):
        others = [a for m, (_, a) in enumerate(factors) if m != k]
        alone = [a for a in axes if a not in out and not any(a in other for other in others)]
        kept = tuple(a for a in axes if a not in alone)
        over = tuple(axes.index(a) for a in alone)
        summed.append((xp.sum(x, axis=over) if over else x, kept))
    return summed


def _merged(arrays: list[Factor], state: Any) -> list[Factor]:
    """Factors of equal axes multiplied, so that fewer are left to contract."""
    groups: dict[frozenset[Axis], Factor] = {}
    for x, axes in arrays:
        key = frozenset(axes)
        if key in groups:
            y, own = groups[key]
            groups[key] = y * state.aligned(x, axes, own), own
        else:
            groups[key] = x, axes
    return list(groups.values())


def _summed(x: Any, axes: Axes, out: Axes, state: Any) -> Any:
    over = tuple(k for k, a in enumerate(axes) if a not in out)
    kept = tuple(a for a in axes if a in out)
    return state.aligned(state.xp.sum(x, axis=over) if over else x, kept, out)


def _pair(a: Factor, b: Factor, out: Axes, state: Any) -> Any:
    (x, left), (y, right) = a, b
    both = [axis for axis in left if axis in right]
    batch = tuple(axis for axis in both if axis in out)
    over = tuple(axis for axis in both if axis not in out)
    rows = tuple(axis for axis in left if axis not in both)
    columns = tuple(axis for axis in right if axis not in both)
    if not over:
        return state.aligned(x, left, out) * state.aligned(y, right, out)
    if batch and not (rows and columns):
        return _einsum([a, b], out, state.xp)
    xp = state.xp
    x = _matrix(state, x, left, batch, rows, over)
    y = _matrix(state, y, right, batch, over, columns)
    made = xp.matmul(x, y)
    axes = (*batch, *rows, *columns)
    return state.aligned(xp.reshape(made, state.shape(axes)), axes, out)


def _matrix(state: Any, x: Any, axes: Axes, batch: Axes, rows: Axes, columns: Axes) -> Any:
    x = state.aligned(x, axes, (*batch, *rows, *columns))
    shape = (*state.shape(batch), prod(state.shape(rows)), prod(state.shape(columns)))
    return state.xp.reshape(x, shape)


def _einsum(arrays: list[Factor], out: Axes, xp: Any) -> Any:
    number: dict[Axis, int] = {}
    operands: list[Any] = []
    for x, axes in arrays:
        operands += [x, [number.setdefault(a, len(number)) for a in axes]]
    present = [number[a] for a in out]
    return xp.einsum(*operands, present, optimize="greedy" if len(arrays) > 2 else False)

"""Is a matrix form worth what its index form is? Asked of numbers, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from sympy import Expr, IndexedBase, Integer, Symbol, Tuple

from symderiv.core.binding import free
from symderiv.core.expr import Total, entry
from symderiv.core.symbols import Label
from symderiv.matrices.evaluate import evaluate
from symderiv.matrices.form import MatrixForm, Name, Power, Scalar, SumOver, Unit, leaves

Value = Callable[[Expr, Mapping[Symbol, int]], float]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A place where the forms differ: the values of the indices, and both numbers."""

    at: dict[Symbol, int]
    index_form: float
    matrix_form: float


def check_form(
    form: MatrixForm,
    expr: Expr,
    indices: tuple[Tuple, ...],
    value: Value,
    sizes: Mapping[Symbol, int],
    *,
    batch: Symbol | tuple[Symbol, ...] | None = None,
    tolerance: float = 1e-9,
) -> Mismatch | None:
    """The first place where a matrix form and its index form differ, or None.

    Every array that the form reads is filled with what ``value`` says of its entries, so the two
    are compared at one point.

    Args:
        form: What `matrix_form` gave.
        expr: The index form.
        indices: Its free indices with their ranges.
        value: The number that an expression without free indices, or with these values of them,
            is at one point; such as the oracle's ``evaluate`` at a sampled point.
        sizes: The sizes of that point; different ones catch what is transposed.
        batch: The index (or indices) set aside; every value of it is tried.
        tolerance: How far the numbers may be apart, of the larger of them and 1.
    """
    aside = batch if isinstance(batch, tuple) else () if batch is None else (batch,)
    ranges = {v: range(1, _size(high, sizes) + 1) for v, _, high in indices}
    letters = [v for v in ranges if v not in aside]
    examples = [v for v in ranges if v in aside]
    arrays = _arrays(form, value, sizes)
    fixed = {v: int(value(v, {})) for v in _held(form) if v not in ranges and v not in sizes}
    for example in product(*(ranges[v] for v in examples)):
        held = dict(zip(examples, example, strict=True))
        matrix = evaluate(form, arrays, {**sizes, **fixed, **held})
        for place in product(*(ranges[v] for v in letters)):
            at = {**dict(zip(letters, place, strict=True)), **held}
            row, column = [*(k - 1 for k in place), 0, 0][:2]
            ours, theirs = float(matrix[row, column]), float(value(expr, at))
            if not abs(ours - theirs) <= tolerance * max(1.0, abs(theirs)):
                return Mismatch(at, theirs, ours)
    return None


def _arrays(
    form: MatrixForm, value: Value, sizes: Mapping[Symbol, int]
) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    arrays = {}
    for leaf in leaves(form):
        if isinstance(leaf, Name) and leaf.key not in arrays:
            shape = tuple(_size(size, sizes) for size, _ in leaf.axes)
            array = np.zeros(shape)
            for place in np.ndindex(*shape):
                array[place] = value(_entry(leaf, place), {})
            arrays[leaf.key] = array
    for scalar in _scalars(form):
        if scalar not in sizes:
            arrays.setdefault(scalar.name, np.asarray(float(value(scalar, {}))))
    return arrays


def _entry(name: Name, place: tuple[int, ...]) -> Expr:
    read: Expr = name.label
    if place:
        base = name.label.base if isinstance(name.label, Label) else IndexedBase(name.label)
        read = entry(base, *(Integer(k + 1) for k in place))
    return read if name.of is None else Total(name.of, read)


def _held(form: MatrixForm) -> list[Symbol]:
    """The symbols in held indices that no sum over examples binds."""
    if isinstance(form, SumOver):
        return [v for v in _held(form.arg) if v != form.index]
    if isinstance(form, Unit):
        return sorted(free(form.at), key=str)
    if isinstance(form, Name):
        return sorted({v for at in form.held if at is not None for v in free(at)}, key=str)
    return [v for part in form.parts for v in _held(part)]


def _scalars(form: MatrixForm) -> list[Symbol]:
    found: dict[Symbol, None] = {}
    todo = [form]
    while todo:
        at = todo.pop()
        if isinstance(at, Scalar):
            found.update(dict.fromkeys(sorted(free(at.value), key=str)))
        if isinstance(at, Power):
            found.update(dict.fromkeys(sorted(free(at.exponent), key=str)))
        todo.extend(at.parts)
    return list(found)


def _size(e: Expr, sizes: Mapping[Symbol, int]) -> int:
    return int(e.subs(sizes))

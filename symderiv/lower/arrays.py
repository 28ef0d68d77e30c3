"""Runs array programs on any module that follows NumPy's names; a back end hands the module in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence
from symderiv.lower.elementwise import PLAIN, Value, functions
from symderiv.lower.places import evaluate, number
from symderiv.lower.program import (
    Affine,
    Apply,
    At,
    Axes,
    Axis,
    Constant,
    Contract,
    Entry,
    Extent,
    Handed,
    Index,
    Input,
    Op,
    Output,
    Program,
    Reduce,
    Size,
)

PLAIN_FUNCTIONS = functions(np)


@dataclass(slots=True)
class _Ranges:
    """The ranges of axes at concrete sizes."""

    sizes: Mapping[str, int]
    known: dict[Axis, tuple[int, int]]

    def __getitem__(self, axis: Axis) -> tuple[int, int]:
        """The first value and the number of values of an index."""
        if axis not in self.known:
            low, high = evaluate(axis.low, self.sizes), evaluate(axis.high, self.sizes)
            self.known[axis] = low, max(0, high - low + 1)
        return self.known[axis]


@dataclass(slots=True)
class _Run:
    """One execution of a program."""

    xp: Any
    functions: Mapping[str, Callable[..., Value]]
    contraction: Callable[..., Value]
    concrete: Callable[[Value], bool]
    given: Mapping[str, Value]
    sizes: Mapping[str, int]
    dtype: Any
    ranges: _Ranges
    values: list[Value]

    # ------------------------------------------------------------ axes

    def aligned(self, x: Value, axes: Axes, to: Axes) -> Value:
        """The array with its axes in another order and places for the missing ones."""
        if axes == to or isinstance(x, PLAIN) or not axes:
            return x
        order = tuple(axes.index(a) for a in to if a in axes)
        if order != tuple(range(len(order))):
            x = self.xp.transpose(x, order)
        if len(axes) == len(to):
            return x
        return x[tuple(slice(None) if a in axes else None for a in to)]

    def shape(self, axes: Axes) -> tuple[int, ...]:
        """The extents of axes."""
        return tuple(self.ranges[a][1] for a in axes)

    def integers(self, e: Affine, to: Axes) -> Value:
        """The values of an affine index, placed for axes ``to``."""
        out: Value = evaluate(e.offset, self.sizes)
        for axis, slope in e.terms:
            first, count = self.ranges[axis]
            run = evaluate(slope, self.sizes) * self.xp.arange(first, first + count)
            out = out + self.aligned(run, (axis,), to)
        return out

    def output(self, output: Output, ops: Sequence[Op]) -> Value:
        """A result, its axes in order."""
        out = self.aligned(self.values[output.register], ops[output.register].axes, output.axes)
        if output.raw:
            return out
        out = self.xp.asarray(out, dtype=self.dtype)
        shape = self.shape(output.axes)
        return out if out.shape == shape else self.xp.broadcast_to(out, shape)

    # ------------------------------------------------------------ operations

    def execute(self, op: Op, ops: Sequence[Op]) -> Value:
        """The value of one operation."""
        match op:
            case Constant():
                return float(op.value)
            case Size():
                return float(number(op.value, self.sizes))
            case Extent():
                return float(self.ranges[op.of][1])
            case Input():
                return self.given[op.name]
            case Handed():
                return self.aligned(self.given[op.name], op.stored, op.axes)
            case Index():
                return self.integers(op.value, op.axes)
            case Entry():
                return self.entry(op, ops)
            case Apply():
                return self.apply(op, ops)
            case Contract():
                return self.contract(op, ops)
            case Reduce():
                return self.reduce(op, ops)
        raise AssertionError(op)

    def apply(self, op: Apply, ops: Sequence[Op]) -> Value:
        """An elementwise function; of Python numbers a Python number, so that dtypes stay."""
        arguments = [self.aligned(self.values[r], ops[r].axes, op.axes) for r in op.arguments]
        if op.function == "float":
            x = arguments[0]
            return float(x) if isinstance(x, PLAIN) else x.astype(self.dtype)
        if all(isinstance(x, PLAIN) for x in arguments):
            with np.errstate(all="ignore"):
                out = PLAIN_FUNCTIONS[op.function](*arguments)
            return out.item() if hasattr(out, "item") else out
        return self.functions[op.function](*arguments)

    def masked(self, masks: tuple[int, ...], axes: Axes, ops: Sequence[Op]) -> Value:
        """All masks together, placed for axes."""
        out = None
        for r in masks:
            mask = self.aligned(self.values[r], ops[r].axes, axes)
            out = mask if out is None else self.functions["logical_and"](out, mask)
        return out

    def reduce(self, op: Reduce, ops: Sequence[Op]) -> Value:
        """A product or an extremum; of nothing 1 or an infinity."""
        axes = (*op.axes, *op.over)
        neutral = {"prod": 1.0, "max": float("-inf"), "min": float("inf")}[op.how]
        x = self.aligned(self.values[op.argument], ops[op.argument].axes, axes)
        if op.masks:
            x = self.xp.where(self.masked(op.masks, axes, ops), x, neutral)
        if not axes:
            return x
        x = self.xp.broadcast_to(x, self.shape(axes))
        where = tuple(range(len(op.axes), len(axes)))
        return getattr(self.xp, op.how)(x, axis=where, initial=neutral) if where else x

    # ------------------------------------------------------------ products

    def contract(self, op: Contract, ops: Sequence[Op]) -> Value:
        """A product or a contraction, as a matrix product where nothing infinite is in the way."""
        if not op.over:
            return self.product(op, op.axes, ops)
        factors = [(self.values[r], ops[r].axes) for r in op.factors]
        if op.masks:
            factors = self.with_masks(factors, op, ops)
        delicate = bool(op.masks or op.yielding)
        if not delicate or all(self.concrete(x) for x, _ in factors):
            out = self.contraction(factors, op.axes, self)
            if not delicate or bool(self.xp.all(self.xp.isfinite(out))):
                return out
        full = (*op.axes, *op.over)
        product = self.xp.broadcast_to(self.product(op, full, ops), self.shape(full))
        return self.xp.sum(product, axis=tuple(range(len(op.axes), len(full))))

    def with_masks(
        self, factors: list[tuple[Value, Axes]], op: Contract, ops: Sequence[Op]
    ) -> list[tuple[Value, Axes]]:
        """The masks put into a factor that has their axes, or made a factor of 0 and 1."""
        axes = tuple(dict.fromkeys(a for r in op.masks for a in ops[r].axes))
        for k, (x, own) in enumerate(factors):
            if set(axes) <= set(own):
                mask = self.masked(op.masks, own, ops)
                return [*factors[:k], (self.xp.where(mask, x, 0.0), own), *factors[k + 1 :]]
        mask = self.masked(op.masks, axes, ops)
        mask = self.xp.broadcast_to(mask, self.shape(axes))
        return [*factors, (mask.astype(self.dtype), axes)]

    def product(self, op: Contract, axes: Axes, ops: Sequence[Op]) -> Value:
        """Elementwise: 0 where a mask fails, and where a 0 meets an infinite logarithm."""
        parts = [self.aligned(self.values[r], ops[r].axes, axes) for r in op.factors]
        out: Value = 1.0 if not parts else parts[0]
        for part in parts[1:]:
            out = out * part
        if op.yielding:
            out = self.yielded(out, parts, op)
        if op.masks:
            mask = self.masked(op.masks, axes, ops)
            out = self.xp.where(mask, out, self.zero(out))
        return out

    def zero(self, x: Value) -> Value:
        """0 of the same type."""
        return 0.0 if isinstance(x, PLAIN) else self.xp.zeros((), dtype=x.dtype)

    def yielded(self, out: Value, parts: list[Value], op: Contract) -> Value:
        """``0 log 0 = 0``: a factor of exactly 0 wins over an infinite logarithm."""
        if self.concrete(out) and bool(self.xp.all(self.xp.isfinite(out))):
            return out
        zero: Value = False
        fine: Value = True
        for r, part in zip(op.factors, parts, strict=True):
            zero = self.functions["logical_or"](zero, part == 0)
            if r not in op.yielding:
                fine = self.functions["logical_and"](fine, self.xp.isfinite(part))
        win = self.functions["logical_and"](zero, fine)
        return self.xp.where(win, self.zero(out), out)

    # ------------------------------------------------------------ entries

    def entry(self, op: Entry, ops: Sequence[Op]) -> Value:
        """Entries of an array: a view where slices do, gathered otherwise."""
        x = self.values[op.source]
        slices = self.slices(op, x.shape)
        if slices is not None:
            return x[slices]
        where = []
        for d, (s, size) in enumerate(zip(op.subscripts, x.shape, strict=True)):
            if isinstance(s, At):
                at = self.aligned(self.values[s.register], ops[s.register].axes, op.axes)
            else:
                at = self.integers(s, op.axes)
            where.append(self.inside(at, size, op, d) - 1)
        return x[tuple(where)]

    def inside(self, at: Value, size: int, op: Entry, d: int) -> Value:
        """The index, within the array: clipped behind a guard, an error without one."""
        empty = 0 in getattr(at, "shape", ())
        if not empty and self.concrete(at):
            low, high = int(self.xp.min(at)), int(self.xp.max(at))
            if low >= 1 and high <= size:
                return at
            if not op.guarded:
                self.outside(op, d, low if low < 1 else high, size)
        return self.xp.clip(at, 1, max(size, 1))

    def outside(self, op: Entry, d: int, at: int, size: int) -> None:
        """The error of an index that leaves its array."""
        place = op.name
        if len(op.subscripts) > 1:
            place = Sentence("axis {axis} of {name}", axis=d + 1, name=op.name)
        raise DataError(
            Sentence(
                "the formula reads entry {at} of {place} (index {index}), which "
                "has entries 1 to {size} here; formulas count from 1",
                at=at,
                place=place,
                index=op.subscripts[d],
                size=size,
            )
        )

    def slices(self, op: Entry, shape: tuple[int, ...]) -> tuple[slice | int, ...] | None:
        """Slices and single places that say the same, if every axis occurs once and in range."""
        out: list[slice | int] = []
        seen: list[Axis] = []
        for d, (s, size) in enumerate(zip(op.subscripts, shape, strict=True)):
            if isinstance(s, At) or len(s.terms) > 1:
                return None
            offset = evaluate(s.offset, self.sizes)
            if not s.terms:
                if not 1 <= offset <= size:
                    if op.guarded:
                        return None
                    self.outside(op, d, offset, size)
                out.append(offset - 1)
                continue
            axis, slope = s.terms[0]
            first, count = self.ranges[axis]
            step = evaluate(slope, self.sizes)
            start, stop = step * first + offset, step * (first + count - 1) + offset
            if (
                axis in seen
                or step == 0
                or (count and op.guarded and not _within(start, stop, size))
            ):
                return None
            seen.append(axis)
            if not count:
                out.append(slice(0, 0))
                continue
            if not _within(start, stop, size):
                self.outside(
                    op, d, min(start, stop) if min(start, stop) < 1 else max(start, stop), size
                )
            end = stop + (1 if step > 0 else -1) - 1
            out.append(slice(start - 1, None if end < 0 else end, step))
        return tuple(out)


def _within(start: int, stop: int, size: int) -> bool:
    return min(start, stop) >= 1 and max(start, stop) <= size


def run(
    program: Program,
    given: Mapping[str, Value],
    sizes: Mapping[str, int],
    *,
    xp: Any,
    dtype: Any,
    contraction: Callable[..., Value],
    concrete: Callable[[Value], bool],
) -> tuple[Value, ...]:
    """The results of a program, their axes in the order asked for; they may be views of the data.

    ``dtype`` is the floating type of the data, ``contraction`` multiplies and sums factors,
    ``concrete`` says whether a value may be looked at (not while a library is tracing).
    """
    state = _Run(
        xp, functions(xp), contraction, concrete, given, sizes, dtype, _Ranges(sizes, {}), []
    )
    ops = program.ops
    for op, dead in zip(ops, program.last_use, strict=True):
        state.values.append(state.execute(op, ops))
        for register in dead:
            state.values[register] = None
    return tuple(state.output(output, ops) for output in program.outputs)

"""Builds array programs: common operations once, and one list of operations cut into two."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from symderiv.lower.program import (
    Affine,
    Apply,
    Axes,
    Constant,
    Entry,
    Extent,
    Handed,
    Index,
    Input,
    Op,
    Output,
    Program,
    Size,
)

NO_HANDED: Mapping[int, Handed] = {}


@dataclass(slots=True)
class Builder:
    """Collects operations; an operation met before is not added again."""

    ops: list[Op] = field(default_factory=list)
    numbers: dict[Op, int] = field(default_factory=dict)

    def emit(self, op: Op) -> int:
        """The register that holds the result of an operation."""
        number = self.numbers.get(op)
        if number is None:
            number = self.numbers[op] = len(self.ops)
            self.ops.append(op)
        return number

    def axes(self, *registers: int) -> Axes:
        """The axes of some registers together, those of the largest first."""
        parts = sorted((self.ops[r].axes for r in registers), key=lambda a: -len(a))
        return tuple(dict.fromkeys(axis for part in parts for axis in part))

    def program(
        self, outputs: Iterable[Output], handed: Mapping[int, Handed] = NO_HANDED
    ) -> Program:
        """What was built, without the operations that the outputs do not need.

        Registers in ``handed`` are read from outside instead of being computed.
        """
        outputs = tuple(outputs)
        needed = self._needed(outputs, handed)
        to = {old: new for new, old in enumerate(needed)}
        ops = tuple(handed[n] if n in handed else self.ops[n].moved(to) for n in needed)
        return Program(ops, tuple(replace(x, register=to[x.register]) for x in outputs))

    def _needed(self, outputs: Iterable[Output], handed: Container[int]) -> list[int]:
        needed = {output.register for output in outputs}
        for number in range(max(needed, default=-1), -1, -1):
            if number in needed and number not in handed:
                needed.update(self.ops[number].inputs)
        return sorted(needed)

    # ------------------------------------------------------------ two programs

    def split(
        self,
        first: tuple[Output, ...],
        second: tuple[Output, ...],
        name: Callable[[int], str],
    ) -> tuple[Program, Program]:
        """Two programs, of which the second computes nothing that the first has computed.

        What both need and the first does not return yet becomes a raw output of the first, called
        ``name(register)``. Reading an input, a view of an array, and what follows from the sizes
        alone count as no computation.
        """
        done = self._computed(first)
        named = {
            x.register: Handed(self.ops[x.register].axes, x.name, x.axes)
            for x in first
            if x.register in done and set(self.ops[x.register].axes) == set(x.axes)
        }
        read = [r for r in self._needed(second, done) if r in done]
        more = [Output(name(r), r, self.ops[r].axes, raw=True) for r in read if r not in named]
        handed = named | {x.register: Handed(x.axes, x.name, x.axes) for x in more}
        return self.program((*first, *more)), self.program(second, handed)

    def _computed(self, outputs: tuple[Output, ...]) -> set[int]:
        """The registers that a program computes from data, views aside."""
        from_data: set[int] = set()
        out: set[int] = set()
        for number in self._needed(outputs, NO_HANDED):
            op = self.ops[number]
            if isinstance(op, Input) or not from_data.isdisjoint(op.inputs):
                from_data.add(number)
                if not _is_view(op):
                    out.add(number)
        return out


def _is_view(op: Op) -> bool:
    """Does an operation compute nothing?"""
    if isinstance(op, Entry):
        return all(isinstance(s, Affine) and len(s.terms) < 2 for s in op.subscripts)
    if isinstance(op, Apply):
        return op.function == "float"
    return isinstance(op, (Constant, Size, Extent, Index, Input, Handed))

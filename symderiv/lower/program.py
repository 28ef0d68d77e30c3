"""Array programs: what an index expression becomes before it meets an array library.

A program is a list of array operations in single-assignment form. Every operation names the axes
of its result; operands are aligned by axis, never by position. The operations know no back end.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr


@dataclass(frozen=True, slots=True)
class Axis:
    """An index with its range, counted as in formulas; an extent of ``high - low + 1``."""

    name: str
    low: Expr
    high: Expr

    def __hash__(self) -> int:
        return hash(self.name)  # names are unique in a program, and hashed often

    def __str__(self) -> str:
        return self.name


Axes = tuple[Axis, ...]


@dataclass(frozen=True, slots=True)
class Affine:
    """An index ``Σ coefficient · axis + offset``; coefficients and offset are made of sizes."""

    terms: tuple[tuple[Axis, Expr], ...]
    offset: Expr

    @property
    def axes(self) -> Axes:
        """The axes it runs over."""
        return tuple(axis for axis, _ in self.terms)

    def __str__(self) -> str:
        parts = [axis.name if c == 1 else f"{c}*{axis.name}" for axis, c in self.terms]
        if self.offset != 0 or not parts:
            parts.append(str(self.offset))
        return " + ".join(parts).replace("+ -", "- ")


@dataclass(frozen=True, slots=True)
class At:
    """An index read from a register of integers that count from 1."""

    register: int

    def __str__(self) -> str:
        return f"%{self.register}"


Subscript = Affine | At


@dataclass(frozen=True, slots=True)
class Op:
    """Common part of the operations: the axes of the result."""

    axes: Axes

    @property
    def inputs(self) -> tuple[int, ...]:
        """The registers that are read."""
        return ()

    def moved(self, to: dict[int, int]) -> Op:  # noqa: ARG002
        """The operation reading other registers."""
        return self


@dataclass(frozen=True, slots=True)
class Constant(Op):
    """A number."""

    value: int | float

    def __str__(self) -> str:
        return f"{self.value!r}"


@dataclass(frozen=True, slots=True)
class Size(Op):
    """A number made of sizes."""

    value: Expr

    def __str__(self) -> str:
        return f"size {self.value}"


@dataclass(frozen=True, slots=True)
class Extent(Op):
    """The number of values of an index, never below 0."""

    of: Axis

    def __str__(self) -> str:
        return f"extent of {self.of} = {self.of.low}..{self.of.high}"


@dataclass(frozen=True, slots=True)
class Input(Op):
    """An array or scalar that the caller hands in; its axes have places, not names."""

    name: str

    def __str__(self) -> str:
        return f"input {self.name}"


@dataclass(frozen=True, slots=True)
class Handed(Op):
    """An array that another program computed, its axes in the order ``stored``."""

    name: str
    stored: Axes

    def __str__(self) -> str:
        return f"handed {self.name}"


@dataclass(frozen=True, slots=True)
class Index(Op):
    """The integers that an index expression runs through."""

    value: Affine

    def __str__(self) -> str:
        return f"index {self.value}"


@dataclass(frozen=True, slots=True)
class Entry(Op):
    """Entries of an array. ``guarded``: entries outside of it are asked for, but never used."""

    source: int
    name: str
    subscripts: tuple[Subscript, ...]
    guarded: bool

    @property
    def inputs(self) -> tuple[int, ...]:
        """The array, then the registers of its indices."""
        return (self.source, *(s.register for s in self.subscripts if isinstance(s, At)))

    def moved(self, to: dict[int, int]) -> Entry:
        """The operation reading other registers."""
        subscripts = tuple(At(to[s.register]) if isinstance(s, At) else s for s in self.subscripts)
        return Entry(self.axes, to[self.source], self.name, subscripts, self.guarded)

    def __str__(self) -> str:
        inside = ", ".join(map(str, self.subscripts))
        return f"entry %{self.source}[{inside}]" + (" guarded" if self.guarded else "")


@dataclass(frozen=True, slots=True)
class Apply(Op):
    """An elementwise function."""

    function: str
    arguments: tuple[int, ...]

    @property
    def inputs(self) -> tuple[int, ...]:
        """The arguments."""
        return self.arguments

    def moved(self, to: dict[int, int]) -> Apply:
        """The operation reading other registers."""
        return Apply(self.axes, self.function, tuple(to[a] for a in self.arguments))

    def __str__(self) -> str:
        return f"{self.function}({_registers(self.arguments)})"


@dataclass(frozen=True, slots=True)
class Contract(Op):
    """A product summed over the axes that the result lacks; without any, the product itself.

    Where a mask is false the product is 0, whatever its factors are. A factor in ``yielding`` may
    be infinite where the formula means a limit of 0 (``0 log 0``): another factor's 0 wins.
    """

    factors: tuple[int, ...]
    masks: tuple[int, ...]
    yielding: tuple[int, ...]
    over: Axes

    @property
    def inputs(self) -> tuple[int, ...]:
        """The factors, then the masks."""
        return (*self.factors, *self.masks)

    def moved(self, to: dict[int, int]) -> Contract:
        """The operation reading other registers."""
        factors, masks, yielding = (
            tuple(to[r] for r in part) for part in (self.factors, self.masks, self.yielding)
        )
        return Contract(self.axes, factors, masks, yielding, self.over)

    def __str__(self) -> str:
        head = "multiply"
        if self.over:
            head = "sum" if len(self.factors) == 1 else "contract"
        text = f"{head}({_registers(self.factors)})"
        if self.over:
            text += f" over {', '.join(map(str, self.over))}"
        return text + (f" where {_registers(self.masks)}" if self.masks else "")


@dataclass(frozen=True, slots=True)
class Reduce(Op):
    """A product, maximum or minimum over axes; ``mask`` as in `Contract`, false leaves out."""

    how: str
    argument: int
    masks: tuple[int, ...]
    over: Axes

    @property
    def inputs(self) -> tuple[int, ...]:
        """The argument, then the masks."""
        return (self.argument, *self.masks)

    def moved(self, to: dict[int, int]) -> Reduce:
        """The operation reading other registers."""
        masks = tuple(to[m] for m in self.masks)
        return Reduce(self.axes, self.how, to[self.argument], masks, self.over)

    def __str__(self) -> str:
        text = f"{self.how}(%{self.argument}) over {', '.join(map(str, self.over))}"
        return text + (f" where {_registers(self.masks)}" if self.masks else "")


def _registers(numbers: tuple[int, ...]) -> str:
    return ", ".join(f"%{n}" for n in numbers)


@dataclass(frozen=True, slots=True)
class Output:
    """A result: its register and the order of its axes; ``raw``: the value as it is, uncopied."""

    name: str
    register: int
    axes: Axes
    raw: bool = False

    def __str__(self) -> str:
        ranges = ", ".join(f"{a} = {a.low}..{a.high}" for a in self.axes)
        name = f"{self.name} = " if self.name else ""
        return f"return {name}%{self.register}{_bracket(self.axes)}" + (
            f"  ({ranges})" * bool(ranges)
        )


@dataclass(frozen=True, slots=True)
class Program:
    """An immutable array program.

    ``str(program)`` is a listing: a line an operation, with the axes of its result.
    """

    ops: tuple[Op, ...]
    outputs: tuple[Output, ...]

    @property
    def last_use(self) -> tuple[tuple[int, ...], ...]:
        """For each operation the registers that nothing after it reads."""
        last = {r: n for n, op in enumerate(self.ops) for r in op.inputs}
        last |= {output.register: len(self.ops) for output in self.outputs}
        out: list[list[int]] = [[] for _ in range(len(self.ops) + 1)]
        for register, n in last.items():
            out[n].append(register)
        return tuple(map(tuple, out[:-1]))

    def __str__(self) -> str:
        lines = [f"%{n}{_bracket(op.axes)} = {op}" for n, op in enumerate(self.ops)]
        return "\n".join([*lines, *map(str, self.outputs)])


def _bracket(axes: Axes) -> str:
    return f"[{', '.join(map(str, axes))}]" if axes else ""

"""What an expression reads: arrays with their shapes, scalars, sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.core.errors import NameClash, Unsupported
from symderiv.core.expr import BINDERS, Inert
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label
from symderiv.lower.arguments import Argument, in_order
from symderiv.lower.places import Place, affine, extreme
from symderiv.lower.program import Affine, Axis, Entry, Extent, Index, Input, Op, Program, Size

Limit = tuple[Symbol, Expr, Expr]


@dataclass(slots=True)
class Names:
    """The names found by walking expressions.

    ``plain`` holds, for each array without a declaration, the sizes that its indices suggest.
    """

    sizes: dict[str, None] = field(default_factory=dict)
    scalars: dict[str, None] = field(default_factory=dict)
    plain: dict[str, list[Expr | None]] = field(default_factory=dict)
    exact: set[tuple[str, int]] = field(default_factory=set)

    def walk(self, e: Basic, limits: Iterable[Limit]) -> None:
        """Collect from an expression whose free indices have these ranges."""
        place = Place()
        for v, low, high in limits:
            place = place.bound({v: Axis(v.name, low, high)})
            self._size(low, place)
            self._size(high, place)
        self._walk(e, place)

    def _size(self, e: Basic, place: Place) -> None:
        for s in in_order(e):
            if place.get(s) is None and not isinstance(s, Label):
                self.sizes[s.name] = None

    def _walk(self, e: Basic, place: Place) -> None:
        if isinstance(e, Inert):
            raise Unsupported(
                Sentence(
                    "a derivative by {name} is still to be taken; "
                    "derive it before asking for numbers",
                    name=e.by,
                )
            )
        if isinstance(e, BINDERS):
            for v, low, high in reversed(e.args[1:]):
                self._size(low, place)
                self._size(high, place)
                ends = extreme(low, place, lowest=True), extreme(high, place, lowest=False)
                place = place.bound({v: Axis(v.name, *ends)})
            self._walk(e.args[0], place)
        elif isinstance(e, Indexed):
            for d, x in enumerate(e.args[1:]):
                self._size(x, place)
                self._walk(x, place)
                if not isinstance(e.args[0].args[0], Label):
                    self._suggest(e, d, x, place)
        elif isinstance(e, Symbol):
            if place.get(e) is None and not isinstance(e, Label):
                self.scalars[e.name] = None
        else:
            for part in e.args:
                self._walk(part, place)

    def _suggest(self, e: Indexed, d: int, x: Expr, place: Place) -> None:
        """Take the size of a plain array's axis from the range of its index."""
        name = str(e.args[0].args[0])
        sizes = self.plain.setdefault(name, [None] * (len(e.args) - 1))
        if len(sizes) != len(e.args) - 1:
            raise NameClash(
                Sentence(
                    "the array {name} occurs with {count} and other numbers of indices",
                    name=name,
                    count=len(sizes),
                )
            )
        declared = e.args[0].shape
        if declared is not None:
            sizes[d] = declared[d]
            self._size(declared[d], place)
            self.exact.add((name, d))
            return
        found = affine(x, place)
        if found is None or len(found.terms) != 1 or found.terms[0][1] != 1:
            return
        axis = found.terms[0][0]
        bare = found.offset == 0 and axis.low == 1
        if (name, d) in self.exact or (sizes[d] is not None and not bare):
            return
        sizes[d] = axis.high + found.offset
        if bare:
            self.exact.add((name, d))


def arguments_of(
    labels: Iterable[Label], names: Names, given: frozenset[Label]
) -> tuple[Argument, ...]:
    """Every array and scalar that a function takes: what nothing defines, and what is given."""
    out: dict[str, Argument] = {}
    for label in labels:
        spec = label.spec
        if spec.definition is None or label in given:
            out[label.name] = Argument(
                label.name, tuple(spec.shape), spec.kind == "labels", spec.classes
            )
    for name in sorted(names.plain):
        out.setdefault(name, Argument(name, tuple(names.plain[name])))
    for name in sorted(names.scalars):
        if name not in names.sizes:
            out.setdefault(name, Argument(name))
    for name in out:
        if name in names.sizes:
            raise NameClash(
                Sentence(
                    "{name} is both an array or scalar and a size; rename one of them",
                    name=repr(name),
                )
            )
    return tuple(out.values())


def sizes_used(program: Program, outside: Iterable[Expr]) -> tuple[str, ...]:
    """The sizes that a run of the program looks up."""
    found: dict[str, None] = {}
    for e in (*_expressions(program), *outside):
        found |= dict.fromkeys(s.name for s in in_order(e))
    return tuple(found)


def _expressions(program: Program) -> Iterator[Expr]:
    for axis in (a for output in program.outputs for a in output.axes):
        yield from (axis.low, axis.high)
    for op in program.ops:
        for axis in (*op.axes, *_more_axes(op)):
            yield from (axis.low, axis.high)
        if isinstance(op, Size):
            yield op.value
        for index in _affines(op):
            yield index.offset
            yield from (slope for _, slope in index.terms)


def _more_axes(op: Op) -> tuple[Axis, ...]:
    return (op.of,) if isinstance(op, Extent) else ()


def _affines(op: Op) -> Iterator[Affine]:
    if isinstance(op, Index):
        yield op.value
    if isinstance(op, Entry):
        yield from (s for s in op.subscripts if isinstance(s, Affine))


def inputs_read(program: Program) -> tuple[str, ...]:
    """The arrays and scalars whose values a program reads."""
    return tuple(op.name for op in program.ops if isinstance(op, Input))

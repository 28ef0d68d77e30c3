"""The shape of an equation, names and sizes being holes, and filling the holes with other names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Indexed, Mul, Number, Symbol
from sympy.core.basic import Basic

from symderiv.core.expr import BINDERS, entry, node
from symderiv.core.memo import memo
from symderiv.core.symbols import Label


class Shape:
    """The shape of an equation; as equal ones are one object, comparing them costs nothing."""

    __slots__ = ()


@memo
def _the(shape: Any) -> Shape:
    return Shape()


Skeleton = tuple[Shape, tuple[Symbol, ...]]


@memo
def skeleton(label: Label) -> Skeleton:
    """What is known of a name, and the names and sizes in it, in the order of their occurrence.

    Two names of one shape have the same definition up to renaming.
    """
    holes: dict[Symbol, int] = {}
    declared = _declared(label, holes)
    definition = label.spec.definition
    body = None if definition is None else _shape(definition.body, definition.indices, holes)
    return _the((declared, body)), tuple(holes)


@memo
def declaration(label: Label) -> Skeleton:
    """What is known of a name whose definition nothing reads."""
    definition = label.spec.definition
    if definition is not None and isinstance(definition.body, Mul):
        return skeleton(label)  # f / Σ f adds up to 1
    holes: dict[Symbol, int] = {}
    return _the(_declared(label, holes)), tuple(holes)


def _declared(label: Label, holes: dict[Symbol, int]) -> Any:
    spec = label.spec
    shape = tuple(_shape(size, (), holes) for size in spec.shape)
    hot = None if spec.hot is None else _shape(spec.hot, (), holes)
    classes = None if spec.classes is None else _shape(spec.classes, (), holes)
    return (spec.kind, spec.positive, shape, classes, hot)


def _shape(e: Basic, bound: tuple[Symbol, ...], holes: dict[Symbol, int]) -> Any:
    if isinstance(e, Symbol):
        if e in bound:
            return ("bound", bound[::-1].index(e))
        return ("hole", holes.setdefault(e, len(holes)), _kind(e))
    if isinstance(e, Number):
        return e
    if isinstance(e, Indexed):
        label = e.args[0].args[0]
        place = ("hole", holes.setdefault(label, len(holes)), _kind(label))
        return ("entry", place, *(_shape(x, bound, holes) for x in e.args[1:]))
    if isinstance(e, BINDERS):
        inner = bound + tuple(limit[0] for limit in e.args[1:])
        ranges = tuple(_shape(x, inner, holes) for limit in e.args[1:] for x in limit.args[1:])
        return (type(e), ranges, _shape(e.args[0], inner, holes))
    return (type(e), *(_shape(x, bound, holes) for x in e.args))


def _kind(s: Symbol) -> Any:
    """What a hole must have in common with what fills it."""
    if isinstance(s, Label):
        return (s.spec.kind, s.spec.positive, len(s.spec.shape))
    return tuple(sorted(s._assumptions_orig.items()))


class Relabel:
    """Puts other names and sizes for those of an expression."""

    def __init__(self, mapping: Mapping[Symbol, Symbol]) -> None:
        self.mapping = {a: b for a, b in mapping.items() if a is not b}
        self.changes = bool(self.mapping)
        self.done: dict[Basic, Basic] = {}

    def __call__(self, e: Any) -> Any:
        """The expression under the new names."""
        if not self.changes:
            return e
        found = self.done.get(e)
        if found is None:
            found = self.done[e] = self._make(e)
        return found

    def _make(self, e: Basic) -> Basic:
        if isinstance(e, Symbol):
            return self.mapping.get(e, e)
        if isinstance(e, Indexed):
            base, indices = e.args[0], tuple(map(self, e.args[1:]))
            label = base.args[0]
            new = self.mapping.get(label, label)
            return entry(new.base if isinstance(new, Label) else base, *indices)
        if not e.args:
            return e
        args = tuple(map(self, e.args))
        if all(a is b for a, b in zip(args, e.args, strict=True)):
            return e
        return node(type(e), *args) if isinstance(e, Expr) else Basic.__new__(type(e), *args)

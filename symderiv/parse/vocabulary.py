"""Names that grow from text to text: what a literate source has said so far.

`symderiv.parse.read` reads all texts of a call at once; a `Vocabulary` reads one after the other,
and what a name stands for never changes once something rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Function, Symbol
from sympy.core.basic import Basic

from symderiv.core.errors import ParseError, Unsupported
from symderiv.core.messages import Sentence, said_by
from symderiv.core.model import Model
from symderiv.core.symbols import Definition, Label, label_of
from symderiv.model.arrays import Array, as_array, as_expression
from symderiv.model.declare import dim, index
from symderiv.parse.build import build
from symderiv.parse.declare import Declaration, Kind, Size, parse_declaration, parse_name
from symderiv.parse.grammar import parse_definition, parse_text
from symderiv.parse.magnitude import guard
from symderiv.parse.names import Names, infer
from symderiv.parse.read import declared_as, definition, not_reserved, whole_calls
from symderiv.parse.syntax import Index, Name, Node


@dataclass(slots=True)
class Vocabulary:
    """What every name stands for; errors are `ParseError` with a position in the text at hand.

    ``values`` has arrays, scalars and functions by name, ``declared`` what inference may know of
    them, ``written`` the equations whose indices have letters of the author.

    >>> known = Vocabulary()
    >>> known.declare("vector", "z: n")
    >>> known.let("p = softmax(z)")
    Array(p, shape=(n,))
    >>> known.read("log(p[i])")
    log(p[i])
    """

    values: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, Declaration] = field(default_factory=dict)
    positive: set[str] = field(default_factory=set)
    magnitudes: dict[str, Any] = field(default_factory=dict)
    written: dict[Symbol, Definition] = field(default_factory=dict)

    def child(self) -> Vocabulary:
        """The same names; what is read there stays there."""
        return Vocabulary(
            dict(self.values),
            dict(self.declared),
            set(self.positive),
            dict(self.magnitudes),
            dict(self.written),
        )

    def equations(self) -> dict[Symbol, Definition]:
        """The names that are defined, in the order in which they were, as they were written."""
        out: dict[Symbol, Definition] = {}
        for value in self.values.values():
            if isinstance(value, (Array, Expr)):
                label = label_of(as_array(value).element)
                if isinstance(label, Label) and label.spec.definition is not None:
                    out[label] = self.written.get(label, label.spec.definition)
        return out

    # ------------------------------------------------------------ saying what names are

    def declare(self, kind: Kind, text: str, *, positive: bool = False) -> None:
        """``z: n``, or several names of one kind: ``x, y: n``."""
        head, colon, sizes = text.partition(":")
        at = 0
        for part in head.split(","):
            name, start = part.strip(), at + len(part) - len(part.lstrip())
            try:
                found = parse_declaration(kind, f"{name}{colon}{sizes}")
                not_reserved(found.name)
            except ParseError as error:
                here = error.position or 0
                inside = here <= len(name)
                moved = start + here if inside else len(head) + here - len(name)
                raise ParseError(said_by(error), moved) from None
            if positive:
                self.positive.add(found.name)
            if found.sizes is None:
                found = self._completed(found)
            self._know(found.name, declared_as(found, found.name in self.positive), found, start)
            at += len(part) + 1

    def _completed(self, bare: Declaration) -> Declaration:
        """The declaration with the sizes that a name without them gets."""
        others = [d for d in self.declared.values() if d.name != bare.name]
        found = infer((), [*others, bare])
        return next(d for d in found.declared if d.name == bare.name)

    def suppose_positive(self, text: str) -> None:
        """The name is positive: one that is known and not yet used, or one still to come."""
        name = parse_name(text)
        not_reserved(name)
        self.positive.add(name)
        before = self.declared.get(name)
        if name not in self.values:
            return
        if before is None or before.kind == "labels" or is_defined(self.values[name]):
            raise ParseError(
                Sentence("{name} has a meaning that leaves nothing to suppose", name=repr(name)), 0
            )
        new = declared_as(before, True)
        user = self._user_of(self.values[name])
        if user and new != self.values[name]:
            raise ParseError(
                Sentence(
                    "say that {name} is positive before {user} rests on it",
                    name=repr(name),
                    user=repr(user),
                ),
                0,
            )
        self.values[name] = new

    def _user_of(self, value: Any) -> str:
        label = label_of(as_array(value).element)
        for name, other in self.values.items():
            used = isinstance(other, (Array, Expr)) and is_defined(other)
            if used and label in Model.of(as_array(other).element).labels:
                return name
        return ""

    def function(self, text: str) -> None:
        """A function without a definition."""
        name = parse_name(text)
        not_reserved(name)
        self._know(name, Function(name), None, 0)

    def let(self, text: str) -> Any:
        """``p = softmax(z)`` or ``p[i] = exp(z[i])/S``: a named intermediate."""
        left, right = parse_definition(text)
        not_reserved(left.name, left.at)
        whole_calls(right)
        size = guard(right, self.magnitudes)
        others = self.child()
        if left.name in self.values:  # said again, it must come to the same
            del others.values[left.name]
            others.declared.pop(left.name, None)
        found, names = others._understood((left, right), (left.name,))
        value = definition(left, right, names, found)
        self._know(left.name, value, declaration_of(left.name, value), left.at)
        self._inferred(found)
        self.magnitudes[left.name] = size
        label = label_of(as_array(value).element)
        if isinstance(left, Index) and label is not None:
            letters = tuple(index(v.name) for v in left.where if isinstance(v, Name))
            self.written[label] = Definition(letters, as_expression(build(right, names)))
        return value

    def adopt(self, name: str, value: Any) -> None:
        """A name for what was built elsewhere: an array or a scalar expression."""
        parse_name(name)
        not_reserved(name)
        try:
            said = declaration_of(name, value)
        except Unsupported as error:
            raise ParseError(said_by(error), 0) from error
        self._know(name, value, said, 0)

    def _know(self, name: str, value: Any, said: Declaration | None, at: int) -> None:
        before = self.values.get(name)
        if before is not None and not _is_same(before, value):
            raise ParseError(
                Sentence("the name {name} stands for something else already", name=repr(name)), at
            )
        self.values[name] = value
        if said is not None:
            self.declared[name] = said

    # ------------------------------------------------------------ reading

    def read(self, text: str) -> Any:
        """The expression or array that a text means; names that it brings are known from now on."""
        tree = parse_text(text)
        whole_calls(tree)
        guard(tree, self.magnitudes)
        found, names = self._understood((tree,))
        value = build(tree, names)
        self._inferred(found)
        return value

    def variable(self, text: str) -> Any:
        """What is derived by: a known name, or an entry of one."""
        node = parse_text(text)
        if not isinstance(node, (Name, Index)):
            raise ParseError(Sentence("expected a name or an entry, such as z or z[i]"), node.at)
        known = self.values.get(node.name)
        if known is None:
            raise ParseError(
                Sentence("{name} does not occur in the expression", name=repr(node.name)), node.at
            )
        if not isinstance(known, (Array, Expr)):
            raise ParseError(
                Sentence("{name} is a function; derive by a name", name=repr(node.name)), node.at
            )
        label = label_of(as_array(known).element)
        body = label.spec.definition if isinstance(label, Label) else None
        if body is not None and body.body.is_number:
            raise ParseError(
                Sentence("{name} is a number, so nothing changes with it", name=repr(node.name)),
                node.at,
            )
        return self.read(text)

    def _understood(
        self, trees: Iterable[Node], defined: Iterable[str] = ()
    ) -> tuple[Names, dict[str, Any]]:
        opaque = [name for name in self.values if name not in self.declared]
        found = infer(tuple(trees), self.declared.values(), [*defined, *opaque], self.positive)
        names: dict[str, Any] = {name: index(name) for name in sorted(found.indices)}
        names |= {name: dim(name) for name in sorted(found.sizes)}
        names |= {
            d.name: declared_as(d, d.name in self.positive)
            for d in found.declared
            if d.name not in self.values
        }
        return found, names | self.values

    def _inferred(self, found: Names) -> None:
        for said in found.declared:
            if said.name not in self.values:
                self.values[said.name] = declared_as(said, said.name in self.positive)
                self.declared[said.name] = said


def is_defined(value: Any) -> bool:
    """Does the name have a definition, so that it is no input?"""
    label = label_of(as_array(value).element)
    return not isinstance(label, Label) or label.spec.definition is not None


def declaration_of(name: str, value: Any) -> Declaration | None:
    """What inference may know of a value; None where a size is neither a name nor a number."""
    sizes: list[Size] = []
    for size in as_array(value).shape:
        if isinstance(size, Symbol):
            sizes.append(size.name)
        elif isinstance(size, Basic) and size.is_Integer:
            sizes.append(int(size))
        else:
            return None
    return Declaration("tensor" if sizes else "scalar", name, tuple(sizes))


def _is_same(a: Any, b: Any) -> bool:
    """Equal; an array is no symbol, and SymPy is not asked to compare the two."""
    return isinstance(a, Array) is isinstance(b, Array) and bool(a == b)

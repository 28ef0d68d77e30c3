"""Statements as Python: what a reader of a notebook runs to derive the same again.

A declaration, a definition or a network becomes a line where something first needs it, so a cell
holds what it rests on and no more. What has no Python to say it leaves what rests on it without.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sympy import S, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.api.goals import Subject, new_name
from symderiv.core.expr import Inert
from symderiv.core.model import Model
from symderiv.core.symbols import Label, label_of
from symderiv.document.article import Block, Figure, Table, Told
from symderiv.model.arrays import Array, as_array
from symderiv.parse.functions import CONSTANTS
from symderiv.parse.grammar import parse_definition, parse_text
from symderiv.parse.syntax import Call, Group, Index, Name, Node, walk
from symderiv.publish.scripts import network, shown
from symderiv.publish.statement import Statement, listed, sides
from symderiv.publish.to_python import Unwritten, identifier, python, quoted
from symderiv.publish.values import values

if TYPE_CHECKING:
    from symderiv.parse import Vocabulary

_CALLS = {"derive": ("by", "wrt"), "backprop": ("by", "wrt"), "rewrite": ("to",)}


@dataclass(slots=True)
class Transcript:
    """What was said in Python so far: ``lets`` by name, and the names that are ``known``.

    ``parameters`` are those of the networks, by which a diagram goes back; ``called`` is the name
    under which the block at hand speaks of an expression, where Python would choose another.
    """

    lets: dict[str, tuple[Name | Index, Node]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    of_network: dict[str, tuple[Statement, str]] = field(default_factory=dict)
    parameters: set[str] = field(default_factory=set)
    made_passes: set[str] = field(default_factory=set)
    passes: bool = False
    called: str = ""

    def follow(
        self, s: Statement, scope: Vocabulary, told: list[Block], language: str = "en"
    ) -> Iterator[Block]:
        """The blocks that a statement made, each with the Python that makes it again."""
        if s.word == "let":
            left, right = parse_definition(s.rest.text)
            self.lets[left.name] = left, right
        elif s.word == "network":
            taken = {*scope.values, *(made for _, made in self.of_network.values())}
            made = next(x for k in range(len(taken) + 1) if (x := f"net{k or ''}") not in taken)
            new = [name for name in scope.values if name not in self.of_network]
            self.of_network |= {name: (s, made) for name in new if self._is_made(scope, name)}
        elif s.word == "forget":
            self.lets.clear()
            self.known.clear()
            self.of_network.clear()
            self.parameters.clear()
        self.passes = False
        position = 0
        for block in told:
            if isinstance(block, (Told, Table, Figure)) and not block.code:
                self.called = _called(block, scope)
                yield replace(block, code=self.code(s, scope, position, language))
                position += 1
            else:
                yield block

    @staticmethod
    def _is_made(scope: Vocabulary, name: str) -> bool:
        """Is a name one that a network made, not one that was declared for it?"""
        label = label_of(as_array(scope.values[name]).element)
        return isinstance(label, Label) and (
            label.spec.layer is not None or label.spec.definition is not None
        )

    def before(self, code: str, scope: Vocabulary) -> str:
        """Lines for the names that an author's Python rests on; its own are known afterwards."""
        import ast

        known, self.lines = set(self.known), []
        used = [n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)]
        try:
            for name in dict.fromkeys(n.id for n in used if isinstance(n.ctx, ast.Load)):
                if name in scope.values and name not in self.known:
                    self.name(name, scope, _sizes(scope), free=True)
        except Unwritten:
            self.known = known
            return ""
        self.known |= {n.id for n in used if isinstance(n.ctx, ast.Store)}
        return "\n".join(self.lines)

    def code(self, s: Statement, scope: Vocabulary, position: int, language: str) -> str:
        """The Python of one of the blocks of a statement; empty where there is none."""
        before, self.lines = set(self.known), []
        try:
            last = self.call(s, scope.child(), position, language)
        except Unwritten:
            self.known = before
            return ""
        return "\n".join([*self.lines, last])

    # ------------------------------------------------------------ calls

    def call(self, s: Statement, scope: Vocabulary, position: int, language: str) -> str:
        """The line that makes a block."""
        match s.word:
            case "derive":
                what, by = s.split("", *_CALLS[s.word])
                value = self.said(what.text, scope)
                by_one = self.said(listed(by)[position].text, scope)
                return f"sd.derive({value}, {by_one}{self.options(s, scope)})"
            case "rewrite":
                parts = s.split("", "to") if " to " in f" {s.rest.text} " else (s.rest,)
                value, *to = (self.said(part.text, scope) for part in parts)
                form = f", to={to[0]}" if to else ""
                return f"sd.rewrite({value}{form}{self.options(s, scope)})"
            case "unfold":
                return f"sd.unfold({self.said(s.rest.text, scope)})"
            case "value":
                given = values(s.options["at"]) if "at" in s.options else {}
                return f"sd.evaluate({self.said(s.rest.text, scope)}, {given})"
            case "backprop":
                return self.backward(s, scope, position)
            case "check":
                return self.claim(s, scope)
            case "tell":
                return self.told(s, position)
        return shown(s, self, scope, position, language)

    def claim(self, s: Statement, scope: Vocabulary) -> str:
        """An equality, and what numbers say of it."""
        pair = sides(s.rest)
        assert pair is not None
        both = ", ".join(self.said(side.text, scope) for side in pair)
        parts = listed(s.options["given"]) if "given" in s.options else []
        given = ", ".join(self.said(part.text, scope) for part in parts)
        checked = ".check()" if s.yes("check", default=True) else ""
        return f"claimed({both}{f', given=[{given}]' if given else ''}){checked}"

    def told(self, s: Statement, position: int) -> str:
        """What an author's Python made."""
        name = identifier(s.rest.text)
        return f"{name}.derivations()[{position}][1]" if name in self.made_passes else name

    def backward(self, s: Statement, scope: Vocabulary, position: int) -> str:
        """A pass is made with its first derivation, and read from then on."""
        if position == 0:
            what, by = s.split("", *_CALLS[s.word])
            loss = self.said(what.text, scope)
            by_all = ", ".join(self.said(text.text, scope) for text in listed(by))
            self.lines.append(f"bp = sd.backprop({loss}, [{by_all}]{self.options(s, scope)})")
            self.passes = True
        elif not self.passes:
            raise Unwritten(s.word)
        return f"bp.derivations()[{position}][1]"

    def options(self, s: Statement, scope: Vocabulary) -> str:
        """What the options ask for, as further arguments."""
        form = f", to={self.said(s.option('to'), scope)}" if s.option("to") else ""
        form += f", name={quoted(self.called)}" if self.called else ""
        if s.option("letters"):
            form += f", letters={[letter.text for letter in listed(s.options['letters'])]}"
        return form + ("" if s.yes("facts", True) else ", facts=False")

    # ------------------------------------------------------------ names

    def said(self, text: str, scope: Vocabulary) -> str:
        """An expression in Python, after lines for the names in it."""
        scope.read(text)
        tree = parse_text(text)
        self.need(tree, scope)
        return python(tree, scope.values)

    def need(self, tree: Node, scope: Vocabulary) -> None:
        """Lines for the names of a tree that were not said before."""
        sizes = _sizes(scope) | _ends(tree)
        for node in walk(tree):
            if isinstance(node, (Name, Index, Call)) and node.name not in self.known:
                self.name(node.name, scope, sizes, free=not isinstance(node, Call))

    def name(self, name: str, scope: Vocabulary, sizes: set[str], *, free: bool) -> None:
        """The line for one name, after those that it rests on."""
        value = scope.values.get(name)
        if name in self.of_network:
            statement, made = self.of_network[name]
            if made not in self.known:
                call = network(statement, self, scope)
                self.known.add(made)
                self.lines.append(f"{made} = {call}")
            self.say(name, f"{made}.names[{quoted(name)}]")
        elif name in self.lets:
            left, right = self.lets[name]
            self.need(right, scope)
            self.sizes(value)
            self.say(name, self.defined(left, right, value, scope))
        elif isinstance(value, type):
            self.say(name, f"sp.Function({quoted(name)})")
        elif value is not None:
            self.sizes(value)
            self.say(name, declared(name, value))
        elif free and name not in ("True", "False", *CONSTANTS):
            self.say(name, f"sd.{'dim' if name in sizes else 'index'}({quoted(name)})")

    def defined(self, left: Name | Index, right: Node, value: Any, scope: Vocabulary) -> str:
        """The named intermediate."""
        body = python(right, scope.values)
        limits = ""
        if isinstance(left, Index):
            for axis, size in zip(left.where, as_array(value).shape, strict=True):
                assert isinstance(axis, Name)
                self.need(axis, scope)
                limits += f", ({identifier(axis.name)}, 1, {_size(size)})"
        return f"sd.let({quoted(left.name)}, {body}{limits})"

    def size(self, name: str, scope: Vocabulary) -> None:
        """The line for the name of a size."""
        if name not in self.known:
            value = scope.values.get(name)
            self.say(name, f"sd.dim({quoted(name)})" if value is None else declared(name, value))

    def sizes(self, value: Any) -> None:
        """Lines for the sizes of an array."""
        for size in as_array(value).shape:
            for symbol in sorted(size.free_symbols, key=str):
                if symbol.name not in self.known:
                    self.say(symbol.name, f"sd.dim({quoted(symbol.name)})")

    def say(self, name: str, value: str) -> None:
        """``name = value``."""
        self.known.add(name)
        self.lines.append(f"{identifier(name)} = {value}")


def declared(name: str, value: Any) -> str:
    """The declaration of an input.

    >>> import symderiv as sd
    >>> declared("z", sd.vector("z", sd.dim("n")))
    'sd.vector("z", n)'
    """
    label = label_of(as_array(value).element)
    if not isinstance(label, Label) or label.spec.definition is not None or label.spec.layer:
        raise Unwritten(name)
    spec, sizes = label.spec, [_size(size) for size in label.spec.shape]
    kinds = {0: "scalar", 1: "vector", 2: "matrix"}
    kind = kinds.get(len(sizes), "tensor") if spec.kind == "real" else spec.kind
    certain = spec.kind in ("one_hot", "labels")
    positive = ["positive=True"] if spec.positive and not certain else []
    if spec.kind == "labels" and spec.classes is not None:
        raise Unwritten(name)
    return f"sd.{kind}({', '.join([quoted(name), *sizes, *positive])})"


def _called(block: Block, scope: Vocabulary) -> str:
    """The name that was made up for an expression, if another one would be without being asked."""
    goal = block.document.goal if isinstance(block, Told) else None
    label = label_of(goal.what) if isinstance(goal, Inert) else None
    definition = label.spec.definition if isinstance(label, Label) else None
    if label is None or definition is None or label.spec.layer or label.name in scope.values:
        return ""
    limits = zip(definition.indices, label.shape, strict=True)
    of = Subject(definition.body, tuple(Tuple(v, S.One, size) for v, size in limits))
    return "" if new_name(of, Model.of(of.element)) == label.name else label.name


def _ends(tree: Node) -> set[str]:
    """The names that stand where a range begins or ends."""
    groups = [node for node in walk(tree) if isinstance(node, Group) and len(node.parts) == 3]
    ends = [end for group in groups for part in group.parts[1:] for end in walk(part)]
    return {node.name for node in ends if isinstance(node, Name)}


def _size(size: Basic) -> str:
    if isinstance(size, Symbol):
        return identifier(size.name)
    if size.is_Integer:
        return str(size)
    raise Unwritten(str(size))


def _sizes(scope: Vocabulary) -> set[str]:
    """The names of sizes."""
    found: set[str] = set()
    for value in scope.values.values():
        if isinstance(value, (Array, Basic)) and not isinstance(value, type):
            for label in Model.of(as_array(value).element).labels:
                found |= {s.name for size in label.spec.shape for s in size.free_symbols}
    return found

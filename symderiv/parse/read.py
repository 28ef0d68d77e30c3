"""Texts from outside to what `derive` takes: an expression, and the variables to derive by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sympy import Function

from symderiv.core.errors import ParseError
from symderiv.core.messages import ABOUT, Sentence, said_by
from symderiv.model.declare import dim, distribution, index, labels, one_hot, tensor
from symderiv.model.naming import let
from symderiv.parse.build import build, placed
from symderiv.parse.declare import Declaration, Kind, Size, parse_declaration, parse_name
from symderiv.parse.functions import BINDERS, CONSTANTS, functions
from symderiv.parse.grammar import parse_definition, parse_text
from symderiv.parse.magnitude import guard
from symderiv.parse.names import NameFault, Names, infer
from symderiv.parse.syntax import Group, Index, Name, Node, walk

TWO = "{option}, {place}"
WORDS = ("True", "False", "Piecewise", *BINDERS)


@dataclass(frozen=True, slots=True)
class Texts:
    """What a user wrote: the expression, the variables, the definitions and the declarations."""

    expression: str
    wrt: tuple[str, ...] = ()
    let: tuple[str, ...] = ()
    declared: tuple[tuple[Kind, str], ...] = ()
    positive: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """The expression (SymPy's, or an array), the variables, and what every name stands for."""

    expression: Any
    wrt: tuple[Any, ...]
    names: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Source:
    """One text with its tree; ``option`` is where it came from, ``left`` what it defines."""

    option: str
    text: str
    tree: Node
    left: Name | Index | None = None

    def placed(self) -> Any:
        return placed_in(self.option, self.text)


def read(texts: Texts) -> Parsed:
    """Parse and build; nothing is evaluated, and no name is looked up outside the language.

    Raises:
        ParseError: with the text and the column at fault in its message.

    >>> read(Texts("-Sum(p[i]*log(p[i]), (i, 1, n))", wrt=("p[i]",))).wrt
    (p[i],)
    """
    expression = _expression(texts.expression)
    lets = tuple(map(_definition, texts.let))
    variables = tuple(map(_variable, texts.wrt))
    declared = tuple(_declaration(kind, text) for kind, text in texts.declared)
    undefined = tuple(_alone("--function", text) for text in texts.functions)
    positive = tuple(_alone("--positive", text) for text in texts.positive)
    _no_doubles([d.name for d in declared] + [s.left.name for s in lets if s.left], undefined)
    _whole_calls((*lets, expression))
    _bounded((*lets, expression))
    _constants_stay(lets, variables)
    missing = _missing((*lets, expression), variables, positive)
    if missing is not None:
        read(replace(texts, wrt=(), positive=()))  # a fault in what is there comes first
        raise missing

    _in_order(lets)
    found = _inferred((expression, *lets, *variables), declared, undefined, positive)
    names: dict[str, Any] = {name: index(name) for name in sorted(found.indices)}
    names |= {name: dim(name) for name in sorted(found.sizes)}
    names |= {name: Function(name) for name in undefined}
    names |= {d.name: declared_as(d, d.name in positive) for d in found.declared}
    for source in lets:
        with source.placed():
            assert source.left is not None
            names[source.left.name] = definition(source.left, source.tree, names, found)
    values = []
    for source in (expression, *variables):
        with source.placed():
            values.append(build(source.tree, names))
    return Parsed(values[0], tuple(values[1:]), names)


# ---------------------------------------------------------------- places


@contextmanager
def placed_in(option: str, text: str) -> Iterator[None]:
    """Errors inside name the option and text that they are about, and the place, from 1."""
    try:
        yield
    except ParseError as error:
        where = [f"{option} {text if len(text) <= 30 else text[:29] + '…'!r}"] if option else []
        where += [] if error.position is None else [_place(text, error.position)]
        said = said_by(error)
        if where:
            told = where[0] if len(where) == 1 else Sentence(TWO, option=where[0], place=where[1])
            said = Sentence(ABOUT, what=told, said=said)
        raise ParseError(said, error.position) from None


def _place(text: str, position: int) -> str:
    before = text[:position]
    column = position - before.rfind("\n")
    if "\n" not in text.strip():
        return Sentence("column {column}", column=column)
    return Sentence("line {line}, column {column}", line=before.count("\n") + 1, column=column)


# ---------------------------------------------------------------- the texts, one by one


def _expression(text: str) -> _Source:
    with placed_in("", text):
        return _Source("", text, parse_text(text))


def _definition(text: str) -> _Source:
    with placed_in("--let", text):
        left, right = parse_definition(text)
        not_reserved(left.name, left.at)
        return _Source("--let", text, right, left)


def _variable(text: str) -> _Source:
    with placed_in("--wrt", text):
        node = parse_text(text)
        if not isinstance(node, (Name, Index)):
            raise ParseError(Sentence("expected a name or an entry, such as z or z[i]"), node.at)
        return _Source("--wrt", text, node)


def _declaration(kind: Kind, text: str) -> Declaration:
    with placed_in(f"--{kind.replace('_', '-')}", text):
        found = parse_declaration(kind, text)
        not_reserved(found.name)
        return found


def _alone(option: str, text: str) -> str:
    with placed_in(option, text):
        name = parse_name(text)
        not_reserved(name)
        return name


def not_reserved(name: str, at: int = 0) -> None:
    """Raise `ParseError` for a word of the language."""
    if name in CONSTANTS or name in WORDS or (name in functions() and name != "delta"):
        raise ParseError(
            Sentence("{name} is a word of the language, not a free name", name=repr(name)), at
        )


# ---------------------------------------------------------------- what they must be together


def _no_doubles(names: list[str], functions_named: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for name in (*names, *functions_named):
        if name in seen:
            raise ParseError(Sentence("the name {name} is declared twice", name=repr(name)))
        seen.add(name)


def _whole_calls(sources: tuple[_Source, ...]) -> None:
    """No function stands without brackets."""
    for source in sources:
        with source.placed():
            whole_calls(source.tree)


def whole_calls(tree: Node) -> None:
    """Raise `ParseError` for a function without brackets."""
    for node in walk(tree):
        named = isinstance(node, (Name, Index)) and node.name in functions()
        if isinstance(node, (Name, Index)) and named and node.name != "delta":
            raise ParseError(
                Sentence(
                    "{name} is a function; write {bare}(…)",
                    name=repr(node.name),
                    bare=node.name,
                ),
                node.at,
            )


def _missing(
    sources: tuple[_Source, ...], variables: tuple[_Source, ...], positive: tuple[str, ...]
) -> ParseError | None:
    """The fault of an option about a name that does not occur."""
    seen = {source.left.name for source in sources if source.left}
    for source in sources:
        seen |= {node.name for node in walk(source.tree) if isinstance(node, (Name, Index))}
    try:
        for source in variables:
            with source.placed():
                if isinstance(source.tree, (Name, Index)) and source.tree.name not in seen:
                    raise ParseError(
                        Sentence(
                            "{name} does not occur in the expression", name=repr(source.tree.name)
                        ),
                        0,
                    )
    except ParseError as error:
        return error
    for name in positive:
        if name not in seen:
            return ParseError(
                Sentence(
                    "--positive {name}: the name does not occur in the expression", name=repr(name)
                )
            )
    return None


def _in_order(lets: tuple[_Source, ...]) -> None:
    """A definition reads only what is defined before it."""
    after = {s.left.name: s for s in lets if s.left}
    for source in lets:
        for node in _read(source.tree):
            if node.name in after:
                with source.placed():
                    raise ParseError(_not_yet(node.name, source, after), node.at)
        if source.left:
            del after[source.left.name]


def _not_yet(name: str, source: _Source, after: dict[str, _Source]) -> str:
    """Why a definition cannot read that name: it comes later, or rests on this one."""
    around = _circle(source, name, after)
    if around:
        shown = ", ".join(x.text.strip() for x in around)
        return Sentence(
            "the definitions go in a circle, {shown}; a name rests only on names before it",
            shown=shown,
        )
    return Sentence("{name} is defined later; put that definition first", name=repr(name))


def _circle(first: _Source, name: str, after: dict[str, _Source]) -> list[_Source]:
    """The definitions from the first, by way of a name that it reads, back to it; or none."""
    came = {name: first}
    todo = [after[name]]
    for source in todo:
        if source is first:
            return _way(first, source, came)
        for node in _read(source.tree):
            if node.name in after and node.name not in came:
                came[node.name] = source
                todo.append(after[node.name])
    return []


def _way(first: _Source, last: _Source, came: dict[str, _Source]) -> list[_Source]:
    """The definitions from the first on, each of which reads the next."""
    way = [first]
    at = last
    while at.left is not None and came[at.left.name] is not first:
        at = came[at.left.name]
        way.insert(1, at)
    return way


def _read(tree: Node) -> list[Name | Index]:
    """The names that a formula reads, those of its indices left out."""
    bound = {
        node.parts[0].name
        for node in walk(tree)
        if isinstance(node, Group) and isinstance(node.parts[0], Name)
    }
    read = [node for node in walk(tree) if isinstance(node, (Name, Index))]
    return [node for node in read if node.name not in bound]


def _constants_stay(lets: tuple[_Source, ...], variables: tuple[_Source, ...]) -> None:
    """Nothing is derived by a name that stands for a number."""
    fixed = {
        source.left.name
        for source in lets
        if source.left and not any(isinstance(node, (Name, Index)) for node in walk(source.tree))
    }
    for source in variables:
        with source.placed():
            if isinstance(source.tree, (Name, Index)) and source.tree.name in fixed:
                raise ParseError(
                    Sentence(
                        "{name} is given as a number by --let, so nothing changes with it; "
                        "leave that "
                        "--let out",
                        name=repr(source.tree.name),
                    ),
                    0,
                )


def _bounded(sources: tuple[_Source, ...]) -> None:
    known: dict[str, Any] = {}
    for source in sources:
        with source.placed():
            value = guard(source.tree, known)
        if source.left is not None:
            known[source.left.name] = value


def _inferred(
    sources: tuple[_Source, ...],
    declared: tuple[Declaration, ...],
    undefined: tuple[str, ...],
    positive: tuple[str, ...],
) -> Names:
    trees: list[Node] = []
    for source in sources:
        trees += [source.tree] if source.left is None else [source.left, source.tree]
    defined = [source.left.name for source in sources if source.left]
    try:
        return infer(trees, declared, [*defined, *undefined], positive)
    except NameFault as fault:
        for source in sources:
            texts = (source.tree,) if source.left is None else (source.left, source.tree)
            if any(node is fault.node for tree in texts for node in walk(tree)):
                with source.placed():
                    raise
        raise


# ---------------------------------------------------------------- what they stand for


def declared_as(d: Declaration, positive: bool) -> Any:
    """What a declaration stands for."""
    shape = tuple(map(_size, d.sizes or ()))
    if d.kind == "one_hot":
        return one_hot(d.name, *shape)
    if d.kind == "labels":
        return labels(d.name, *shape)
    if d.kind == "distribution":
        return distribution(d.name, *shape, positive=positive)
    return tensor(d.name, *shape, positive=positive)


def _size(size: Size) -> Any:
    return size if isinstance(size, int) else dim(size)


def definition(left: Name | Index, right: Node, names: dict[str, Any], found: Names) -> Any:
    """The named intermediate: ``p = softmax(z)``, or ``p[i] = exp(z[i])/S``."""
    if isinstance(left, Name):
        value = build(right, names)
        with placed(right.at):
            return let(left.name, value)
    axes = [part.name for part in left.where if isinstance(part, Name)]
    if len(set(axes)) != len(left.where) or not found.indices.issuperset(axes):
        raise ParseError(Sentence("expected different indices, such as p[i] or A[i, j]"), left.at)
    value = build(right, names)
    sizes = found.defined[left.name]
    with placed(right.at):
        limits = [(index(v), 1, _size(n)) for v, n in zip(axes, sizes, strict=True)]
        return let(left.name, value, *limits)

"""The syntax tree: frozen records with source positions, before names mean anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number; ``0.1`` is one tenth."""

    at: int
    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A name, in Unicode normal form C."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """``-body``."""

    at: int
    body: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """``first op second op …`` of one precedence, read from the left; ``rest`` has the operators.

    ``ops`` holds ``+`` and ``-``, or ``*``, ``/`` and ``@``, each with its position.
    """

    at: int
    first: Node
    rest: tuple[tuple[str, int, Node], ...]


@dataclass(frozen=True, slots=True)
class Power:
    """``base ** exponent``."""

    at: int
    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """``left op right`` with one of ``< <= > >= == !=``."""

    at: int
    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Index:
    """``name[where, …]``."""

    at: int
    name: str
    where: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """``name(args, …, key=value)``."""

    at: int
    name: str
    args: tuple[Node, ...]
    options: tuple[tuple[str, int, Node], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """``(a, b, …)``: the limits of a sum, or a branch of ``Piecewise``."""

    at: int
    parts: tuple[Node, ...]


Node = Number | Name | Negative | Chain | Power | Compare | Index | Call | Group


def parts(node: Node) -> tuple[Node, ...]:
    """The nodes directly below one."""
    match node:
        case Negative(body=body):
            return (body,)
        case Chain(first=first, rest=rest):
            return (first, *(part for _, _, part in rest))
        case Power(base=base, exponent=exponent):
            return (base, exponent)
        case Compare(left=left, right=right):
            return (left, right)
        case Index(where=where):
            return where
        case Call(args=args, options=options):
            return (*args, *(value for _, _, value in options))
        case Group(parts=inside):
            return inside
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Every node, parents first, in reading order."""
    todo = [node]
    while todo:
        here = todo.pop()
        yield here
        todo.extend(reversed(parts(here)))

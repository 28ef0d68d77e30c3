"""A syntax tree as Python for ``import symderiv as sd`` and ``import sympy as sp``."""

from __future__ import annotations

import json
import keyword
from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

from symderiv.model.arrays import Array
from symderiv.parse.build import build
from symderiv.parse.functions import CONSTANTS, functions
from symderiv.parse.syntax import (
    Call,
    Chain,
    Compare,
    Group,
    Index,
    Name,
    Negative,
    Node,
    Number,
    Power,
    walk,
)

_TAKEN = frozenset(("sd", "sp", "bp", "catalog", "parts", "pictures", "claimed", "drawn"))
_METHODS = frozenset(("sum", "prod", "mean", "max", "min"))
_BINDERS = frozenset(("Sum", "Product"))
_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2}
_NEGATIVE, _POWER, _ATOM = 3, 4, 5


class Unwritten(Exception):
    """Something that has no short Python."""


def python(node: Node, names: Mapping[str, Any]) -> str:
    """The tree in Python; ``names`` tells arrays from scalars.

    Raises:
        Unwritten: there is no Python for a part of it.

    >>> from symderiv.parse.grammar import parse_text
    >>> python(parse_text("1/2 * sum((x - lambda)**2)"), {})
    'sp.Rational(1, 2) * ((x - lambda_) ** 2).sum()'
    """
    return _Writer(names).written(node)[0]


def identifier(name: str) -> str:
    """The name as a variable.

    >>> identifier("lambda"), identifier("x_1")
    ('lambda_', 'x_1')
    """
    if not name.isidentifier():
        raise Unwritten(name)
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name


def quoted(name: str) -> str:
    """The name as a string.

    >>> print(quoted("z"))
    "z"
    """
    return json.dumps(name, ensure_ascii=False)


class _Writer:
    """Writes nodes with the rank of their outermost operator."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names = names

    def text(self, node: Node, least: int = 0) -> str:
        out, rank = self.written(node)
        return f"({out})" if rank < least else out

    def written(self, node: Node) -> tuple[str, int]:
        match node:
            case Number(value=value):
                return _number(value)
            case Name(name="True" | "False" as truth):
                return truth, _ATOM
            case Name(name=name):
                known = name in CONSTANTS and name not in self.names
                return ("sp.pi" if known else identifier(name)), _ATOM
            case Negative(body=body):
                return f"-{self.text(body, _NEGATIVE)}", _NEGATIVE
            case Chain():
                return self.chain(node)
            case Power(base=base, exponent=exponent):
                return self.power(base, exponent)
            case Compare(op=op, left=left, right=right):
                return self.compared(op, self.text(left, 1), self.text(right, 1))
            case Index(name=name, where=where):
                return f"{identifier(name)}[{self.listed(where)}]", _ATOM
            case Call():
                return self.call(node), _ATOM
            case Group(parts=parts):
                return f"({self.listed(parts)})", _ATOM

    def listed(self, nodes: tuple[Node, ...]) -> str:
        return ", ".join(map(self.text, nodes))

    def chain(self, node: Chain) -> tuple[str, int]:
        """Numbers among themselves are divided exactly, before Python can."""
        rank = _RANKS[node.rest[0][0]]
        if any(op == "/" for op, _, _ in node.rest):
            first, rest = _leading_number(node)
            out = _number(first)[0] if first is not None else self.text(node.first, rank)
        else:
            out, rest = self.text(node.first, rank), node.rest
        for op, _, operand in rest:
            out += f" {op} {self.text(operand, rank + 1)}"
        return out, rank if rest else _ATOM

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        if _is_number(base):
            value = build(base, {}).doit()
            text = f"sp.Rational({value.p}, {value.q})" if value.q != 1 else f"sp.Integer({value})"
        else:
            text = self.text(base, _ATOM)
        return f"{text} ** {self.text(exponent, _POWER)}", _POWER

    def compared(self, op: str, left: str, right: str) -> tuple[str, int]:
        if op in ("==", "!="):
            return f"sp.{'Eq' if op == '==' else 'Ne'}({left}, {right})", _ATOM
        return f"{left} {op} {right}", 0

    def call(self, node: Call) -> str:
        import symderiv as sd

        name = node.name
        args = [self.text(arg) for arg in node.args]
        options = [f"{key}={self.text(value)}" for key, _, value in node.options]
        if name in self.names:
            return f"{identifier(name)}({', '.join(args)})"
        if name in _BINDERS or name == "Piecewise":
            return f"sp.{name}({', '.join(args)})"
        if name.lower() in ("max", "min") and len(args) > 1 and not options:
            several = f"sd.{name.lower()}imum"
            return reduce(lambda a, b: f"{several}({a}, {b})", args)
        if name == "transpose":
            return f"{self.text(node.args[0], _ATOM)}.T"
        if name in _METHODS and len(args) == 1:
            return f"{self.text(node.args[0], _ATOM)}.{name}({', '.join(options)})"
        if name == "ln":
            name = "log"
        if name in functions() and name in sd.__all__:
            return f"sd.{name}({', '.join([*args, *options])})"
        scalar = not any(isinstance(self.names.get(n), Array) for n in _whole_names(node))
        if name in ("delta", "KroneckerDelta"):
            return f"sp.KroneckerDelta({', '.join(args)})"
        if name in functions() and scalar and not options and name not in _METHODS:
            return f"sp.{name}({', '.join(args)})"
        raise Unwritten(name)


def _number(value: Fraction) -> tuple[str, int]:
    if value.denominator == 1:
        return str(value), _ATOM if value >= 0 else _NEGATIVE
    return f"sp.Rational({value.numerator}, {value.denominator})", _ATOM


def _is_number(node: Node) -> bool:
    return not any(isinstance(part, (Name, Index, Call)) for part in walk(node))


def _leading_number(node: Chain) -> tuple[Fraction | None, tuple[tuple[str, int, Node], ...]]:
    """The value of the numbers that a product begins with, and what follows them."""
    if not _is_number(node.first):
        return None, node.rest
    made = build(node.first, {})
    value = Fraction(int(made.p), int(made.q)) if made.is_Rational else None
    if value is None:
        raise Unwritten("a number that is not rational")
    rest = list(node.rest)
    while rest and _is_number(rest[0][2]):
        op, _, operand = rest.pop(0)
        other = build(operand, {})
        if not other.is_Rational or op not in "*/" or (op == "/" and not other):
            raise Unwritten("a number that is not rational")
        part = Fraction(int(other.p), int(other.q))
        value = value * part if op == "*" else value / part
    return value, tuple(rest)


def _whole_names(node: Node) -> set[str]:
    return {part.name for part in walk(node) if isinstance(part, Name)}

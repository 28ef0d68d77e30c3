"""A guard against numbers that nobody can write down, such as ``9**9**9``.

Each part of a syntax tree is valued with every name between 1 and 2. A part that is a number in
disguise (``9*x/x``) takes its true value there, so powers and sums are bounded before anything
computes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

from mpmath import MPContext

from symderiv.core.errors import ParseError
from symderiv.core.messages import N_, Sentence
from symderiv.parse.limits import MAX_BITS, MAX_EXPONENT, MAX_TERMS
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
)

Value = Any  # an mpmath number: real or complex
MP = MPContext()
ONE = MP.mpf(1)

_FUNCTIONS: dict[str, Callable[[Value], Value]] = {
    "exp": MP.exp,
    "log": MP.log,
    "sqrt": MP.sqrt,
    "abs": abs,
    "sinh": MP.sinh,
    "cosh": MP.cosh,
    "relu": lambda x: x,
    "sum": lambda x: x,
    "mean": lambda x: x,
    "max": lambda x: x,
    "min": lambda x: x,
}
_BINDERS = ("Sum", "Product", "Max", "Min")


def guard(node: Node, known: Mapping[str, Value] | None = None) -> Value:
    """The value of a tree where every name is between 1 and 2; ``known`` are names with a value.

    Raises:
        ParseError: a part is too large or small, divides by zero, or has too many terms.

    >>> guard(Power(0, Name(0, "x"), Number(3, 9**9)))
    Traceback (most recent call last):
    symderiv.core.errors.ParseError: an exponent of more than 1,000 is not computed
    """
    return _Guard(dict(known or {}), 1).value(node)


LARGE = N_("values too large to compute with")
SMALL = N_("values too small to compute with")


class _Guard:
    """The values of names in sight, and how often the place is repeated by sums around it."""

    def __init__(self, known: dict[str, Value], repeated: int) -> None:
        self.known = known
        self.repeated = repeated

    def value(self, node: Node) -> Value:
        found = self._value(node)
        if MP.isfinite(found) and found != 0 and abs(MP.mag(found)) > MAX_BITS:
            raise ParseError(Sentence(LARGE if MP.mag(found) > 0 else SMALL), node.at)
        return found

    def _value(self, node: Node) -> Value:
        match node:
            case Number(value=value):
                return MP.mpf(value.numerator) / value.denominator
            case Name(name=name):
                return self.known[name] if name in self.known else _generic(name)
            case Negative(body=body):
                return -self.value(body)
            case Chain(first=first, rest=rest):
                out = self.value(first)
                for op, at, operand in rest:
                    out = _apply(op, at, out, self.value(operand))
                return out
            case Power(at=at, base=base, exponent=exponent):
                return _power(at, exponent.at, self.value(base), self.value(exponent))
            case Index(name=name, where=where):
                inner = [self.value(part) for part in where]
                return self.known[name] if name in self.known else _generic(name, *inner)
            case Call():
                return self._call(node)
            case Compare(left=left, right=right):
                return self.value(left) + self.value(right)
            case Group(parts=parts):
                values = [self.value(part) for part in parts]
                return values[0]

    def _call(self, node: Call) -> Value:
        if node.name in _BINDERS and len(node.args) > 1 and isinstance(node.args[1], Group):
            return self._bound(node)
        values = [self.value(arg) for arg in node.args]
        values_of_options = [self.value(value) for _, _, value in node.options]
        if node.name in _FUNCTIONS and len(values) == 1 and not values_of_options:
            return _FUNCTIONS[node.name](values[0]) if MP.isfinite(values[0]) else values[0]
        if node.name in ("where", "Piecewise", "maximum", "minimum", "max", "min"):
            return max(values, key=abs, default=ONE)
        return _generic(node.name, *values)

    def _bound(self, node: Call) -> Value:
        inner = _Guard(dict(self.known), self.repeated)
        counts = []
        for limit in reversed(node.args[1:]):
            if not isinstance(limit, Group) or len(limit.parts) != 3:
                continue  # the builder says what is wrong with it
            index, low, high = limit.parts
            first, last = inner.value(low), inner.value(high)
            if not (MP.isfinite(first) and MP.isfinite(last)):
                raise ParseError(Sentence("the limits of a sum must be finite"), limit.at)
            count = int(abs(last - first)) + 1
            inner.repeated *= count
            if inner.repeated > MAX_TERMS:
                raise ParseError(
                    Sentence("more than {most} terms", most=f"{MAX_TERMS:,}"), limit.at
                )
            counts.append(count)
            if isinstance(index, Name):
                inner.known[index.name] = last
        body = inner.value(node.args[0])
        for count in counts:
            if node.name == "Sum":
                body *= count
            elif node.name == "Product":
                body = _power(node.at, node.at, body, MP.mpf(count), MAX_TERMS)
        return body


def _apply(op: str, at: int, a: Value, b: Value) -> Value:
    if op == "+":
        return a + b
    if op == "-":
        return a - b
    if op == "/":
        if b == 0:
            raise ParseError(Sentence("division by zero"), at)
        return a / b
    return a * b


def _power(at: int, where: int, base: Value, exponent: Value, most: int = MAX_EXPONENT) -> Value:
    if abs(exponent) > most:
        raise ParseError(
            Sentence("an exponent of more than {most} is not computed", most=f"{most:,}"), where
        )
    if base == 0:
        if MP.re(exponent) < 0:
            raise ParseError(Sentence("division by zero"), at)
        return ONE if exponent == 0 else MP.mpf(0)
    return base**exponent


def _generic(name: str, *where: Value) -> Value:
    """A number between 1 and 2 that is the same for the same name, and for no other."""
    seed = crc32(repr((name, [str(part) for part in where])).encode("utf-8", "replace"))
    return ONE + MP.mpf(seed * 2 + 1) / 2**33

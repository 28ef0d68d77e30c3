"""Index arithmetic: places (which index runs over which axis), affine indices, sizes as numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sympy import Add, Expr, Integer, Max, Min, Mul, Number, Pow, Symbol, ceiling, floor

from symderiv.core.binding import free
from symderiv.core.errors import DataError, Unsupported
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label
from symderiv.lower.program import Affine, Axis


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: the axis of each index, and whether a guard stands over it."""

    axes: tuple[tuple[Symbol, Axis], ...] = ()
    guarded: bool = False

    def get(self, index: Symbol) -> Axis | None:
        """The axis that an index runs over."""
        return next((axis for symbol, axis in self.axes if symbol == index), None)

    def bound(self, extra: Mapping[Symbol, Axis], *, guarded: bool = False) -> Place:
        """The place inside a binder."""
        kept = tuple((s, a) for s, a in self.axes if s not in extra)
        return Place((*kept, *extra.items()), self.guarded or guarded)

    def behind_guard(self) -> Place:
        """The same place with a guard in front."""
        return self if self.guarded else Place(self.axes, True)

    def narrowed(self, e: Expr) -> Place:
        """Only what the expression sees."""
        seen = free(e)
        kept = sorted(((s, a) for s, a in self.axes if s in seen), key=lambda pair: pair[0].name)
        return Place(tuple(kept), self.guarded)


def affine(e: Expr, place: Place) -> Affine | None:
    """The index as an affine function of axes, or None if it is none (an entry of labels, say)."""
    found = _linear(e, place)
    if found is None:
        return None
    terms = tuple((axis, c) for axis, c in found[0].items() if c != 0)
    return Affine(terms, found[1])


def _linear(e: Expr, place: Place) -> tuple[dict[Axis, Expr], Expr] | None:
    if isinstance(e, Symbol):
        axis = place.get(e)
        if axis is not None:
            return {axis: Integer(1)}, Integer(0)
        return None if isinstance(e, Label) else ({}, e)
    if isinstance(e, Number):
        return {}, e
    if isinstance(e, Add):
        slopes: dict[Axis, Expr] = {}
        offset: Expr = Integer(0)
        for term in e.args:
            part = _linear(term, place)
            if part is None:
                return None
            for axis, c in part[0].items():
                slopes[axis] = slopes.get(axis, Integer(0)) + c
            offset = offset + part[1]
        return slopes, offset
    if isinstance(e, Mul):
        slopes, offset = {}, Integer(1)
        for factor in e.args:
            part = _linear(factor, place)
            if part is None or (slopes and part[0]):
                return None
            slopes = {a: c * part[1] for a, c in slopes.items()} or {
                a: c * offset for a, c in part[0].items()
            }
            offset = offset * part[1]
        return slopes, offset
    if isinstance(e, (Pow, Max, Min, floor, ceiling)):
        if any(isinstance(s, Label) or place.get(s) is not None for s in free(e)):
            return None
        return None if _reads_entries(e) else ({}, e)
    return None


def _reads_entries(e: Expr) -> bool:
    return not isinstance(e, (Symbol, Number, Add, Mul, Pow, Max, Min, floor, ceiling)) or any(
        _reads_entries(a) for a in e.args
    )


def extreme(e: Expr, place: Place, *, lowest: bool) -> Expr:
    """The least or greatest value of a bound of summation while the outer indices run.

    Raises `Unsupported` when the bound is not affine in them.
    """
    if isinstance(e, (Max, Min)):
        return e.func(*(extreme(a, place, lowest=lowest) for a in e.args))
    found = affine(e, place)
    if found is None:
        raise Unsupported(
            Sentence(
                "the limit {limit} of a sum is not affine in the outer indices; write "
                "the sum over the whole range and put the condition into it",
                limit=e,
            )
        )
    out = found.offset
    for axis, c in found.terms:
        if not (c.is_nonnegative or c.is_nonpositive):
            raise Unsupported(
                Sentence(
                    "the limit {limit} of a sum: the sign of {factor} is not known",
                    limit=e,
                    factor=c,
                )
            )
        out = out + c * (axis.low if bool(c.is_nonnegative) == lowest else axis.high)
    return out


def evaluate(e: Expr, sizes: Mapping[str, int]) -> int:
    """A size expression as an integer.

    Raises `DataError` if it is none at these sizes.
    """
    value = _number(e, sizes)
    if isinstance(value, float) or value.denominator != 1:
        raise DataError(
            Sentence(
                "the size {size} is {value}, not a whole number, at {sizes}",
                size=e,
                value=value,
                sizes=_told(sizes),
            )
        )
    return int(value)


def number(e: Expr, sizes: Mapping[str, int]) -> int | float:
    """A size expression as a Python number; infinite where it divides by 0."""
    try:
        value = _number(e, sizes)
    except ZeroDivisionError:
        return float("inf")
    if isinstance(value, float):
        return value
    return int(value) if value.denominator == 1 else value.numerator / value.denominator


def _number(e: Expr, sizes: Mapping[str, int]) -> Fraction | int | float:
    if isinstance(e, Symbol):
        return sizes[e.name]
    if isinstance(e, Integer):
        return int(e)
    if e.is_Rational:
        return Fraction(int(e.p), int(e.q))
    if isinstance(e, Number):
        return float(e)
    parts = [_number(a, sizes) for a in e.args]
    if isinstance(e, Add):
        return sum(parts)
    if isinstance(e, Mul):
        out: Fraction | int | float = 1
        for part in parts:
            out = out * part
        return out
    if isinstance(e, Pow):
        exact = not isinstance(parts[1], float) and parts[1].denominator == 1
        base = Fraction(parts[0]) if exact and not isinstance(parts[0], float) else parts[0]
        return base ** (int(parts[1]) if exact else float(parts[1]))
    if isinstance(e, Max):
        return max(parts)
    if isinstance(e, Min):
        return min(parts)
    if isinstance(e, floor):
        return math.floor(parts[0])
    if isinstance(e, ceiling):
        return math.ceil(parts[0])
    raise Unsupported(Sentence("the size {size} cannot be computed from sizes", size=e))


def _told(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in sizes.items()) or Sentence("no sizes")

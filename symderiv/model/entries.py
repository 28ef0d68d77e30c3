"""Arithmetic of entries as a person writes it: quotients, powers."""

from __future__ import annotations

from sympy import E, Expr, Mul, Number, Pow, S, exp

from symderiv.core.expr import call, mul, power
from symderiv.core.messages import Sentence


def inverse(e: Expr) -> Expr:
    """``1/e``, spread over the factors and into exponents that are numbers."""
    if isinstance(e, Number):
        return S.One / e
    if isinstance(e, Mul):
        return mul(*map(inverse, e.args))
    if isinstance(e, Pow) and isinstance(e.args[1], Number):
        return power(e.args[0], -e.args[1])
    return power(e, S.NegativeOne)


def divide(a: Expr, b: Expr) -> Expr:
    """``a/b``; raises ZeroDivisionError for the number 0."""
    if b is S.Zero:
        raise ZeroDivisionError(Sentence("{expression} is divided by 0", expression=a))
    return mul(a, inverse(b))


def raised(base: Expr, exponent: Expr) -> Expr:
    """``base ** exponent``; a power of e is the exponential function."""
    return call(exp, exponent) if base is E else power(base, exponent)

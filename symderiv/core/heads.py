"""The node types that may be written to data and read back, by name; nothing else is built."""

from __future__ import annotations

from functools import cache

import sympy
from sympy import (
    Add,
    And,
    Derivative,
    Equality,
    Function,
    GreaterThan,
    KroneckerDelta,
    LessThan,
    Max,
    Min,
    Mod,
    Mul,
    Not,
    Or,
    Piecewise,
    Pow,
    Product,
    S,
    StrictGreaterThan,
    StrictLessThan,
    Subs,
    Sum,
    Tuple,
    Unequality,
)
from sympy.core.basic import Basic
from sympy.core.function import AppliedUndef, FunctionClass
from sympy.functions.elementary.piecewise import ExprCondPair

from symderiv.core import functions
from symderiv.core.expr import Along, Direct, InRange, MaxOver, MinOver, Partial, Total
from symderiv.core.symbols import Shape

ANY = (1, 1_000_000)
_ARITY: dict[type, tuple[int, int]] = {
    Add: ANY, Mul: ANY, Pow: (2, 2), Sum: (2, 1000), Product: (2, 1000), Tuple: (0, 1_000_000),
    Max: ANY, Min: ANY, Mod: (2, 2), KroneckerDelta: (2, 3), Piecewise: (1, 10_000),
    ExprCondPair: (2, 2), And: ANY, Or: ANY, Not: (1, 1), Equality: (2, 2),
    Unequality: (2, 2), LessThan: (2, 2), StrictLessThan: (2, 2), GreaterThan: (2, 2),
    StrictGreaterThan: (2, 2), Derivative: (2, 1000), Subs: (3, 3), Partial: (2, 2),
    Direct: (2, 2), Total: (2, 2), Along: (2, 2), InRange: (3, 3), MaxOver: (2, 1000),
    MinOver: (2, 1000), Shape: (0, 1000),
}  # fmt: skip

CONSTANTS: dict[str, Basic] = {
    "pi": S.Pi, "E": S.Exp1, "I": S.ImaginaryUnit, "oo": S.Infinity, "-oo": S.NegativeInfinity,
    "zoo": S.ComplexInfinity, "nan": S.NaN, "EulerGamma": S.EulerGamma, "Catalan": S.Catalan,
    "GoldenRatio": S.GoldenRatio, "true": S.true, "false": S.false,
}  # fmt: skip
CONSTANT_NAMES = {constant: name for name, constant in CONSTANTS.items()}


_BASES = (Function, AppliedUndef, functions.Activation)


@cache
def heads() -> dict[str, type]:
    """Every head by name: sums, products and the like, SymPy's functions, activations.

    >>> "Sum" in heads(), "sigmoid" in heads(), "eval" in heads()
    (True, True, False)
    """
    found = {head.__name__: head for head in _ARITY}
    for name in (*sympy.functions.__all__, *vars(functions)):
        head = getattr(functions, name, None) or getattr(sympy, name, None)
        if isinstance(head, FunctionClass) and head not in _BASES and name[0] != "_":
            found.setdefault(head.__name__, head)
    return found


def fits(head: type, count: int) -> bool:
    """May the head have so many arguments?"""
    if head in _ARITY:
        low, high = _ARITY[head]
        return low <= count <= high
    return count in head.nargs  # type: ignore[attr-defined]

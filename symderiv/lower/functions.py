"""Which elementwise operation computes which function; data only."""

from __future__ import annotations

from collections.abc import Callable

from sympy import (
    Eq,
    Expr,
    Function,
    Heaviside,
    S,
    acos,
    asin,
    atan,
    cos,
    cosh,
    sin,
    sinh,
    tan,
    tanh,
)

from symderiv.core.expr import call, cases, div, power, relation
from symderiv.core.functions import Activation

# (class name, number of arguments, -1 for any) -> name of the operation
FUNCTIONS: dict[tuple[str, int], str] = {
    ("sin", 1): "sin",
    ("cos", 1): "cos",
    ("tan", 1): "tan",
    ("asin", 1): "arcsin",
    ("acos", 1): "arccos",
    ("atan", 1): "arctan",
    ("atan2", 2): "arctan2",
    ("sinh", 1): "sinh",
    ("cosh", 1): "cosh",
    ("tanh", 1): "tanh",
    ("asinh", 1): "arcsinh",
    ("acosh", 1): "arccosh",
    ("atanh", 1): "arctanh",
    ("erf", 1): "erf",
    ("erfc", 1): "erfc",
    ("Abs", 1): "absolute",
    ("sign", 1): "sign",
    ("floor", 1): "floor",
    ("ceiling", 1): "ceil",
    ("Heaviside", 2): "heaviside",
    ("Mod", 2): "mod",
    ("Max", -1): "maximum",
    ("Min", -1): "minimum",
    ("relu", 1): "relu",
    ("softplus", 1): "softplus",
    ("gelu", 1): "gelu",
    ("sigmoid", 1): "sigmoid",
}

RELATIONS: dict[str, str] = {
    "Equality": "equal",
    "Unequality": "not_equal",
    "StrictLessThan": "less",
    "LessThan": "less_equal",
    "StrictGreaterThan": "greater",
    "GreaterThan": "greater_equal",
}


def _reciprocal(head: type) -> Callable[[Expr], Expr]:
    return lambda x: div(S.One, call(head, x))


def _of_reciprocal(head: type) -> Callable[[Expr], Expr]:
    return lambda x: call(head, power(x, S.NegativeOne))


def _sinc(x: Expr) -> Expr:
    return cases((S.One, relation(Eq, x, S.Zero)), (div(call(sin, x), x), S.true))


_FORMULAS: dict[str, Callable[[Expr], Expr]] = {
    "sec": _reciprocal(cos),
    "csc": _reciprocal(sin),
    "cot": _reciprocal(tan),
    "sech": _reciprocal(cosh),
    "csch": _reciprocal(sinh),
    "coth": _reciprocal(tanh),
    "asec": _of_reciprocal(acos),
    "acsc": _of_reciprocal(asin),
    "acot": _of_reciprocal(atan),
    "sinc": _sinc,
    "Heaviside": lambda x: call(Heaviside, x, S.Half),
}


def formula_of(e: Function) -> Expr | None:
    """The function in terms of those that an array library has, or None."""
    if isinstance(e, Activation):
        return e.definition()
    known = _FORMULAS.get(type(e).__name__)
    return None if known is None or len(e.args) != 1 else known(e.args[0])

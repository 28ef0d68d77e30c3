"""Shapes of expressions that must not be computed as they are written: they would overflow."""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Mul, Number, Pow, S, Symbol, exp
from sympy.core.numbers import NumberSymbol

from symderiv.core.binding import names
from symderiv.core.expr import BINDERS, factors, mul, neg, subexpressions
from symderiv.core.functions import sigmoid
from symderiv.core.memo import memo
from symderiv.core.symbols import Label, indices_of, label_of

# What is infinite by a logarithm inside stays so through these.
PASSING = frozenset({"add", "subtract", "negative", "divide", "where", "absolute", "softplus"})
EXACT = 2**53
NO_LABELS: frozenset[Label] = frozenset()


@memo
def constant(e: Expr) -> int | float | None:
    """The Python number that an expression without names is, else None."""
    if isinstance(e, Symbol):
        return None
    if isinstance(e, (Number, NumberSymbol)):
        return _plain(e)
    if names(e) or any(isinstance(part, BINDERS) for part in subexpressions(e)):
        return None
    try:
        return float(e)
    except TypeError:
        return None


def _plain(e: Number) -> int | float | None:
    if e.is_Integer and abs(e) <= EXACT:
        return int(e)
    if e is S.ComplexInfinity:
        return None
    return float(e)


def unfolded(e: Expr, given: frozenset[Label] = NO_LABELS) -> Expr:
    """The right side that defines an entry; the expression itself where nothing does.

    Names in ``given`` are values that were handed in; what defines them must not be read.
    """
    label = label_of(e) if isinstance(e, (Indexed, Label)) else None
    if isinstance(label, Label) and label.spec.definition is not None and label not in given:
        return label.spec.definition.at(*indices_of(e))
    return e


def _exponent(e: Expr) -> Expr | None:
    """``x`` of ``e^x``."""
    if isinstance(e, exp):
        return e.args[0]
    return e.args[1] if isinstance(e, Pow) and e.args[0] is S.Exp1 else None


def softplus_argument(e: Expr, given: frozenset[Label] = NO_LABELS) -> Expr | None:
    """``x`` of ``1 + e^x``."""
    e = unfolded(e, given)
    if isinstance(e, Add) and len(e.args) == 2 and S.One in e.args:
        return _exponent(e.args[1] if e.args[0] is S.One else e.args[0])
    return None


def sigmoid_argument(e: Expr, given: frozenset[Label] = NO_LABELS) -> Expr | None:
    """``x`` of ``σ(x)``, ``1 / (1 + e^-x)`` and ``e^x / (1 + e^x)``."""
    if isinstance(e, sigmoid):
        return e.args[0]
    if isinstance(e, Pow) and e.args[1] is S.NegativeOne:
        inner = softplus_argument(e.args[0], given)
        return None if inner is None else neg(inner)
    if isinstance(e, Mul) and len(e.args) == 2:
        for above, below in (e.args, e.args[::-1]):
            if isinstance(below, Pow) and below.args[1] is S.NegativeOne:
                inner = softplus_argument(below.args[0], given)
                if inner is not None and inner == _exponent(above):
                    return inner
    return None


def complement(e: Add, given: frozenset[Label] = NO_LABELS) -> Expr | None:
    """``-x`` of ``1 - σ(x)``, which is ``σ(-x)``; σ(x) may be a defined name."""
    if len(e.args) != 2 or S.One not in e.args:
        return None
    other = e.args[1] if e.args[0] is S.One else e.args[0]
    parts = factors(other)
    if parts[0] is not S.NegativeOne:
        return None
    inner = sigmoid_argument(unfolded(mul(*parts[1:]), given), given)
    return None if inner is None else neg(inner)

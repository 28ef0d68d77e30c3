"""From a line as it reads to SymPy's own canonical form, without private heads."""

from __future__ import annotations

from sympy import Add, And, Expr, Ge, KroneckerDelta, Le, Mul, Piecewise, Pow, S
from sympy.core.basic import Basic
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy import ordered

from symderiv.core.expr import BINDERS, Inert, InRange, bind
from symderiv.core.memo import memo


@memo
def canonical(e: Basic) -> Expr:
    """What SymPy itself would make of the expression; conditions become ``Piecewise``.

    >>> from sympy import symbols
    >>> from symderiv.core.expr import add, mul, neg
    >>> x, y = symbols("x y")
    >>> canonical(add(neg(x), y)) == y - x
    True
    """
    if not e.args or isinstance(e, Inert) or type(e).__name__ == "Indexed":
        return e
    if isinstance(e, InRange):
        index, low, high = e.args
        return Piecewise((S.One, And(Ge(index, low), Le(index, high))), (S.Zero, True))
    if isinstance(e, KroneckerDelta):
        a, b = ordered(e.args)
        return e if (a, b) == e.args else _delta(a, b)
    if isinstance(e, BINDERS):
        body = canonical(e.args[0])
        return e if body is e.args[0] else bind(type(e), body, *e.args[1:])
    args = [canonical(x) for x in e.args]
    if isinstance(e, (Add, Mul, Pow)):
        return e.func(*args)
    if isinstance(e, ExprCondPair):
        return Basic.__new__(ExprCondPair, *args)
    if isinstance(e, Piecewise):
        return Piecewise(*args)
    if all(new is old for new, old in zip(args, e.args, strict=True)) and not isinstance(e, Expr):
        return e
    return e.func(*args)


def _delta(a: Expr, b: Expr) -> Expr:
    made = Expr.__new__(KroneckerDelta, a, b)
    made.is_commutative = True
    return made

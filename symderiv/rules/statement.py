"""Laws for forms that are asked for: logarithms and factors spread out, cases told apart."""

from __future__ import annotations

from sympy import Add, Eq, Expr, KroneckerDelta, Mul, S, Symbol

from symderiv.core.binding import free, subst
from symderiv.core.expr import (
    add,
    base_and_exponent,
    cases,
    children,
    factors,
    mul,
    rebuild,
    relation,
    subexpressions,
)
from symderiv.core.messages import N_
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope
from symderiv.rules.logarithms import SPLITTING


@rule(
    "algebra.into",
    N_("A factor goes to every term, and cancels"),
    head=Mul,
    law=r"\left( \frac{f}{g} + h \right) g = \frac{f}{g}\, g + h g",
    note=N_("multiply every term by {factor}"),
)
def into(node: Expr, scope: Scope) -> Rewrite | None:
    """Where a term of the sum is divided by one of the factors.

    >>> from sympy import symbols
    >>> x, y, z = symbols("x y z")
    >>> into.apply(mul(add(mul(x, y**-1), z), y), Scope()).after
    x*y/y + y*z
    """
    for position, over in enumerate(node.args):
        rest = [f for k, f in enumerate(node.args) if k != position]
        below = {b for t in over.args for b, x in map(base_and_exponent, factors(t)) if _below(x)}
        if isinstance(over, Add) and any(base_and_exponent(f)[0] in below for f in rest):
            factor = mul(*rest)
            return Rewrite(add(*(mul(t, factor) for t in over.args)), (("factor", factor),))
    return None


def _below(exponent: Expr) -> bool:
    return bool(exponent.is_Number and exponent < 0)


@rule(
    "index.cases",
    N_("A delta is 1 where its indices are equal, else 0"),
    head=Expr,
    law=r"f(\delta_{ij})"
    r" = \begin{cases} f(1) & \text{if }i = j \\ f(0) & \text{otherwise} \end{cases}",
)
def delta_cases(node: Expr, scope: Scope) -> Rewrite | None:
    """Where two indices are equal, one is written for both.

    >>> from sympy.abc import i, j, x
    >>> from symderiv.core.expr import delta
    >>> delta_cases.apply(add(x, delta(i, j)), Scope()).after
    Piecewise((x + 1, Eq(j, i)), (x, True))
    """
    found = next(
        (
            e
            for e in subexpressions(node)
            if isinstance(e, KroneckerDelta) and free(e) <= free(node)
        ),
        None,
    )
    if found is None:
        return None
    a, b = found.args
    equal = _with(node, found, S.One)
    own, other = (b, a) if isinstance(b, Symbol) else (a, b)
    if isinstance(own, Symbol):
        equal = subst(equal, {own: other})
    return Rewrite(cases((equal, relation(Eq, own, other)), (_with(node, found, S.Zero), S.true)))


def _with(e: Expr, delta: Expr, value: Expr) -> Expr:
    """The expression with a number for a delta."""
    if e == delta:
        return value
    parts = children(e)
    return rebuild(e, tuple(_with(x, delta, value) for x in parts)) if parts else e


INTO = RuleSet("into", (into,))
SPREAD = RuleSet("spread", (*SPLITTING, into))
CASES = RuleSet("cases", (delta_cases,))

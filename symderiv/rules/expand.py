"""Writing out: products over sums, sums at a concrete size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import comb, factorial, prod

from sympy import Add, Expr, Integer, Max, Min, Mul, Number, Pow, Product, S, Sum

from symderiv.core.binding import subst
from symderiv.core.expr import BINDERS, MaxOver, MinOver, add, bind, factors, mul, terms, total
from symderiv.core.messages import N_
from symderiv.core.rule import Rewrite, RuleSet, rule, when
from symderiv.core.scope import Scope
from symderiv.rules.algebra import Powers, from_powers, merged, monomial, opened

MOST_TERMS, FEW_TERMS, MOST_FACTORS = 1000, 8, 8


@rule(
    "algebra.expand",
    N_("Multiply out"),
    head=[Mul, Pow],
    law=r"f (g + h) = f g + f h",
)
def expand(node: Expr, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import S, symbols
    >>> x, y = symbols("x y")
    >>> expand.apply(mul(x, add(y, S.One)), Scope()).after
    x*y + x
    """
    if isinstance(node, Pow):
        base, x = node.args
        if not (isinstance(base, Add) and isinstance(x, Integer) and 1 < x <= MOST_FACTORS):
            return None
        parts: tuple[Expr, ...] = (base,) * int(x)
    else:
        parts = node.args
        if not any(isinstance(f, Add) for f in parts):
            return None
    choices = list(product(*map(terms, parts)))
    if len(choices) > MOST_TERMS:
        return None
    return Rewrite(add(*(mul(*choice) for choice in choices)))


@rule(
    "algebra.power_of_sum",
    N_("Expand the power of a sum"),
    head=Pow,
    law=r"(f + g)^2 = f^2 + 2 f g + g^2",
)
def power_of_sum(node: Pow, scope: Scope) -> Rewrite | None:
    """By the binomial theorem, or the multinomial one; up to the eighth power.

    >>> from sympy import Integer, S, symbols
    >>> from symderiv.core.expr import power
    >>> x = symbols("x")
    >>> power_of_sum.apply(power(add(x, S.NegativeOne), Integer(3)), Scope()).after
    x**3 - 3*x**2 + 3*x - 1
    """
    base, x = node.args
    if not (isinstance(base, Add) and isinstance(x, Integer) and 1 < x <= MOST_FACTORS):
        return None
    parts, count = [opened(term) for term in base.args], int(x)
    if comb(len(parts) + count - 1, count) > MOST_TERMS:
        return None
    return Rewrite(add(*(_product(parts, shares) for shares in _shares(count, len(parts)))))


def _shares(count: int, among: int) -> Iterator[tuple[int, ...]]:
    """The ways to share so many factors out, the first taking as many as it can first."""
    if among == 1:
        yield (count,)
        return
    for first in range(count, -1, -1):
        for rest in _shares(count - first, among - 1):
            yield (first, *rest)


def _product(parts: list[tuple[Expr, Powers]], shares: tuple[int, ...]) -> Expr:
    """The term of the expansion that has so many factors of each part."""
    number: Expr = Integer(factorial(sum(shares)) // prod(map(factorial, shares)))
    powers: Powers = []
    for (own, found), share in zip(parts, shares, strict=True):
        number *= own**share
        powers += [(base, exponent * share) for base, exponent in found if share]
    return from_powers(number, merged(powers).values())


@rule(
    "sum.linear",
    N_("The sum of a sum"),
    head=Sum,
    law=r"\sum_i (f_i + g_i) = \sum_i f_i + \sum_i g_i",
)
def linear(node: Sum, scope: Scope) -> Rewrite | None:
    """Wherever there is a sum to split.

    >>> from sympy import IndexedBase, symbols
    >>> x, y, (i, n) = IndexedBase("x"), IndexedBase("y"), symbols("i n")
    >>> linear.apply(Sum(x[i] + y[i], (i, 1, n)), Scope()).after
    Sum(x[i], (i, 1, n)) + Sum(y[i], (i, 1, n))
    """
    body, *limits = node.args
    if not isinstance(body, Add):
        return None
    return Rewrite(add(*(total(t, *limits) for t in body.args)))


_OVER: dict[type, Callable[[list[Expr]], Expr]] = {
    Sum: lambda parts: add(*parts),
    Product: lambda parts: mul(*parts),
    MaxOver: lambda parts: parts[0] if len(parts) == 1 else Expr.__new__(Max, *parts),
    MinOver: lambda parts: parts[0] if len(parts) == 1 else Expr.__new__(Min, *parts),
}


@rule(
    "sum.write_out",
    N_("Write out the terms"),
    head=list(BINDERS),
    law=r"\sum_{i=1}^{3} f_i = f_1 + f_2 + f_3",
)
def write_out(node: Expr, scope: Scope) -> Rewrite | None:
    """For a range between two numbers.

    >>> from sympy import IndexedBase, symbols
    >>> z, i = IndexedBase("z"), symbols("i", integer=True)
    >>> write_out.apply(Sum(z[i], (i, 1, 3)), Scope()).after
    z[1] + z[2] + z[3]
    """
    body, *limits = node.args
    *inner, (v, low, high) = limits
    if not (isinstance(low, Integer) and isinstance(high, Integer)):
        return None
    if high - low + 1 > MOST_TERMS:
        return None
    term = bind(type(node), body, *inner)
    return Rewrite(_OVER[type(node)]([subst(term, {v: k}) for k in _range(low, high)]))


def _range(low: Number, high: Number) -> list[Expr]:
    return [Integer(k) for k in range(int(low), int(high) + 1)]


def _is_small(node: Expr) -> bool:
    parts = node.args if isinstance(node, Mul) else node.args[:1] * 2
    return prod(len(terms(f)) for f in parts) <= FEW_TERMS


@rule(
    "algebra.opposites",
    N_("Multiply out, so that terms cancel"),
    head=Add,
    law=r"f + (g - f) = f + g - f",
)
def opposites(node: Add, scope: Scope) -> Rewrite | None:
    """Where a term of a product is then the opposite of another one.

    >>> from sympy import symbols
    >>> x, y = symbols("x y")
    >>> opposites.apply(add(x, mul(Integer(2), add(y, -x)), x), Scope()).after
    -2*x + x + x + 2*y
    """
    apart = [_opened(t) for t in node.args]
    if not any(len(parts) > 1 for parts in apart):
        return None
    whole: dict[frozenset[tuple[bytes, Expr]], Expr] = {}
    found: dict[frozenset[tuple[bytes, Expr]], set[int]] = {}
    for k, parts in enumerate(apart):
        for number, powers in map(monomial, parts):
            rest = frozenset((key, x) for key, (_, x) in powers.items())
            whole[rest] = whole.get(rest, S.Zero) + number
            found.setdefault(rest, set()).add(k)
    gone = [found[rest] for rest in whole if whole[rest] == 0 and len(found[rest]) > 1]
    meet = set[int]().union(*gone)
    if not any(len(apart[k]) > 1 for k in meet):
        return None
    kept = (ts if k in meet else node.args[k : k + 1] for k, ts in enumerate(apart))
    return Rewrite(add(*(t for ts in kept for t in ts)))


def _opened(term: Expr) -> tuple[Expr, ...]:
    """The terms of a product with one sum among its factors; any other as it is."""
    sums = [k for k, f in enumerate(factors(term)) if isinstance(f, Add)]
    if len(sums) != 1:
        return (term,)
    before, over, after = (
        factors(term)[: sums[0]], factors(term)[sums[0]], factors(term)[sums[0] + 1 :]
    )  # fmt: skip
    return tuple(mul(*before, t, *after) for t in over.args)


OPPOSITES = RuleSet("opposites", (opposites,))
EXPAND_A_LITTLE = RuleSet("expand a little", (when(expand, _is_small),))
EXPAND = RuleSet("expand", (power_of_sum, expand, linear))
WRITE_OUT = RuleSet("write out", (write_out,))

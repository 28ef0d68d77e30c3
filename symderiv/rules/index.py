"""Laws of sums over an index, and of Kronecker's delta."""

from __future__ import annotations

from sympy import Add, Expr, KroneckerDelta, Mul, Number, Piecewise, S, Sum, Symbol, Tuple

from symderiv.core.binding import free, subst
from symderiv.core.expr import (
    InRange,
    add,
    cases,
    coefficient,
    factors,
    mul,
    neg,
    nested,
    terms,
    total,
)
from symderiv.core.messages import N_
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope
from symderiv.rules.facts import is_fact


def bound(node: Sum) -> list[Symbol]:
    """The bound indices."""
    return [limit[0] for limit in node.args[1:]]


def _length(low: Expr, high: Expr) -> Expr:
    return high if low is S.One else add(high, neg(low), S.One)


@rule(
    "sum.constant",
    N_("A sum of equal terms"),
    head=Sum,
    law=r"\sum_{i=1}^{n} c = n\, c",
)
def constant_sum(node: Sum, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import symbols
    >>> i, n, c = symbols("i n c")
    >>> constant_sum.apply(total(c, Tuple(i, S.One, n)), Scope()).after
    c*n

    A length that reads an outer index stays in that sum.

    >>> j = symbols("j")
    >>> constant_sum.apply(total(c, Tuple(i, S.One, j), Tuple(j, S.One, n)), Scope()).after
    Sum(c*j, (j, 1, n))
    """
    body, *limits = node.args
    for k, limit in enumerate(limits):
        v, low, high = limit
        others = limits[:k] + limits[k + 1 :]
        if v not in free(body) and not any(v in free(x) for x in others):
            if not _nonempty(low, high, scope):
                return None
            length = _length(low, high)
            if free(length).isdisjoint(x[0] for x in others):
                return Rewrite(mul(length, total(body, *others)))
            if free(length).isdisjoint(x[0] for x in limits[:k]):
                return Rewrite(total(mul(length, body), *others))
    return None


def _nonempty(low: Expr, high: Expr, scope: Scope) -> bool:
    """Does ``high - low + 1`` count the range? (For an empty range SymPy's sums may differ.)"""
    if low is S.One:
        return bool(high.is_nonnegative) or high in scope.ranges or isinstance(high, Symbol)
    return bool((high - low + 1).is_nonnegative)


@rule(
    "sum.pull",
    N_("A factor without the index leaves the sum"),
    head=Sum,
    law=r"\sum_i c f_i = c \sum_i f_i",
    note=N_("{factor} does not depend on {index}"),
)
def pull(node: Sum, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import IndexedBase, symbols
    >>> z, (i, n, c) = IndexedBase("z"), symbols("i n c")
    >>> pull.apply(total(mul(c, z[i]), Tuple(i, S.One, n)), Scope()).after
    c*Sum(z[i], (i, 1, n))
    """
    body, *limits = node.args
    if not isinstance(body, Mul):
        return None
    inside = set(bound(node))
    out = [f for f in body.args if not free(f) & inside]
    if not out or len(out) == len(body.args):
        return None
    rest = mul(*(f for f in body.args if free(f) & inside))
    named = mul(*(f for f in out if not isinstance(f, Number)))
    letters = [("index", v) for v, *_ in reversed(limits)]
    about = () if named is S.One else (("factor", named), *letters)
    return Rewrite(mul(*out, total(rest, *limits)), about)


@rule(
    "sum.nest",
    N_("A factor without the inner index leaves the inner sum"),
    head=Sum,
    law=r"\sum_j \sum_i f_j g_{ij} = \sum_j f_j \sum_i g_{ij}",
)
def nest(node: Sum, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import IndexedBase, symbols
    >>> x, y, (i, j, n) = IndexedBase("x"), IndexedBase("y"), symbols("i j n")
    >>> s = total(mul(x[j], y[i, j]), Tuple(i, S.One, n), Tuple(j, S.One, n))
    >>> nest.apply(s, Scope()).after
    Sum(x[j]*Sum(y[i, j], (i, 1, n)), (j, 1, n))
    """
    body, *limits = node.args
    if len(limits) < 2 or not isinstance(body, Mul):
        return None
    inner = limits[0]
    out = [f for f in body.args if inner[0] not in free(f)]
    if not out or len(out) == len(body.args):
        return None
    rest = total(mul(*(f for f in body.args if inner[0] in free(f))), inner)
    return Rewrite(nested(mul(*out, rest), tuple(limits[1:])))


def _meets_delta(term: Expr, indices: list[Symbol]) -> bool:
    return any(
        isinstance(f, KroneckerDelta) and not free(f).isdisjoint(indices) for f in factors(term)
    )


@rule(
    "sum.split",
    N_("Split a sum over its terms"),
    head=Sum,
    law=r"\sum_i (f_i + g_i) = \sum_i f_i + \sum_i g_i",
)
def split(node: Sum, scope: Scope) -> Rewrite | None:
    """Where a delta then selects from a term, or the sum over a term is known.

    >>> from sympy import IndexedBase, symbols
    >>> z, (i, j, n) = IndexedBase("z"), symbols("i j n")
    >>> split.apply(total(add(z[i], KroneckerDelta(i, j)), Tuple(i, S.One, n)), Scope()).after
    Sum(KroneckerDelta(i, j), (i, 1, n)) + Sum(z[i], (i, 1, n))
    """
    body, *limits = node.args
    if not isinstance(body, Add):
        return None
    indices = bound(node)
    for term in body.args:
        if _meets_delta(term, indices) or is_fact(_without_constants(term, limits), scope):
            return Rewrite(add(*(total(t, *limits) for t in body.args)))
    return None


@rule(
    "sum.split_constant",
    N_("Split off what does not depend on the index"),
    head=Sum,
    law=r"\sum_{i=1}^{n} (f_i + c) = \sum_{i=1}^{n} f_i + n\, c",
)
def split_constant(node: Sum, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import IndexedBase, symbols
    >>> z, (i, n) = IndexedBase("z"), symbols("i n")
    >>> split_constant.apply(total(add(z[i], S.One), Tuple(i, S.One, n)), Scope()).after
    Sum(1, (i, 1, n)) + Sum(z[i], (i, 1, n))
    """
    body, *limits = node.args
    indices = bound(node)
    moving = [t for t in terms(body) if free(t) & set(indices)]
    fixed = [t for t in terms(body) if not free(t) & set(indices)]
    if not moving or not fixed:
        return None
    parts = (add(*moving), add(*fixed)) if body.args[0] in moving else (add(*fixed), add(*moving))
    return Rewrite(add(*(total(t, *limits) for t in parts)))


def _without_constants(term: Expr, limits: list[Tuple]) -> Expr:
    """The sum of a term's factors that contain a bound index."""
    indices = {limit[0] for limit in limits}
    return total(mul(*(f for f in factors(term) if free(f) & indices)), *limits)


@rule(
    "sum.distribute",
    N_("Distribute a product over a sum"),
    head=Sum,
    law=r"\sum_i f_i (g_i + h_i) = \sum_i (f_i g_i + f_i h_i)",
)
def distribute(node: Sum, scope: Scope) -> Rewrite | None:
    """Where a delta then selects from a product, or the sum over a product is known.

    >>> from sympy import IndexedBase, symbols
    >>> z, (i, j, n) = IndexedBase("z"), symbols("i j n")
    >>> body = mul(z[i], add(KroneckerDelta(i, j), neg(z[j])))
    >>> distribute.apply(total(body, Tuple(i, S.One, n)), Scope()).after
    Sum(KroneckerDelta(i, j)*z[i] - z[i]*z[j], (i, 1, n))
    """
    body, *limits = node.args
    if not isinstance(body, Mul):
        return None
    indices = bound(node)
    for k, g in enumerate(body.args):
        if not isinstance(g, Add):
            continue
        before, behind = body.args[:k], body.args[k + 1 :]
        if any(_meets_delta(t, indices) for t in g.args) or any(
            is_fact(_without_constants(mul(*before, t, *behind), limits), scope) for t in g.args
        ):
            return Rewrite(total(add(*(mul(*before, t, *behind) for t in g.args)), *limits))
    return None


def solve_delta(d: KroneckerDelta, v: Symbol) -> Expr | None:
    """The value of v at which ``δ`` is 1, where v occurs once and with slope ±1."""
    a, b = d.args
    for x, y in ((a, b), (b, a)):
        if v in free(y) or v not in free(x):
            continue
        if x == v:
            return y
        if isinstance(x, Add):
            for slope in (1, -1):
                rest = x - slope * v
                if v not in free(rest):
                    return slope * (y - rest)
    return None


@rule(
    "sum.sift",
    N_("A delta selects one term"),
    head=Sum,
    law=r"\sum_{i=1}^{n} \delta_{ij} f_i = [1 \le j \le n]\, f_j",
    note=N_("{delta} selects {index} = {value}"),
)
def sift(node: Sum, scope: Scope) -> Rewrite | None:
    """The condition that j lies in its range stays unless it is known to hold.

    >>> from sympy import IndexedBase, symbols
    >>> z, (i, j, n) = IndexedBase("z"), symbols("i j n", integer=True)
    >>> s = total(mul(KroneckerDelta(i, j), z[i]), Tuple(i, S.One, n))
    >>> sift.apply(s, Scope({j: (S.One, n)})).after
    z[j]
    >>> sift.apply(s, Scope()).after
    InRange(j, 1, n)*z[j]
    """
    body, *limits = node.args
    parts = factors(body)
    for d in parts:
        if not isinstance(d, KroneckerDelta):
            continue
        for limit in limits:
            v, low, high = limit
            value = solve_delta(d, v)
            others = [x for x in limits if x is not limit]
            if value is None or any(v in free(x) for x in others):
                continue
            rest = subst(mul(*(f for f in parts if f is not d)), {v: value})
            place = scope.inside(total(S.NaN, *others)) if others else scope
            about = (("delta", d), ("index", v), ("value", value))
            if place.proves(value, low, high):
                return Rewrite(total(rest, *others), about)
            if place.refutes(value, low, high):
                return Rewrite(S.Zero, about)
            guarded = mul(InRange(value, low, high), rest)
            return Rewrite(total(guarded, *others), about)
    return None


@rule(
    "index.in_range",
    N_("The index lies in its range"),
    head=InRange,
    law=r"[1 \le i \le n] = 1,\quad [1 \le 0 \le n] = 0",
)
def in_range(node: InRange, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import symbols
    >>> i, n = symbols("i n", integer=True)
    >>> in_range.apply(InRange(i, S.One, n), Scope({i: (S.One, n)})).after
    1
    >>> in_range.apply(InRange(S.Zero, S.One, n), Scope()).after
    0
    """
    index, low, high = node.args
    if scope.proves(index, low, high):
        return Rewrite(S.One)
    return Rewrite(S.Zero) if scope.refutes(index, low, high) else None


@rule(
    "cases.delta",
    N_("A delta that all cases share"),
    head=Piecewise,
    law=r"\begin{cases} \delta_{ij} f & \text{if }a > b \\ 0 & \text{otherwise} \end{cases}"
    r" = \delta_{ij} \begin{cases} f & \text{if }a > b \\ 0 & \text{otherwise} \end{cases}",
)
def shared_delta(node: Piecewise, scope: Scope) -> Rewrite | None:
    """So that the delta can select a term of a sum around the cases.

    >>> from sympy import symbols
    >>> i, j, x = symbols("i j x")
    >>> shared_delta.apply(Piecewise((KroneckerDelta(i, j), x > 0), (0, True)), Scope()).after
    Piecewise((1, x > 0), (0, True))*KroneckerDelta(i, j)
    """
    branches = [(e, condition) for e, condition in node.args]
    filled = [factors(e) for e, _ in branches if e is not S.Zero]
    shared = [
        f
        for f in (filled[0] if filled else ())
        if isinstance(f, KroneckerDelta) and all(f in others for others in filled)
    ]
    if not shared:
        return None
    left = [
        (mul(*(f for f in factors(e) if f not in shared)) if e is not S.Zero else e, condition)
        for e, condition in branches
    ]
    return Rewrite(mul(*shared, cases(*left)))


@rule(
    "sum.join",
    N_("Sums over the same range are one sum"),
    head=Add,
    law=r"\sum_i c_i f_i - \sum_i c_i g_i = \sum_i c_i (f_i - g_i)",
)
def join(node: Add, scope: Scope) -> Rewrite | None:
    """Where the terms share a factor that contains the index.

    >>> from sympy import IndexedBase, symbols
    >>> c, f, g, (i, n) = *map(IndexedBase, "cfg"), symbols("i n")
    >>> one, two = (total(mul(c[i], e[i]), Tuple(i, S.One, n)) for e in (f, g))
    >>> join.apply(add(one, neg(two)), Scope()).after
    Sum(c[i]*f[i] - c[i]*g[i], (i, 1, n))
    """
    parts = [_as_sum(t) for t in node.args]
    for a, first in enumerate(parts):
        for b, second in enumerate(parts[a + 1 :], start=a + 1):
            if first is None or second is None or abs(first[0]) != abs(second[0]):
                continue
            if first[1] != second[1] or first[2].args[1:] != second[2].args[1:]:
                continue
            (number, outside, one), (other, _, two) = first, second
            if not _share_a_factor(one, two):
                continue
            ratio = other / number
            joined = total(add(one.args[0], mul(ratio, two.args[0])), *one.args[1:])
            rest = [t for k, t in enumerate(node.args) if k not in (a, b)]
            rest.insert(a, mul(number, *outside, joined))
            return Rewrite(add(*rest))
    return None


def _as_sum(term: Expr) -> tuple[Expr, tuple[Expr, ...], Sum] | None:
    """``number, other factors, Σ`` of a term that is a multiple of one sum."""
    number, rest = coefficient(term)
    sums = [f for f in factors(rest) if isinstance(f, Sum)]
    if len(sums) != 1:
        return None
    return number, tuple(f for f in factors(rest) if f is not sums[0]), sums[0]


def _share_a_factor(one: Sum, two: Sum) -> bool:
    indices = set(bound(one))
    mine = {f for f in factors(one.args[0]) if free(f) & indices}
    return any(f in mine for f in factors(two.args[0]))


JOIN = RuleSet("join", (join,))
PULL = RuleSet("pull", (constant_sum, pull, shared_delta))
CONSTANTS = RuleSet("constants", (split_constant,))
SPLIT = RuleSet("split", (split, distribute))
SIFT = RuleSet("sift", (sift, in_range))
NEST = RuleSet("nest", (nest,))

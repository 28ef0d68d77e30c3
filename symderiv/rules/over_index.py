"""∂ of sums, products and extrema over an index."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Expr,
    Product,
    S,
    Sum,
)

from symderiv.core.binding import free, rename_bound, subst
from symderiv.core.errors import Unsupported
from symderiv.core.expr import (
    BINDERS,
    MaxOver,
    MinOver,
    Partial,
    bind,
    cases,
    indicator,
    mul,
    power,
    relation,
    total,
)
from symderiv.core.messages import N_, Sentence
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope
from symderiv.rules.differentiate import ONE, depends, slope


@rule(
    "index.rename",
    N_("A bound index may bear any letter"),
    head=[(Partial, head) for head in BINDERS] + list(BINDERS),
    law=r"\sum_i f_i = \sum_k f_k",
    note=N_("write {new} for the bound {old}"),
)
def rename(node: Expr, scope: Scope) -> Rewrite | None:
    """An index gives way to what bears the same letter outside.

    >>> from sympy import IndexedBase, Sum, symbols
    >>> z, (i, n) = IndexedBase("z"), symbols("i n", integer=True)
    >>> rename.apply(Partial(Sum(z[i], (i, 1, n)), z[i]), Scope()).after
    Partial(Sum(z[j], (j, 1, n)), z[i])
    """
    binder = node.what if isinstance(node, Partial) else node
    used = {v.name for v in scope.ranges} | scope.avoid
    if isinstance(node, Partial):
        used |= {v.name for v in free(node.by)}
    letters = [limit[0].name for limit in binder.args[1:]]
    used |= {c for c in letters if letters.count(c) > 1}
    clash = [limit[0] for limit in binder.args[1:] if limit[0].name in used]
    if not clash:
        return None
    renamed = rename_bound(binder, frozenset(used), scope.letters)
    new = next(b[0] for a, b in zip(binder.args[1:], renamed.args[1:], strict=True) if a != b)
    after = Partial(renamed, node.by) if isinstance(node, Partial) else renamed
    return Rewrite(after, (("old", clash[0]), ("new", new)))


@rule(
    "diff.under_sum",
    N_("Differentiate under the sum"),
    head=(Partial, Sum),
    law=r"\frac{\partial}{\partial x} \left[ \sum_k f_k \right]"
    r" = \sum_k \frac{\partial f_k}{\partial x}",
)
def under_sum(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import IndexedBase, Sum, symbols
    >>> z, (i, k, n) = IndexedBase("z"), symbols("i k n", integer=True)
    >>> under_sum.apply(Partial(Sum(z[k], (k, 1, n)), z[i]), Scope()).after
    Sum(Partial(z[k], z[i]), (k, 1, n))
    """
    body, *limits = node.what.args
    if any(depends(bound, node.by) for limit in limits for bound in limit.args[1:]):
        raise Unsupported(
            Sentence(
                "{by} stands in the range of {what}; it has no derivative",
                by=node.by,
                what=node.what,
            )
        )
    return Rewrite(total(slope(body, node.by), *limits))


@rule(
    "diff.under_product",
    N_("Product rule under the product sign"),
    head=(Partial, Product),
    law=r"\frac{\partial}{\partial x} \left[ \prod_k f_k \right]"
    r" = \sum_k \frac{\partial f_k}{\partial x} \prod_{l \ne k} f_l",
)
def under_product(node: Partial, scope: Scope) -> Rewrite | None:
    """Each factor in turn, times all the others.

    >>> from sympy import IndexedBase, Product, symbols
    >>> z, (i, k, n) = IndexedBase("z"), symbols("i k n", integer=True)
    >>> under_product.apply(Partial(Product(z[k], (k, 1, n)), z[i]), Scope()).after.args[0]
    Partial(z[k], z[i])*Product(Piecewise((z[j], Ne(j, k)), (1, True)), (j, 1, n))
    """
    body, *limits = node.what.args
    (v, low, high), inner = limits[-1].args, limits[:-1]
    term = bind(Product, body, *inner)
    other = scope.fresh(node.what, node.by)
    factor = cases((subst(term, {v: other}), relation(sp.Ne, other, v)), (ONE, S.true))
    others = bind(Product, factor, sp.Tuple(other, low, high))
    return Rewrite(total(mul(slope(term, node.by), others), limits[-1]))


@rule(
    "diff.extremum",
    N_("Only what attains the extremum counts"),
    head=[(Partial, MaxOver), (Partial, MinOver)],
    law=r"\frac{\partial}{\partial x} \left[ \max_k f_k \right] = \frac{\sum_k [f_k = m]"
    r" \frac{\partial f_k}{\partial x}}{\sum_k [f_k = m]},\quad m = \max_k f_k",
    note=N_("where several attain the extremum, they share equally"),
)
def extremum(node: Partial, scope: Scope) -> Rewrite | None:
    """The mean of the derivatives of those that attain it.

    >>> from sympy import IndexedBase, symbols
    >>> z, (i, k, n) = IndexedBase("z"), symbols("i k n", integer=True)
    >>> slope = extremum.apply(Partial(MaxOver(z[k], (k, 1, n)), z[i]), Scope()).after
    >>> [type(f).__name__ for f in slope.args]
    ['Sum', 'Pow']
    """
    body, *limits = node.what.args
    if not any(limit[0] in free(body) for limit in limits):
        return Rewrite(slope(body, node.by))
    avoid = frozenset(limit[0].name for limit in limits) | {v.name for v in scope.ranges}
    whole = rename_bound(node.what, avoid | {v.name for v in free(node.by)}, scope.letters)
    attained = indicator(relation(sp.Eq, body, whole))
    slopes = total(mul(attained, slope(body, node.by)), *limits)
    return Rewrite(mul(slopes, power(total(attained, *limits), S.NegativeOne)))


OVER_INDEX = RuleSet("differentiate", (rename, under_sum, under_product, extremum))

"""The calculus of ∂: what becomes of ``Partial(e, x)`` for each kind of ``e``.

Sources: any calculus text for one variable; Magnus & Neudecker (2019), ch. 5, for entries of
arrays.
"""

from __future__ import annotations

import sympy as sp
from sympy import (
    Add,
    Derivative,
    Expr,
    Function,
    Indexed,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    S,
    Subs,
    Sum,
    Symbol,
)
from sympy.core.function import AppliedUndef, ArgumentIndexError

from symderiv.core.binding import free, names, rename_bound, subst
from symderiv.core.errors import Unsupported
from symderiv.core.expr import (
    BINDERS,
    MaxOver,
    MinOver,
    Partial,
    add,
    bind,
    call,
    cases,
    delta,
    div,
    indicator,
    mul,
    neg,
    power,
    relation,
    total,
)
from symderiv.core.messages import N_, Sentence
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope
from symderiv.core.symbols import indices_of, label_of
from symderiv.rules.derivatives import AT_THE_KINK, DERIVATIVES

ONE, TWO, HALF = S.One, sp.Integer(2), S.Half


def depends(e: Expr, x: Expr) -> bool:
    """May the value of ``e`` change with ``x``, all other names held?"""
    return label_of(x) in names(e)


def _d(e: Expr, x: Expr) -> Expr:
    """``∂e/∂x``, still to be taken; 0 and 1 where that is plain to see."""
    if isinstance(e, (Symbol, Indexed)) and e == x:
        return ONE
    return Partial(e, x) if depends(e, x) else S.Zero


@rule(
    "diff.constant",
    N_("A constant has derivative 0"),
    head=(Partial, Expr),
    law=r"\frac{\partial c}{\partial x} = 0",
)
def constant(node: Partial, scope: Scope) -> Rewrite | None:
    """What does not contain x does not change with it.

    >>> from sympy import symbols
    >>> a, x = symbols("a x")
    >>> constant.apply(Partial(a, x), Scope()).after
    0
    """
    return None if depends(node.what, node.by) else Rewrite(S.Zero)


@rule(
    "diff.itself",
    N_("A variable has derivative 1 by itself"),
    head=(Partial, Symbol),
    law=r"\frac{\partial x}{\partial x} = 1",
)
def itself(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import symbols
    >>> x = symbols("x")
    >>> itself.apply(Partial(x, x), Scope()).after
    1
    """
    return Rewrite(ONE) if node.what == node.by else None


@rule(
    "diff.entry",
    N_("Entries of an array are independent"),
    head=(Partial, Indexed),
    law=r"\frac{\partial z_k}{\partial z_i} = \delta_{ki}",
    note=N_("{derivative} = {value}"),
)
def entry(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import IndexedBase, symbols
    >>> z, (i, k) = IndexedBase("z"), symbols("i k", integer=True)
    >>> entry.apply(Partial(z[k], z[i]), Scope()).after
    KroneckerDelta(k, i)
    """
    e, x = node.what, node.by
    if not isinstance(x, Indexed) and label_of(e) == x:
        raise Unsupported(
            Sentence(
                "the name {x} stands for an array in {e}, but the derivative is by the scalar "
                "{x}; give one of them another name, or differentiate by an entry",
                x=x,
                e=e,
            )
        )
    if not isinstance(x, Indexed) or e.args[0] != x.args[0]:
        raise Unsupported(
            Sentence(
                "{x} stands in the index of {e}; an integer index has no derivative. "
                "Differentiate by a real variable",
                x=x,
                e=e,
            )
        )
    if len(e.args) != len(x.args):
        return None
    after = mul(*(delta(a, b) for a, b in zip(indices_of(e), indices_of(x), strict=True)))
    return Rewrite(after, (("derivative", node), ("value", after)))


@rule(
    "diff.sum",
    N_("The derivative of a sum is the sum of the derivatives"),
    head=(Partial, Add),
    law=r"\frac{\partial}{\partial x}(f + g)"
    r" = \frac{\partial f}{\partial x} + \frac{\partial g}{\partial x}",
)
def sum_rule(node: Partial, scope: Scope) -> Rewrite | None:
    """Linearity; a term without x adds nothing.

    >>> from sympy import symbols, sin
    >>> x = symbols("x")
    >>> sum_rule.apply(Partial(x + sin(x), x), Scope()).after
    Partial(sin(x), x) + 1
    """
    return Rewrite(add(*(_d(term, node.by) for term in node.what.args)))


@rule(
    "diff.factor",
    N_("A constant factor stays"),
    head=(Partial, Mul),
    law=r"\frac{\partial}{\partial x} (c f) = c\, \frac{\partial f}{\partial x}",
)
def constant_factor(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import symbols, sin
    >>> a, x = symbols("a x")
    >>> constant_factor.apply(Partial(a * sin(x), x), Scope()).after
    a*Partial(sin(x), x)
    """
    parts, x = node.what.args, node.by
    moving = [f for f in parts if depends(f, x)]
    if len(moving) != 1:
        return None
    return Rewrite(mul(*(_d(f, x) if f is moving[0] else f for f in parts)))


@rule(
    "diff.quotient",
    N_("Quotient rule"),
    head=(Partial, Mul),
    law=r"\frac{\partial}{\partial x} \frac{f}{g} = \frac{1}{g} \frac{\partial f}{\partial x}"
    r" - \frac{f}{g^2} \frac{\partial g}{\partial x}",
)
def quotient(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import symbols, sin
    >>> x = symbols("x")
    >>> quotient.apply(Partial(sin(x) / x, x), Scope()).after
    Partial(sin(x), x)/x - sin(x)/x**2
    """
    x = node.by
    below = [f for f in node.what.args if isinstance(f, Pow) and f.args[1] is S.NegativeOne]
    if len(below) != 1 or not depends(below[0], x):
        return None
    above = [f for f in node.what.args if f is not below[0]]
    moving = [f for f in above if depends(f, x)]
    if len(moving) != 1:
        return None
    g = below[0].args[0]
    first = mul(*(_d(f, x) if f is moving[0] else f for f in above), below[0])
    return Rewrite(add(first, neg(mul(*above, power(g, -TWO), _d(g, x)))))


@rule(
    "diff.product",
    N_("Product rule"),
    head=(Partial, Mul),
    law=r"\frac{\partial}{\partial x} (f g)"
    r" = \frac{\partial f}{\partial x} g + f \frac{\partial g}{\partial x}",
)
def product(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import symbols, sin
    >>> x = symbols("x")
    >>> product.apply(Partial(x * sin(x), x), Scope()).after
    x*Partial(sin(x), x) + sin(x)
    """
    parts, x = node.what.args, node.by
    turns = (k for k, f in enumerate(parts) if depends(f, x))
    return Rewrite(add(*(mul(*parts[:k], _d(parts[k], x), *parts[k + 1 :]) for k in turns)))


@rule(
    "diff.power",
    N_("Power rule"),
    head=(Partial, Pow),
    law=r"\frac{\partial}{\partial x} u^c = c\, u^{c-1} \frac{\partial u}{\partial x}",
)
def power_rule(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import symbols
    >>> x = symbols("x")
    >>> power_rule.apply(Partial(x**3, x), Scope()).after
    3*x**2
    """
    u, c = node.what.args
    if depends(c, node.by):
        return None
    lower = c - 1 if c.is_Number else add(c, S.NegativeOne)
    return Rewrite(mul(c, power(u, lower), _d(u, node.by)))


@rule(
    "diff.exponential",
    N_("Exponential rule"),
    head=(Partial, Pow),
    law=r"\frac{\partial}{\partial x} c^v = c^v \log c\, \frac{\partial v}{\partial x}",
)
def exponential(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import symbols
    >>> x = symbols("x")
    >>> exponential.apply(Partial(2**x, x), Scope()).after
    2**x*log(2)
    """
    c, v = node.what.args
    if depends(c, node.by):
        return None
    if c is S.Zero:
        return Rewrite(S.Zero, provided=(relation(sp.Gt, v, S.Zero),))
    return Rewrite(mul(node.what, call(sp.log, c), _d(v, node.by)))


@rule(
    "diff.tower",
    N_("Power with x in base and exponent"),
    head=(Partial, Pow),
    law=r"\frac{\partial}{\partial x} u^v = u^v \left( \frac{\partial v}{\partial x} \log u"
    r" + \frac{v}{u} \frac{\partial u}{\partial x} \right)",
)
def tower(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import symbols
    >>> x = symbols("x")
    >>> tower.apply(Partial(x**x, x), Scope()).after.subs(x, 1)
    1
    """
    (u, v), x = node.what.args, node.by
    inner = add(mul(_d(v, x), call(sp.log, u)), mul(div(v, u), _d(u, x)))
    return Rewrite(mul(node.what, inner))


@rule(
    "index.rename",
    N_("A bound index may bear any letter"),
    head=[(Partial, head) for head in BINDERS] + list(BINDERS),
    law=r"\sum_i f_i = \sum_k f_k",
    note=N_("write {new} for the bound {old}"),
)
def rename(node: Expr, scope: Scope) -> Rewrite | None:
    """A bound letter that is in use outside, or is a name of the model, gives way.

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
    law=r"\frac{\partial}{\partial x} \sum_k f_k = \sum_k \frac{\partial f_k}{\partial x}",
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
    return Rewrite(total(_d(body, node.by), *limits))


@rule(
    "diff.under_product",
    N_("Product rule under the product sign"),
    head=(Partial, Product),
    law=r"\frac{\partial}{\partial x} \prod_k f_k"
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
    return Rewrite(total(mul(_d(term, node.by), others), limits[-1]))


@rule(
    "diff.extremum",
    N_("Only what attains the extremum counts"),
    head=[(Partial, MaxOver), (Partial, MinOver)],
    law=r"\frac{\partial}{\partial x} \max_k f_k = \frac{\sum_k [f_k = m]\,"
    r" \partial f_k / \partial x}{\sum_k [f_k = m]},\quad m = \max_k f_k",
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
        return Rewrite(_d(body, node.by))
    avoid = frozenset(limit[0].name for limit in limits) | {v.name for v in scope.ranges}
    whole = rename_bound(node.what, avoid | {v.name for v in free(node.by)}, scope.letters)
    attained = indicator(relation(sp.Eq, body, whole))
    slopes = total(mul(attained, _d(body, node.by)), *limits)
    return Rewrite(mul(slopes, power(total(attained, *limits), S.NegativeOne)))


@rule(
    "diff.cases",
    N_("Case by case"),
    head=(Partial, Piecewise),
    law=r"\frac{\partial}{\partial x} \{ f_c \} = \{ \tfrac{\partial f_c}{\partial x} \}",
    note=N_("where the case does not change; at the border the case as written"),
)
def piecewise(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import Piecewise, symbols, sin
    >>> x = symbols("x")
    >>> piecewise.apply(Partial(Piecewise((sin(x), x > 0), (0, True)), x), Scope()).after
    Piecewise((Partial(sin(x), x), x > 0), (0, True))
    """
    branches = [(_d(e, node.by), condition) for e, condition in node.what.args]
    if all(e is S.Zero for e, _ in branches):
        return Rewrite(S.Zero)
    return Rewrite(cases(*branches))


@rule(
    "diff.larger",
    N_("The larger (smaller) of two counts"),
    head=[(Partial, Max), (Partial, Min)],
    law=r"\frac{\partial}{\partial x} \max(f, g) ="
    r" \begin{cases} \partial f / \partial x & f > g \\"
    r" \partial g / \partial x & \text{otherwise} \end{cases}",
    note=N_("at a tie the second one counts"),
)
def larger(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import Max, symbols
    >>> x, y = symbols("x y", real=True)
    >>> larger.apply(Partial(Max(x, y), x), Scope()).after
    Piecewise((1, x > y), (0, True))
    """
    head, (first, *others) = type(node.what), node.what.args
    second = others[0] if len(others) == 1 else Expr.__new__(head, *others)
    wins = relation(sp.Gt if head is Max else sp.Lt, first, second)
    return Rewrite(cases((_d(first, node.by), wins), (_d(second, node.by), S.true)))


def _chain(node: Partial, slopes: Expr | tuple[Expr, ...], *more: tuple[str, Expr]) -> Rewrite:
    """``Σ_m f_m(u) ∂u_m/∂x`` over the arguments of a function."""
    outer = slopes if isinstance(slopes, tuple) else (slopes,)
    args = node.what.args[: len(outer)]
    return Rewrite(
        add(*(_times(s, _d(u, node.by)) for s, u in zip(outer, args, strict=True))),
        (("function", node.what), *more),
    )


def _times(outer: Expr, inner: Expr) -> Expr:
    """Outer times inner derivative; an inner one stands above a bare denominator, ``u'/u``."""
    below = isinstance(outer, Pow) and outer.args[1].is_Number and outer.args[1] < 0
    return mul(inner, outer) if below else mul(outer, inner)


@rule(
    "diff.function",
    N_("Chain rule: outer derivative times inner derivative"),
    head=[(Partial, f) for f in DERIVATIVES],
    law=r"\frac{\partial}{\partial x} f(u) = f'(u)\, \frac{\partial u}{\partial x}",
    note=N_("derivative of {function}"),
)
def function(node: Partial, scope: Scope) -> Rewrite | None:
    """The outer derivative is read off the table `DERIVATIVES`.

    >>> from sympy import symbols, sin
    >>> x = symbols("x")
    >>> function.apply(Partial(sin(x**2), x), Scope()).after
    cos(x**2)*Partial(x**2, x)
    """
    return _chain(node, DERIVATIVES[type(node.what)](node.what, *node.what.args))


@rule(
    "diff.kink",
    N_("Chain rule at a function with a kink"),
    head=[(Partial, f) for f in AT_THE_KINK],
    law=r"\frac{\partial}{\partial x} |u|"
    r" = \operatorname{sign}(u)\, \frac{\partial u}{\partial x},\ \operatorname{sign}(0) = 0",
    note=N_("derivative of {function}, taken as {kink} at the kink"),
)
def kink(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import Abs, symbols
    >>> x = symbols("x", real=True)
    >>> kink.apply(Partial(Abs(x), x), Scope()).after
    sign(x)
    """
    f = node.what
    slopes, at_zero = AT_THE_KINK[type(f)]
    return _chain(node, slopes(f, *f.args), ("kink", at_zero(*f.args)))


@rule(
    "diff.undefined",
    N_("Chain rule for an undefined function"),
    head=[(Partial, AppliedUndef), (Partial, Function)],
    law=r"\frac{\partial}{\partial x} f(u, v)"
    r" = \frac{\partial f}{\partial u} \frac{\partial u}{\partial x}"
    r" + \frac{\partial f}{\partial v} \frac{\partial v}{\partial x}",
    note=N_("derivative of {function}"),
)
def undefined(node: Partial, scope: Scope) -> Rewrite | None:
    """Any other function: by its own ``fdiff``, symbolically where it is undefined.

    >>> from sympy import Function, symbols
    >>> f, x = Function("f"), symbols("x")
    >>> undefined.apply(Partial(f(x), x), Scope()).after
    Derivative(f(x), x)
    """
    f, x = node.what, node.by
    if not isinstance(f, AppliedUndef) and not hasattr(f, "fdiff"):
        return None
    try:
        slopes = tuple(
            f.fdiff(m) if depends(u, x) else S.Zero for m, u in enumerate(f.args, start=1)
        )
    except ArgumentIndexError:  # SymPy knows no derivative by this argument
        return None
    return _chain(node, slopes)


@rule(
    "diff.derivative",
    N_("Derivative of a derivative"),
    head=[(Partial, Derivative), (Partial, Subs)],
    law=r"\frac{\partial}{\partial y} \frac{\partial f}{\partial x}"
    r" = \frac{\partial^2 f}{\partial x\, \partial y}",
)
def derivative(node: Partial, scope: Scope) -> Rewrite | None:
    """Of an undefined function.

    >>> from sympy import Function, symbols
    >>> f, x, y = Function("f"), *symbols("x y")
    >>> derivative.apply(Partial(f(x, y).diff(x), y), Scope()).after
    Derivative(f(x, y), x, y)
    """
    return Rewrite(node.what.diff(node.by))


DIFFERENTIATE = RuleSet(
    "differentiate",
    (
        constant,
        itself,
        entry,
        sum_rule,
        constant_factor,
        quotient,
        product,
        power_rule,
        exponential,
        tower,
        rename,
        under_sum,
        under_product,
        extremum,
        piecewise,
        larger,
        function,
        kink,
        undefined,
        derivative,
    ),
)

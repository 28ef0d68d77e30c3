"""The calculus of ∂: sums, products and powers.

Sources: any calculus text for one variable; Magnus & Neudecker (2019), ch. 5, for entries of
arrays.
"""

from __future__ import annotations

import sympy as sp
from sympy import (
    Add,
    Expr,
    Indexed,
    Mul,
    Pow,
    S,
    Symbol,
)

from symderiv.core.binding import names
from symderiv.core.errors import Unsupported
from symderiv.core.expr import (
    Partial,
    add,
    call,
    delta,
    div,
    mul,
    neg,
    power,
    relation,
)
from symderiv.core.messages import N_, Sentence
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope
from symderiv.core.symbols import indices_of, label_of

ONE, TWO, HALF = S.One, sp.Integer(2), S.Half


def depends(e: Expr, x: Expr) -> bool:
    """May the value of ``e`` change with ``x``, all other names held?"""
    return label_of(x) in names(e)


def slope(e: Expr, x: Expr) -> Expr:
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
    law=r"\frac{\partial}{\partial x} \left[ f + g \right]"
    r" = \frac{\partial f}{\partial x} + \frac{\partial g}{\partial x}",
)
def sum_rule(node: Partial, scope: Scope) -> Rewrite | None:
    """Linearity; a term without x adds nothing.

    >>> from sympy import symbols, sin
    >>> x = symbols("x")
    >>> sum_rule.apply(Partial(x + sin(x), x), Scope()).after
    Partial(sin(x), x) + 1
    """
    return Rewrite(add(*(slope(term, node.by) for term in node.what.args)))


@rule(
    "diff.factor",
    N_("A constant factor stays"),
    head=(Partial, Mul),
    law=r"\frac{\partial}{\partial x} \left[ c f \right] = c\, \frac{\partial f}{\partial x}",
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
    return Rewrite(mul(*(slope(f, x) if f is moving[0] else f for f in parts)))


@rule(
    "diff.quotient",
    N_("Quotient rule"),
    head=(Partial, Mul),
    law=r"\frac{\partial}{\partial x} \left[ \frac{f}{g} \right]"
    r" = \frac{1}{g} \frac{\partial f}{\partial x} - \frac{f}{g^2} \frac{\partial g}{\partial x}",
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
    first = mul(*(slope(f, x) if f is moving[0] else f for f in above), below[0])
    return Rewrite(add(first, neg(mul(*above, power(g, -TWO), slope(g, x)))))


@rule(
    "diff.product",
    N_("Product rule"),
    head=(Partial, Mul),
    law=r"\frac{\partial}{\partial x} \left[ f g \right]"
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
    return Rewrite(add(*(mul(*parts[:k], slope(parts[k], x), *parts[k + 1 :]) for k in turns)))


@rule(
    "diff.power",
    N_("Power rule"),
    head=(Partial, Pow),
    law=r"\frac{\partial}{\partial x} \left[ u^c \right]"
    r" = c\, u^{c-1} \frac{\partial u}{\partial x}",
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
    return Rewrite(mul(c, power(u, lower), slope(u, node.by)))


@rule(
    "diff.exponential",
    N_("Exponential rule"),
    head=(Partial, Pow),
    law=r"\frac{\partial}{\partial x} \left[ c^v \right]"
    r" = c^v \log c\, \frac{\partial v}{\partial x}",
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
    return Rewrite(mul(node.what, call(sp.log, c), slope(v, node.by)))


@rule(
    "diff.tower",
    N_("Power with x in base and exponent"),
    head=(Partial, Pow),
    law=r"\frac{\partial}{\partial x} \left[ u^v \right]"
    r" = u^v \left( \frac{\partial v}{\partial x} \log u"
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
    inner = add(mul(slope(v, x), call(sp.log, u)), mul(div(v, u), slope(u, x)))
    return Rewrite(mul(node.what, inner))


ARITHMETIC = RuleSet(
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
    ),
)

"""∂ of functions and of cases."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Derivative,
    Expr,
    Function,
    Max,
    Min,
    Piecewise,
    Pow,
    S,
    Subs,
)
from sympy.core.function import AppliedUndef, ArgumentIndexError

from symderiv.core.expr import (
    Partial,
    add,
    cases,
    mul,
    relation,
)
from symderiv.core.messages import N_
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope
from symderiv.rules.derivatives import AT_THE_KINK, DERIVATIVES
from symderiv.rules.differentiate import depends, slope


@rule(
    "diff.cases",
    N_("Case by case"),
    head=(Partial, Piecewise),
    law=r"\frac{\partial}{\partial x}"
    r" \left[ \begin{cases} f & \text{if }a > b \\ g & \text{otherwise} \end{cases} \right]"
    r" = \begin{cases} \frac{\partial f}{\partial x} & \text{if }a > b \\"
    r" \frac{\partial g}{\partial x} & \text{otherwise} \end{cases}",
    note=N_("where the case does not change; at the border the case as written"),
)
def piecewise(node: Partial, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import Piecewise, symbols, sin
    >>> x = symbols("x")
    >>> piecewise.apply(Partial(Piecewise((sin(x), x > 0), (0, True)), x), Scope()).after
    Piecewise((Partial(sin(x), x), x > 0), (0, True))
    """
    branches = [(slope(e, node.by), condition) for e, condition in node.what.args]
    if all(e is S.Zero for e, _ in branches):
        return Rewrite(S.Zero)
    return Rewrite(cases(*branches))


@rule(
    "diff.larger",
    N_("The larger (smaller) of two counts"),
    head=[(Partial, Max), (Partial, Min)],
    law=r"\frac{\partial \max(f, g)}{\partial x} ="
    r" \begin{cases} \frac{\partial f}{\partial x} & \text{if }f > g \\"
    r" \frac{\partial g}{\partial x} & \text{otherwise} \end{cases}",
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
    return Rewrite(cases((slope(first, node.by), wins), (slope(second, node.by), S.true)))


def _chain(node: Partial, slopes: Expr | tuple[Expr, ...], *more: tuple[str, Expr]) -> Rewrite:
    """``Σ_m f_m(u) ∂u_m/∂x`` over the arguments of a function."""
    outer = slopes if isinstance(slopes, tuple) else (slopes,)
    args = node.what.args[: len(outer)]
    return Rewrite(
        add(*(_times(s, slope(u, node.by)) for s, u in zip(outer, args, strict=True))),
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
    law=r"\frac{\partial f(u)}{\partial x}"
    r" = \frac{\partial f(u)}{\partial u} \frac{\partial u}{\partial x}",
    note=N_("derivative of {function}"),
)
def function(node: Partial, scope: Scope) -> Rewrite | None:
    """The outer derivative is that of the function by what stands in it.

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
    law=r"\frac{\partial |u|}{\partial x}"
    r" = \mathrm{sgn}(u)\, \frac{\partial u}{\partial x},\quad \mathrm{sgn}(0) = 0",
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
    law=r"\frac{\partial f(u, v)}{\partial x}"
    r" = \frac{\partial f(u, v)}{\partial u} \frac{\partial u}{\partial x}"
    r" + \frac{\partial f(u, v)}{\partial v} \frac{\partial v}{\partial x}",
    note=N_("derivative of {function}"),
)
def undefined(node: Partial, scope: Scope) -> Rewrite | None:
    """For any other function; without a formula its derivatives stay as they are.

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
    law=r"\frac{\partial}{\partial y} \left[ \frac{\partial f(x, y)}{\partial x} \right]"
    r" = \frac{\partial^2 f(x, y)}{\partial x\, \partial y}",
)
def derivative(node: Partial, scope: Scope) -> Rewrite | None:
    """Of a function without a formula.

    >>> from sympy import Function, symbols
    >>> f, x, y = Function("f"), *symbols("x y")
    >>> derivative.apply(Partial(f(x, y).diff(x), y), Scope()).after
    Derivative(f(x, y), x, y)
    """
    return Rewrite(node.what.diff(node.by))


OF_FUNCTIONS = RuleSet("differentiate", (piecewise, larger, function, kink, undefined, derivative))

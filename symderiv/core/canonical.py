"""From a line as it reads to SymPy's own canonical form, without private heads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cmp_to_key
from types import MappingProxyType

from sympy import (
    Add,
    And,
    Expr,
    Function,
    Ge,
    Indexed,
    KroneckerDelta,
    Le,
    Mul,
    Number,
    Piecewise,
    Pow,
    S,
    Symbol,
    ordered,
)
from sympy.core.basic import Basic
from sympy.functions.elementary.piecewise import ExprCondPair

from symderiv.core.expr import (
    BINDERS,
    Inert,
    InRange,
    bind,
    children,
    node,
    subexpressions,
)
from symderiv.core.relabel import Relabel


def canonical(e: Basic, known: Mapping[Basic, Expr] = MappingProxyType({})) -> Expr:
    """What SymPy itself would make of the expression; conditions become ``Piecewise``.

    ``known`` maps subexpressions to what SymPy has made of them before.

    >>> from sympy import symbols
    >>> from symderiv.core.expr import add, mul, neg
    >>> x, y = symbols("x y")
    >>> canonical(add(neg(x), y)) == y - x
    True
    """
    return _Canonical(known).of(e)


class _Canonical:
    """One pass, each subexpression once."""

    def __init__(self, known: Mapping[Basic, Expr]) -> None:
        self.done: dict[Basic, Expr] = dict(known)

    def of(self, e: Basic) -> Expr:
        if not e.args or isinstance(e, (Inert, Indexed)):
            return e
        found = self.done.get(e)
        if found is None:
            found = self.done[e] = self._make(e)
        return found

    def _make(self, e: Basic) -> Expr:
        if isinstance(e, InRange):
            index, low, high = e.args
            return Piecewise((S.One, And(Ge(index, low), Le(index, high))), (S.Zero, True))
        if isinstance(e, KroneckerDelta):
            a, b = ordered(e.args)
            return e if (a, b) == e.args else _delta(a, b)
        if isinstance(e, BINDERS):
            body = self.of(e.args[0])
            return e if body is e.args[0] else bind(type(e), body, *e.args[1:])
        args = tuple(map(self.of, e.args))
        if isinstance(e, ExprCondPair):
            return Basic.__new__(ExprCondPair, *args)
        if isinstance(e, Piecewise):
            return Piecewise(*args)
        if isinstance(e, Function):
            plain = Expr.__new__(type(e), *args)
            return self.done.get(plain) or e.func(*args)
        return e.func(*args)


_ORDER = cmp_to_key(Basic.compare)
_RENAMED = (Add, Mul, Pow, Symbol, Number, Indexed, *BINDERS)


def may_be_renamed(e: Expr) -> bool:
    """Is a canonical expression canonical under other names, but for the order of its terms?

    Different names of one kind become different names of that kind, so SymPy would evaluate
    nothing more in sums, products and powers; functions may choose a form by the order of names.
    """
    return all(isinstance(part, _RENAMED) for part in subexpressions(e))


class RelabelCanonical:
    """Puts other names into a canonical expression, and its terms and factors into their order."""

    def __init__(self, mapping: Mapping[Symbol, Symbol]) -> None:
        self.relabel = Relabel(mapping)

    def __call__(self, e: Expr) -> Expr:
        """The expression under the new names."""
        parts = children(e)
        if not parts:
            leaf: Expr = self.relabel(e)
            return leaf
        new = [self(part) for part in parts]
        if isinstance(e, (Add, Mul)):
            first = 1 if isinstance(new[0], Number) else 0
            new[first:] = sorted(new[first:], key=_ORDER)
        return node(type(e), *new, *map(self.relabel, e.args[len(parts) :]))


def _delta(a: Expr, b: Expr) -> Expr:
    made = Expr.__new__(KroneckerDelta, a, b)
    made.is_commutative = True
    return made

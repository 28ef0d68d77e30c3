"""Inert heads, and constructors that build an expression as it was written.

SymPy nodes are the containers, but none of SymPy's evaluation runs here: ``p * (1/p)`` stays, and
``1 - a**2`` keeps its order. The constructors only flatten and drop 0 and 1, and gather the
numbers of a product in front; everything else is a rule.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from sympy import (
    Add,
    Derivative,
    Expr,
    Function,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Number,
    Piecewise,
    Pow,
    Product,
    S,
    Subs,
    Sum,
    Symbol,
    Tuple,
    log,
)
from sympy.core.basic import Basic
from sympy.functions.elementary.piecewise import ExprCondPair

from symderiv.core.memo import memo

MINUS_ONE = S.NegativeOne
MOST_EXPONENT = 64  # larger powers of numbers stay as written


class Inert(Expr):
    """A derivative that is written down but not yet taken; knows no rule."""

    is_commutative = True

    def __new__(cls, what: Expr, by: Expr) -> Inert:
        made: Inert = Expr.__new__(cls, what, by)
        return made

    @property
    def what(self) -> Expr:
        """What is differentiated."""
        return self.args[0]

    @property
    def by(self) -> Expr:
        """The entry or scalar that it is differentiated by."""
        return self.args[1]


class Partial(Inert):
    """∂(expression)/∂x with every other name in it held, defined ones too."""


class Direct(Inert):
    """∂u/∂x of the right side that defines u, every other name in it held."""


class Total(Inert):
    """∂L/∂x with everything downstream of x recomputed: the adjoint of x."""


class Along(Inert):
    """The derivative of ``what`` along a direction.

    ``by`` is a tuple of ``(x, u, (i, low, high), …)``: the variable's entry, how it moves, and the
    ranges of the entry's indices.
    """


class InRange(Expr):
    """1 where ``low ≤ index ≤ high``, else 0: what a delta leaves if its index may be outside."""

    is_commutative = True

    def __new__(cls, index: Expr, low: Expr, high: Expr) -> InRange:
        made: InRange = Expr.__new__(cls, index, low, high)
        return made


class _Extremum(Expr):
    """Common part of `MaxOver` and `MinOver`: ``args = (function, (index, low, high))``."""

    is_commutative = True
    is_real = True

    def __new__(cls, function: Expr, *limits: Tuple) -> _Extremum:
        made: _Extremum = Expr.__new__(cls, function, *(Tuple(*limit) for limit in limits))
        return made

    @property
    def function(self) -> Expr:
        """What the extremum is taken of."""
        return self.args[0]

    @property
    def limits(self) -> tuple[Tuple, ...]:
        """The index and its range."""
        found: tuple[Tuple, ...] = self.args[1:]
        return found

    @property
    def free_symbols(self) -> set[Basic]:
        """As SymPy's sums have it: without the bound index."""
        inner = set(self.function.free_symbols)
        for index, low, high in self.limits:
            inner = (inner - {index}) | low.free_symbols | high.free_symbols
        return inner


class MaxOver(_Extremum):
    """The largest entry over an index, ``max_k f_k``."""


class MinOver(_Extremum):
    """The smallest entry over an index, ``min_k f_k``."""


BINDERS = (Sum, Product, MaxOver, MinOver)
LEAVES = (Symbol, Number, Indexed, KroneckerDelta, InRange, Inert, Derivative, Subs)


# ---------------------------------------------------------------- constructors


@memo
def node(head: type, *args: Basic) -> Expr:
    """A raw node; equal ones are mostly the same object, which makes looking them up cheap."""
    made = Expr.__new__(head, *args)
    if _has_slot(head):
        made.is_commutative = True
    return made


@memo
def _has_slot(head: type) -> bool:
    return any("is_commutative" in getattr(base, "__slots__", ()) for base in head.__mro__)


@memo
def entry(base: Expr, *indices: Expr) -> Indexed:
    """``base[indices]``."""
    made = Expr.__new__(Indexed, base, *indices)
    made._assumptions = base._assumptions
    return made


def add(*terms: Expr) -> Expr:
    """``a + b + …`` in this order."""
    out: list[Expr] = []
    for term in terms:
        if isinstance(term, Add):
            out.extend(term.args)
        elif term is not S.Zero:
            out.append(term)
    if len(out) > 1:
        return node(Add, *out)
    return out[0] if out else S.Zero


def mul(*factors: Expr) -> Expr:
    """``a b …`` in this order, its numbers multiplied and in front."""
    number: Expr = S.One
    out: list[Expr] = []
    for factor in factors:
        for part in factor.args if isinstance(factor, Mul) else (factor,):
            if isinstance(part, Number):
                number = number * part
            else:
                out.append(part)
    if number is S.Zero:
        return number
    if number is not S.One:
        out.insert(0, number)
    if len(out) > 1:
        return node(Mul, *out)
    return out[0] if out else S.One


def neg(e: Expr) -> Expr:
    """``-e``."""
    return mul(MINUS_ONE, e)


def sub(a: Expr, b: Expr) -> Expr:
    """``a - b``; the minus goes to every term of b."""
    return add(a, *(neg(t) for t in terms(b)))


def power(base: Expr, exponent: Expr) -> Expr:
    """``base ** exponent``, evaluated only between numbers where the result is rational."""
    if exponent is S.One:
        return base
    if exponent is S.Zero or base is S.One:
        return S.One
    numbers = isinstance(base, Number) and isinstance(exponent, Integer)
    if numbers and base is not S.Zero and abs(exponent) <= MOST_EXPONENT:
        return base**exponent
    return node(Pow, base, exponent)


def div(a: Expr, b: Expr) -> Expr:
    """``a / b``."""
    return mul(a, power(b, MINUS_ONE))


def bind(head: type[Any], body: Expr, *limits: Tuple) -> Expr:
    """A sum, product or extremum; ``limits`` as SymPy has them, the last outermost."""
    if not limits:
        return body
    if head is Sum:
        if body is S.Zero:
            return body
        if isinstance(body, Sum):
            body, limits = body.args[0], (*body.args[1:], *limits)
    elif head is Product and body is S.One:
        return body
    return node(head, body, *limits)


def total(body: Expr, *limits: Tuple) -> Expr:
    """``Σ body``."""
    return bind(Sum, body, *limits)


def nested(body: Expr, outer: tuple[Tuple, ...]) -> Expr:
    """A sum of a sum, kept as two signs instead of one with several indices."""
    return node(Sum, body, *outer)


def delta(a: Expr, b: Expr) -> Expr:
    """``δ_ab``; 1 if the indices are the same, 0 if they are different numbers."""
    if a == b:
        return S.One
    if isinstance(a, Integer) and isinstance(b, Integer):
        return S.Zero
    return node(KroneckerDelta, a, b)


def cases(*branches: tuple[Expr, Basic]) -> Expr:
    """``{a if c, b otherwise``, unevaluated."""
    return Expr.__new__(Piecewise, *(Basic.__new__(ExprCondPair, e, c) for e, c in branches))


def indicator(condition: Basic) -> Expr:
    """1 where the condition holds, else 0."""
    return cases((S.One, condition), (S.Zero, S.true))


def relation(head: type, a: Expr, b: Expr) -> Basic:
    """``a < b`` and its kin, unevaluated."""
    return Basic.__new__(head, a, b)


def call(head: type, *args: Expr) -> Expr:
    """``f(a, …)``, unevaluated; ``log 1``, ``log e^x`` and the like are left to rules."""
    if not issubclass(head, Function):
        return head(*args)
    return node(head, *args)


# ---------------------------------------------------------------- taking apart


def terms(e: Expr) -> tuple[Expr, ...]:
    """The terms of a sum, or the expression alone."""
    return e.args if isinstance(e, Add) else (e,)


def factors(e: Expr) -> tuple[Expr, ...]:
    """The factors of a product, or the expression alone."""
    return e.args if isinstance(e, Mul) else (e,)


def coefficient(e: Expr) -> tuple[Expr, Expr]:
    """``(number, rest)``."""
    if isinstance(e, Number):
        return e, S.One
    if isinstance(e, Mul) and isinstance(e.args[0], Number):
        return e.args[0], mul(*e.args[1:])
    return S.One, e


def is_negative(e: Expr) -> bool:
    """Does the expression print with a minus in front?"""
    number = e.args[0] if isinstance(e, Mul) else e
    return isinstance(number, Number) and bool(number < 0)


def base_and_exponent(e: Expr) -> tuple[Expr, Expr]:
    """``b, x`` of ``b**x``; ``e, 1`` otherwise."""
    return e.args if isinstance(e, Pow) else (e, S.One)


def children(e: Expr) -> tuple[Expr, ...]:
    """The parts that rules may rewrite: not indices, limits, conditions, or inert derivatives."""
    count = _REACHED.get(type(e))
    if count is None:
        count = _REACHED[type(e)] = _reached(type(e))
    return e.args[:count] if count else ()


_REACHED: dict[type, int] = {}
_ALL = sys.maxsize


def _reached(head: type) -> int:
    """How many arguments of such a node rules may rewrite."""
    if issubclass(head, LEAVES):
        return 0
    return 1 if issubclass(head, (*BINDERS, ExprCondPair)) else _ALL


def rebuild(e: Expr, parts: tuple[Expr, ...]) -> Expr:
    """The node with other children."""
    if not e.args:
        return e  # π is π only as SymPy's own instance
    if isinstance(e, Add):
        return add(*parts)
    if isinstance(e, Mul):
        return mul(*parts)
    if isinstance(e, Pow):
        return power(*parts)
    if isinstance(e, BINDERS):
        return bind(type(e), parts[0], *e.args[1:])
    if isinstance(e, ExprCondPair):
        return Basic.__new__(ExprCondPair, parts[0], e.args[1])
    if isinstance(e, (Derivative, Subs)):
        return e.func(*parts)
    return node(type(e), *parts)


def subexpressions(e: Expr) -> Iterator[Expr]:
    """Every node that rules can reach, parents first, in reading order."""
    todo = [e]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(reversed(children(node)))


# ---------------------------------------------------------------- measures

ADD, MUL, POW, BINDER, DELTA, RANGE, INERT, FUNCTION, OTHER = (1 << k for k in range(9))
PARTIAL, LOG, CASES = (1 << k for k in range(9, 12))
_BITS: tuple[tuple[tuple[type, ...], int], ...] = (
    ((Add,), ADD),
    ((Mul,), MUL),
    ((Pow,), POW),
    (BINDERS, BINDER),
    ((KroneckerDelta,), DELTA),
    ((InRange,), RANGE),
    ((Partial,), PARTIAL | INERT),
    ((Inert,), INERT),
    ((log,), LOG | FUNCTION),
    ((Piecewise,), CASES),
    ((Function,), FUNCTION),
)


@memo
def _bit(head: type) -> int:
    return next((bit for heads, bit in _BITS if issubclass(head, heads)), OTHER)


def bits(heads: Iterable[type]) -> int:
    """The mask of some node types."""
    mask = 0
    for head in heads:
        mask |= _bit(head)
    return mask


@memo
def mask(e: Expr) -> int:
    """Which kinds of node occur in the expression: lets a phase skip what it cannot touch."""
    out = _bit(type(e))
    for part in children(e):
        out |= mask(part)
    return out


@memo
def cost(e: Expr) -> int:
    """How long an expression reads: a name, delta or adjoint 2, a sum 4 an index, a sign 1."""
    if isinstance(e, Number):
        return 0 if e in (S.One, MINUS_ONE) else 1
    if isinstance(e, (Symbol, Indexed, KroneckerDelta, Inert)):
        return 2
    if isinstance(e, InRange):
        return 3
    inside = sum(map(cost, children(e)))
    if isinstance(e, BINDERS):
        return 4 * len(e.args[1:]) + inside
    if isinstance(e, (Add, Pow)):
        return 1 + inside
    return inside if isinstance(e, (Mul, ExprCondPair)) else 2 + inside

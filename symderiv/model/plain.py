"""What a user hands in, read into an as-written expression: numbers and plain SymPy."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import isfinite, isnan
from types import MappingProxyType
from typing import Any

from sympy import (
    Add,
    Expr,
    Indexed,
    IndexedBase,
    Max,
    Min,
    Mul,
    Number,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
)
from sympy.core.basic import Basic
from sympy.core.function import AppliedUndef, Function, UndefinedFunction
from sympy.core.numbers import NumberSymbol
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import Boolean
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr
from sympy.matrices.matrixbase import MatrixBase
from sympy.tensor.array import NDimArray

from symderiv.core.errors import Unsupported
from symderiv.core.expr import BINDERS, is_negative, rebuild
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence

MATRICES = (MatrixExpr, MatrixElement, MatrixBase, NDimArray)


def read(obj: Any) -> Basic:
    """A number, a SymPy expression or a condition, in the order in which a person writes it.

    Floats become the rational number that their shortest decimal shows.

    >>> read(0.1)
    1/10

    Raises `Unsupported`, with what to write instead, for anything else.
    """
    if isinstance(obj, Number):
        if obj in (S.NaN, S.ComplexInfinity):
            raise Unsupported(Sentence("{obj} is no number that a formula can hold", obj=obj))
        return obj
    if isinstance(obj, (Expr, Boolean)):
        return reading_order(obj)
    made = _number(obj)
    if made is None:
        raise Unsupported(advice(obj))
    return made


def _number(obj: Any) -> Expr | None:
    if type(obj).__module__.partition(".")[0] == "numpy" and getattr(obj, "shape", None) == ():
        obj = obj.item()
    if isinstance(obj, bool):
        return None
    if isinstance(obj, int):
        return S(obj)
    if isinstance(obj, float):
        if isnan(obj):
            raise Unsupported(Sentence("nan is no number that a formula can hold"))
        if not isfinite(obj):
            return S.Infinity if obj > 0 else S.NegativeInfinity
        return Rational(repr(obj))
    if isinstance(obj, Fraction):
        return Rational(obj.numerator, obj.denominator)
    return Rational(str(obj)) if isinstance(obj, Decimal) and obj.is_finite() else None


def is_condition(e: Basic) -> bool:
    """Is it a condition? SymPy's symbols may be one too; here they are values."""
    return isinstance(e, Boolean) and not isinstance(e, Expr)


def advice(obj: Any) -> str:
    """What to write instead of an object that is no part of a formula."""
    kind = type(obj).__name__
    if isinstance(obj, MATRICES):
        return (
            f"SymPy's {kind} ({_short(obj)}) has no indices to derive by; declare an array "
            'instead: sd.matrix("A", n, m), sd.vector("x", n) or sd.tensor("T", a, b, c)'
        )
    if isinstance(obj, IndexedBase):
        return f"{obj} is a whole IndexedBase; write an entry, {obj}[i], or declare sd.vector"
    if isinstance(obj, UndefinedFunction):
        return f"{obj} is a function without its argument; write {obj}(x)"
    if isinstance(obj, str):
        return (
            f"text is not read as a formula: {_short(obj)!r}; "
            f'declare names with sd.scalar("x"), sd.vector("x", n), …'
        )
    if isinstance(obj, bool):
        return f"{obj} is no number; write 1 or 0, or a condition such as x > 0"
    if isinstance(obj, complex):
        return "symderiv's formulas are real; complex numbers are not supported"
    if isinstance(obj, (list, tuple, set, dict, range)) or hasattr(obj, "__array_interface__"):
        return (
            f"a {kind} holds numbers, not a formula; declare an array, such as "
            'sd.vector("x", n), and hand the numbers in when you compute'
        )
    return f"{kind} is no part of a formula; expected an array, a SymPy expression or a number"


def _short(obj: Any, width: int = 40) -> str:
    text = str(obj)
    return text if len(text) <= width else text[: width - 1] + "…"


# ---------------------------------------------------------------- reading order


@memo
def reading_order(e: Basic) -> Basic:
    """Sums and products that stand in SymPy's own order, put in the order a person writes.

    In a product: numbers, names, functions, sums; in a sum: falling degree, then functions, and
    no minus in front where it can be helped. What was built as written stays.

    >>> from sympy import log
    >>> from sympy.abc import p
    >>> reading_order(log(p) * p).args
    (p, log(p))
    """
    if isinstance(e, (*MATRICES, IndexedBase)):
        raise Unsupported(advice(e))
    if isinstance(e, (Symbol, Number, Indexed)) or not e.args:
        return e
    parts = tuple(map(reading_order, _readable(e)))
    if isinstance(e, Add) and _is_sorted(e.args):
        parts = tuple(_sum_order(parts))
    elif isinstance(e, Mul) and _is_sorted(e.args):
        parts = tuple(sorted(parts, key=_product_rank))
    return e if parts == _readable(e) else _remade(e, parts)


def _remade(e: Basic, parts: tuple[Basic, ...]) -> Basic:
    if isinstance(e, (Max, Min)):
        made = Expr.__new__(type(e), *parts)
        made._argset = frozenset(parts)
        return made
    return rebuild(e, parts) if isinstance(e, Expr) else Basic.__new__(type(e), *parts)


@memo
def originals(source: Basic) -> Mapping[Basic, Expr]:
    """The subexpressions of a scalar formula that SymPy has evaluated, by their reading order.

    >>> from sympy.abc import p
    >>> originals(p + 1)[reading_order(p + 1)]
    p + 1
    """
    found: dict[Basic, Expr] = {}
    done: dict[Basic, bool] = {}
    todo = [source]
    while todo:
        e = todo[-1]
        waiting = [x for x in e.args if x not in done]
        if waiting:
            todo += waiting
            continue
        todo.pop()
        done[e] = all(done[x] for x in e.args) and _is_evaluated(e)
        if done[e] and e.args:
            found[reading_order(e)] = e
    return MappingProxyType(found)


def _is_evaluated(e: Basic) -> bool:
    """Has SymPy's own constructor made the node? It orders, merges, and counts arguments."""
    if isinstance(e, Function):
        return "nargs" in vars(e)
    if isinstance(e, Add):
        rests = [term.as_coeff_Mul()[1] for term in e.args]
        return _is_sorted(e.args) and len(set(rests)) == len(rests)
    if isinstance(e, Mul):
        bases = [f.args[0] if isinstance(f, Pow) else f for f in e.args]
        whole = isinstance(e.args[0], Number) and len(e.args) == 2 and isinstance(e.args[1], Add)
        return _is_sorted(e.args) and not whole and len(set(bases)) == len(bases)
    if isinstance(e, Pow):
        return not isinstance(e.args[0], (Number, Pow, Mul))
    return not e.args


def _readable(e: Basic) -> tuple[Basic, ...]:
    """The parts to put in order; of a node that is not ours to rebuild, none."""
    if isinstance(e, BINDERS):
        return (e.args[0],)
    known = isinstance(e, (Add, Mul, Pow, Function, Max, Min, Relational, ExprCondPair))
    return tuple(e.args) if known else ()


def _is_sorted(args: tuple[Expr, ...]) -> bool:
    """Do the arguments stand in the order that SymPy's own constructors give them?"""
    if args and isinstance(args[0], Number):
        args = args[1:]
    return all(a.compare(b) <= 0 for a, b in pairwise(args))


def _name(e: Expr) -> str:
    while isinstance(e, Indexed):
        e = e.args[0].args[0]
    return e.name if isinstance(e, Symbol) else ""


def _product_rank(e: Expr) -> int:
    """Numbers, names, sums of terms, functions, sums over an index; equals keep SymPy's order."""
    if isinstance(e, Pow) and e.args[1].is_Number and e.args[1].is_negative:
        return 8
    base = e.args[0] if isinstance(e, Pow) and not isinstance(e.args[0], Number) else e
    for rank, heads in enumerate((Number, NumberSymbol, (Symbol, Indexed))):
        if isinstance(base, heads):
            return rank
    if isinstance(base, Add):
        return 4
    if isinstance(base, BINDERS):
        return 7
    return 5 if isinstance(base, Function) and not isinstance(base, AppliedUndef) else 3


Monomial = tuple[tuple[str, int], ...]


def _monomial(term: Expr) -> Monomial | None:
    """``x**2*y`` as ``((x, 2), (y, 1))``, a sum as degree 2; None if the term is no monomial."""
    found: dict[str, int] = {}
    for factor in term.args if isinstance(term, Mul) else (term,):
        base, exponent = factor.args if isinstance(factor, Pow) else (factor, S.One)
        if isinstance(factor, (Number, NumberSymbol)):
            continue
        if isinstance(factor, Sum):
            found[""] = found.get("", 0) + 2
            continue
        if not isinstance(base, (Symbol, Indexed)) or not (exponent.is_Integer and exponent > 0):
            return None
        found[_name(base)] = found.get(_name(base), 0) + int(exponent)
    return tuple(sorted(found.items()))


def _sum_key(term: Expr) -> tuple[int, int, tuple[tuple[str, int], ...]]:
    monomial = _monomial(term)
    if monomial is None:
        return 1, 0, ()
    degree = sum(power for _, power in monomial)
    return 0, -degree, tuple((name, -power) for name, power in monomial)


def _sum_order(terms: tuple[Expr, ...]) -> list[Expr]:
    out = sorted(terms, key=_sum_key)
    if is_negative(out[0]):
        if not is_negative(out[-1]):
            return out[::-1]
        first = next((k for k, term in enumerate(out) if not is_negative(term)), 0)
        out.insert(0, out.pop(first))
    return out

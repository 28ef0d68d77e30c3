"""Sums made ready for contraction, as expressions: deltas sifted, terms apart, sums of sums merged.

Nothing here changes a value; it decides what never has to be an array: a delta whose index is
summed, and a difference ``a_i - b_k`` that only its terms' axes need.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Eq, Expr, Indexed, KroneckerDelta, Mul, Piecewise, Pow, S, Sum, Symbol, Tuple

from symderiv.core.binding import free, fresh, letters_in, subst
from symderiv.core.expr import InRange, factors, mul
from symderiv.core.scope import Scope
from symderiv.core.symbols import Label
from symderiv.lower.places import Place

Limits = tuple[Tuple, ...]
MOST_TERMS = 64


def sum_terms(body: Expr, limits: Limits, place: Place) -> Iterator[tuple[Expr, Limits]]:
    """The terms of a sum, each with the limits that it still has to be summed over."""
    body, limits = apart(body, limits)
    bound = frozenset(limit[0] for limit in limits)
    seen = bound.union(symbol for symbol, _ in place.axes)
    for term in _split(body, bound, seen):
        parts = factors(term)
        hoisted = _hoisted(parts, limits, bound)
        sifted = None if hoisted else _sifted(parts, limits, place)
        if hoisted or sifted:
            new_body, new_limits = hoisted or sifted  # type: ignore[misc]
            if new_limits:
                yield from sum_terms(new_body, new_limits, place)
            else:
                yield new_body, ()
        elif term is not S.Zero:
            yield term, limits


def apart(body: Expr, limits: Limits, avoid: frozenset[str] = frozenset()) -> tuple[Expr, Limits]:
    """The same sum with bound letters that differ from each other and from ``avoid``."""
    letters = [limit[0].name for limit in limits]
    if len(set(letters)) == len(letters) and avoid.isdisjoint(letters):
        return body, limits
    taken = set(avoid.union(letters_in(body), *map(letters_in, limits)))
    used = set(avoid)
    renamed: dict[Symbol, Expr] = {}
    out: list[Tuple] = []
    for v, low, high in reversed(limits):
        ends = subst(low, renamed), subst(high, renamed)
        w = fresh(taken) if v.name in used else v
        taken.add(w.name)
        used.add(w.name)
        renamed[v] = w
        out.append(Tuple(w, *ends))
    return subst(body, renamed), tuple(reversed(out))


# ---------------------------------------------------------------- terms apart


def _split(e: Expr, bound: frozenset[Symbol], seen: frozenset[Symbol]) -> list[Expr]:
    """The terms of ``e``, distributed only where that keeps an array from being made."""
    todo: list[Expr] = [e]
    done: list[Expr] = []
    while todo:
        term = todo.pop()
        if isinstance(term, Add):
            todo.extend(reversed(term.args))
            continue
        parts = factors(term)
        at = next((k for k in range(len(parts)) if _wants(parts, k, bound, seen)), None)
        if at is None or len(todo) + len(done) > MOST_TERMS:
            done.append(term)
        else:
            spread = [mul(*parts[:at], t, *parts[at + 1 :]) for t in parts[at].args]
            todo.extend(reversed(spread))
    return done


def _wants(
    parts: tuple[Expr, ...], at: int, bound: frozenset[Symbol], seen: frozenset[Symbol]
) -> bool:
    """Is this factor a sum that is better distributed?"""
    factor = parts[at]
    if not isinstance(factor, Add) or not free(factor) & bound:
        return False
    if _has_delta(factor, bound):
        return True
    axes = free(factor) & seen
    if any(free(t) & seen == axes for t in factor.args):
        return False
    return not any(axes <= free(p) for k, p in enumerate(parts) if k != at)


def _has_delta(e: Expr, bound: frozenset[Symbol]) -> bool:
    """Does a delta of a bound index stand in the terms and factors of ``e``, or in a sum there?"""
    if isinstance(e, (Add, Mul)):
        return any(_has_delta(part, bound) for part in e.args)
    if isinstance(e, Sum):
        return _has_delta(e.args[0], bound - {limit[0] for limit in e.args[1:]})
    pair = _delta(e)
    return pair is not None and bool(bound & (free(pair[0]) | free(pair[1])))


def _hoisted(
    parts: tuple[Expr, ...], limits: Limits, bound: frozenset[Symbol]
) -> tuple[Expr, Limits] | None:
    """``Σ_k f_k Σ_j g_jk`` as one sum, if nothing else is there or a delta inside wants k."""
    for at, part in enumerate(parts):
        if isinstance(part, Sum) and (len(parts) == 1 or _has_delta(part, bound)):
            others = parts[:at] + parts[at + 1 :]
            avoid = frozenset().union(*map(letters_in, others), *map(letters_in, limits))
            body, inner = apart(part.args[0], part.args[1:], avoid)
            return mul(*others, body), (*inner, *limits)
    return None


# ---------------------------------------------------------------- deltas


def _delta(e: Expr) -> tuple[Expr, Expr] | None:
    """``a, b`` of ``δ_ab``, or of an indicator of ``a = b`` between integers."""
    if isinstance(e, KroneckerDelta):
        return e.args[0], e.args[1]
    if isinstance(e, Pow) and e.args[1].is_Integer and bool(e.args[1] > 0):
        return _delta(e.args[0])
    if isinstance(e, Piecewise) and len(e.args) == 2:
        (one, condition), (zero, otherwise) = (branch.args for branch in e.args)
        whole = isinstance(condition, Eq) and all(a.is_integer for a in condition.args)
        if whole and one == 1 and zero == 0 and otherwise == S.true:
            return condition.args[0], condition.args[1]
    return None


def _sifted(parts: tuple[Expr, ...], limits: Limits, place: Place) -> tuple[Expr, Limits] | None:
    """The sum with one delta of a bound index used up."""
    for at, part in enumerate(parts):
        pair = _delta(part)
        if pair is None:
            continue
        for limit in limits:
            value = _solved(pair, limit[0])
            if value is None or _circular(limit[0], value, limits):
                continue
            use = {limit[0]: value}
            others = [subst(p, use) for k, p in enumerate(parts) if k != at]
            rest = tuple(
                Tuple(v, subst(low, use), subst(high, use))
                for v, low, high in limits
                if v != limit[0]
            )
            scope = Scope(ranges=_ranges(rest, place))
            guard = [] if _inside(value, limit, scope) else [InRange(value, limit[1], limit[2])]
            return mul(*guard, *others), rest
    return None


def _circular(v: Symbol, value: Expr, limits: Limits) -> bool:
    """Would an index come to stand in its own limits?"""
    return any(w in free(value) and v in free(low) | free(high) for w, low, high in limits)


def _solved(pair: tuple[Expr, Expr], v: Symbol) -> Expr | None:
    """The value of ``v`` at which two indices agree, if it is one integer expression."""
    if v not in free(pair[0]) | free(pair[1]):
        return None
    difference = pair[0] - pair[1]
    slope = difference.coeff(v, 1)
    rest = (difference - slope * v).expand()
    if slope not in (S.One, S.NegativeOne) or v in free(rest):
        return None
    return -slope * rest


def _ranges(limits: Limits, place: Place) -> dict[Symbol, tuple[Expr, Expr]]:
    outer = {symbol: (axis.low, axis.high) for symbol, axis in place.axes}
    return {**outer, **{v: (low, high) for v, low, high in limits}}


def _inside(value: Expr, limit: Tuple, scope: Scope) -> bool:
    """Is the value certain to lie within the limit?"""
    if isinstance(value, (Indexed, Label)):
        label = value.args[0].args[0] if isinstance(value, Indexed) else value
        classes = label.spec.classes if isinstance(label, Label) else None
        return classes is not None and (limit[1], limit[2]) == (S.One, classes)
    return scope.proves(value, limit[1], limit[2])

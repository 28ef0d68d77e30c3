"""Free and bound indices: what is free, capture-free substitution, fresh readable letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Number, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.core.expr import BINDERS, Inert, InRange, bind, children, delta, entry, node, rebuild
from symderiv.core.memo import memo

EMPTY: frozenset[Symbol] = frozenset()
NO_NAMES: frozenset[str] = frozenset()
LETTERS = tuple("ijklmrstuvwabcdefghopq")


@memo
def free(e: Basic) -> frozenset[Symbol]:
    """Free index and scalar symbols; not the labels of arrays."""
    if isinstance(e, Symbol):
        return frozenset((e,))
    if isinstance(e, Indexed):
        return EMPTY.union(*map(free, e.args[1:]))
    if isinstance(e, BINDERS):
        out = free(e.args[0])
        for index, low, high in e.args[1:]:
            out = (out - {index}) | free(low) | free(high)
        return out
    return EMPTY.union(*map(free, e.args)) if e.args else EMPTY


@memo
def names(e: Basic) -> frozenset[Symbol]:
    """The labels and free scalars that the value of an expression may depend on."""
    if isinstance(e, Symbol):
        return frozenset((e,))
    if isinstance(e, Indexed):
        return EMPTY.union((e.args[0].args[0],), *map(names, e.args[1:]))
    if isinstance(e, BINDERS):
        out = names(e.args[0])
        for index, low, high in e.args[1:]:
            out = (out - {index}) | names(low) | names(high)
        return out
    return EMPTY.union(*map(names, e.args)) if e.args else EMPTY


@memo
def letters_in(e: Basic) -> frozenset[str]:
    """Every name that stands anywhere in the expression, bound indices too."""
    if isinstance(e, Symbol):
        return frozenset((e.name,))
    return frozenset().union(*map(letters_in, e.args))


def index(name: str) -> Symbol:
    """The index symbol of that name."""
    return Symbol(name, integer=True)


def fresh(taken: Iterable[str], letters: tuple[str, ...] = LETTERS) -> Symbol:
    """The first readable index letter that is not taken: i, j, k, l, m, …, then i1, i2, …"""
    used = frozenset(taken)
    for letter in letters:
        if letter not in used:
            return index(letter)
    number = 1
    while f"{letters[0]}{number}" in used:
        number += 1
    return index(f"{letters[0]}{number}")


@memo
def is_index_arithmetic(e: Expr) -> bool:
    """``l - 1``, ``2 i + n``: made of integers and integer symbols alone, no entries in it."""
    if isinstance(e, (Symbol, Number)):
        return bool(e.is_integer)
    return isinstance(e, (Add, Mul)) and all(map(is_index_arithmetic, e.args))


def subst(e: Expr, mapping: Mapping[Symbol, Expr]) -> Expr:
    """Replace free symbols; bound indices that would capture are renamed first."""
    inside = free(e)
    live = {a: b for a, b in mapping.items() if a in inside and a is not b and a != b}
    if not live:
        return e
    if isinstance(e, Symbol):
        return live[e]
    if isinstance(e, BINDERS):
        return _subst_binder(e, live)
    if isinstance(e, Indexed):
        return entry(e.args[0], *(subst(x, live) for x in e.args[1:]))
    if isinstance(e, KroneckerDelta):
        return delta(*(subst(x, live) for x in e.args))
    if isinstance(e, Add) and is_index_arithmetic(e):
        return e.func(*(subst(x, live) for x in e.args))  # index arithmetic: l - 1 + 1 is l
    parts = tuple(subst(x, live) for x in e.args)
    if isinstance(e, (InRange, Inert)):
        return node(type(e), *parts)
    return rebuild(e, parts) if isinstance(e, Expr) else Basic.__new__(type(e), *parts)


def _subst_binder(e: Expr, live: dict[Symbol, Expr]) -> Expr:
    incoming = frozenset().union(*(free(new) for new in live.values()))
    bound = [limit[0] for limit in e.args[1:]]
    read = (names(x) for x in (e.args[0], e, *live.values()))
    taken = {s.name for s in EMPTY.union(*read, bound)}
    new = []
    for v in bound:
        w = fresh(taken) if v in incoming else v
        taken.add(w.name)
        new.append(w)
    return _rebound(e, new, live)


def rename_bound(e: Expr, avoid: frozenset[str], letters: tuple[str, ...] = ()) -> Expr:
    """The binder node ``e`` with bound indices whose letter is to be avoided renamed."""
    taken = set(avoid) | letters_in(e)
    new = []
    for v, *_ in e.args[1:]:
        w = fresh(taken, letters or LETTERS) if v.name in avoid else v
        taken.add(w.name)
        new.append(w)
    return _rebound(e, new, {})


def _rebound(e: Expr, new: list[Symbol], mapping: Mapping[Symbol, Expr]) -> Expr:
    """The binder with other letters; a limit's bounds are in sight of the limits further out."""
    current, limits = dict(mapping), []
    for (v, low, high), w in zip(reversed(e.args[1:]), reversed(new), strict=True):
        limits.append(Tuple(w, subst(low, current), subst(high, current)))
        current[v] = w
    return bind(type(e), subst(e.args[0], current), *reversed(limits))


@memo
def bound_letters(e: Basic) -> frozenset[str]:
    """The letters of the indices bound in an expression."""
    if isinstance(e, Indexed) or not e.args:
        return NO_NAMES
    inside = NO_NAMES.union(*map(bound_letters, children(e)))
    return inside.union(v.name for v, *_ in e.args[1:]) if isinstance(e, BINDERS) else inside


def apart(e: Expr, avoid: frozenset[str]) -> Expr:
    """The expression with bound indices renamed whose letter is to be avoided."""
    if bound_letters(e).isdisjoint(avoid):
        return e
    if isinstance(e, BINDERS):
        e = rename_bound(e, avoid)
        avoid = avoid.union(v.name for v, *_ in e.args[1:])
    return rebuild(e, tuple(apart(part, avoid) for part in children(e)))

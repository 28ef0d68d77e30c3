"""One-way matching of a definition's right side, modulo order and the names of bound indices."""

from __future__ import annotations

from sympy import Expr, Indexed, Symbol

from symderiv.core.binding import free, names, subst
from symderiv.core.expr import subexpressions
from symderiv.core.fingerprint import fingerprint, same

Binding = dict[Symbol, Expr]


def match(pattern: Expr, holes: tuple[Symbol, ...], e: Expr) -> Binding | None:
    """What to put for ``holes`` so that ``pattern`` becomes ``e``; None if nothing does.

    An entry of the pattern whose indices are holes is laid on every entry of the same array in
    ``e``; a binding so found is then verified by fingerprint.
    """
    if type(pattern) is not type(e) or not _labels(pattern) <= names(e):
        return None
    open_ = [h for h in holes if h in free(pattern)]
    if not open_:
        return {} if fingerprint(pattern) == fingerprint(e) else None
    return _search(pattern, tuple(open_), e, {})


def _labels(pattern: Expr) -> frozenset[Symbol]:
    return frozenset(x.args[0].args[0] for x in subexpressions(pattern) if isinstance(x, Indexed))


def _search(pattern: Expr, open_: tuple[Symbol, ...], e: Expr, found: Binding) -> Binding | None:
    if not open_:
        return found if same(subst(pattern, found), e) else None
    anchor = _anchor(pattern, open_)
    if anchor is None:
        return None
    inside = free(e)
    for entry in subexpressions(e):
        if not isinstance(entry, Indexed) or entry.args[0] != anchor.args[0]:
            continue
        trial = dict(found)
        for hole, value in zip(anchor.args[1:], entry.args[1:], strict=True):
            if hole in open_ and free(value) <= inside:
                trial.setdefault(hole, value)
        still = tuple(h for h in open_ if h not in trial)
        if len(still) < len(open_):
            result = _search(pattern, still, e, trial)
            if result is not None:
                return result
    return None


def _anchor(pattern: Expr, open_: tuple[Symbol, ...]) -> Indexed | None:
    """The entry that binds most of the open holes."""
    best, most = None, 0
    for entry in subexpressions(pattern):
        if isinstance(entry, Indexed):
            count = sum(1 for h in open_ if h in entry.args[1:])
            if count > most:
                best, most = entry, count
    return best

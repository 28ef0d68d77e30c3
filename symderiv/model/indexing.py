"""``t[i, j]``: reading an index from what a user writes, and telling when it leaves its range."""

from __future__ import annotations

from operator import index as as_int
from typing import Any

from sympy import Expr, Idx, Integer, S, Symbol

from symderiv.core.binding import letters_in
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.expr import subexpressions
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label, label_of
from symderiv.model.grid import NO_LETTERS, Grid, letters, place, show
from symderiv.model.plain import read


def pick(g: Grid, key: Any, name: str) -> Grid:
    """The part of a grid that a key selects: entries, whole axes (``:``, ``...``), new axes."""
    chosen = _keys(g, key if isinstance(key, tuple) else (key,), name)
    sizes = iter(g.shape)
    shape: list[Expr] = []
    where: list[Expr | None] = []
    for k in chosen:
        if k is None:
            shape.append(S.One)
            continue
        size = next(sizes)
        if isinstance(k, slice):
            _check_slice(k, name)
            shape.append(size)
            where.append(None)
        else:
            where.append(read_index(k, size, name, len(where)))
    given = [w for w in where if w is not None]
    taken = g.outside().union(*map(letters_in, given), *map(letters_in, shape))
    axes = letters(len(shape), taken)
    kept = (axis for k, axis in zip(_axes_left(chosen), axes, strict=True) if k is not None)
    spots = [next(kept) if w is None else w for w in where]
    shown = NO_LETTERS.union(*map(letters_in, spots))
    moved = place(g, spots, (*axes, *(Symbol(a) for a in sorted(shown))))
    return Grid(tuple(shape), axes, moved, g.given)


def _axes_left(chosen: list[Any]) -> list[Any]:
    return [k for k in chosen if k is None or isinstance(k, slice)]


def _keys(g: Grid, key: tuple[Any, ...], name: str) -> list[Any]:
    given = sum(k is not None and k is not Ellipsis for k in key)
    if given > len(g.shape):
        raise ShapeError(
            Sentence(
                "{given} indices for {name}, which has shape {shape}: expected at most {count}",
                given=given,
                name=name,
                shape=show(g.shape),
                count=len(g.shape),
            )
        )
    dots = [n for n, k in enumerate(key) if k is Ellipsis]
    if len(dots) > 1:
        raise ShapeError(Sentence("an index of {name} may hold '...' once", name=name))
    at = dots[0] if dots else len(key)
    fill = [slice(None)] * (len(g.shape) - given)
    return [*key[:at], *fill, *key[at + 1 :]]


def _check_slice(k: slice, name: str) -> None:
    if k != slice(None):
        shown = ":".join("" if x is None else str(x) for x in (k.start, k.stop))
        raise Unsupported(
            Sentence(
                "{name}[{shown}]: of slices only ':' is known, the whole axis",
                name=name,
                shown=shown,
            )
        )


def read_index(k: Any, size: Expr, name: str, axis: int) -> Expr:
    """One index of an axis, checked against its size where that is certain."""
    e = _expression(k, name)
    check_range(e, size, name, axis)
    return e


def _expression(k: Any, name: str) -> Expr:
    if isinstance(k, Grid):
        raise Unsupported(
            Sentence(
                "an array cannot index {name}; write its entry, such as {name}[i, t[i]], with "
                "sd.index('i')",
                name=name,
            )
        )
    if isinstance(k, Idx):
        raise Unsupported(
            Sentence(
                "{name}[{k}]: SymPy's Idx carries its own range; write sd.index('{k}')",
                name=name,
                k=k,
            )
        )
    if not isinstance(k, Expr):
        try:
            if isinstance(k, bool):
                raise TypeError
            return Integer(as_int(k))
        except TypeError:
            raise Unsupported(
                Sentence(
                    "{name}[{k}]: an index is an integer, an index symbol (sd.index('i')) or ':'",
                    name=name,
                    k=repr(k),
                )
            ) from None
    read(k)  # refuses what is no formula; index arithmetic itself stays in SymPy's order
    e = k
    if e.is_integer is False or (e.is_Number and not e.is_Integer):
        raise Unsupported(
            Sentence("{name}[{k}]: {k} is not an integer; formulas count 1, 2, …", name=name, k=k)
        )
    for part in subexpressions(e):
        label = label_of(part)
        if isinstance(label, Label) and label.spec.kind not in ("labels", "one_hot"):
            raise Unsupported(
                Sentence(
                    "{name}[{k}]: {bare} holds real numbers, not indices; declare class numbers "
                    "with sd.labels",
                    name=name,
                    k=k,
                    bare=label.name,
                )
            )
    return e


def check_range(e: Expr, size: Expr, name: str, axis: int) -> None:
    """Raise `ShapeError` where an index surely leaves its axis."""
    label = label_of(e)
    if isinstance(label, Label) and label.spec.classes is not None:
        classes = label.spec.classes
        if classes == size or bool((size - classes).is_nonnegative):
            return
        raise ShapeError(
            Sentence(
                "{name}[{e}]: {bare} holds one of {classes} classes, but axis {axis} of "
                "{name} has size {size}; they must be equal",
                name=name,
                e=e,
                bare=label.name,
                classes=classes,
                axis=axis,
                size=size,
            )
        )
    if isinstance(e, Symbol) and not e.is_nonpositive:
        return
    if bool((e - 1).is_negative) or (e.is_number and bool(e < 1)):
        raise ShapeError(
            Sentence(
                "{name}[{e}] is out of range: formulas count from 1, so axis {axis} of {name} "
                "runs from 1 to {size}; the first entry is {name}[1], the last {name}[{size}]",
                name=name,
                e=e,
                axis=axis,
                size=size,
            )
        )
    if bool((size - e).is_negative):
        raise ShapeError(
            Sentence(
                "{name}[{e}] is out of range: axis {axis} of {name} runs from 1 to {size} "
                "(formulas count from 1)",
                name=name,
                e=e,
                axis=axis,
                size=size,
            )
        )

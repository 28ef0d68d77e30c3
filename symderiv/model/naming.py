"""`let`: a name for an intermediate, and what is plainly positive about it."""

from __future__ import annotations

from typing import Any

from sympy import Add, E, Expr, Indexed, KroneckerDelta, Mul, Number, Pow, S, Symbol
from sympy import cosh as sympy_cosh
from sympy import exp as sympy_exp

from symderiv.core import functions as known
from symderiv.core.binding import free
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.expr import BINDERS, subexpressions
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.model.arrays import as_array, whole
from symderiv.model.declare import checked_name, size
from symderiv.model.grid import with_indices
from symderiv.model.plain import is_condition

Limit = tuple[Symbol, Any, Any]


def let(
    name: str,
    expr: Any,
    *limits: Limit,
    layer: int | str | None = None,
    latex: str | None = None,
) -> Any:
    """A name for an intermediate; derivatives go through it by the chain rule.

    An array gives an array of its shape, a scalar expression a symbol. An expression of an entry
    needs its indices with their ranges: ``let("u", a * x[i], (i, 1, n))``.

    >>> from symderiv.model.declare import dim, index, vector
    >>> from symderiv.model.elementwise import softmax
    >>> p = let("p", softmax(vector("z", dim("n"))))
    >>> p[index("i")]
    p[i]

    Raises `ShapeError` for a free index without a range.
    """
    checked_name(name)
    array = as_array(expr)
    if is_condition(array.element):
        raise Unsupported(
            Sentence("{name}: a condition is no value; write where(…, 1, 0)", name=name)
        )
    if limits:
        if array.shape:
            raise ShapeError(
                Sentence(
                    "let({name}, …): an array has its indices; leave the ranges out",
                    name=repr(name),
                )
            )
        sizes = tuple(_size_of(name, limit) for limit in limits)
        grid = with_indices(sizes, tuple(limit[0] for limit in limits), array.element)
    else:
        grid = array
    _no_free_index(name, grid.element, grid.indices)
    spec = Spec(
        shape=grid.shape,
        positive=is_positive(grid.element),
        layer=None if layer is None else str(layer),
        latex=latex,
        definition=Definition(grid.indices, grid.element),
    )
    return whole(Label(name, spec))


def _size_of(name: str, limit: Any) -> Expr:
    if not isinstance(limit, tuple) or len(limit) != 3 or not isinstance(limit[0], Symbol):
        raise ShapeError(
            Sentence(
                "let({name}, …): a range is written (i, 1, n); got {limit}",
                name=repr(name),
                limit=f"{limit!r:.40}",
            )
        )
    if limit[1] != 1:
        raise ShapeError(
            Sentence(
                "let({name}, …): ranges begin at 1; {limit} begins at {limit_2}",
                name=repr(name),
                limit=limit[0],
                limit_2=limit[1],
            )
        )
    return size(limit[2], Sentence("{name}: range of {index}", name=name, index=limit[0]))


def _no_free_index(name: str, e: Expr, own: tuple[Symbol, ...]) -> None:
    found = free_indices(e) - set(own)
    if found:
        shown = ", ".join(sorted(s.name for s in found))
        ranges = ", ".join(f"({s}, 1, n)" for s in sorted(s.name for s in found))
        raise ShapeError(
            Sentence(
                "let({name}, …): the index {shown} is free and has no range; write let({name}, "
                "expr, {ranges}) with its size for n",
                name=repr(name),
                shown=shown,
                ranges=ranges,
            )
        )


@memo
def free_indices(e: Expr) -> frozenset[Symbol]:
    """The free symbols that stand as an index of an entry; sizes and labels are none."""
    out: frozenset[Symbol] = frozenset()
    for part in subexpressions(e):
        if isinstance(part, (Indexed, KroneckerDelta)):
            out |= free(part)
    return frozenset(
        s
        for s in out & free(e)
        if not isinstance(s, Label) and not (s.is_integer and s.is_positive)
    )


@memo
def is_positive(e: Expr) -> bool:
    """Is the value plainly greater than 0, whatever its names stand for?"""
    if isinstance(e, Number):
        return bool(e > 0)
    if isinstance(e, (Symbol, Indexed)):
        return bool(e.is_positive)
    if isinstance(e, (sympy_exp, sympy_cosh, known.sigmoid, known.softplus)) or e is E or e is S.Pi:
        return True
    if isinstance(e, (Add, Mul)):
        return all(map(is_positive, e.args))
    if isinstance(e, Pow):
        return is_positive(e.args[0])
    if isinstance(e, BINDERS):
        return is_positive(e.args[0])
    return False

"""Index notation under the arrays: a shape, an index for each axis, and the entry at these indices.

Every function here is capture-free, and chooses letters a reader can follow: axes get i, j, k, …,
bound indices the next letters, and no bound index bears the letter of an axis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sympy import Expr, S, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.core.binding import apart, fresh, letters_in, names, subst
from symderiv.core.errors import ShapeError
from symderiv.core.expr import bind
from symderiv.core.messages import N_, Sentence
from symderiv.core.model import equation, shortened
from symderiv.core.symbols import Label, indices_of, label_of

Shape = tuple[Expr, ...]
NO_LETTERS: frozenset[str] = frozenset()
COMBINE = N_("combine")
MOST_EQUATIONS = 2  # in one message


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Grid:
    """``indices ↦ element`` over a shape; each index runs from 1 to its size.

    ``given`` are facts on which the formula rests, such as ``Σ_k y_k = 1``; they do not count for
    equality.
    """

    shape: Shape
    indices: tuple[Symbol, ...]
    element: Expr
    given: tuple[Basic, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Grid):
            return False
        return (self.shape, self.indices, self.element) == (
            other.shape,
            other.indices,
            other.element,
        )

    def __hash__(self) -> int:
        return hash((self.shape, self.indices, self.element))

    def at(self, *where: Expr) -> Expr:
        """The entry at other indices; bound indices keep away from the names in them."""
        moved = subst(self.element, dict(zip(self.indices, where, strict=True)))
        return apart(moved, NO_LETTERS.union(*map(letters_in, where)))

    def outside(self) -> frozenset[str]:
        """The names that the entry reads, apart from the grid's own indices."""
        own = names(self.element).difference(self.indices)
        return frozenset(s.name for s in own).union(*map(letters_in, self.shape))


def show(shape: Shape) -> str:
    """``(n, 3)``, ``(n,)``."""
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


# ---------------------------------------------------------------- in messages


def called(g: Grid) -> str:
    """The name of a whole array or a scalar; of anything else, the entry as it was written."""
    label = label_of(g.element)
    if label is not None and indices_of(g.element) == g.indices:
        return str(label.name)
    return shortened(g.element, 60)


def told(g: Grid) -> str:
    """``x of shape (N, n)``."""
    if not g.shape:
        return Sentence("the scalar {name}", name=called(g))
    return Sentence("{name} of shape {shape}", name=called(g), shape=show(g.shape))


def both(texts: Sequence[str]) -> str:
    """``a and b``."""
    if len(texts) < 2:
        return texts[0] if texts else ""
    return Sentence("{before} and {last}", before=both(texts[:-1]), last=texts[-1])


def equations(*grids: Grid) -> str:
    """``; here z[i, j] = …``: the equations of the names in some operands, if there are any."""
    read = (sorted(names(g.element), key=str) for g in grids)
    defined = dict.fromkeys(
        s for found in read for s in found if isinstance(s, Label) and s.spec.definition
    )
    shown = ", ".join(map(equation, [*defined][:MOST_EQUATIONS]))
    return Sentence("; here {equations}", equations=shown) if shown else ""


# ---------------------------------------------------------------- letters


def letters(count: int, taken: Iterable[str]) -> tuple[Symbol, ...]:
    """The first free index letters."""
    used, out = set(taken), []
    for _ in range(count):
        out.append(fresh(used))
        used.add(out[-1].name)
    return tuple(out)


# ---------------------------------------------------------------- broadcasting


def broadcast(shapes: Sequence[Shape], grids: Sequence[Grid], what: str = COMBINE) -> Shape:
    """NumPy's rule: axes match from the last one, a size of 1 fits every size.

    Raises `ShapeError` that names the operands, ``grids``, with their shapes and equations.
    """
    out: list[Expr] = []
    for k in range(1, max(map(len, shapes), default=0) + 1):
        size: Expr = S.One
        for shape in shapes:
            if len(shape) < k or shape[-k] == 1 or shape[-k] == size:
                continue
            if size != 1:
                raise ShapeError(_mismatch(grids, shape[-k], size, k, what))
            size = shape[-k]
        out.append(size)
    return tuple(reversed(out))


def _mismatch(grids: Sequence[Grid], a: Expr, b: Expr, k: int, what: str) -> str:
    return Sentence(
        "cannot {what} {arrays}: on axis -{axis} the sizes {size} and {other} differ{same_name}; "
        "sizes must be equal, or one of them 1{equations}",
        what=Sentence(what),
        arrays=both([told(g) for g in grids if g.shape]),
        axis=k,
        size=b,
        other=a,
        same_name=same_name(a, b),
        equations=equations(*grids),
    )


def same_name(a: Expr, b: Expr) -> str:
    """A word on two different sizes that print alike."""
    if str(a) != str(b):
        return ""
    return Sentence(
        " (two different symbols are called {name}: make it once, with sd.dim, and use that one)",
        name=a,
    )


def combine(build: Callable[..., Expr], *grids: Grid, what: str = COMBINE) -> Grid:
    """``build(a_ij, b_j, …)`` over the broadcast shape."""
    shape = broadcast([g.shape for g in grids], grids, what)
    axes = letters(len(shape), NO_LETTERS.union(*(g.outside() for g in grids)))
    return Grid(shape, axes, build(*(_spread(g, shape, axes) for g in grids)), rests(grids))


def rests(grids: Iterable[Grid]) -> tuple[Basic, ...]:
    """The facts on which some grids rest."""
    return tuple(dict.fromkeys(fact for g in grids for fact in g.given))


def _spread(g: Grid, shape: Shape, axes: tuple[Symbol, ...]) -> Expr:
    skip = len(shape) - len(g.shape)
    where = (
        S.One if own == 1 and size != 1 else axis
        for own, size, axis in zip(g.shape, shape[skip:], axes[skip:], strict=True)
    )
    return place(g, where, axes)


def place(g: Grid, where: Iterable[Expr], axes: Iterable[Symbol]) -> Expr:
    """The entry at some indices, its bound indices apart from the axes of what it goes into."""
    moved = subst(g.element, dict(zip(g.indices, where, strict=True)))
    return apart(moved, frozenset(v.name for v in axes))


def with_indices(shape: Shape, indices: tuple[Symbol, ...], element: Expr) -> Grid:
    """The grid of an entry written with any indices: these become the first free letters."""
    raw = Grid(shape, indices, element)
    axes = letters(len(shape), raw.outside())
    return Grid(shape, axes, place(raw, axes, axes))


# ---------------------------------------------------------------- axes


def positions(g: Grid, axis: int | Sequence[int] | None) -> tuple[int, ...]:
    """The axes meant, counted from 0, in order."""
    rank = len(g.shape)
    if axis is None:
        return tuple(range(rank))
    chosen = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    for a in chosen:
        if type(a) is not int or not -rank <= a < rank:
            raise ShapeError(
                Sentence(
                    "there is no axis {a} in an array of shape {shape}; axes count from 0 to "
                    "{rank}, or from -1 back to -{back}",
                    a=repr(a),
                    shape=show(g.shape),
                    rank=rank - 1,
                    back=rank,
                )
            )
    out = sorted(a % rank for a in chosen)
    if len(set(out)) != len(out):
        raise ShapeError(
            Sentence(
                "axis={axis} names an axis of shape {shape} twice",
                axis=repr(axis),
                shape=show(g.shape),
            )
        )
    return tuple(out)


def reduce(head: type, g: Grid, axis: int | Sequence[int] | None, keepdims: bool) -> Grid:
    """A sum, product, maximum or minimum over some axes."""
    gone = positions(g, axis)
    kept = [k for k in range(len(g.shape)) if k not in gone]
    stays = range(len(g.shape)) if keepdims else kept
    shape = tuple(S.One if k in gone else g.shape[k] for k in stays)
    axes = letters(len(shape), g.outside())
    place_of = dict(zip(stays, axes, strict=True))
    inner = letters_in(g.element).difference(v.name for v in g.indices)
    taken = g.outside().union(inner, (v.name for v in axes))
    place_of |= dict(zip(gone, letters(len(gone), taken), strict=True))
    where = [place_of[k] for k in range(len(g.shape))]
    limits = [Tuple(where[k], S.One, g.shape[k]) for k in reversed(gone)]
    return Grid(shape, axes, bind(head, place(g, where, where), *limits), g.given)


def transpose(g: Grid, order: Sequence[int]) -> Grid:
    """The axes in another order."""
    shape = tuple(g.shape[k] for k in order)
    where: list[Expr] = [S.One] * len(order)
    for axis, k in zip(g.indices, order, strict=True):
        where[k] = axis
    return Grid(shape, g.indices, place(g, where, g.indices), g.given)

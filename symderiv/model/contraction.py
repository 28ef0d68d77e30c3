"""Matrix products and ``einsum``: sums over shared indices."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, S, Tuple

from symderiv.core.binding import letters_in
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.expr import mul, total
from symderiv.core.messages import N_, Sentence
from symderiv.model.grid import (
    NO_LETTERS,
    Grid,
    both,
    broadcast,
    called,
    equations,
    letters,
    place,
    rests,
    same_name,
    show,
    told,
)

FIRST, LAST_BUT_ONE = N_("first"), N_("last but one")
Letters = tuple[str, ...]


def contract(grids: Sequence[Grid], inputs: Sequence[Letters], output: Letters) -> Grid:
    """``Σ`` of the product over every letter that is not in the output.

    A letter that begins with a dot is a batch axis, and broadcasts.
    """
    sizes = _sizes(grids, inputs)
    shape = tuple(sizes[a] for a in output)
    outside = NO_LETTERS.union(*(g.outside() for g in grids))
    axes = letters(len(output), outside)
    summed = [a for a in sizes if a not in output]
    inner = (letters_in(g.element).difference(v.name for v in g.indices) for g in grids)
    bound = letters(len(summed), outside.union(*inner, (v.name for v in axes)))
    symbol = dict(zip((*output, *summed), (*axes, *bound), strict=True))
    parts = []
    for g, spec in zip(grids, inputs, strict=True):
        where = [
            S.One if size == 1 and sizes[a] != 1 else symbol[a]
            for a, size in zip(spec, g.shape, strict=True)
        ]
        parts.append(place(g, where, (*axes, *bound)))
    limits = [Tuple(symbol[a], S.One, sizes[a]) for a in reversed(summed)]
    return Grid(shape, axes, total(mul(*parts), *limits), rests(grids))


def _sizes(grids: Sequence[Grid], inputs: Sequence[Letters]) -> dict[str, Expr]:
    sizes: dict[str, Expr] = {}
    for g, spec in zip(grids, inputs, strict=True):
        for letter, size in zip(spec, g.shape, strict=True):
            known = sizes.setdefault(letter, size)
            if known == size or (letter.startswith(".") and size == 1):
                continue
            if not (letter.startswith(".") and known == 1):
                raise ShapeError(
                    Sentence(
                        "einsum of {names}: the index {letter} has size {known} in one place and "
                        "{size} in another{same_name}{equations}",
                        names=both([told(g) for g in grids]),
                        letter=repr(letter),
                        known=known,
                        size=size,
                        same_name=same_name(known, size),
                        equations=equations(*grids),
                    )
                )
            sizes[letter] = size
    return sizes


def matmul(a: Grid, b: Grid) -> Grid:
    """``a @ b`` as NumPy has it: the last axis of a against the last but one of b."""
    if not a.shape or not b.shape:
        raise ShapeError(
            Sentence(
                "@ multiplies arrays, not {a} and {b}; for a scalar write *", a=told(a), b=told(b)
            )
        )
    inner = b.shape[-2] if len(b.shape) > 1 else b.shape[0]
    if a.shape[-1] != inner:
        raise ShapeError(
            Sentence(
                "cannot multiply {a} @ {b}, of shapes {shape} and {other}: the last size of "
                "the first, {length}, and the {place} of the second, {inner}, "
                "differ{same_name}{equations}",
                a=called(a),
                b=called(b),
                shape=show(a.shape),
                other=show(b.shape),
                length=a.shape[-1],
                place=Sentence(FIRST if len(b.shape) < 3 else LAST_BUT_ONE),
                inner=inner,
                same_name=same_name(a.shape[-1], inner),
                equations=equations(a, b),
            )
        )
    broadcast([a.shape[:-2], b.shape[:-2]], [a, b], "multiply, before the last two axes,")
    rows: Letters = ("row",) if len(a.shape) > 1 else ()
    columns: Letters = ("column",) if len(b.shape) > 1 else ()
    first = (*_batch(len(a.shape) - 2), *rows, "inner")
    second = (*_batch(len(b.shape) - 2), "inner", *columns)
    batch = _batch(max(len(a.shape), len(b.shape)) - 2)
    return contract([a, b], [first, second], (*batch, *rows, *columns))


def _batch(count: int) -> Letters:
    return tuple(f".{k}" for k in range(count, 0, -1))


def einsum(spec: str, grids: Sequence[Grid]) -> Grid:
    """NumPy's ``einsum``, with ``...`` and without an output as there."""
    if not isinstance(spec, str):
        raise Unsupported(Sentence('einsum needs its subscripts first: sd.einsum("ij,j->i", W, x)'))
    left, arrow, right = spec.replace(" ", "").partition("->")
    texts = left.split(",")
    if len(texts) != len(grids):
        raise ShapeError(
            Sentence(
                "einsum {spec} names {count} arrays; {given} were given",
                spec=repr(spec),
                count=len(texts),
                given=len(grids),
            )
        )
    inputs = [_letters(text, len(g.shape), spec) for text, g in zip(texts, grids, strict=True)]
    batch = _batch(max((sum(a[0] == "." for a in x) for x in inputs), default=0))
    seen = [a for x in inputs for a in x if a[0] != "."]
    if arrow:
        output = _output(right, batch, spec)
    else:
        output = (*batch, *sorted(a for a in set(seen) if seen.count(a) == 1))
    for a in output:
        if (a[0] != "." and a not in seen) or output.count(a) > 1:
            raise ShapeError(
                Sentence(
                    "einsum {spec}: the output index {a} must be in an input, once",
                    spec=repr(spec),
                    a=repr(a),
                )
            )
    return contract(grids, inputs, output)


def _output(text: str, batch: Letters, spec: str) -> Letters:
    if batch and "..." not in text:
        raise ShapeError(
            Sentence(
                "einsum {spec}: the output must say where the axes of '...' go", spec=repr(spec)
            )
        )
    dots = len(batch) if "..." in text else 0
    return _letters(text, len(text.replace("...", "")) + dots, spec)


def _letters(text: str, rank: int, spec: str) -> Letters:
    before, dots, after = text.partition("...")
    for a in before + after:
        if not a.isalpha():
            raise ShapeError(
                Sentence(
                    "einsum {spec}: {a} is no index; use letters, ',', '->', '...'",
                    spec=repr(spec),
                    a=repr(a),
                )
            )
    rest = rank - len(before) - len(after)
    if rest < 0 or (rest and not dots):
        raise ShapeError(
            Sentence(
                "einsum {spec}: {text} has {count} indices for {rank} axes",
                spec=repr(spec),
                text=repr(text),
                count=len(text),
                rank=rank,
            )
        )
    return (*before, *(_batch(rest) if dots else ()), *after)

"""Which size counts examples: one over which the equations work on each entry by itself.

Nothing says which axis of an input is the batch. It is the one that every array in between has,
and whose index every equation hands on as it is; only a scalar, such as the loss, sums over it. A
batch norm mixes its examples, so a model with one has no such size; nor has one for a single
example, where the outputs of a layer are counted by an axis of its weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Expr, Indexed, Symbol, Tuple

from symderiv.core.binding import free, names
from symderiv.core.errors import Unsupported
from symderiv.core.expr import BINDERS, subexpressions
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.core.model import Model, inputs
from symderiv.core.symbols import Definition, Label, label_of


@memo
def batch_size(loss: Expr) -> Expr | None:
    """The size that counts examples in what a loss rests on; None if there is none, or several.

    >>> from sympy import Symbol, Tuple
    >>> from symderiv.core.symbols import Spec
    >>> i, j, n, N = (Symbol(name, integer=True) for name in "ijnN")
    >>> x, w = Label("x", Spec((N, n))), Label("w", Spec((n,)))
    >>> def named(name, body, *indices):
    ...     shape = tuple(size for _, size in indices)
    ...     return Label(
    ...         name, Spec(shape, definition=Definition(tuple(v for v, _ in indices), body))
    ...     )
    >>> from symderiv.core.expr import total
    >>> z = named("z", x.entry(i, j) * w.entry(j), (i, N), (j, n))
    >>> batch_size(named("L", total(z.entry(i, j), Tuple(i, 1, N), Tuple(j, 1, n))))
    N
    """
    model = Model.of(loss)
    sizes = dict.fromkeys(x.shape[0] for x in inputs(model) if x.shape)
    found = [size for size in sizes if _counts_examples(size, model)]
    return found[0] if len(found) == 1 else None


def is_alone(x: Label, size: Expr, loss: Expr) -> bool:
    """Is an input the one array of several axes that a size counts, so that it may be weights?

    ``W @ x`` of one example is built as ``X @ w`` of many; what is differentiated is no data then.
    """
    counted = [u for u in Model.of(loss).labels if len(u.shape) > 1 and u.shape[0] == size]
    return counted == [x] and x.spec.definition is None


def letters_over(size: Expr, e: Expr) -> tuple[Symbol, ...]:
    """The bound indices of an expression that run over all of a size."""
    limits = (
        limit for part in subexpressions(e) if isinstance(part, BINDERS) for limit in part.args[1:]
    )
    return tuple(dict.fromkeys(v for v, low, high in limits if low == 1 and high == size))


def set_aside(batch: Any, e: Expr, indices: tuple[Tuple, ...]) -> tuple[Symbol, ...]:
    """The indices that count examples, as a user names them: by their size, or one by itself.

    Raises `Unsupported` if there is none.
    """
    if batch is None:
        return ()
    bound = [
        limit for part in subexpressions(e) if isinstance(part, BINDERS) for limit in part.args[1:]
    ]
    limits = (*indices, *bound)
    found = [v for v, low, high in limits if str(batch) in (str(v), str(high))]
    if not found:
        shown = ", ".join(dict.fromkeys(f"{v} = {low}…{high}" for v, low, high in limits))
        raise Unsupported(
            Sentence(
                "no index or size is called {batch}; there are {shown}", batch=batch, shown=shown
            )
        )
    return tuple(dict.fromkeys(found))


def _counts_examples(size: Expr, model: Model) -> bool:
    if any(size in x.shape[1:] for x in model.labels):
        return False
    if not any(len(x.shape) > 1 and x.shape[0] == size for x in model.labels):
        return False
    mixed: set[Symbol] = set()
    for label, definition in model.equations:
        read = names(definition.body)
        mixes = bool(read & mixed) or _sums_over(size, definition.body)
        if not label.shape:
            if mixes or any(_has(x, size) for x in read):
                mixed.add(label)
        elif (
            mixes
            or not _has(label, size)
            or not all(_fits(e, label, definition, size) for e in _entries(definition.body))
        ):
            return False
    return True


def _has(x: Symbol, size: Expr) -> bool:
    return isinstance(x, Label) and bool(x.shape) and x.shape[0] == size


def _fits(e: Indexed, label: Label, definition: Definition, size: Expr) -> bool:
    """An entry of the example that the equation is about, or of what examples share."""
    read, places = label_of(e), e.args[1:]
    own = definition.indices[0] if _has(label, size) else None
    if read is not None and _has(read, size):
        if places[0] != own:
            return False
        places = places[1:]
    return not any(own in free(place) for place in places if not isinstance(place, Indexed))


def _sums_over(size: Expr, body: Expr) -> bool:
    return bool(letters_over(size, body))


def _entries(body: Expr) -> Iterator[Indexed]:
    todo: list[Expr] = [body]
    while todo:
        for part in subexpressions(todo.pop()):
            if isinstance(part, Indexed):
                yield part
                todo.extend(place for place in part.args[1:] if place.args)

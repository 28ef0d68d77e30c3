"""Embeddings: a row of a table for every class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from symderiv.core.errors import ShapeError
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label, label_of
from symderiv.model.arrays import Array, as_array, unwrap
from symderiv.model.grid import letters, show, with_indices
from symderiv.model.indexing import check_range
from symderiv.model.layers.layer import Learned, named


@dataclass(frozen=True, slots=True)
class Embedding(Learned):
    """``x_b = E_{t_b}`` for class numbers t, or ``x = y E`` for one-hot rows y.

    E has the shape (vocabulary, size).

    >>> from symderiv.model.declare import dims, labels
    >>> N, V, d = dims("N V d")
    >>> Embedding(V, d)(labels("t", N, classes=V)).label.spec.definition.body
    E[t[i], j]
    """

    names: ClassVar[tuple[str, ...]] = ("E", "x")
    vocabulary: Any
    size: Any

    def parameters(self, x: Any) -> tuple[Any, ...]:  # noqa: ARG002
        """E."""
        return (self.parameter("E", self.vocabulary, self.size),)

    def __call__(self, x: Any) -> Any:
        """The rows: the axes of the class numbers, then one of ``size``.

        Raises `ShapeError` if the classes are not those of the vocabulary.
        """
        (table,), chosen = self.parameters(x), as_array(x)
        label = label_of(chosen.element)
        if isinstance(label, Label) and label.spec.kind == "labels":
            return self.let("x", _rows(table, chosen))
        hot, classes = self.array(x, 1, "class numbers or one-hot rows"), table.shape[0]
        if hot.shape[-1] != classes:
            raise ShapeError(
                Sentence(
                    "{this}: {hot} of shape {shape} has {other} classes on its last axis, the "
                    "table E of shape {length} has {classes}",
                    this=self,
                    hot=named(hot),
                    shape=show(hot.shape),
                    other=hot.shape[-1],
                    length=show(table.shape),
                    classes=classes,
                )
            )
        return self.let("x", hot @ table)


def _rows(table: Array, t: Array) -> Any:
    check_range(t.element, table.shape[0], named(table, "E"), 0)
    (column,) = letters(1, t.outside().union(v.name for v in t.indices))
    entry = table.at(t.element, column)
    return unwrap(with_indices((*t.shape, table.shape[1]), (*t.indices, column), entry))

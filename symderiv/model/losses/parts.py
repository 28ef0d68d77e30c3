"""What the losses have in common: shapes that must agree, and means."""

from __future__ import annotations

from typing import Any

from symderiv.core.errors import ShapeError
from symderiv.core.messages import Sentence
from symderiv.model.arrays import Array, as_array
from symderiv.model.grid import Shape, called, show


def alike(loss: str, target: Any, output: Any) -> tuple[Array, Array]:
    """Target and output, of one shape; nothing broadcasts.

    Raises `ShapeError` that names the loss and both shapes.
    """
    y, out = as_array(target), as_array(output)
    expect(loss, y, out, out.shape)
    return y, out


def expect(loss: str, y: Array, out: Array, shape: Shape) -> None:
    """Raise `ShapeError` unless the target has this shape."""
    if y.shape != shape:
        given = called(out) if out.name else "an output"
        target = called(y) if y.name else "the target"
        raise ShapeError(
            Sentence(
                "{loss}: for {given} of shape {shape} the target must have the shape "
                "{other}; {target} has {length}",
                loss=loss,
                given=given,
                shape=show(out.shape),
                other=show(shape),
                target=target,
                length=show(y.shape),
            )
        )


def mean(values: Any) -> Any:
    """The average over all entries; a scalar is its own."""
    return values.mean() if isinstance(values, Array) else values

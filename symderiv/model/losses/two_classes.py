"""Losses of a decision between two classes, entry by entry. Means over all entries."""

from __future__ import annotations

from typing import Any

from symderiv.model import information
from symderiv.model.elementwise import relu
from symderiv.model.losses.parts import alike, mean


def binary_cross_entropy(target: Any, output: Any) -> Any:
    """``-y log p - (1 - y) log(1 - p)`` for probabilities p; the mean of it.

    Raises `ShapeError` unless the shapes are equal.
    """
    y, p = alike("binary_cross_entropy", target, output)
    return mean(information.binary_cross_entropy(y, p))


def binary_cross_entropy_with_logits(target: Any, output: Any) -> Any:
    """``softplus(z) - y z``: the binary cross-entropy of ``sigmoid(z)``; the mean of it.

    Raises `ShapeError` unless the shapes are equal.
    """
    y, z = alike("binary_cross_entropy_with_logits", target, output)
    return mean(information.binary_cross_entropy_with_logits(y, z))


def hinge(target: Any, output: Any) -> Any:
    """``max(1 - y s, 0)`` for targets -1 and 1 and scores s; the mean of it.

    >>> from symderiv.model.declare import scalar
    >>> hinge(scalar("y"), scalar("s"))
    relu(-s*y + 1)

    Raises `ShapeError` unless the shapes are equal.
    """
    y, s = alike("hinge", target, output)
    return mean(relu(1 - y * s))

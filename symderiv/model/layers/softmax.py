"""Softmax as a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from symderiv.model.elementwise import softmax
from symderiv.model.layers.layer import Layer


@dataclass(frozen=True, slots=True)
class Softmax(Layer):
    """``p_i = e^{z_i} / Σ_j e^{z_j}`` over the last axis.

    >>> from symderiv.model.declare import dim, vector
    >>> Softmax()(vector("z", dim("n"))).label.spec.definition.body
    exp(z[i])/Sum(exp(z[j]), (j, 1, n))
    """

    names: ClassVar[tuple[str, ...]] = ("p",)

    def __call__(self, x: Any) -> Any:
        """``p``, of the shape of the input."""
        return self.let("p", softmax(self.array(x, 1, "an axis of classes")))

"""Dropout with a given mask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Expr, Number

from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.expr import mul
from symderiv.core.messages import Sentence
from symderiv.model.arrays import Array, as_array, as_expression, elementwise
from symderiv.model.declare import tensor
from symderiv.model.entries import divide
from symderiv.model.grid import show
from symderiv.model.layers.layer import Layer, named


@dataclass(frozen=True, slots=True)
class Dropout(Layer):
    """``d = m ⊙ x / (1 - rate)``: entries where the mask is 0 are dropped, the rest scaled up.

    ``rate`` is the probability to drop, a number or a symbol; ``mask`` an array of zeros and ones
    of the shape of the input, declared as ``m`` if none is given.

    N. Srivastava et al., *Dropout* (2014), in the inverted form.

    >>> from symderiv.model.declare import dim, vector
    >>> Dropout(0.5)(vector("x", dim("n"))).label.spec.definition.body
    2*m[i]*x[i]
    """

    names: ClassVar[tuple[str, ...]] = ("m", "d")
    rate: Any
    mask: Array | None = None

    def __post_init__(self) -> None:
        rate = as_expression(self.rate)
        if isinstance(rate, Number) and not 0 <= rate < 1:
            raise Unsupported(
                Sentence(
                    "Dropout: the rate is at least 0 and less than 1; got {rate}", rate=self.rate
                )
            )

    def __call__(self, x: Any) -> Any:
        """``d``, of the shape of the input; raises `ShapeError` if the mask has another."""
        given = as_array(x)
        drawn = tensor("m", *given.shape, layer=self.layer) if self.mask is None else self.mask
        mask = as_array(drawn)
        if mask.shape != given.shape:
            raise ShapeError(
                Sentence(
                    "{this}: the mask {mask} has shape {shape}, the input {other}; they must be "
                    "equal",
                    this=self,
                    mask=named(mask, ""),
                    shape=show(mask.shape),
                    other=show(given.shape),
                )
            )
        kept = as_expression(1 - as_expression(self.rate))

        def scaled(m: Expr, e: Expr) -> Expr:
            return divide(mul(m, e), kept)

        return self.let("d", elementwise(scaled, mask, given))

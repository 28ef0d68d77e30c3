"""Root mean square normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from symderiv.model.arrays import as_array, as_expression
from symderiv.model.elementwise import sqrt
from symderiv.model.layers.statistics import Norm


@dataclass(frozen=True, slots=True)
class RMSNorm(Norm):
    """``h = γ x/σ`` with the root mean square ``σ = √(1/n Σ_i x_i² + ε)`` of each example.

    B. Zhang and R. Sennrich, *Root Mean Square Layer Normalization* (2019).

    >>> from symderiv.model.declare import dim, vector
    >>> RMSNorm()(vector("x", dim("n"))).label.spec.definition.body
    gamma[i]*x_hat[i]
    """

    names: ClassVar[tuple[str, ...]] = ("sigma", "x_hat", "gamma", "h")

    def parameters(self, x: Any) -> tuple[Any, ...]:
        """γ; none without ``affine``."""
        features = self.array(x, 1, "an axis of features").shape[-1]
        return (self.parameter("gamma", features),) if self.affine else ()

    def __call__(self, x: Any) -> Any:
        """``h`` (``x̂`` without ``affine``), of the shape of x."""
        given = self.array(x, 1, "an axis of features")
        sigma = self.let("sigma", sqrt((given**2).mean(axis=-1) + as_expression(self.eps)))
        spread = as_array(sigma)[..., None] if given.ndim > 1 else sigma
        hat = self.let("x_hat", given / spread)
        return self.let("h", self.parameters(x)[0] * hat) if self.affine else hat

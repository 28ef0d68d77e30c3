"""Layer normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symderiv.model.layers.statistics import Norm


@dataclass(frozen=True, slots=True)
class LayerNorm(Norm):
    """``h = γ (x - μ)/σ + β`` with the mean μ and ``σ = √(v + ε)`` of each example's features.

    J. L. Ba, J. R. Kiros and G. E. Hinton, *Layer Normalization* (2016).

    >>> from symderiv.model.declare import dim, vector
    >>> LayerNorm()(vector("x", dim("n"))).label.spec.definition.body
    beta[i] + gamma[i]*x_hat[i]
    """

    def __call__(self, x: Any) -> Any:
        """``h`` (``x̂`` without ``affine``), of the shape of x."""
        given = self.array(x, 1, "an axis of features")
        return self.gained(x, self.standardised(given, -1))

"""Batch normalisation, as it is while training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symderiv.model.layers.statistics import Norm


@dataclass(frozen=True, slots=True)
class BatchNorm(Norm):
    """``h = γ (x - μ)/σ + β`` with mean and ``σ = √(v + ε)`` of each feature over the batch.

    The last axis holds the features; the statistics run over all axes before it. They depend on
    every example, so that each example's gradient does too.

    S. Ioffe and C. Szegedy, *Batch Normalization* (2015).

    >>> from symderiv.model.declare import dims, matrix
    >>> x_hat = BatchNorm(affine=False)(matrix("x", *dims("N n")))
    >>> x_hat.label.spec.definition.body
    (-mu[j] + x[i, j])/sigma[j]
    """

    def __call__(self, x: Any) -> Any:
        """``h`` (``x̂`` without ``affine``), of the shape of x."""
        given = self.array(x, 2, "a batch axis and an axis of features")
        return self.gained(x, self.standardised(given, tuple(range(given.ndim - 1))))

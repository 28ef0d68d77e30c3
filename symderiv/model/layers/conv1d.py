"""Convolution over one axis."""

from __future__ import annotations

from dataclasses import dataclass

from symderiv.model.layers.convolution import Convolution


@dataclass(frozen=True, slots=True)
class Conv1d(Convolution):
    """``z_t = Σ_k W_k x_{t+k-1} + b`` over the last axis, or the one before the channels.

    Everything else as for any `Convolution`: input (…, T, in) to output (…, T', channels).

    >>> from symderiv.model.declare import dims, vector
    >>> T, K = dims("T K")
    >>> z = Conv1d(K, bias=False)(vector("x", T))
    >>> z.shape, z.label.spec.definition.body
    ((-K + T + 1,), Sum(W[j]*x[i + j - 1], (j, 1, K)))
    """

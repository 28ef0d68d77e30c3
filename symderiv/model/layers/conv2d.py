"""Convolution over two axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symderiv.model.layers.convolution import Convolution


@dataclass(frozen=True, slots=True)
class Conv2d(Convolution):
    """``z_{s t} = Σ_k Σ_l W_{k l} x_{s+k-1, t+l-1} + b``: over rows and columns.

    ``kernel`` is one size for both axes or a pair. Everything else as for any `Convolution`:
    input (…, rows, columns, in) to output (…, rows', columns', channels).

    >>> from symderiv.model.declare import dims, matrix
    >>> z = Conv2d((2, 1), bias=False)(matrix("x", *dims("R C")))
    >>> z.shape, z.label.spec.definition.body
    ((R - 1, C), Sum(W[k, l]*x[i + k - 1, j + l - 1], (l, 1, 1), (k, 1, 2)))
    """

    axes: ClassVar[int] = 2

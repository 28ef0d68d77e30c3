"""Losses: what a prediction costs, as a scalar; over a batch the mean over its examples."""

from symderiv.model.losses.classes import cross_entropy, cross_entropy_with_logits, kl_divergence
from symderiv.model.losses.penalties import l1_penalty, l2_penalty
from symderiv.model.losses.regression import huber, mean_absolute_error, mean_squared_error
from symderiv.model.losses.two_classes import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge,
)

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "cross_entropy_with_logits",
    "hinge",
    "huber",
    "kl_divergence",
    "l1_penalty",
    "l2_penalty",
    "mean_absolute_error",
    "mean_squared_error",
]

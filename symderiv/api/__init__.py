"""Deriving: what a caller uses."""

from symderiv.api.backprop import Backprop, backprop
from symderiv.api.derivation import Derivation, Evaluation
from symderiv.api.derive import (
    derive,
    directional,
    gradient,
    hessian,
    jacobian,
    value_and_gradient,
)
from symderiv.api.evaluating import evaluate
from symderiv.api.functions import check, lambdify
from symderiv.api.rewriting import rewrite, unfold

__all__ = [
    "Backprop",
    "Derivation",
    "Evaluation",
    "backprop",
    "check",
    "derive",
    "directional",
    "evaluate",
    "gradient",
    "hessian",
    "jacobian",
    "lambdify",
    "rewrite",
    "unfold",
    "value_and_gradient",
]

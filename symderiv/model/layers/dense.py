"""The dense layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from symderiv.model.layers.layer import Learned


@dataclass(frozen=True, slots=True)
class Dense(Learned):
    """``z = x W + b`` over the last axis; W has the shape (in, out).

    >>> from symderiv.model.declare import dims, index, vector
    >>> n, m = dims("n m")
    >>> z = Dense(m, layer=1)(vector("x", n))
    >>> z.label.spec.definition.body
    b1[i] + Sum(W1[j, i]*x[j], (j, 1, n))
    """

    names: ClassVar[tuple[str, ...]] = ("W", "b", "z")
    out: Any
    bias: bool = True

    def parameters(self, x: Any) -> tuple[Any, ...]:
        """W, and b if there is a bias."""
        weight = self.parameter("W", self.array(x, 1, "a last axis").shape[-1], self.out)
        return (weight, self.parameter("b", self.out)) if self.bias else (weight,)

    def __call__(self, x: Any) -> Any:
        """``z``: the shape of x with its last size replaced."""
        weight, *bias = self.parameters(x)
        z = self.array(x, 1, "a last axis") @ weight
        return self.let("z", z + bias[0] if bias else z)

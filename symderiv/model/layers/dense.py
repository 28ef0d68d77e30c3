"""The dense layer."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index as as_int
from typing import Any, ClassVar

from symderiv.core.errors import Unsupported
from symderiv.core.messages import Sentence
from symderiv.model.elementwise import einsum
from symderiv.model.layers.layer import Learned

AXES = "abcdefgh"


@dataclass(frozen=True, slots=True)
class Dense(Learned):
    """``z = x W + b`` over the last axis; W has the shape (in, out).

    With ``axes=3`` it reads the last three axes together, as after a convolution:
    ``z_o = Σ_h Σ_w Σ_c x_{h w c} W_{h w c o} + b_o``. That is a flattened x times a matrix, whose
    rows have kept their places: ``W.reshape(-1, out)`` is the matrix.

    >>> from symderiv.model.declare import dims, index, vector
    >>> n, m = dims("n m")
    >>> z = Dense(m, layer=1)(vector("x", n))
    >>> z.label.spec.definition.body
    b1[i] + Sum(W1[j, i]*x[j], (j, 1, n))
    """

    names: ClassVar[tuple[str, ...]] = ("W", "b", "z")
    out: Any
    bias: bool = True
    axes: int = 1

    def __post_init__(self) -> None:
        try:
            fits = not isinstance(self.axes, bool) and 1 <= as_int(self.axes) <= len(AXES)
        except TypeError:
            fits = False
        if not fits:
            raise Unsupported(
                Sentence(
                    "{option} is how many of the last axes are read together, from 1 to {most}; "
                    "got {axes}",
                    option="Dense: axes",
                    most=len(AXES),
                    axes=repr(self.axes),
                )
            )

    def _input(self, x: Any) -> Any:
        return self.array(x, self.axes, f"{self.axes} axes" if self.axes > 1 else "a last axis")

    def parameters(self, x: Any) -> tuple[Any, ...]:
        """W of shape (read axes…, out), and b if there is a bias."""
        weight = self.parameter("W", *self._input(x).shape[-self.axes :], self.out)
        return (weight, self.parameter("b", self.out)) if self.bias else (weight,)

    def __call__(self, x: Any) -> Any:
        """``z``: the shape of x with what is read replaced by one axis."""
        weight, *bias = self.parameters(x)
        given, read = self._input(x), AXES[: self.axes]
        z = given @ weight if self.axes == 1 else einsum(f"...{read},{read}o->...o", given, weight)
        return self.let("z", z + bias[0] if bias else z)

"""What the norms have in common: mean, variance, and the gain and shift after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Number

from symderiv.core.errors import Unsupported
from symderiv.core.messages import Sentence
from symderiv.model.arrays import Array, as_array, as_expression
from symderiv.model.elementwise import sqrt
from symderiv.model.layers.layer import Learned

Axes = int | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Norm(Learned):
    """A layer that gives its input a scale of 1, then a gain γ and a shift β for each feature.

    ``eps`` is added to the variance, a number or a symbol; ``affine=False`` leaves γ and β out.
    """

    names: ClassVar[tuple[str, ...]] = ("mu", "v", "sigma", "x_hat", "gamma", "beta", "h")
    eps: Any = 1e-5
    affine: bool = True

    def __post_init__(self) -> None:
        eps = as_expression(self.eps)
        if isinstance(eps, Number) and eps < 0:
            raise Unsupported(
                Sentence(
                    "{type}: eps is not negative; got {eps}", type=type(self).__name__, eps=self.eps
                )
            )

    def parameters(self, x: Any) -> tuple[Any, ...]:
        """γ and β, one entry for each feature; none without ``affine``."""
        features = self.array(x, 1, "an axis of features").shape[-1]
        gains = (self.parameter("gamma", features), self.parameter("beta", features))
        return gains if self.affine else ()

    def standardised(self, x: Array, axes: Axes) -> Any:
        """``x̂ = (x - μ)/σ`` with μ, v and σ over some axes."""
        keep = _spread(x, axes)
        mu = self.let("mu", x.mean(axis=axes))
        v = self.let("v", ((x - keep(mu)) ** 2).mean(axis=axes))
        sigma = self.let("sigma", sqrt(v + as_expression(self.eps)))
        return self.let("x_hat", (x - keep(mu)) / keep(sigma))

    def gained(self, x: Any, hat: Any) -> Any:
        """``h = γ x̂ + β``."""
        if not self.affine:
            return hat
        gamma, beta = self.parameters(x)
        return self.let("h", gamma * hat + beta)


def _spread(x: Array, axes: Axes) -> Any:
    """Statistics over the last axis, as an array that broadcasts over it."""

    def keep(statistic: Any) -> Any:
        last = axes in (-1, x.ndim - 1)
        return as_array(statistic)[..., None] if last and x.ndim > 1 else statistic

    return keep

"""Elementwise activations, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from symderiv.core.errors import Unsupported
from symderiv.core.messages import Sentence
from symderiv.model import elementwise as on
from symderiv.model.layers.layer import Layer

ACTIVATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "abs": on.abs_,
        "cos": on.cos,
        "cosh": on.cosh,
        "elu": on.elu,
        "exp": on.exp,
        "gelu": on.gelu,
        "leaky_relu": on.leaky_relu,
        "relu": on.relu,
        "sigmoid": on.sigmoid,
        "silu": on.silu,
        "sin": on.sin,
        "sinh": on.sinh,
        "softplus": on.softplus,
        "tan": on.tan,
        "tanh": on.tanh,
    }
)
WITH_PARAMETER = ("elu", "leaky_relu")


@dataclass(frozen=True, slots=True)
class Activation(Layer):
    """``a = f(z)``, entry by entry.

    ``f`` is the name of a function; ``parameter`` is the slope of ``"leaky_relu"`` or the alpha
    of ``"elu"``.

    >>> from symderiv.model.declare import dim, vector
    >>> Activation("relu")(vector("z", dim("n"))).label.spec.definition.body
    relu(z[i])

    Raises `Unsupported` for an unknown name, with the list of names, and for a parameter of a
    function that has none.
    """

    names: ClassVar[tuple[str, ...]] = ("a",)
    f: str
    parameter: Any = None

    def __post_init__(self) -> None:
        if self.f not in ACTIVATIONS:
            raise Unsupported(
                Sentence(
                    "there is no activation {f}; there are {activations}",
                    f=repr(self.f),
                    activations=", ".join(ACTIVATIONS),
                )
            )
        if self.parameter is not None and self.f not in WITH_PARAMETER:
            raise Unsupported(
                Sentence(
                    "{f} has no parameter; {with_parameter} have one",
                    f=self.f,
                    with_parameter=" and ".join(WITH_PARAMETER),
                )
            )

    def __call__(self, x: Any) -> Any:
        """``a``, of the shape of the input."""
        more = () if self.parameter is None else (self.parameter,)
        return self.let("a", ACTIVATIONS[self.f](x, *more))

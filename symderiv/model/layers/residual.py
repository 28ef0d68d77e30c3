"""The residual connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.messages import Sentence
from symderiv.model.arrays import as_array
from symderiv.model.grid import called, equations, show
from symderiv.model.layers.layer import Layer, Number, Numbering


@dataclass(frozen=True, slots=True, init=False)
class Residual(Layer):
    """``r = x + f(x)``, where f is some layers one after the other.

    K. He, X. Zhang, S. Ren and J. Sun, *Deep Residual Learning for Image Recognition* (2016).

    >>> from symderiv.model.declare import dim, vector
    >>> from symderiv.model.layers.dense import Dense
    >>> n = dim("n")
    >>> Residual(Dense(n))(vector("x", n)).label.spec.definition.body
    x[i] + z[i]
    """

    names: ClassVar[tuple[str, ...]] = ("r",)
    layers: tuple[Layer, ...]

    def __init__(self, *layers: Layer, layer: Number = None) -> None:
        for inner in layers:
            if not isinstance(inner, Layer):
                raise Unsupported(
                    Sentence("Residual goes around layers; {inner} is none", inner=f"{inner!r:.60}")
                )
        if not layers:
            raise Unsupported(Sentence("Residual goes around at least one layer"))
        object.__setattr__(self, "layers", layers)
        object.__setattr__(self, "layer", layer)

    def parts(self) -> tuple[Layer, ...]:
        """The layers inside, and the sum."""
        return (*(part for inner in self.layers for part in inner.parts()), self)

    def numbered(self, numbering: Numbering) -> Self:
        """The layers inside first, then the sum."""
        inside = tuple(inner.numbered(numbering) for inner in self.layers)
        if self.layer is None:
            return type(self)(*inside, layer=numbering.place(self.names))
        numbering.follow(self.layer)
        return type(self)(*inside, layer=self.layer)

    def parameters(self, x: Any) -> tuple[Any, ...]:
        """The parameters of the layers inside."""
        out: list[Any] = []
        for inner in self.layers:
            out += inner.parameters(x)
            x = inner(x)
        return tuple(out)

    def __call__(self, x: Any) -> Any:
        """``r``, of the shape of x; raises `ShapeError` if f changes the shape."""
        change = x
        for inner in self.layers:
            change = inner(change)
        first, second = as_array(x), as_array(change)
        if first.shape != second.shape:
            raise ShapeError(
                Sentence(
                    "{this} adds its input to its output; the input {first} has shape {shape}, the "
                    "output {second} has {other}{equations}",
                    this=self,
                    first=called(first),
                    shape=show(first.shape),
                    second=called(second),
                    other=show(second.shape),
                    equations=equations(first, second),
                )
            )
        return self.let("r", x + change)

    def __str__(self) -> str:
        return f"Residual({', '.join(map(str, self.layers))})"

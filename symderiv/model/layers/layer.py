"""What every layer is: a frozen object that makes an array from an array, and names what it makes.

A layer holds no numbers and no gradient. Called on an array it returns equations: `let` names its
intermediates as the papers do, and the rules of differentiation go through these names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any, ClassVar, Self

from symderiv.core.errors import ShapeError
from symderiv.core.messages import Sentence
from symderiv.model.arrays import Array, as_array
from symderiv.model.declare import tensor
from symderiv.model.grid import called, show
from symderiv.model.naming import let

Number = int | str | None


class Numbering:
    """Hands out numbers to layers: the next one wherever a name would occur twice."""

    __slots__ = ("number", "taken")

    def __init__(self) -> None:
        self.number = 1
        self.taken: dict[str, set[str]] = {}

    def reserve(self, names: Iterable[str], number: int | str) -> None:
        """Keep the names under a given number from being handed out."""
        self.taken.setdefault(str(number), set()).update(names)

    def follow(self, number: int | str) -> None:
        """Go on from a number that a layer was given; a word is none."""
        if str(number).isdecimal():
            self.number = int(number)

    def place(self, names: Iterable[str]) -> int:
        """The number under which these names are free."""
        wanted = frozenset(names)
        while not wanted.isdisjoint(self.taken.get(str(self.number), ())):
            self.number += 1
        self.reserve(wanted, self.number)
        return self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The base of all layers.

    ``layer`` is the number written as a superscript on every name that the layer makes; a
    `Network` numbers the layers that have none.
    """

    names: ClassVar[tuple[str, ...]] = ()
    layer: Number = None

    def __call__(self, x: Any) -> Any:
        """The output for an input; raises `ShapeError` if its shape does not fit."""
        raise NotImplementedError

    def parameters(self, x: Any) -> tuple[Any, ...]:  # noqa: ARG002
        """What is to be learned: what the layer declares for such an input."""
        return ()

    def parts(self) -> tuple[Layer, ...]:
        """The layers inside, and the layer itself."""
        return (self,)

    def numbered(self, numbering: Numbering) -> Self:
        """The layer with a number, unless it has its own."""
        if self.layer is not None:
            numbering.follow(self.layer)
            return self
        return replace(self, layer=numbering.place(self.names))

    def let(self, name: str, expr: Any, *limits: Any) -> Any:
        """An intermediate, under the layer's number."""
        return let(name, expr, *limits, layer=self.layer)

    def array(self, x: Any, rank: int, axes: str) -> Array:
        """The input, with at least so many axes."""
        given = as_array(x)
        if given.ndim < rank:
            raise ShapeError(
                Sentence(
                    "{this} needs an input with {axes}; {given} has shape {shape}",
                    this=self,
                    axes=axes,
                    given=named(given),
                    shape=show(given.shape),
                )
            )
        return given

    def __str__(self) -> str:
        shown = []
        for f in sorted(fields(self), key=lambda f: f.kw_only is True):
            value = getattr(self, f.name)
            if f.name != "layer" and value != f.default:
                needed = f.default is MISSING
                shown.append(f"{value!r}" if needed else f"{f.name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned(Layer):
    """A layer with parameters; ``shares`` is the number of the layer whose parameters it uses."""

    shares: Number = None

    def parameter(self, name: str, *shape: Any) -> Any:
        """A parameter, under the layer's number or that of the layer it shares with."""
        return tensor(name, *shape, layer=self.layer if self.shares is None else self.shares)


def named(x: Array, otherwise: str = "the input") -> str:
    """The name of a whole array with its layer's number, as its equation has it."""
    return called(x) if x.name else otherwise

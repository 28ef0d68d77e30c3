"""Convolution over any number of axes: what `Conv1d` and `Conv2d` have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Expr, Integer, S, Symbol, Tuple

from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.expr import InRange, add, mul, total
from symderiv.core.messages import Sentence
from symderiv.model.arrays import Array, as_array, unwrap
from symderiv.model.declare import size
from symderiv.model.grid import letters, place, show, with_indices
from symderiv.model.layers.layer import Learned, named

PADDINGS = ("valid", "same")


@dataclass(frozen=True, slots=True)
class Convolution(Learned):
    """``z_{t o} = Σ_k Σ_c W_{k c o} x_{t+k-1, c} + b_o``: a sliding sum of products.

    As in all libraries, the kernel is not turned round. ``channels`` is the number of output
    channels; the last axis of the input holds its channels. Without ``channels``, neither input
    nor output has such an axis. ``padding="same"`` reads zeros outside, so that the output is as
    long as the input; for an even kernel, one zero more stands behind than in front.
    """

    names: ClassVar[tuple[str, ...]] = ("W", "b", "z")
    axes: ClassVar[int] = 1
    kernel: Any
    channels: Any = None
    padding: str = "valid"
    bias: bool = True

    def __post_init__(self) -> None:
        if self.padding not in PADDINGS:
            raise Unsupported(
                Sentence(
                    "{this}: padding is one of {paddings}", this=self, paddings=", ".join(PADDINGS)
                )
            )
        self._shifts()

    def _kernel(self) -> tuple[Expr, ...]:
        """The size of the kernel along each axis."""
        given = self.kernel if isinstance(self.kernel, tuple) else (self.kernel,) * self.axes
        if len(given) != self.axes:
            raise ShapeError(
                Sentence(
                    "{this}: the kernel has {axes} sizes; got {count}",
                    this=self,
                    axes=self.axes,
                    count=len(given),
                )
            )
        what = Sentence("{layer}: kernel", layer=type(self).__name__)
        return tuple(size(k, what) for k in given)

    def _shifts(self) -> tuple[Expr, ...]:
        """How many zeros stand in front of each axis."""
        if self.padding == "valid":
            return (S.Zero,) * self.axes
        return tuple(self._in_front(k) for k in self._kernel())

    def _in_front(self, k: Expr) -> Expr:
        if isinstance(k, Integer):
            return (k - 1) // 2
        half = (k - 1) / 2
        if not half.is_integer:
            raise Unsupported(
                Sentence(
                    '{this}: padding="same" must know where the middle of the kernel is; write an '
                    "odd size as 2*q + 1",
                    this=self,
                )
            )
        return half

    def _input(self, x: Any) -> Array:
        places = "one axis" if self.axes == 1 else f"{self.axes} axes"
        if self.channels is None:
            return self.array(x, self.axes, f"{places} to slide over")
        return self.array(x, self.axes + 1, f"{places} to slide over and one of channels")

    def parameters(self, x: Any) -> tuple[Any, ...]:
        """W of shape (kernel…, in, out), or (kernel…,) without channels; and b."""
        given, kernel = self._input(x), self._kernel()
        if self.channels is None:
            weight, bias = self.parameter("W", *kernel), self.parameter("b")
        else:
            weight = self.parameter("W", *kernel, given.shape[-1], self.channels)
            bias = self.parameter("b", self.channels)
        return (weight, bias) if self.bias else (weight,)

    def __call__(self, x: Any) -> Any:
        """``z``: the axes before stay, those slid over get shorter unless padded.

        Raises `ShapeError` if the kernel is longer than the input.
        """
        given = self._input(x)
        weight, *bias = self.parameters(x)
        channels = () if self.channels is None else (given.shape[-1],)
        outer = given.ndim - self.axes - len(channels)
        slid = given.shape[outer : outer + self.axes]
        shape = (*given.shape[:outer], *self._lengths(given, slid), *weight.shape[self.axes + 1 :])
        free = letters(len(shape), given.outside())
        bound = letters(
            self.axes + len(channels),
            given.outside().union(v.name for v in (*given.indices, *free)),
        )
        steps = free[outer : outer + self.axes]
        spots = self._spots(steps, bound)
        source = place(given, (*free[:outer], *spots, *bound[self.axes :]), (*free, *bound))
        taken = weight.at(*bound, *free[outer + self.axes :])
        guards = self._guards(spots, slid)
        limits = [
            Tuple(v, S.One, n) for v, n in zip(bound, (*self._kernel(), *channels), strict=True)
        ]
        value = total(mul(*guards, taken, source), *reversed(limits))
        if bias:
            value = add(value, as_array(bias[0]).at(*free[outer + self.axes :]))
        return self.let("z", unwrap(with_indices(shape, free, value)))

    def _spots(self, steps: tuple[Symbol, ...], bound: tuple[Symbol, ...]) -> list[Expr]:
        """Where the input is read: ``t + k - 1``, less the zeros in front."""
        triples = zip(steps, bound, self._shifts(), strict=False)
        return [t + k - 1 - shift for t, k, shift in triples]

    def _guards(self, spots: list[Expr], slid: tuple[Expr, ...]) -> list[Expr]:
        if self.padding == "valid":
            return []
        return [
            InRange(spot, S.One, n)
            for spot, n, k in zip(spots, slid, self._kernel(), strict=True)
            if k != 1
        ]

    def _lengths(self, given: Array, slid: tuple[Expr, ...]) -> tuple[Expr, ...]:
        if self.padding == "same":
            return slid
        out = []
        for n, k in zip(slid, self._kernel(), strict=True):
            length = n - k + 1
            if length.is_positive is False:
                raise ShapeError(
                    Sentence(
                        "{this}: the kernel is {k} long, but {given} of shape {shape} only "
                        "{n}; use a "
                        'shorter one, or padding="same"',
                        this=self,
                        k=k,
                        given=named(given),
                        shape=show(given.shape),
                        n=n,
                    )
                )
            out.append(length)
        return tuple(out)

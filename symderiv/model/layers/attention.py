"""Scaled dot-product self-attention."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index as as_int
from typing import Any, ClassVar

from sympy import Expr, LessThan, Rational, S

from symderiv.core.errors import Unsupported
from symderiv.core.expr import cases, power, relation
from symderiv.core.messages import Sentence
from symderiv.model.arrays import Array, unwrap
from symderiv.model.declare import size
from symderiv.model.elementwise import einsum, exp, softmax
from symderiv.model.grid import Grid
from symderiv.model.layers.layer import Learned

INPUT = "positions and features on its last two axes"


@dataclass(frozen=True, slots=True)
class Attention(Learned):
    """``O = P V`` with ``P = softmax(Q Kᵀ/√size)`` over positions, for Q, K and V made from x.

    x has the shape (…, T, d); ``size`` is the width of the queries, keys and values of one head.
    With several heads, these have an axis of heads before the positions, and ``Y = Σ_h O_h W_O``
    has the width d again; ``project`` says whether W_O is there (else only with several heads).
    ``causal=True`` lets a position see itself and those before it.

    A. Vaswani et al., *Attention Is All You Need* (2017).

    >>> from symderiv.model.declare import dims, matrix
    >>> T, d, r = dims("T d r")
    >>> O = Attention(r)(matrix("x", T, d))
    >>> O.label.spec.definition.body
    Sum(P[i, k]*V[k, j], (k, 1, T))
    """

    names: ClassVar[tuple[str, ...]] = (
        "W_Q", "W_K", "W_V", "W_O", "Q", "K", "V", "S", "P", "O", "Y",
    )  # fmt: skip
    size: Any
    heads: int = 1
    causal: bool = False
    project: bool | None = None

    def __post_init__(self) -> None:
        try:
            if isinstance(self.heads, bool) or as_int(self.heads) < 1:
                raise TypeError
        except TypeError:
            raise Unsupported(
                Sentence(
                    "Attention: heads is a positive integer; got {heads}", heads=repr(self.heads)
                )
            ) from None

    def parameters(self, x: Any) -> tuple[Any, ...]:
        """W_Q, W_K, W_V of shape (d, size), after an axis of heads if several; perhaps W_O."""
        width = self.array(x, 2, INPUT).shape[-1]
        head = (self.heads,) if self.heads > 1 else ()
        made = tuple(self.parameter(f"W_{a}", *head, width, self.size) for a in "QKV")
        if self.project is False or (self.project is None and self.heads == 1):
            return made
        return (*made, self.parameter("W_O", *head, self.size, width))

    def __call__(self, x: Any) -> Any:
        """``O`` of shape (…, T, size), or ``Y`` of the shape of x where W_O is."""
        given = self.array(x, 2, INPUT)
        weights = self.parameters(x)
        h = "h" if self.heads > 1 else ""
        q, k, v = (
            self.let(name, einsum(f"...td,{h}dr->...{h}tr", given, weight))
            for name, weight in zip("QKV", weights, strict=False)
        )
        scale = power(
            size(self.size, Sentence("{layer}: size", layer="Attention")), Rational(-1, 2)
        )
        s = self.let("S", scale * einsum("...tr,...ur->...tu", q, k))
        p = self.let("P", _causal_softmax(s) if self.causal else softmax(s))
        o = self.let("O", einsum("...tu,...ur->...tr", p, v))
        if len(weights) == 3:
            return o
        return self.let("Y", einsum(f"...{h}tr,{h}rd->...td", o, weights[3]))


def _causal_softmax(s: Array) -> Any:
    """``e^{S_tu}`` for ``u ≤ t``, else 0, divided by its sum."""

    def seen(e: Expr) -> Expr:
        t, u = s.indices[-2:]
        return cases((e, relation(LessThan, u, t)), (S.Zero, S.true))

    powers = unwrap(Grid(s.shape, s.indices, seen(exp(s).element)))
    return powers / powers.sum(axis=-1, keepdims=True)

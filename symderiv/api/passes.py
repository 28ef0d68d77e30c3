"""A derived backward pass as functions of arrays: loss and gradients, or forward and backward."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import S, Symbol, Tuple

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label, indices_of

if TYPE_CHECKING:
    from symderiv.api.backprop import Backprop
    from symderiv.lower.function import CompiledFunctions
    from symderiv.lower.passes import Kept, PassPair
    from symderiv.lower.reading import Wanted

LOSS = "loss"


class Passes:
    """The programs of one `Backprop` on one back end, each compiled when it is first called.

    Arrays are given by name, ``f(x=…, W1=…)``, or in one dict for names that are keywords of
    Python; integer labels count from 0; sizes are taken from the shapes.

    >>> import symderiv as sd
    >>> n, m = sd.dims("n m")
    >>> x, W = sd.vector("x", n), sd.matrix("W", n, m)
    >>> a = sd.let("a", sd.tanh(x @ W))
    >>> passes = Passes(sd.backprop(a.sum(), [W]))
    >>> loss, kept = passes.forward(x=[1.0], W=[[0.0, 0.0]])
    >>> tuple(kept)
    ('x', 'a')
    >>> passes.backward(kept)
    {'W': array([[1., 1.]])}
    """

    def __init__(self, bp: Backprop, backend: str = "numpy") -> None:
        self.bp = bp
        self.backend = backend

    # ------------------------------------------------------------ what is called

    def loss_and_gradients(
        self, data: Mapping[str, Any] | None = None, /, **arrays: Any
    ) -> tuple[Any, dict[str, Any]]:
        """The loss and ``{name: gradient}``, in one program.

        Raises `DataError` if a name or a shape does not fit, and names both.
        """
        values = self.joint(data, **arrays)
        loss = values.pop(LOSS)
        return loss, {x.name: values[_key(x)] for x in self.bp.targets}

    def forward(self, data: Mapping[str, Any] | None = None, /, **arrays: Any) -> tuple[Any, Kept]:
        """The loss and what the backward pass reads, a mapping that cannot be changed.

        Raises `DataError` if a name or a shape does not fit, and names both.
        """
        return self.pair.run_forward(data, arrays)

    def backward(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """``{name: gradient}`` from what `forward` kept.

        Any other mapping of the same names will do, with a size by name where no array tells it;
        values without a name are then computed again.

        Raises `DataError` if a name or a shape does not fit, and names both.
        """
        from symderiv.lower.passes import Kept

        if not isinstance(kept, Mapping):
            raise DataError(
                Sentence(
                    "backward() reads what forward() returned as its second value, a mapping of "
                    "{names}; given is {kept}",
                    names=_list(self.kept),
                    kept=repr(kept),
                )
            )
        if not isinstance(kept, Kept):
            values = self.from_names(dict(kept))
        elif kept.source is self.pair:
            values = self.pair.run_backward(kept)
        else:
            needed = self.from_names.signature.sizes
            values = self.from_names({**kept, **{s: kept.sizes[s] for s in needed}})
        return {x.name: values[_key(x)] for x in self.bp.targets}

    @property
    def kept(self) -> tuple[str, ...]:
        """The names that `forward` keeps."""
        return self.pair.names

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The formulas of values without a name that `forward` hands over as well."""
        return self.pair.unnamed

    # ------------------------------------------------------------ programs

    @cached_property
    def joint(self) -> CompiledFunctions:
        """The program of `loss_and_gradients`."""
        from symderiv.lower import lower_all

        outputs = {LOSS: (self.bp.loss, ())}
        outputs |= {w.name: (w.expr, w.indices) for w in self._gradients()}
        return lower_all(outputs, backend=self.backend)

    @cached_property
    def pair(self) -> PassPair:
        """The programs of `forward` and `backward`."""
        from symderiv.lower.passes import lower_passes
        from symderiv.lower.reading import Wanted

        loss = Wanted(LOSS, self.bp.loss, ())
        return lower_passes(loss, self._labels(), self._gradients(), backend=self.backend)

    @cached_property
    def from_names(self) -> CompiledFunctions:
        """The gradients from the named values alone."""
        from symderiv.lower import lower_all

        outputs = {w.name: (w.expr, w.indices) for w in self._gradients()}
        return lower_all(outputs, given=self._labels(), backend=self.backend)

    def _labels(self) -> tuple[Label, ...]:
        return tuple(x for x in self.bp.kept if isinstance(x, Label))

    def _gradients(self) -> list[Wanted]:
        from symderiv.lower.reading import Wanted

        backward = self.bp.adjoints
        out = []
        for x in self.bp.targets:
            result = backward.result(x)
            at = zip(indices_of(backward.goal(x).by), x.shape, strict=True)
            limits = tuple(Tuple(v, S.One, size) for v, size in at)
            out.append(Wanted(_key(x), result, limits))
        return out


def _key(x: Symbol) -> str:
    """The name of an output that no array bears."""
    return f"∂{x.name}"


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) or Sentence("nothing")

"""A forward and a backward pass as two programs that share what forward computed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, S, Tuple

from symderiv.core.model import EMPTY_MODEL, Model
from symderiv.core.symbols import Label
from symderiv.lower.arguments import Signature
from symderiv.lower.function import backend_of, gathered, known_backend
from symderiv.lower.names import inputs_read, sizes_used
from symderiv.lower.products import Parts
from symderiv.lower.program import Program
from symderiv.lower.reading import Reading, Wanted
from symderiv.lower.translate import Translator

NOTHING: frozenset[Label] = frozenset()
MOST_LEVELS = 6  # of operations in the name of a value that no formula stands for


@dataclass(frozen=True, slots=True, eq=False)
class Kept(Mapping[str, Any]):
    """What a forward pass keeps: arrays by name, read only.

    ``unnamed`` are values without a name that both passes need, by their formulas: they are handed
    over too, so that nothing is computed twice. ``sizes`` are the sizes of the forward pass.
    """

    arrays: Mapping[str, Any]
    unnamed: Mapping[str, Any]
    sizes: Mapping[str, int]
    bound: Mapping[str, Any] = field(repr=False)
    dtype: Any = field(repr=False)
    source: PassPair = field(repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class PassPair:
    """Two programs: ``forward`` returns the loss and what ``backward`` reads.

    ``names`` are the values that the caller sees in `Kept`, ``unnamed`` the formulas of the others.
    """

    forward: Program
    backward: Program
    signature: Signature = field(repr=False)
    names: tuple[str, ...]
    unnamed: tuple[str, ...]
    backend: str
    aliases: Mapping[str, str] = field(repr=False, hash=False)

    def run_forward(
        self, data: Mapping[str, Any] | None, named: Mapping[str, Any]
    ) -> tuple[Any, Kept]:
        """The loss, and what the backward pass reads.

        Raises `DataError` if a name or a shape does not fit, and names both.
        """
        backend = backend_of(self.backend)
        given = gathered(data, named, self.aliases)
        bound, sizes, dtype = self.signature.bind(given, backend)
        loss, *values = backend.run(self.forward, bound, sizes, dtype)
        names = (x.name for x in self.forward.outputs[1:])
        made = dict(zip(names, values, strict=True))
        read = dict.fromkeys((*inputs_read(self.backward), *self.names))
        inputs = {name: backend.own(bound[name]) for name in read if name not in made}
        labels = {a.name for a in self.signature.arguments if a.labels}
        arrays = {
            name: made[name] if name in made else _as_given(inputs[name], from_0=name in labels)
            for name in self.names
        }
        return loss, Kept(
            arrays,
            {name: made[name] for name in self.unnamed},
            sizes,
            {**inputs, **made},
            dtype,
            self,
        )

    def run_backward(self, kept: Kept) -> dict[str, Any]:
        """The gradients by name, from what `run_forward` of this pair returned."""
        assert kept.source is self
        values = backend_of(self.backend).run(self.backward, kept.bound, kept.sizes, kept.dtype)
        return {x.name: v for x, v in zip(self.backward.outputs, values, strict=True)}


def lower_passes(
    loss: Wanted, kept: Sequence[Label], gradients: Sequence[Wanted], *, backend: str = "numpy"
) -> PassPair:
    """The forward pass to a loss and to what is kept, and the backward pass from there.

    The gradients may read defined names in ``kept`` only, and inputs. A value without a name that
    both need is handed over as well: no operation on data is carried out in both.

    Raises `Unsupported` for what has no numerical form.
    """
    known_backend(backend)
    computed = [x for x in kept if x.spec.definition is not None]
    values = [_entries(x) for x in computed]
    first = Model.of(loss.expr, *(w.expr for w in values)).equations
    whole = Reading.of([loss, *values, *gradients], EMPTY_MODEL, NOTHING)
    translator = whole.translator()
    translator.define_all(x for x, _ in first)
    outputs = tuple(translator.output(w.name, w.expr, w.limits) for w in (loss, *values))
    texts = _Texts(translator, frozenset(x.name for x in whole.labels))
    translator.give(dict(zip(computed, outputs[1:], strict=True)))
    done = {x for x, _ in first}
    translator.define_all(x for x, _ in whole.equations if x not in done)
    results = tuple(translator.output(w.name, w.expr, w.limits) for w in gradients)
    forward, backward = translator.builder.split(outputs, results, texts)
    declared = {x.name for x in whole.labels}
    plain = [name for name in inputs_read(backward) if name not in declared]
    names = (*(x.name for x in kept), *plain)
    inputs = [x.name for x in kept if x.spec.definition is None]
    read = dict.fromkeys((*inputs_read(forward), *inputs_read(backward), *inputs))
    sizes = dict.fromkeys((*sizes_used(forward, ()), *sizes_used(backward, ())))
    return PassPair(
        forward,
        backward,
        whole.signature(tuple(read), tuple(sizes)),
        names,
        tuple(x.name for x in forward.outputs[len(outputs) :]),
        backend,
        whole.aliases,
    )


def _entries(label: Label) -> Wanted:
    """A defined name at the indices of its definition."""
    definition = label.spec.definition
    assert definition is not None
    limits = zip(definition.indices, label.shape, strict=True)
    return Wanted(
        label.name,
        label.entry(*definition.indices),
        tuple(Tuple(v, S.One, size) for v, size in limits),
    )


class _Texts:
    """Names for registers without one: the formula that was translated, else the operation."""

    def __init__(self, translator: Translator, taken: Iterable[str]) -> None:
        self.builder = translator.builder
        self.formulas: dict[int, Expr] = {}
        for label, (_, parts) in translator.defined.items():
            definition = label.spec.definition
            assert definition is not None
            self._add(parts, label.entry(*definition.indices))
        for (e, *_), parts in translator.known.items():
            self._add(parts, e)
        for (e, _), register in translator.values.items():
            self.formulas.setdefault(register, e)
        self.taken = set(taken)

    def __call__(self, register: int) -> str:
        text = self._text(register, MOST_LEVELS)
        name, count = text, 1
        while name in self.taken:
            count += 1
            name = f"{text} ({count})"
        self.taken.add(name)
        return name

    def _text(self, register: int, levels: int) -> str:
        if register in self.formulas:
            return str(self.formulas[register])
        if not levels:
            return "…"
        return re.sub(
            r"%(\d+)",
            lambda read: self._text(int(read[1]), levels - 1),
            str(self.builder.ops[register]),
        )

    def _add(self, parts: Parts, e: Expr) -> None:
        if len(parts.factors) == 1 and not (parts.masks or parts.exponents):
            self.formulas.setdefault(parts.factors[0], e)


def _as_given(value: Any, *, from_0: bool) -> Any:
    """An input as the caller handed it in: classes count from 0."""
    return value - 1 if from_0 else value

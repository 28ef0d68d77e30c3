"""`Network`: layers one after the other, numbered and checked; and what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sympy import Expr

from symderiv.core.binding import names
from symderiv.core.errors import NameClash, ShapeError, Unsupported
from symderiv.core.messages import ABOUT, After, Sentence, reported
from symderiv.core.model import circle, describe
from symderiv.core.symbols import Label, label_of
from symderiv.model.arrays import as_array, whole
from symderiv.model.grid import equations, show
from symderiv.model.layers.layer import Layer, Learned, Numbering
from symderiv.model.naming import let

WITH = "{said}{more}"


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Network:
    """Layers applied to ``input`` one after the other, and what their output costs.

    ``loss`` is a function of the target and the output (of the output alone without a target) that
    gives a scalar; ``sd.losses`` holds the usual ones. A layer without a number gets one: the
    number of the layers before it, or the next one where a name would occur twice, so that a dense
    layer and its activation share theirs: z1, a1, z2, a2, … A Network is only a composition:
    calling the layers by hand, with `let` between them, gives the same equations. These cannot
    form a cycle, since a name is made from names that are already there.

    Attributes:
        layers: the layers, numbered.
        input: the array that the first layer reads.
        target: what the output should be, or None.
        output: what the last layer gives.
        loss: the scalar ``L``, or None.
        parameters: the arrays to be learned, by key (``W1``), in the order of the layers.
        inputs: every other array and scalar that must be given, by key.
        equations: left and right sides in the order in which they can be computed.

    Raises `ShapeError` where shapes do not fit or the loss is no scalar, and `NameClash` where a
    name is defined twice; both name the layer, the equation and the shapes. Raises `Unsupported`
    where a layer shares parameters that no layer has.

    >>> from symderiv.model.declare import dims, matrix, one_hot
    >>> from symderiv.model.layers import Activation, Dense, Softmax
    >>> from symderiv.model.losses import cross_entropy
    >>> N, n, h, c = dims("N n h c")
    >>> net = Network(
    ...     [Dense(h), Activation("tanh"), Dense(c), Softmax()],
    ...     loss=cross_entropy,
    ...     input=matrix("x", N, n),
    ...     target=one_hot("y", N, c),
    ... )
    >>> list(net.parameters), [str(left) for left, right in net.equations]
    (['W1', 'b1', 'W2', 'b2'], ['z1[i, j]', 'a1[i, j]', 'z2[i, j]', 'p2[i, j]', 'L'])
    """

    layers: tuple[Layer, ...]
    input: Any
    target: Any
    output: Any
    loss: Any
    parameters: Mapping[str, Any]
    inputs: Mapping[str, Any]
    equations: tuple[tuple[Expr, Expr], ...]

    def __init__(
        self,
        layers: Sequence[Layer],
        *,
        input: Any,  # noqa: A002
        loss: Callable[..., Any] | None = None,
        target: Any = None,
    ) -> None:
        numbered = _numbered(tuple(layers))
        known = _Names()
        known.read(Sentence("the input"), input)
        parameters: dict[str, Any] = {}
        x = input
        _sharing(numbered, known)
        for k, layer in enumerate(numbered, 1):
            where = Sentence("layer {number}, {layer}", number=k, layer=layer)
            try:
                learned, x = layer.parameters(x), layer(x)
            except (ShapeError, Unsupported) as error:
                raise type(error)(_at_layer(where, layer, error, x)) from error
            for array in learned:
                known.read(where, array)
                parameters.setdefault(_key(array), array)
            known.read(where, x)
        scalar = None if loss is None else _loss(loss, target, x)
        known.read(Sentence("the target"), target)
        known.read(Sentence("the loss"), scalar)
        found = {
            "layers": numbered,
            "input": input,
            "target": target,
            "output": x,
            "loss": scalar,
            "parameters": MappingProxyType(parameters),
            "inputs": MappingProxyType(
                {key: whole(u) for key, u in known.undefined.items() if key not in parameters}
            ),
            "equations": tuple(known.equations),
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)

    @property
    def names(self) -> Mapping[str, Any]:
        """Every array by its name: inputs, parameters, what the layers give, and the loss."""
        found: dict[str, Any] = {**self.inputs, **self.parameters}
        for left, _ in self.equations:
            label = label_of(left)
            if isinstance(label, Label):
                found[label.name] = whole(label)
        return MappingProxyType(found)


def _numbered(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    for k, layer in enumerate(layers, 1):
        if not isinstance(layer, Layer):
            raise Unsupported(
                Sentence(
                    "layer {k} is {layer}; expected a layer such as Dense(3) or "
                    'Activation("relu"); other steps are composed with sd.let',
                    k=k,
                    layer=f"{layer!r:.60}",
                )
            )
    if not layers:
        raise Unsupported(Sentence("a network needs at least one layer"))
    numbering = Numbering()
    for part in (part for layer in layers for part in layer.parts()):
        if part.layer is not None:
            numbering.reserve(part.names, part.layer)
    return tuple(layer.numbered(numbering) for layer in layers)


def _sharing(layers: Sequence[Layer], known: _Names) -> None:
    """Raise `Unsupported` for a layer that shares parameters which no layer, nor the input, has."""
    parts = [(k, part) for k, layer in enumerate(layers, 1) for part in layer.parts()]
    learned = [(k, part) for k, part in parts if isinstance(part, Learned)]
    owners = [part for _, part in learned if part.shares is None]
    for k, part in learned:
        alike = [str(o.layer) for o in owners if not set(o.names).isdisjoint(part.names)]
        by_hand = any(f"{name}{part.shares}" in known.found for name in part.names)
        if part.shares is None or str(part.shares) in alike or by_hand:
            continue
        raise Unsupported(
            Sentence(
                "layer {k}, {layers}: there is no layer {shares} with parameters of its own to "
                "share; there is {names}",
                k=k,
                layers=layers[k - 1],
                shares=part.shares,
                names=", ".join(dict.fromkeys(alike)) or Sentence("none"),
            )
        )


def _loss(loss: Callable[..., Any], target: Any, output: Any) -> Any:
    name = getattr(loss, "__name__", "")
    try:
        value = loss(output) if target is None else loss(target, output)
    except ShapeError as error:
        said = After("{said}", said=reported(error), prefix=name)
        what = Sentence("the loss, {name}", name=name)
        raise ShapeError(_with_equation(Sentence(ABOUT, what=what, said=said), output)) from error
    made = as_array(value)
    if made.shape:
        raise ShapeError(
            Sentence(
                "a loss is a scalar; {name} gives an array of shape {shape} for an output of "
                "shape {other}; take its .mean() or .sum(){equations}",
                name=name or Sentence("the loss"),
                shape=show(made.shape),
                other=show(as_array(output).shape),
                equations=equations(as_array(output)),
            )
        )
    label = label_of(made.element)
    named = isinstance(label, Label) and label.spec.definition is not None
    return made.element if named else let("L", made.element)


def _at_layer(where: str, layer: Layer, error: Exception, x: Any) -> str:
    """What is wrong with a layer, without its name twice."""
    said = After("{said}", said=reported(error), prefix=str(layer))
    return Sentence(ABOUT, what=where, said=_with_equation(said, x))


def _with_equation(text: str, x: Any) -> str:
    """A message with the equation of what was handed on, unless it says it already."""
    told = equations(as_array(x))
    return text if told.removeprefix("; here ") in text else Sentence(WITH, said=text, more=told)


def _key(array: Any) -> str:
    label = label_of(as_array(array).element)
    return "" if label is None else str(label.name)


class _Names:
    """The names met so far, and the layer that made each."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[Label, str]] = {}
        self.undefined: dict[str, Label] = {}
        self.equations: list[tuple[Expr, Expr]] = []

    def read(self, where: str, value: Any) -> None:
        """Take in the names that a value rests on, each after those that define it.

        Raises `NameClash`, or `ShapeError` for a parameter, if a name stands for two things.
        """
        if value is None:
            return
        todo = [(label, False) for label in _labels(as_array(value).element)]
        while todo:
            label, ready = todo.pop()
            if ready:
                self._define(label)
            elif self._is_new(label, where):
                todo.append((label, True))
                todo.extend((part, False) for part in _parts(label))

    def _is_new(self, label: Label, where: str) -> bool:
        known = self.found.get(label.name)
        if known is None:
            self.found[label.name] = (label, where)
            return True
        other, first = known
        if other == label:
            return False
        fixed = other.spec.definition is None and label.spec.definition is None
        around = circle(label, other)
        if around:
            raise NameClash(Sentence(ABOUT, what=where, said=around))
        kind = ShapeError if fixed and other.shape != label.shape else NameClash
        raise kind(
            Sentence(
                "{where}: the name {name} stands for two different things: here for {label}, in "
                "{first} for {other}; give one of them another name, or the layer another number "
                "(layer=…)",
                where=where,
                name=repr(label.name),
                label=describe(label),
                first=first,
                other=describe(other),
            )
        )

    def _define(self, label: Label) -> None:
        definition = label.spec.definition
        if definition is None:
            self.undefined[label.name] = label
        else:
            self.equations.append((label.entry(*definition.indices), definition.body))


def _labels(e: Expr) -> Iterator[Label]:
    found = sorted((s for s in names(e) if isinstance(s, Label)), key=lambda s: (s.name, s.digest))
    return reversed(found)


def _parts(label: Label) -> Iterator[Label]:
    """The labels that a definition, or the encoding of a one-hot array, reads."""
    definition, hot = label.spec.definition, label.spec.hot
    for e in (definition.body if definition else None, hot):
        if e is not None:
            yield from _labels(e)

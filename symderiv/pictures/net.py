"""The graph of a model: names, what reads them, their adjoints, and what forward keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from sympy import Expr, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.api.backprop import Backprop, backprop, variables
from symderiv.api.derivation import Derivation
from symderiv.api.goals import named, subject
from symderiv.core.binding import LETTERS, index, names
from symderiv.core.errors import Unsupported
from symderiv.core.expr import Inert, Total
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.symbols import Label, label_of
from symderiv.matrices.convert import matrix_form
from symderiv.matrices.form import Diag, MatrixForm, Name, Ones, Power, Trace
from symderiv.model.arrays import Array
from symderiv.model.network import Network


@dataclass(frozen=True, slots=True)
class Link:
    """``reader`` reads ``read``."""

    read: Label
    reader: Label

    @property
    def shape(self) -> tuple[Expr, ...]:
        """Of what flows forward, and of what flows back."""
        return self.read.shape


@dataclass(frozen=True, slots=True)
class Net:
    """Names in the order in which they can be computed, and who reads whom.

    ``bp`` is the backward pass, None where no adjoints are asked for.
    """

    labels: tuple[Label, ...]
    links: tuple[Link, ...]
    out: Label
    bp: Backprop | None = None
    kept: frozenset[Symbol] = field(default=frozenset())

    @property
    def live(self) -> frozenset[Symbol]:
        """The names with an adjoint, the output included."""
        if self.bp is None:
            return frozenset()
        return frozenset((*self.bp.adjoints.order, self.out))


def net_of(what: Any, *, adjoints: bool = True, by: Sequence[Any] | None = None) -> Net:
    """The graph of whatever has one; ``by`` is what to differentiate by, None what is usual.

    Raises `Unsupported` for what has none, and where ``by`` asks for adjoints and nobody wants any.
    """
    if by is not None and not adjoints:
        raise Unsupported(
            Sentence("adjoints=False draws no adjoints, so there is nothing to choose with by")
        )
    out, wrt = _subject(what)
    model = Model.of(out)
    top = declared(label_of(out))
    for _, definition in model.equations:
        for name in sorted(names(definition.body), key=str):
            if not (isinstance(name, Label) or name.is_integer):
                declared(name)
    bp = what if isinstance(what, Backprop) and by is None else None
    if by is not None:
        bp = backprop(out, by)
    elif adjoints and bp is None and not top.shape and (wrt or variables(model)):
        bp = backprop(out, wrt)
    links = [
        Link(read, label) for label in model.labels for read in model.labels if _reads(label, read)
    ]
    found = bp if adjoints and bp is not None and bp.adjoints.order else None
    kept = frozenset(found.kept) if found else frozenset()
    return Net(model.labels, tuple(links), top, found, kept)


def _reads(label: Label, read: Label) -> bool:
    definition, hot = label.spec.definition, label.spec.hot
    parts = [e for e in (definition.body if definition else None, hot) if e is not None]
    return any(read in names(e) for e in parts)


@singledispatch
def _subject(what: Any) -> tuple[Expr, Any]:
    """The output under a name, and the names by which it is differentiated (None: all)."""
    of = subject(what)
    return named(of, Model.of(of.element)), None


@_subject.register
def _(what: Backprop) -> tuple[Expr, Any]:
    return what.loss, None


@_subject.register
def _(what: Network) -> tuple[Expr, Any]:
    if what.loss is None:
        return _subject(what.output)
    return what.loss, list(what.parameters.values()) or None


@_subject.register
def _(what: Model) -> tuple[Expr, Any]:
    if not what.equations:
        raise Unsupported(Sentence("this model defines no name; name an intermediate with let()"))
    label, definition = what.equations[-1]
    return label.entry(*definition.indices), None


@_subject.register
def _(what: Derivation) -> tuple[Expr, Any]:
    goal = what.goal
    if not isinstance(goal, Inert):
        return _subject.dispatch(object)(goal)
    out, x = goal.args[:2]
    return named(subject(out), Model.of(out)), [label_of(x)] if isinstance(goal, Total) else None


def declared(name: Symbol | None) -> Label:
    """A name of the model.

    Raises `Unsupported` for a plain symbol of SymPy.
    """
    if not isinstance(name, Label):
        raise Unsupported(
            Sentence(
                "{name} is a plain SymPy symbol; declare it, sd.scalar({bare})",
                name=name,
                bare=repr(str(name)),
            )
        )
    return name


# ---------------------------------------------------------------- formulas at a node


def letters_of(label: Label) -> tuple[Symbol, ...]:
    """The indices at which a name is told of: those of its definition, or the usual letters."""
    definition = label.spec.definition
    return definition.indices if definition else tuple(map(index, LETTERS[: len(label.shape)]))


def _limits(label: Label, letters: tuple[Symbol, ...]) -> tuple[Tuple, ...]:
    return tuple(Tuple(v, 1, size) for v, size in zip(letters, label.shape, strict=True))


def whole(label: Label, out: Label | None = None) -> Basic:
    """A name as a whole, or its adjoint, as it stands in matrix notation."""
    if len(label.shape) > 2:
        return label
    return Name(label, tuple((size, None) for size in label.shape), of=out)


def _reads_well(form: MatrixForm | None) -> bool:
    """Is it what one would write: no ``diag`` for a quotient, no ``1ᵀ … 1`` or ``tr`` for a sum?"""
    if form is None:
        return False
    parts = list(_parts(form))
    halves = any(isinstance(e, Diag) or (isinstance(e, Power) and e.exponent == -1) for e in parts)
    return not halves and not (form.is_scalar and any(isinstance(e, (Ones, Trace)) for e in parts))


def _parts(form: MatrixForm) -> Iterator[MatrixForm]:
    yield form
    for part in form.parts:
        yield from _parts(part)


def equations(label: Label) -> list[tuple[Basic, Basic]]:
    """How a name is defined, the forms in the order in which they are preferred."""
    definition = label.spec.definition
    if definition is None:
        return []
    form = matrix_form(definition.body, _limits(label, definition.indices))
    indexed = (label.entry(*definition.indices), definition.body)
    return [(whole(label), form), indexed] if _reads_well(form) else [indexed]


def adjoints_of(net: Net, label: Label) -> list[tuple[Basic, Basic]]:
    """How the adjoint of a name is found, likewise."""
    bp = net.bp
    if bp is None or label == net.out or label not in net.live:
        return []
    d = bp[label]
    form = matrix_form(d.last, d.indices)
    indexed = (d.goal, d.last)
    return [(whole(label, net.out), form), indexed] if _reads_well(form) else [indexed]


# ---------------------------------------------------------------- numbers


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of every name, and of every adjoint, by name."""

    forward: Mapping[str, Any]
    backward: Mapping[str, Any]


def figures(net: Net, values: Mapping[Any, Any]) -> Figures:
    """Forward values and adjoints at the numbers given for the inputs."""
    from symderiv.lower import lower_all

    given = {_key(k): v for k, v in values.items()}
    outputs = {}
    for label in net.labels:
        letters = letters_of(label)
        outputs[f"= {label.name}"] = (label.entry(*letters), _limits(label, letters))
    found = lower_all(outputs)(given)
    forward = {label.name: found[f"= {label.name}"] for label in net.labels}
    backward: dict[str, Any] = {}
    if net.bp is not None:
        every = backprop(net.bp.loss, list(net.bp.adjoints.order))
        backward = {**every.lambdify()(given)[1], net.out.name: 1.0}
    return Figures(forward, backward)


def _key(name: Any) -> str:
    label = name.label if isinstance(name, Array) else name
    return str(getattr(label, "name", label))

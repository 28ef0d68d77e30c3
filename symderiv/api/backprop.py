"""The whole backward pass: one derivation for every parameter, input and intermediate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sympy import Expr, Indexed, Symbol

from symderiv.api.derivation import Derivation
from symderiv.api.goals import Goal, letter_pool, named, subject
from symderiv.api.matrix import Matrix
from symderiv.api.passes import Passes
from symderiv.api.telling import Detail, Telling
from symderiv.core.backward import Backward
from symderiv.core.binding import LETTERS, index, names
from symderiv.core.engine import Engine
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.expr import Partial
from symderiv.core.messages import Sentence
from symderiv.core.model import Model, describe, equation, inputs, shortened
from symderiv.core.symbols import Label
from symderiv.model.arrays import Array, as_array
from symderiv.model.grid import equations, show
from symderiv.rules import STANDARD

if TYPE_CHECKING:
    from symderiv.document.blocks import Document
    from symderiv.document.compose import Composer
    from symderiv.lower.passes import Kept
    from symderiv.matrices.layout import Layout
    from symderiv.oracle.report import Report

BUDGET = 10_000_000


def backprop(
    loss: Any,
    wrt: Sequence[Any] | None = None,
    *,
    facts: bool = True,
    letters: Any = None,
    name: str = "",
    trace: bool = True,
    budget: int = BUDGET,
) -> Backprop:
    """Derive ``∂loss/∂x`` for every x of ``wrt`` (all inputs, if none are given) in one pass.

    Adjoints of intermediates are named (``∂L/∂z``, short ``z̄``) and cited, never put into each
    other unless that reads shorter, so the pass is as long as the list of equations. ``name`` is
    what a loss without a name is called. With ``trace=False`` there are results only.

    >>> import symderiv as sd
    >>> n, m = sd.dims("n m")
    >>> x, W, t = sd.vector("x", n), sd.matrix("W", n, m), sd.vector("t", m)
    >>> z = sd.let("z", x @ W)
    >>> bp = sd.backprop(((z - t) ** 2).sum(), [W, x])
    >>> bp["W"].result
    x[i]*z_bar[j]

    Raises `ShapeError` if the loss is no scalar, `Unsupported` for a variable on which the loss
    does not depend, and where there is no variable.
    """
    of = subject(loss)
    if of.indices:
        axes = ", ".join(f"{v} = 1…{high}" for v, _, high in of.indices)
        shape = show(tuple(high for _, _, high in of.indices))
        raise ShapeError(
            Sentence(
                "the loss {expression} of shape {shape} is no scalar: it has the axes {axes}; "
                "sum over them{equations}",
                expression=shortened(of.element),
                shape=shape,
                axes=axes,
                equations=equations(as_array(loss)),
            )
        )
    model = Model.of(of.element)
    chosen = _targets(wrt, model, of.element)
    out = named(of, model, name)
    made_up = frozenset() if out == of.element else frozenset({out})
    model = model if out == of.element else Model.of(out)
    goal = Goal(Partial(out, out), (), model, made_up=made_up)
    scope = goal.scope(letter_pool(letters), facts=facts, withheld=frozenset())
    engine = Engine(STANDARD, scope, trace=trace, budget=budget)
    backward = Backward(engine, out, chosen)
    return Backprop(backward, tuple(chosen), out, _keys(backward.order))


def _keys(labels: Sequence[Label]) -> Mapping[Any, Label]:
    """By label, by name, and by stem where that is unique."""
    stems = Counter(x.stem for x in labels)
    keys: dict[Any, Label] = {x.stem: x for x in labels if stems[x.stem] == 1}
    keys.update((x.name, x) for x in labels)
    keys.update((x, x) for x in labels)
    return MappingProxyType(keys)


def variables(model: Model) -> list[Symbol]:
    """The inputs of a model that have a derivative: not class numbers, and not one-hot."""
    return [x for x in inputs(model) if x.spec.kind in ("real", "distribution")]


def _targets(wrt: Sequence[Any] | None, model: Model, loss: Expr) -> list[Symbol]:
    """What to differentiate by, each once."""
    if isinstance(wrt, (Array, Symbol, Indexed)):
        wrt = [wrt]
    if wrt is None:
        found = variables(model)
    else:
        known = frozenset(model.labels)
        found = [*dict.fromkeys(_target(x, known, loss) for x in wrt)]
    if not found:
        raise Unsupported(
            Sentence(
                "the loss {whole} rests on {names}; backprop() needs at least one variable to "
                "differentiate by",
                whole=_whole(loss),
                names=_below_names(model.labels, loss),
            )
        )
    return found


def _target(x: Any, known: frozenset[Symbol], loss: Expr) -> Symbol:
    label = x.label if isinstance(x, Array) else x
    if not isinstance(label, Symbol):
        raise Unsupported(
            Sentence(
                "{x} is no declared array, no scalar, and not named by let(); backprop() "
                "differentiates by whole arrays",
                x=repr(x),
            )
        )
    if label == loss and isinstance(label, Label) and label.spec.definition:
        raise Unsupported(
            Sentence(
                "{whole} is the loss: its derivative by itself is 1; it rests on {names}",
                whole=_whole(loss),
                names=_below_names(known, loss),
            )
        )
    if label not in known:
        raise Unsupported(_independent(label, known, loss))
    return label


def _independent(label: Symbol, known: frozenset[Symbol], loss: Expr) -> str:
    """What to say of a variable that the loss does not depend on."""
    given = (
        describe(label)
        if isinstance(label, Label)
        else Sentence("the symbol {name}", name=label.name)
    )
    alike = (x for x in _below(known, loss) if x.name == label.name and isinstance(x, Label))
    another = next(
        (Sentence("it rests on another one, {other}", other=describe(x)) for x in alike), None
    )
    return Sentence(
        "the loss {whole} does not depend on {given}; {why}",
        whole=_whole(loss),
        given=given,
        why=another or Sentence("it rests on {names}", names=_below_names(known, loss)),
    )


def _below(known: Iterable[Symbol], loss: Expr) -> list[Symbol]:
    return sorted((x for x in known if x != loss), key=str)


def _below_names(known: Iterable[Symbol], loss: Expr) -> str:
    return ", ".join(x.name for x in _below(known, loss)) or Sentence("no variable")


def _whole(loss: Expr) -> str:
    return equation(loss) if isinstance(loss, Label) else shortened(loss)


@dataclass(frozen=True, slots=True, eq=False)
class Backprop(Telling):
    """A derived backward pass: a mapping from names to derivations, built when they are read.

    ``bp["W1"]`` (or ``bp[W]``) is the derivation of a parameter's gradient; intermediates are there
    too (``bp["z1"]``). Iterating gives the names that were asked for.
    """

    adjoints: Backward
    targets: tuple[Symbol, ...]
    loss: Expr
    keys: Mapping[Any, Label] = field(repr=False)
    passes: Passes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "passes", Passes(self))

    # ------------------------------------------------------------ reading

    @property
    def names(self) -> tuple[str, ...]:
        """The names that were asked for."""
        return tuple(x.name for x in self.targets)

    @property
    def order(self) -> tuple[str, ...]:
        """Every name with an adjoint, from the output back."""
        return tuple(x.name for x in self.adjoints.order)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.targets)

    def __contains__(self, key: object) -> bool:
        return (key.label if isinstance(key, Array) else key) in self.keys

    def __getitem__(self, key: Any) -> Derivation:
        label = self._label(key)
        self.adjoints.result(label)
        return Derivation.of(self.adjoints.derivation(label))

    def gradient(self, key: Any) -> Any:
        """The result alone: an array of the variable's shape, or an expression for a scalar."""
        label = self._label(key)
        element = self.adjoints.result(label)
        indices = self.adjoints.indices(label)
        return Array(label.shape, indices, element) if indices else element

    def _label(self, key: Any) -> Label:
        wanted = key.label if isinstance(key, Array) else key
        found = self.keys.get(wanted)
        if found is None:
            if wanted in (self.loss, str(self.loss)):
                raise Unsupported(
                    Sentence(
                        "{key} is the loss: its derivative by itself is 1; there are adjoints of "
                        "{order}",
                        key=repr(key),
                        order=", ".join(self.order),
                    )
                )
            raise Unsupported(
                Sentence(
                    "{key} has no adjoint here; there are {order}",
                    key=repr(key),
                    order=", ".join(self.order),
                )
            )
        return found

    # ------------------------------------------------------------ what forward must keep

    @property
    def kept(self) -> tuple[Symbol, ...]:
        """The forward values that the backward pass reads: inputs and named intermediates.

        What a framework stores on its tape; in the order in which the forward pass has them.
        """
        needed: dict[Symbol, None] = {}
        for x in self._needed():
            for s in names(self.adjoints.result(x)):
                if isinstance(s, Label) and not s.spec.bar:
                    needed[s] = None
        return tuple(x for x in self.adjoints.model.labels if x in needed)

    @property
    def kept_entries(self) -> tuple[Expr, ...]:
        """What forward must keep, each at the indices of its definition."""
        return tuple(map(_shown, self.kept))

    def _needed(self) -> list[Label]:
        """The names whose adjoints the asked ones rest on, in the order of telling.

        From the output back; inputs and parameters follow the last adjoint that they cite.
        """
        wanted: dict[Symbol, list[Label]] = {}
        todo: list[Symbol] = list(self.targets)
        while todo:
            x = todo.pop()
            if x not in wanted:
                wanted[x] = self._cited(x)
                todo += wanted[x]
        between = [x for x in self.adjoints.order if x in wanted and x.spec.definition]
        place = {x: k for k, x in enumerate(between)}
        leaves = [x for x in self.adjoints.model.labels if x in wanted and x not in place]
        after = {x: max((place[c] for c in wanted[x]), default=-1) for x in leaves}
        return sorted([*between, *leaves], key=lambda x: place.get(x, after.get(x, 0)))

    def _cited(self, x: Symbol) -> list[Label]:
        """The names whose adjoints the result for x reads."""
        read = sorted(names(self.adjoints.result(x)), key=str)
        return [self.adjoints.of_bar(s) for s in read if isinstance(s, Label) and s.spec.bar]

    def derivations(self) -> list[tuple[str, Derivation]]:
        """The derivations that a document tells, from the output back."""
        return [(x.name, self[x]) for x in self._needed()]

    # ------------------------------------------------------------ as functions of arrays

    def lambdify(self, backend: str = "numpy") -> Callable[..., tuple[Any, dict[str, Any]]]:
        """``f(**arrays) -> (loss, {name: gradient})``, one program, nothing computed twice."""
        passes = self.passes if backend == "numpy" else Passes(self, backend)
        return passes.loss_and_gradients

    def forward(self, /, *data: Mapping[str, Any], **arrays: Any) -> tuple[Any, Kept]:
        """The loss, and the forward values that `backward` reads."""
        return self.passes.forward(*data, **arrays)

    def backward(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """``{name: gradient}`` from what the forward pass kept, and no more."""
        return self.passes.backward(kept)

    def matrix(self, key: Any, *, batch: Any = None, layout: Layout = "numerator") -> Matrix | None:
        """The result in matrix notation; see `Derivation.matrix`."""
        return self[key].matrix(batch=batch, layout=layout)

    def shapes(self, key: Any, *, layout: Layout = "numerator") -> str:
        """The matrix form with the shape of every array in it; see `Derivation.shapes`."""
        return self[key].shapes(layout=layout)

    # ------------------------------------------------------------ checking, telling

    def check(self, *, seed: int = 0, **options: Any) -> Report:
        """Every step of every derivation, and every matrix form; see `Derivation.check`."""
        from symderiv.oracle.check import check_derivations

        told = [d for _, d in self.derivations()]
        return check_derivations(told, in_pass=True, seed=seed, **options)

    def document(self, detail: Detail = "normal", language: str = "en") -> Document:
        """What forward must keep, every adjoint from the output back, and the asked gradients."""
        from symderiv.document.narrate import document_of_pass

        found = [d for _, d in self.derivations()]
        return document_of_pass(found, self.kept_entries, detail, language)

    def compose(self, composer: Composer, report: Report | None = None) -> None:
        """Add what forward must keep, and every adjoint, to an article; see `Telling.compose`."""
        from symderiv.document.narrate import adjoint_of, kept_words

        composer.paragraph(*kept_words(self.kept_entries, composer.language), ".")
        told = [derivation for _, derivation in self.derivations()]
        for derivation in told:
            last = derivation is told[-1]
            composer.derivation(
                derivation,
                title=adjoint_of(derivation, composer.language),
                proofs=report.proofs() if report is not None else None,
                verdict=report.words(composer.language) if report is not None and last else (),
                refuted=report is not None and not report.ok,
            )

    def __repr__(self) -> str:
        return f"<Backprop of {self.loss} by {', '.join(self.names)}>"


def _shown(x: Symbol) -> Expr:
    """A name at the indices of its definition, or at the usual letters."""
    if not isinstance(x, Label):
        return x
    letters = map(index, LETTERS[: len(x.shape)])
    definition = x.spec.definition
    return x.entry(*(definition.indices if definition else letters))

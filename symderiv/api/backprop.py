"""The whole backward pass: one derivation for every parameter, input and intermediate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sympy import Expr, Indexed, Symbol

from symderiv.api.derivation import Derivation, Detail
from symderiv.api.goals import Goal, letter_pool, named, subject
from symderiv.api.passes import Passes
from symderiv.core.backward import Backward
from symderiv.core.binding import LETTERS, index, names
from symderiv.core.engine import Engine
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.expr import Partial
from symderiv.core.model import Model, inputs
from symderiv.core.symbols import Label, indices_of
from symderiv.model.arrays import Array
from symderiv.rules import STANDARD

if TYPE_CHECKING:
    from symderiv.document.blocks import Document
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
    trace: bool = True,
    budget: int = BUDGET,
) -> Backprop:
    """Derive ``∂loss/∂x`` for every x of ``wrt`` (all inputs, if none are given) in one pass.

    Adjoints of intermediates are named (``∂L/∂z``, short ``z̄``) and cited, never put into each
    other unless that reads shorter, so the pass is as long as the list of equations. With
    ``trace=False`` there are results only.

    >>> import symderiv as sd
    >>> n, m = sd.dims("n m")
    >>> x, W, t = sd.vector("x", n), sd.matrix("W", n, m), sd.vector("t", m)
    >>> z = sd.let("z", x @ W)
    >>> bp = sd.backprop(((z - t) ** 2).sum(), [W, x])
    >>> bp["W"].result
    x[i]*z_bar[j]

    Raises `ShapeError` if the loss is no scalar, `Unsupported` for a variable on which the loss
    does not depend.
    """
    of = subject(loss)
    if of.indices:
        axes = ", ".join(f"{v} = 1…{high}" for v, _, high in of.indices)
        raise ShapeError(
            f"the loss {of.element} is no scalar: it has the axes {axes}; sum over them"
        )
    model = Model.of(of.element)
    chosen = _targets(wrt, model, of.element)
    out = named(of, model)
    made_up = frozenset() if out == of.element else frozenset({out})
    model = Model.of(out)
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


def _targets(wrt: Sequence[Any] | None, model: Model, loss: Expr) -> list[Symbol]:
    if wrt is None:
        return [x for x in inputs(model) if x.spec.kind in ("real", "distribution")]
    if isinstance(wrt, (Array, Symbol, Indexed)):
        wrt = [wrt]
    known = frozenset(model.labels)
    return [_target(x, known, loss) for x in wrt]


def _target(x: Any, known: frozenset[Symbol], loss: Expr) -> Symbol:
    label = x.label if isinstance(x, Array) else x
    if not isinstance(label, Symbol):
        raise Unsupported(
            f"{x!r} is no declared array, no scalar, and not named by let(); "
            "backprop() differentiates by whole arrays"
        )
    if label not in known:
        rests = ", ".join(sorted(x.name for x in known))
        raise Unsupported(f"the loss {loss} does not depend on {label.name}; it rests on {rests}")
    return label


@dataclass(frozen=True, slots=True, eq=False)
class Backprop:
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
        goal = self.adjoints.goal(label)
        indices = indices_of(goal.by)
        return Array(label.shape, indices, element) if indices else element

    def _label(self, key: Any) -> Label:
        wanted = key.label if isinstance(key, Array) else key
        found = self.keys.get(wanted)
        if found is None:
            raise Unsupported(f"{key!r} has no adjoint here; there are {', '.join(self.order)}")
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

    def _needed(self) -> list[Label]:
        """The names whose adjoints the asked ones rest on, from the output back."""
        wanted: dict[Symbol, None] = {}
        todo: list[Symbol] = list(self.targets)
        bars: dict[Label, Label] = {}
        while todo:
            x = todo.pop()
            if x in wanted:
                continue
            wanted[x] = None
            read = sorted(names(self.adjoints.result(x)), key=str)
            cited = [s for s in read if isinstance(s, Label) and s.spec.bar]
            todo += [bars.setdefault(s, self.adjoints.of_bar(s)) for s in cited]
        return [x for x in self.adjoints.order if x in wanted]

    def derivations(self) -> list[tuple[str, Derivation]]:
        """The derivations that a document tells, from the output back."""
        return [(x.name, self[x]) for x in self._needed()]

    # ------------------------------------------------------------ as functions of arrays

    def lambdify(self, backend: str = "numpy") -> Callable[..., tuple[Any, dict[str, Any]]]:
        """``f(**arrays) -> (loss, {name: gradient})``, one program, nothing computed twice."""
        passes = self.passes if backend == "numpy" else Passes(self, backend)
        return passes.loss_and_gradients

    def forward(self, *data: Mapping[str, Any], **arrays: Any) -> tuple[Any, Kept]:
        """The loss, and the forward values that `backward` reads."""
        return self.passes.forward(*data, **arrays)

    def backward(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """``{name: gradient}`` from what the forward pass kept, and no more."""
        return self.passes.backward(kept)

    def matrix(self, key: Any, *, batch: Any = None, layout: Layout = "numerator") -> Any:
        """The result in matrix notation, ``Xᵀ Z̄``; None where there is no such form.

        ``batch`` names the index of examples, to be told per example.
        """
        from symderiv.matrices.convert import matrix_form
        from symderiv.matrices.layout import in_layout

        found = self[key]
        letter = next((v for v, *_ in found.indices if str(v) == str(batch)), batch)
        form = matrix_form(found.last, found.indices, batch=letter)
        return None if form is None else in_layout(form, found.goal, layout)

    # ------------------------------------------------------------ checking, telling

    def check(self, *, seed: int = 0, **options: Any) -> Report:
        """Every step of every derivation, by numbers; see `Derivation.check`."""
        from symderiv.oracle.check import check_derivations

        return check_derivations([d for _, d in self.derivations()], seed=seed, **options)

    def document(self, detail: Detail = "normal", language: str = "en") -> Document:
        """What forward must keep, every adjoint from the output back, and the asked gradients."""
        from symderiv.document.narrate import document_of_pass

        found = [d for _, d in self.derivations()]
        return document_of_pass(found, [_shown(x) for x in self.kept], detail, language)

    def to_text(self, *, detail: Detail = "normal", language: str = "en") -> str:
        """The whole pass as text, what forward must keep first."""
        from symderiv.render.text import to_text

        return to_text(self.document(detail, language), language=language)

    def to_latex(
        self, *, detail: Detail = "normal", language: str = "en", document: bool = False
    ) -> str:
        """LaTeX rows for ``align*``; a whole document with ``document=True``."""
        from symderiv.render import latex

        tell = latex.to_document if document else latex.to_latex
        return tell(self.document(detail, language), language=language)

    def to_mathml(self, *, detail: Detail = "normal", language: str = "en") -> str:
        """MathML Core, one ``<math>`` a cell."""
        from symderiv.render.mathml import to_mathml

        return to_mathml(self.document(detail, language), language=language)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Backprop of {self.loss} by {', '.join(self.names)}>"


def _shown(x: Symbol) -> Expr:
    """A name at the indices of its definition, or at the usual letters."""
    if not isinstance(x, Label):
        return x
    letters = map(index, LETTERS[: len(x.shape)])
    definition = x.spec.definition
    return x.entry(*(definition.indices if definition else letters))

"""Statements that show: a table of shapes, diagrams, paths of the chain rule, plots."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from sympy import Symbol

from symderiv import api
from symderiv.api.goals import subject
from symderiv.core.errors import Unsupported
from symderiv.core.messages import N_
from symderiv.core.model import Model
from symderiv.core.symbols import Label
from symderiv.document.blocks import Words
from symderiv.document.messages import translate
from symderiv.document.words import separated
from symderiv.publish.place import SourceError, Text
from symderiv.publish.registry import statement
from symderiv.publish.session import Session
from symderiv.publish.statement import Statement, listed
from symderiv.publish.statements.deriving import expression
from symderiv.publish.values import number, values

HEAD = (N_("Name"), N_("Shape"), N_("What it is"))
NUMBER = N_("a number")
KINDS = {
    "real": N_("given, real"),
    "distribution": N_("given, a distribution"),
    "one_hot": N_("given, one-hot"),
    "labels": N_("given, class numbers"),
}
POSITIVE = N_("given, positive")


@statement("shapes EXPR", "label", "caption")
def shapes(s: Statement, session: Session) -> None:
    """A table of the names that something rests on: their shapes, and what they are."""
    value = expression(s.plain("shapes EXPR"), session.vocabulary.child())
    labels = Model.of(subject(value).element).labels
    if not labels:
        raise s.error("no name stands in this expression, so there are no shapes to show")
    head: tuple[Words, ...] = tuple((translate(word, session.language),) for word in HEAD)
    rows = [_row(label, session.language) for label in labels]
    with (s.options.get("label") or s.whole).placed():
        session.composer.table(
            head, rows, caption=session.words(s, "caption"), label=session.label(s)
        )


def _row(label: Label, language: str) -> tuple[Words, ...]:
    sizes: Words = separated([(size,) for size in label.shape], " × ")
    shape = sizes or (translate(NUMBER, language),)
    definition = label.spec.definition
    if definition is not None:
        left = label.entry(*definition.indices) if definition.indices else label
        return (label,), shape, (left, " = ", definition.body)
    said = POSITIVE if label.spec.positive and label.spec.kind == "real" else KINDS[label.spec.kind]
    return (label,), shape, (translate(said, language),)


# ---------------------------------------------------------------- pictures


def drawing(name: str) -> Callable[..., Any]:
    """A function of the room of pictures.

    Raises:
        Unsupported: what draws them is not installed.
    """
    try:
        found: Callable[..., Any] = getattr(import_module("symderiv.pictures"), name)
    except (ImportError, AttributeError) as error:
        raise Unsupported(
            'pictures need more than is installed; install it with pip install "symderiv[diagrams]"'
        ) from error
    return found


@statement("diagram L", "label", "caption", "at")
def diagram(s: Statement, session: Session) -> None:
    """The graph of a computation, with numbers on its edges where values are given."""
    value = expression(s.plain("diagram L"), session.vocabulary.child())
    given = values(s.options["at"]) if "at" in s.options else None
    _figure(s, session, drawing("graph")(value, values=given, language=session.language))


@statement("paths L by NAME", "label", "caption")
def paths(s: Statement, session: Session) -> None:
    """The ways by which a change reaches the loss, one picture for each."""
    what, by = s.split("paths L by NAME", "by", "wrt")
    scope = session.vocabulary.child()
    value = expression(what, scope)
    with by.placed():
        derivation = api.derive(value, scope.variable(by.text))
    for at, picture in enumerate(drawing("paths")(derivation, language=session.language)):
        _figure(s, session, picture, at)


@statement("plot EXPR", "label", "caption", "title", "x", "marks")
def plot(s: Statement, session: Session) -> None:
    """Curves of expressions in one variable, with marked places."""
    scope = session.vocabulary.child()
    curves = [expression(part, scope) for part in listed(s.plain("plot EXPR, EXPR"))]
    name = _variable_of(s, curves)
    low, high = _range(s.options["x"]) if "x" in s.options else (0, 1)
    marks = [number(part) for part in listed(s.options["marks"])] if "marks" in s.options else []
    picture = drawing("plot")(
        curves,
        x=name,
        between=(low, high),
        marks=marks,
        title=session.words(s, "title"),
        language=session.language,
    )
    _figure(s, session, picture)


def _variable_of(s: Statement, curves: list[Any]) -> Symbol:
    found: dict[Symbol, None] = {}
    for curve in curves:
        of = subject(curve)
        if of.indices:
            raise s.error("a plot shows numbers, not arrays; take an entry, or sum")
        found.update(dict.fromkeys(sorted(of.element.free_symbols, key=str)))
    free = [x for x in found if not (isinstance(x, Label) and x.spec.definition)]
    if len(free) != 1:
        said = ", ".join(map(str, free)) or "none"
        raise s.error(f"a plot runs over one variable; these expressions have {said}")
    return free[0]


def _range(text: Text) -> tuple[Any, Any]:
    low, dots, high = text.text.partition("..")
    if not dots:
        raise SourceError("expected a range such as 0..1", text.at(0))
    start = len(low) + 2
    return number(text.part(0, len(low))), number(text.part(start, start + len(high)))


def _figure(s: Statement, session: Session, picture: Any, at: int = 0) -> None:
    label = session.label(s)
    caption = session.words(s, "caption")
    with (s.options.get("label") or s.whole).placed():
        named = f"{label}-{at + 1}" if label and at else label
        session.composer.figure(picture, caption, named)

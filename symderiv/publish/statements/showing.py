"""Statements that show: a table of shapes, diagrams, paths of the chain rule, plots."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from typing import Any

from sympy import Expr, Symbol, preorder_traversal

from symderiv.api.goals import subject
from symderiv.api.values import exact
from symderiv.core.errors import Unsupported
from symderiv.core.messages import N_, Sentence
from symderiv.core.model import Model, inputs
from symderiv.core.symbols import Definition, Label, label_of
from symderiv.document.article import Picture
from symderiv.document.blocks import Words
from symderiv.document.messages import translate
from symderiv.document.words import fill
from symderiv.publish.marks import marks
from symderiv.publish.place import SourceError, Text
from symderiv.publish.registry import statement
from symderiv.publish.session import Session
from symderiv.publish.statement import Statement, listed
from symderiv.publish.statements.deriving import expression, variable
from symderiv.publish.values import number, plain, values

HEAD = (N_("Name"), N_("Shape"), N_("What it is"))
NUMBER = N_("a number")
KINDS = {
    "real": N_("given, real"),
    "distribution": N_("given, a distribution"),
    "one_hot": N_("given, one-hot"),
    "labels": N_("given, class numbers"),
}
POSITIVE = N_("given, positive")
ALL_PATHS = N_("All paths from {name} to {out}")


@statement("shapes EXPR", "label", "caption")
def shapes(s: Statement, session: Session) -> None:
    """A table of the names that something rests on: their shapes, and what they are."""
    value = expression(s.plain("shapes EXPR"), session.vocabulary.child())
    labels = as_read(subject(value).element)
    if not labels:
        raise s.error(Sentence("no name stands in this expression, so there are no shapes to show"))
    head: tuple[Words, ...] = tuple((translate(word, session.language),) for word in HEAD)
    said = session.vocabulary.equations()
    rows = [_row(label, said.get(label), session.language) for label in labels]
    with (s.options.get("label") or s.whole).placed():
        session.composer.table(
            head, rows, caption=session.words(s, "caption"), label=session.label(s)
        )


def as_read(e: Expr) -> list[Label]:
    """The names that something rests on, in the order in which the forward pass reads them."""
    model = Model.of(e)
    done: dict[Label, None] = {}
    for label, definition in model.equations:
        read = _read(definition.body)
        done.update(dict.fromkeys([*(x for x in read if x.spec.definition is None), label]))
    done.update(dict.fromkeys([*_read(e), *model.labels]))
    return list(done)


def _read(e: Expr) -> list[Label]:
    """The labels that an expression reads, as they are written from left to right."""
    known = Model.of(e).labels
    found = dict.fromkeys(x for part in preorder_traversal(e) if (x := label_of(part)) in known)
    return [x for x in found if isinstance(x, Label)]


def _row(label: Label, written: Definition | None, language: str) -> tuple[Words, ...]:
    sizes: Words = tuple(x for size in label.shape for x in (" × ", size))[1:]
    shape = sizes or (translate(NUMBER, language),)
    definition = written or label.spec.definition
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
            Sentence(
                "pictures need more than is installed; install it with pip install "
                '"symderiv[diagrams]"'
            )
        ) from error
    return found


@statement("diagram L", "label", "caption", "at", "adjoints", "by")
def diagram(s: Statement, session: Session) -> None:
    """The graph of a computation, with numbers where values are given."""
    scope = session.vocabulary.child()
    value = session.shown(expression(s.plain("diagram L"), scope))
    given = plain(values(s.options["at"])) if "at" in s.options else None
    adjoints = s.yes("adjoints", default=True)
    if "by" in s.options and not adjoints:
        raise SourceError(
            Sentence("adjoints: no draws no adjoints, so there is nothing to choose with by"),
            s.options["by"].at(0),
        )
    names = back_to(s, value, session.transcript.parameters) if adjoints else []
    by = [variable(name, scope) for name in names] or None
    picture = drawing("graph")(
        value, values=given, language=session.language, adjoints=adjoints, by=by
    )
    _figure(s, session, picture)


def back_to(s: Statement, value: Any, parameters: Collection[str]) -> list[Text]:
    """What the way back of a diagram leads to: what is asked for, or those parameters of networks
    on which the loss rests; nothing where that is for the diagram to choose.
    """
    if "by" in s.options:
        return listed(s.options["by"])
    of = subject(value)
    if of.indices:
        return []
    names = (label.name for label in as_read(of.element))
    return [Text(name, s.rest.file, s.rest.line) for name in names if name in parameters]


@statement("paths L by NAME", "label", "caption", "sizes")
def paths(s: Statement, session: Session) -> None:
    """The ways by which a change reaches the loss: a picture for each, then all together.

    The last bears the label and the caption, those before it ``label-1``, ``label-2``, …. The
    caption of a path is its names, ``x → u → L``; that of all together names their ends, if no
    other is given.
    """
    what, by = s.split("paths L by NAME", "by", "wrt")
    scope = session.vocabulary.child()
    value = session.shown(expression(what, scope))
    with by.placed():
        name = scope.variable(by.text)
    sizes = {}
    for size, given in values(s.options["sizes"]).items() if "sizes" in s.options else ():
        if not str(given).isdigit():
            raise SourceError(
                Sentence("the size {size} is a whole number", size=size), s.options["sizes"].at(0)
            )
        sizes[size] = int(given)
    pictures = drawing("paths")(value, name, sizes=sizes or None, language=session.language)
    ways = drawing("ways")(value, name, sizes=sizes or None)
    captions = [tuple(x for stop in way for x in (" → ", stop))[1:] for way in ways]
    for at, picture in enumerate(pictures[:-1], 1):
        _figure(s, session, picture, at, captions[at - 1])
    ends = {"name": ways[0][0], "out": ways[0][-1]}
    together = captions[0] if len(captions) == 1 else fill(ALL_PATHS, ends, session.language)
    _figure(s, session, pictures[-1], caption=together)


PLOTTING = ("label", "caption", "title", "x", "y", "over", "marks", "at", "derivative")


@statement("plot EXPR", *PLOTTING)
def plot(s: Statement, session: Session) -> None:
    """Curves of expressions over one scalar, with marked places."""
    scope = session.vocabulary.child()
    curves = [expression(part, scope) for part in listed(s.plain("plot EXPR, EXPR"))]
    given = plain(values(s.options["at"])) if "at" in s.options else {}
    along = over(s, curves, given)
    if "x" not in s.options:
        raise s.error(
            Sentence("a plot needs the range of its variable, such as x: 0..1 among its options")
        )
    between = _range(s.options["x"])
    heights = _range(s.options["y"]) if "y" in s.options else None
    marked = marks(s.options["marks"]) if "marks" in s.options else ()
    picture = drawing("plot")(
        curves,
        x=along,
        range=between,
        marks=[(number(place), session.inline(words)) for place, words in marked],
        derivative=s.yes("derivative", default=False),
        values=given,
        y_range=heights,
        y_label=session.words(s, "title") or None,
        language=session.language,
    )
    _figure(s, session, picture)


def over(s: Statement, curves: list[Any], given: dict[str, Any]) -> Symbol:
    """The scalar along the axis: that of the option, or the only one without a number."""
    of = [subject(curve) for curve in curves]
    if any(one.indices for one in of):
        raise s.error(Sentence("a plot shows numbers, not arrays; take an entry, or sum"))
    free = {x.name: x for x in inputs(Model.of(*(one.element for one in of)))}
    wanted = s.option("over")
    if wanted and wanted not in free:
        raise SourceError(
            Sentence("{wanted} does not occur in the curves", wanted=repr(wanted[:40])),
            s.options["over"].at(0),
        )
    left = [name for name in free if name not in given]
    if not wanted and len(left) != 1:
        said = ", ".join(left) or Sentence("none")
        raise s.error(
            Sentence(
                "a plot runs over one scalar; these curves have {said}. Say which with over: "
                "x, and give the others numbers with at: a = 2",
                said=said,
            )
        )
    along = wanted or left[0]
    others = [name for name in left if name != along]
    if others:
        raise s.error(
            Sentence(
                "the curves rest on {others} beside {x}; give numbers with at: {first} = 1",
                others=", ".join(others),
                x=along,
                first=others[0],
            )
        )
    return free[along]


def _range(text: Text) -> tuple[Any, Any]:
    first, dots, _ = text.text.partition("..")
    if not dots:
        raise SourceError(Sentence("expected a range such as 0..1"), text.at(0))
    low, high = number(text.part(0, len(first))), number(text.part(len(first) + 2))
    if not exact(low, "x") < exact(high, "x"):
        raise SourceError(
            Sentence("{range}: the first number must be the smaller one", range=text.text),
            text.at(0),
        )
    return low, high


def _figure(
    s: Statement, session: Session, picture: Picture, number: int = 0, caption: Words = ()
) -> None:
    """The picture of a statement, with its caption; a numbered one leads up to that."""
    label = session.label(s)
    caption = caption if number else session.words(s, "caption") or caption
    with (s.options.get("label") or s.whole).placed():
        named = f"{label}-{number}" if label and number else label
        session.composer.figure(picture, caption, named)

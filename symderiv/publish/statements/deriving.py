"""Statements that derive: gradients, whole passes, short forms, values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symderiv import api
from symderiv.api import Derivation
from symderiv.api.goals import subject
from symderiv.core.errors import NotReached
from symderiv.core.messages import Sentence, reported
from symderiv.document.article import Paragraph
from symderiv.document.blocks import Styled, Words
from symderiv.document.narrate import adjoint_of, kept_words
from symderiv.parse import Vocabulary
from symderiv.parse.declare import parse_name
from symderiv.publish.place import CheckFailed, InSource, SourceError, Text
from symderiv.publish.registry import statement
from symderiv.publish.session import Session
from symderiv.publish.statement import Statement, listed
from symderiv.publish.values import values
from symderiv.render.text import text as shown

BUDGET = 20_000
"""Rewrites of one derivation; seconds."""

TELLING = ("label", "title", "detail", "check")


@statement("derive EXPR by NAME", *TELLING, "to", "facts", "letters")
def derive(s: Statement, session: Session) -> None:
    """The derivative by a name or an entry, or by several."""
    what, by = s.split("derive EXPR by NAME", "by", "wrt")
    scope = session.vocabulary.child()
    value = expression(what, scope)
    variables = [variable(text, scope) for text in listed(by)]
    form = expression(s.options["to"], scope) if "to" in s.options else None
    if len(variables) > 1 and form is not None:
        raise SourceError(Sentence("to: needs a single variable"), s.options["to"].at(0))
    facts = s.yes("facts", True)
    name = session.called(value)
    options = {"to": form, "facts": facts, "name": name, "letters": letters(s), "budget": BUDGET}
    found = [_derived(s, value, x, **options) for x in variables]
    for derivation in found:
        session.call(value, name, derivation)
    tell(s, session, found, names=[text.text for text in listed(by)])


def letters(s: Statement) -> list[str] | None:
    """The letters from which indices are named, in their order."""
    if "letters" not in s.options:
        return None
    given = listed(s.options["letters"])
    for letter in given:
        with letter.placed():
            parse_name(letter.text)
    return [letter.text for letter in given]


def variable(text: Text, scope: Vocabulary) -> Any:
    """What is derived by."""
    with text.placed():
        return scope.variable(text.text)


def expression(text: Text, scope: Vocabulary) -> Any:
    """What a text means."""
    with text.placed():
        if not text.text:
            raise SourceError(Sentence("expected an expression"), text.at(0))
        return scope.read(text.text)


def _derived(s: Statement, value: Any, x: Any, **options: Any) -> Derivation:
    with _reaching(s):
        found: Derivation = api.derive(value, x, **options)
    return found


class _reaching:  # noqa: N801  a context
    """An author's form that is not reached is a check that failed."""

    def __init__(self, s: Statement) -> None:
        self.s = s

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, NotReached):
            place = (self.s.options.get("to") or self.s.whole).at(0)
            raise CheckFailed(reported(error, InSource), place) from None


def tell(
    s: Statement,
    session: Session,
    derivations: Sequence[Derivation],
    *,
    names: Sequence[str] = (),
    titles: Sequence[Words] = (),
) -> None:
    """Tell derivations under the label and the title of a statement.

    Each derivation of several bears ``label-name``, and the first the label itself as well; one
    alone bears the label, and ``label-name`` too if nothing else does. A title stands above
    derivations that have titles of their own.
    """
    label = session.label(s)
    several = len(derivations) > 1
    labels = [f"{label}-{name}" for name in names] if label and several else [label]
    if not titles and (title := session.words(s, "title")):
        titles = [title]
    session.tell(s, derivations, labels=labels, titles=titles)
    if label and several and names:
        with s.options["label"].placed():
            session.composer.also(label, labels[0])
    elif label and any(names):
        session.composer.also(f"{label}-{names[0]}", label, kept=False)


@statement("backprop L by NAMES", *TELLING, "facts", "letters")
def backprop(s: Statement, session: Session) -> None:
    """A whole backward pass, and what the forward pass keeps for it."""
    what, by = s.split("backprop L by NAME, NAME", "by", "wrt")
    scope = session.vocabulary.child()
    loss = expression(what, scope)
    wrt, name = [variable(x, scope) for x in listed(by)], session.called(loss)
    facts = s.yes("facts", True)
    bp = api.backprop(loss, wrt, facts=facts, name=name, letters=letters(s))
    if title := session.words(s, "title"):
        session.composer.add(Paragraph((Styled("strong", title),)))
    session.composer.add(Paragraph((*kept_words(bp.kept_entries, session.language), ".")))
    parts = bp.derivations()
    session.call(loss, name, parts[0][1])
    titles = [adjoint_of(d, session.language) for _, d in parts]
    tell(s, session, [d for _, d in parts], names=[name for name, _ in parts], titles=titles)


@statement("rewrite EXPR to EXPR", *TELLING, "facts")
def rewrite(s: Statement, session: Session) -> None:
    """That an expression equals its short form, or the author's form."""
    scope = session.vocabulary.child()
    to = None
    what = s.plain("rewrite EXPR, or rewrite EXPR to EXPR")
    if " to " in f" {what.text} ".replace("\n", " "):
        what, wanted = s.split("rewrite EXPR to EXPR", "to")
        value, to = expression(what, scope), expression(wanted, scope)
    else:
        value = expression(what, scope)
    with _reaching(s):
        found = api.rewrite(value, to=to, facts=s.yes("facts", True), budget=BUDGET)
    if not found.steps:
        raise s.error(Sentence("{shown} is in its short form already", shown=shown(found.goal)))
    tell(s, session, [found])


@statement("unfold EXPR", *TELLING)
def unfold(s: Statement, session: Session) -> None:
    """What an expression is by its definitions."""
    value = expression(s.plain("unfold EXPR"), session.vocabulary.child())
    tell(s, session, [api.unfold(value, budget=BUDGET)])


@statement("value EXPR", *TELLING, "at")
def value(s: Statement, session: Session) -> None:
    """The exact value at given numbers, and its decimal."""
    scope = session.vocabulary.child()
    what = expression(s.plain("value EXPR"), scope)
    of = subject(what)
    if of.indices:
        raise s.error(
            Sentence(
                "value needs a single number; {expression} has one for each {names}. Take an "
                "entry, such as z[1], or a sum",
                expression=of.element,
                names=", ".join(str(v) for v, *_ in of.indices),
            )
        )
    given = values(s.options["at"]) if "at" in s.options else {}
    with (s.options.get("at") or s.whole).placed():
        found = api.evaluate(what, given)
    tell(s, session, [found])


@statement("tell NAME", *TELLING)
def tell_named(s: Statement, session: Session) -> None:
    """A derivation, or a whole pass, that a trusted block of Python made."""
    text = s.plain("tell NAME")
    found = session.named.get(text.text)
    if found is None:
        known = ", ".join(session.named) or Sentence("none so far")
        raise SourceError(
            Sentence(
                "{text} is no derivation made by a Python block; there are {known}",
                text=repr(text.text[:40]),
                known=known,
            ),
            text.at(0),
        )
    parts = found.derivations() if isinstance(found, api.Backprop) else [("", found)]
    tell(s, session, [d for _, d in parts], names=[name for name, _ in parts])

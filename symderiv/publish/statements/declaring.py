"""Statements that say what names are."""

from __future__ import annotations

from symderiv.core.messages import Sentence
from symderiv.parse import KINDS, Kind
from symderiv.publish.place import Text
from symderiv.publish.registry import Gives, Run, statement
from symderiv.publish.session import Session
from symderiv.publish.statement import Statement

_SIZES: dict[Kind, str] = {
    "scalar": "",
    "vector": ": n",
    "matrix": ": n, m",
    "tensor": ": n, m, d",
    "distribution": ": n",
    "one_hot": ": n",
    "labels": ": N",
}


def _declaring(kind: Kind) -> Run:
    word = kind.replace("_", "-")

    def declare(s: Statement, session: Session) -> None:
        text = s.plain(f"{word} NAME{_SIZES[kind]}")
        with text.placed():
            session.vocabulary.declare(kind, text.text)

    return statement(f"{word} NAME{_SIZES[kind]}", gives=Gives.LEFT)(declare)


for _kind in KINDS:
    _declaring(_kind)


@statement("positive NAME", gives=Gives.LEFT)
def positive(s: Statement, session: Session) -> None:
    """The name is positive, so the laws of logarithms apply."""
    for name in names(s.plain("positive NAME")):
        with name.placed():
            session.vocabulary.suppose_positive(name.text)


@statement("function NAME", gives=Gives.LEFT)
def function(s: Statement, session: Session) -> None:
    """A function without a definition."""
    for name in names(s.plain("function NAME")):
        with name.placed():
            session.vocabulary.function(name.text)


def names(text: Text) -> list[Text]:
    """``a, b``: one text for each name."""
    cuts = [at for at, c in enumerate(text.text) if c == ","]
    return [
        text.part(a, b) for a, b in zip([0, *(c + 1 for c in cuts)], [*cuts, None], strict=True)
    ]


@statement("let NAME = EXPR", gives=Gives.LEFT)
def let(s: Statement, session: Session) -> None:
    """A named intermediate."""
    text = s.plain("let NAME = EXPR")
    with text.placed():
        session.vocabulary.let(text.text)


@statement("forget", gives=Gives.ANY_NAME)
def forget(s: Statement, session: Session) -> None:
    """Names mean nothing any more, and definitions are told anew."""
    if s.rest.text:
        raise s.error(Sentence("expected: forget, alone; it starts over with all names"))
    session.vocabulary = type(session.vocabulary)()
    session.named.clear()
    session.composer.start_over()

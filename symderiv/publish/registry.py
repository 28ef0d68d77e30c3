"""The statements of the block language by name; each is one function in one module."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from symderiv.core.messages import Sentence
from symderiv.publish.place import SourceError
from symderiv.publish.statement import Statement

if TYPE_CHECKING:
    from symderiv.publish.session import Session

MODULES = ("declaring", "deriving", "claiming", "showing", "network", "entries")
"""The modules of `symderiv.publish.statements`."""

PROSE = ("title", "caption")
"""Options that are running text."""

Run = Callable[[Statement, "Session"], None]


class Gives(Enum):
    """What later lines may rest on, so that it is in doubt if the statement fails."""

    NOTHING = auto()
    LEFT = auto()
    """The names left of its first equals sign, or all that it spells."""
    HEADINGS = auto()
    """Labels that it does not spell."""
    ANY_NAME = auto()
    """Names that it does not spell."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of statement: how it is written, its options, what it does, and what it gives."""

    word: str
    form: str
    options: tuple[str, ...]
    run: Run
    gives: Gives


_CONTINUED = re.compile(
    r"\n[ \t]+(?P<word>[a-z][a-z-]*)[ \t]+(?!(?:by|to|wrt)\b)(?=[^\W_]|[$\"'(])"
)
"""A line that goes on with a word and what is no operator: nothing in a formula is written so."""
_KINDS: dict[str, Kind] = {}


def statement(form: str, *options: str, gives: Gives = Gives.NOTHING) -> Callable[[Run], Run]:
    """Register the function that carries out a statement; ``form`` is shown where it is misused."""

    def register(run: Run) -> Run:
        word = form.partition(" ")[0]
        _KINDS[word] = Kind(word, form, options, run, gives)
        return run

    return register


@cache
def kinds() -> dict[str, Kind]:
    """Every statement by its first word.

    >>> kinds()["derive"].form
    'derive EXPR by NAME'
    """
    for module in MODULES:
        import_module(f"symderiv.publish.statements.{module}")
    return dict(_KINDS)


def carry_out(s: Statement, session: Session) -> None:
    """Do what a statement says.

    Raises:
        SourceError: it cannot be done; a `CheckFailed` if it can, and is wrong.
    """
    kind = kinds().get(s.word)
    if kind is None:
        close = get_close_matches(s.word, list(kinds()), 3)
        hint = (
            Sentence("did you mean {names}?", names=", ".join(close))
            if close
            else Sentence("there are {names}", names=", ".join(kinds()))
        )
        raise s.error(
            Sentence("there is no statement {word}; {hint}", word=repr(s.word[:40]), hint=hint)
        )
    for key, value in s.options.items():
        if key not in kind.options:
            takes = ", ".join(kind.options) or Sentence("none")
            raise SourceError(
                Sentence(
                    "{word} has no option {key}; it has: {takes}",
                    word=s.word,
                    key=repr(key),
                    takes=takes,
                ),
                value.at(0),
            )
    _refuse_lost_colon(s, kind)
    blocks = session.composer.blocks
    before = len(blocks)
    with s.whole.placed():
        kind.run(s, session)
    blocks[before:] = session.transcript.follow(
        s, session.vocabulary, blocks[before:], session.language
    )


def _refuse_lost_colon(s: Statement, kind: Kind) -> None:
    """Refuse a line below a statement that would be an option if it had its colon."""
    for text in (s.whole, *(text for key, text in s.options.items() if key not in PROSE)):
        for line in _CONTINUED.finditer(text.text):
            if line["word"] in kind.options:
                raise SourceError(
                    Sentence("{key} needs a colon here: {key}: …", key=line["word"]),
                    text.at(line.start("word")),
                )

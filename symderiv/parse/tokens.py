"""Characters to tokens. Everything that is not on a list here is refused, with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from symderiv.core.errors import ParseError
from symderiv.core.messages import N_, Sentence
from symderiv.parse.limits import MAX_DIGITS, MAX_NAME, MAX_TEXT

Kind = Literal["number", "name", "op", "end"]

OPERATORS = ("**", "<=", ">=", "==", "!=", *"+-*/@()[],<>=")
ALIASES = {"^": "**", "−": "-", "·": "*", "×": "*", "⋅": "*", "≤": "<=", "≥": ">=", "≠": "!="}
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_HINTS = {
    ".": N_("attributes are not part of the language (for a transpose write transpose(W))"),
    "'": N_("quotes are not part of the language"),
    '"': N_("quotes are not part of the language"),
    "{": N_("write ( ) for grouping and [ ] for indices"),
    "}": N_("write ( ) for grouping and [ ] for indices"),
    "\\": N_("this is not LaTeX; write log(x), p[i], Sum(x[i], (i, 1, n))"),
    "|": N_("write abs(x)"),
    "!": N_("factorials are not part of the language"),
    "Σ": N_("write Sum(x[i], (i, 1, n))"),
    "∑": N_("write Sum(x[i], (i, 1, n))"),
}
EXPECTED = N_("expected a number, a name, an operator or a bracket")
END = N_("the end")


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``at`` counts characters from 0, ``text`` is what it means (``**`` for ``^``)."""

    kind: Kind
    text: str
    at: int

    def __str__(self) -> str:
        return END if self.kind == "end" else repr(self.text)

    @property
    def told(self) -> str:
        """The token in a sentence."""
        return Sentence(END) if self.kind == "end" else repr(self.text)


def tokenize(text: str) -> tuple[Token, ...]:
    """Every token of a text, and one for its end.

    Raises:
        ParseError: the text is too long, or a character or number is not part of the language.

    >>> [t.text for t in tokenize("p[i]^2")]
    ['p', '[', 'i', ']', '**', '2', '']
    """
    if len(text) > MAX_TEXT:
        raise ParseError(
            Sentence(
                "the expression has {count} characters; at most {most} are read",
                count=f"{len(text):,}",
                most=f"{MAX_TEXT:,}",
            ),
            MAX_TEXT,
        )
    return tuple(_scan(text))


def _scan(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        c = text[at]
        if c in " \t\r\n":
            at += 1
            continue
        token, width = _read(text, at)
        yield token
        at += width
    yield Token("end", "", at)


def _read(text: str, at: int) -> tuple[Token, int]:
    c = text[at]
    if number := _NUMBER.match(text, at):
        return _number(number.group(), at), number.end() - at
    if _starts_name(c):
        end = at + 1
        while end < len(text) and _continues_name(text[end]):
            end += 1
        return Token("name", checked_name(text[at:end], at), at), end - at
    if c in ALIASES:
        return Token("op", ALIASES[c], at), 1
    for op in OPERATORS:
        if text.startswith(op, at):
            return Token("op", op, at), len(op)
    hint = Sentence(_HINTS.get(c, EXPECTED))
    raise ParseError(Sentence("unexpected {c}; {hint}", c=describe(c), hint=hint), at)


def _number(text: str, at: int) -> Token:
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > MAX_DIGITS:
        raise ParseError(
            Sentence("the number is too long; at most {most} digits are read", most=MAX_DIGITS), at
        )
    return Token("number", text, at)


def _starts_name(c: str) -> bool:
    return c == "_" or (unicodedata.category(c)[0] == "L" and c not in _HINTS)


def _continues_name(c: str) -> bool:
    return _starts_name(c) or unicodedata.category(c) in ("Nd", "Mn", "Mc")


def checked_name(name: str, at: int | None = None) -> str:
    """A name in normal form.

    Raises:
        ParseError: it is too long, begins with two underscores, or looks like another name.

    >>> checked_name("학습률")
    '학습률'
    """
    if len(name) > MAX_NAME:
        raise ParseError(
            Sentence(
                "a name of {count} characters; at most {most} are read",
                count=len(name),
                most=MAX_NAME,
            ),
            at,
        )
    if "__" in name:
        raise ParseError(
            Sentence("the name {name} has two underscores in a row; use one", name=repr(name)), at
        )
    plain = unicodedata.normalize("NFC", name)
    like = unicodedata.normalize("NFKC", name)
    if plain != like:
        raise ParseError(
            Sentence(
                "the name {plain} only looks like {like}; write {like}",
                plain=repr(plain),
                like=repr(like),
            ),
            at,
        )
    return plain


def is_name(text: str) -> bool:
    """Has the text the form of a name?"""
    return bool(text) and _starts_name(text[0]) and all(map(_continues_name, text[1:]))


def describe(c: str) -> str:
    """A character as an error shows it: itself, or its code point if it cannot be seen."""
    code = f"U+{ord(c):04X}"
    if unicodedata.category(c)[0] in "CZM":
        name = unicodedata.name(c, "").lower() or Sentence("a control character")
        return Sentence("character {code} ({name})", code=code, name=name)
    return repr(c) if c.isascii() else f"{c!r} ({code})"

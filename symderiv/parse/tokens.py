"""Characters to tokens. Everything that is not on a list here is refused, with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from symderiv.core.errors import ParseError
from symderiv.parse.limits import MAX_DIGITS, MAX_NAME, MAX_TEXT

Kind = Literal["number", "name", "op", "end"]

OPERATORS = ("**", "<=", ">=", "==", "!=", *"+-*/@()[],<>=")
ALIASES = {"^": "**", "−": "-", "·": "*", "×": "*", "⋅": "*", "≤": "<=", "≥": ">=", "≠": "!="}
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_HINTS = {
    ".": "attributes are not part of the language (for a transpose write transpose(W))",
    "'": "quotes are not part of the language",
    '"': "quotes are not part of the language",
    "{": "write ( ) for grouping and [ ] for indices",
    "}": "write ( ) for grouping and [ ] for indices",
    "\\": "this is not LaTeX; write log(x), p[i], Sum(x[i], (i, 1, n))",
    "|": "write abs(x)",
    "!": "factorials are not part of the language",
    "Σ": "write Sum(x[i], (i, 1, n))",
    "∑": "write Sum(x[i], (i, 1, n))",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``at`` counts characters from 0, ``text`` is what it means (``**`` for ``^``)."""

    kind: Kind
    text: str
    at: int

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else repr(self.text)


def tokenize(text: str) -> tuple[Token, ...]:
    """Every token of a text, and one for its end.

    Raises:
        ParseError: the text is too long, or a character or number is not part of the language.

    >>> [t.text for t in tokenize("p[i]^2")]
    ['p', '[', 'i', ']', '**', '2', '']
    """
    if len(text) > MAX_TEXT:
        raise ParseError(
            f"the expression has {len(text):,} characters; at most {MAX_TEXT:,} are read", MAX_TEXT
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
    hint = _HINTS.get(c, "expected a number, a name, an operator or a bracket")
    raise ParseError(f"unexpected {describe(c)}; {hint}", at)


def _number(text: str, at: int) -> Token:
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > MAX_DIGITS:
        raise ParseError(f"the number is too long; at most {MAX_DIGITS} digits are read", at)
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
        raise ParseError(f"a name of {len(name)} characters; at most {MAX_NAME} are read", at)
    if "__" in name:
        raise ParseError(f"the name {name!r} has two underscores in a row; use one", at)
    plain = unicodedata.normalize("NFC", name)
    like = unicodedata.normalize("NFKC", name)
    if plain != like:
        raise ParseError(f"the name {plain!r} only looks like {like!r}; write {like!r}", at)
    return plain


def is_name(text: str) -> bool:
    """Has the text the form of a name?"""
    return bool(text) and _starts_name(text[0]) and all(map(_continues_name, text[1:]))


def describe(c: str) -> str:
    """A character as an error shows it: itself, or its code point if it cannot be seen."""
    code = f"U+{ord(c):04X}"
    if unicodedata.category(c)[0] in "CZM":
        return f"character {code} ({unicodedata.name(c, 'a control character').lower()})"
    return repr(c) if c.isascii() else f"{c!r} ({code})"

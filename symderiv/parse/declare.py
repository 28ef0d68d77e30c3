"""Declarations from the command line: ``z:n``, ``W:n,m``, ``t:n``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from symderiv.core.errors import ParseError
from symderiv.core.messages import Sentence
from symderiv.parse.limits import MAX_RANK, MAX_SIZE
from symderiv.parse.tokens import checked_name, describe, is_name

Kind = Literal["scalar", "vector", "matrix", "tensor", "distribution", "one_hot", "labels"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_RANKS: dict[Kind, tuple[int, int]] = {
    "scalar": (0, 0),
    "vector": (1, 1),
    "matrix": (2, 2),
    "tensor": (1, MAX_RANK),
    "distribution": (1, MAX_RANK),
    "one_hot": (1, MAX_RANK),
    "labels": (0, MAX_RANK),
}

Size = str | int


@dataclass(frozen=True, slots=True)
class Declaration:
    """A name, what it is, and its sizes; ``sizes`` is None where they are to be inferred."""

    kind: Kind
    name: str
    sizes: tuple[Size, ...] | None = None


def parse_declaration(kind: Kind, text: str) -> Declaration:
    """Read ``name`` or ``name:size,size``; a size is a name or a number.

    Raises:
        ParseError: the text is not of that form, or has the wrong number of sizes.

    >>> parse_declaration("matrix", "W:n,3")
    Declaration(kind='matrix', name='W', sizes=('n', 3))
    """
    name, colon, rest = text.partition(":")
    at = len(name) + 1
    name = parse_name(name)
    if not colon:
        return Declaration(kind, name, () if kind in ("scalar", "labels") else None)
    sizes: list[Size] = []
    for part in rest.split(","):
        sizes.append(_size(part.strip(), at))
        at += len(part) + 1
    least, most = _RANKS[kind]
    if not least <= len(sizes) <= most:
        expected = (
            str(least) if least == most else Sentence("{least} to {most}", least=least, most=most)
        )
        raise ParseError(
            Sentence(
                "a {kind} has {expected} sizes, found {count}",
                kind=kind.replace("_", "-"),
                expected=expected,
                count=len(sizes),
            ),
            len(text),
        )
    return Declaration(kind, name, tuple(sizes))


def parse_name(text: str) -> str:
    """A name that stands alone.

    Raises:
        ParseError: the text is not a name.
    """
    text = text.strip()
    if not is_name(text):
        odd = next((k for k, c in enumerate(text) if not is_name(f"_{c}")), 0)
        found = describe(text[odd]) if text else Sentence("nothing")
        raise ParseError(Sentence("expected a name, found {found}", found=found), odd)
    return checked_name(text, 0)


def _size(text: str, at: int) -> Size:
    if text.isascii() and text.isdigit():
        if len(text) > len(str(MAX_SIZE)) or not 1 <= int(text) <= MAX_SIZE:
            raise ParseError(
                Sentence("a size is a number from 1 to {most}", most=f"{MAX_SIZE:,}"), at
            )
        return int(text)
    if not is_name(text):
        raise ParseError(
            Sentence("expected a size, a name or a number, found {text}", text=repr(text[:40])), at
        )
    return checked_name(text, at)

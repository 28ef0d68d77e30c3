"""Lists and shapes within the messages of errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symderiv.core.messages import Sentence

COMMA = "{some}, {one}"
"""The same in every language."""


def tuple_of(parts: Iterable[Any]) -> str:
    """``(n, m)``."""
    items = [str(p) for p in parts]
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def joined(said: Iterable[str]) -> str:
    """Sentences with commas between them."""
    out, *rest = said
    for one in rest:
        out = Sentence(COMMA, some=out, one=one)
    return out


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them."""
    if not names:
        return Sentence("nothing")
    if len(names) == 1:
        return names[0]
    return Sentence("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def one_of(names: Sequence[str]) -> str:
    """Names among which one is to be chosen."""
    if len(names) == 1:
        return names[0]
    return Sentence("{names} or {last}", names=", ".join(names[:-1]), last=names[-1])


def given_is(given: Mapping[str, Any]) -> str:
    """What a caller handed in."""
    names = listed(tuple(given))
    if len(given) == 1:
        return Sentence("given is {names}", names=names)
    return Sentence("given are {names}", names=names)

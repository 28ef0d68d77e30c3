"""Marks on a curve: ``1/2 = coin, 1/6 = "a die, fair"``."""

from __future__ import annotations

import re

from symderiv.core.messages import Sentence
from symderiv.publish.place import SourceError, Text
from symderiv.publish.statement import listed

_QUOTED = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*(?=,|\Z)', re.DOTALL)
_BARE = re.compile(r"((?:\$[^$]*\$|\\.|[^,])*)", re.DOTALL)
_UNCLOSED = re.compile(r'\s*"(?:[^"\\]|\\.)*\Z', re.DOTALL)


def marks(text: Text) -> list[tuple[Text, Text]]:
    """Each place with its words; those between quotes, and formulas, may hold commas.

    >>> [words.text for _, words in marks(Text('1/2 = "a, b", 1/3 = $(p, q)$', "f", 1))]
    ['a, b', '$(p, q)$']

    Raises:
        SourceError: a mark has no place or no ``=``, or its quotes are not closed.
    """
    found: list[tuple[Text, Text]] = []
    at = 0
    while at <= len(text.text):
        sign = text.text.find("=", at)
        place = text.part(at, sign if sign >= 0 else None)
        if sign < 0 or _are_several(place):
            raise SourceError(Sentence("expected marks such as 1/2 = coin, 1/6 = die"), place.at(0))
        start, end, at = _words(text, sign + 1)
        words = text.part(start, end)
        found.append((place, words))
    return found


def _are_several(place: Text) -> bool:
    try:
        return len(listed(place)) > 1
    except SourceError:
        return "," in place.text


def _words(text: Text, at: int) -> tuple[int, int, int]:
    """Where words begin and end, and where the next mark begins."""
    if _UNCLOSED.match(text.text, at):
        raise SourceError(Sentence("the quotes are not closed"), text.part(at).at(0))
    words = _QUOTED.match(text.text, at) or _BARE.match(text.text, at)
    assert words is not None
    return words.start(1), words.end(1), words.end() + 1

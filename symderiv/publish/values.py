"""Numbers for names: ``n = 6, p = [1/2, 1/2], x = sqrt(2)``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from symderiv.core.messages import Sentence
from symderiv.parse import Vocabulary
from symderiv.parse.limits import MAX_RANK
from symderiv.publish.place import SourceError, Text
from symderiv.publish.statement import listed, sides

_RATIONAL = re.compile(r"[+-]?\d{1,400}(\.\d{1,400})?(\s*/\s*[1-9]\d{0,400})?")
MOST = 10_000


def values(text: Text) -> dict[str, Any]:
    """Names with what they stand for: numbers, or lists of them.

    >>> values(Text("n = 2, p = [1/2, 1/2]", "f", 1))
    {'n': '2', 'p': ['1/2', '1/2']}
    """
    out: dict[str, Any] = {}
    for part in listed(text):
        pair = sides(part)
        if pair is None:
            raise SourceError(Sentence("expected values such as n = 6, p = [1/2, 1/2]"), part.at(0))
        name, given = pair
        if name.text in out:
            raise SourceError(
                Sentence("{text} is given twice", text=repr(name.text[:40])), name.at(0)
            )
        out[name.text] = _value(given)
    return out


def plain(given: Any) -> Any:
    """The same as numbers of Python, for what computes with them.

    >>> plain({"p": ["1/2", "3"]})
    {'p': [0.5, 3]}
    """
    if isinstance(given, dict):
        return {name: plain(value) for name, value in given.items()}
    if isinstance(given, list):
        return [plain(value) for value in given]
    if isinstance(given, str):
        above, _, below = given.partition("/")
        exact = Fraction(above.strip()) / Fraction(below.strip() or "1")
        return int(exact) if exact.denominator == 1 else float(exact)
    return float(given)


def _value(text: Text, depth: int = 0) -> Any:
    if text.text.startswith("["):
        if depth == MAX_RANK:
            raise SourceError(
                Sentence("lists are nested more than {most} deep", most=MAX_RANK), text.at(0)
            )
        if not text.text.endswith("]"):
            raise SourceError(Sentence("the list is not closed with ]"), text.at(0))
        inside = text.part(1, len(text.text) - 1)
        parts = listed(inside) if inside.text else []
        if len(parts) > MOST:
            raise SourceError(
                Sentence(
                    "a list of {count} numbers; at most {most}",
                    count=f"{len(parts):,}",
                    most=f"{MOST:,}",
                ),
                text.at(0),
            )
        return [_value(part, depth + 1) for part in parts]
    return number(text)


def number(text: Text) -> Any:
    """One number: a rational one as text, ``1/2``, or an expression such as ``sqrt(2)``."""
    plain = text.text.replace("−", "-")
    if _RATIONAL.fullmatch(plain):
        return plain
    with text.placed():
        found = Vocabulary().read(text.text)
        if not getattr(found, "is_number", False):
            raise SourceError(
                Sentence("expected a number, found {text}", text=repr(text.text[:40])), text.at(0)
            )
        return found

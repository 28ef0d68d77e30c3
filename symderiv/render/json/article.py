"""A derivation, or an article, in JSON: one thing a line, to be compared by ``diff``."""

from __future__ import annotations

import json
from typing import Any

from symderiv.core.archive import derivation_from_data, derivation_to_data
from symderiv.core.derivation import Derivation
from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence
from symderiv.document.article import Article
from symderiv.render.names import visible
from symderiv.render.rendered import Rendered

_OPEN = 3  # levels of objects and lists that are broken into lines
_WIDE = 100  # columns of a line of an article


def to_json(derivation: Derivation, **_: Any) -> str:
    """JSON with stable step ids; `from_json` reloads an equal derivation.

    Detail and language make no difference here: all steps are written, and no text.
    """
    return _pretty(derivation_to_data(derivation), 0) + "\n"


def render_article(article: Article) -> Rendered:
    """The article in JSON: what readers see, and expressions for programs.

    `data` describes it, and ``article.schema.json`` beside it as a JSON Schema.
    """
    from symderiv.render.json.data import article_to_data

    return Rendered((_folded(article_to_data(article), "") + "\n").encode())


def _folded(data: Any, margin: str) -> str:
    """On one line where it fits, else with one member a line; an expression is never broken."""
    line = _dumps(data)
    short = len(line) + len(margin) <= _WIDE
    if short or not isinstance(data, (dict, list)) or not data or _is_expression(data):
        return line
    inner, outer = f"\n{margin} ", f"\n{margin}"
    if isinstance(data, list):
        items = [_folded(item, margin + " ") for item in data]
        return "[" + inner + ("," + inner).join(items) + outer + "]"
    pairs = [f"{_dumps(k)}: {_folded(v, margin + ' ')}" for k, v in data.items()]
    return "{" + inner + ("," + inner).join(pairs) + outer + "}"


def _dumps(data: Any) -> str:
    """On one line; harmless inside a ``<script>``, and nothing in it hides or turns the line."""
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return text if visible(text) == text else "".join(map(_spelled, text))


def _spelled(c: str) -> str:
    """A character that is seen, or as JSON spells it."""
    if visible(c) == c:
        return c
    return f"\\u{ord(c):04x}" if ord(c) < 0x10000 else json.dumps(c)[1:-1]


def from_json(text: str) -> Derivation:
    """The derivation that `to_json` wrote; raises `DataError` that says what is malformed."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(Sentence("this is not JSON: {error}", error=error)) from None
    except RecursionError:
        raise DataError(Sentence("the JSON nests too deep to be read")) from None
    return derivation_from_data(data)


def _pretty(data: Any, level: int) -> str:
    if level > _OPEN or not isinstance(data, (dict, list)) or not data or _is_expression(data):
        return _dumps(data)
    inner, outer = "\n" + " " * (level + 1), "\n" + " " * level
    if isinstance(data, list):
        items = [_pretty(item, level + 1) for item in data]
        return "[" + inner + ("," + inner).join(items) + outer + "]"
    pairs = [f"{_dumps(k)}: {_pretty(v, level + 1)}" for k, v in data.items()]
    return "{" + inner + ("," + inner).join(pairs) + outer + "}"


def _is_expression(data: Any) -> bool:
    return isinstance(data, list) and isinstance(data[0], str)

"""What stands between ``---`` lines at the head of a source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from symderiv.core.messages import Sentence
from symderiv.publish.place import Place, SourceError, Text

if TYPE_CHECKING:
    from markdown_it.token import Token

KEYS = ("title", "lang", "detail", "check", "author", "date")
LISTS = frozenset(("author",))
"""Keys that may have a list of texts; each comes as an entry of its own."""
MAX_LENGTH = 5_000
_KEY = re.compile(rf"(?:{'|'.join(KEYS)})\s*:|[A-Za-z_][\w-]*:(?:\s|\Z)", re.IGNORECASE)


def refuse_unclosed(tokens: Sequence[Token], lines: Sequence[str], file: str) -> None:
    """Raise for a source that begins with ``---`` and a key, and has no second such line.

    A key is a word with a colon; without one right below it, the line is one between paragraphs.

    Raises:
        SourceError: the front matter is not closed.
    """
    if not re.fullmatch(r"---\s*", lines[0]) or (tokens and tokens[0].type == "front_matter"):
        return
    first = next((line for line in lines[1:] if line.strip()), "")
    key = _KEY.match(first)
    if key and (lines[1].strip() or key[0].rstrip(": ").lower() in KEYS):
        said = Sentence("the front matter is not closed; end it with a line ---")
        raise SourceError(said, Place(file, 1))


def entries(text: Text) -> Iterator[tuple[str, Text]]:
    """Keys with their values as they are written, each with its place.

    >>> [(key, value.text) for key, value in entries(Text("lang: no", "f", 2))]
    [('lang', 'no')]

    Raises:
        SourceError: it is no YAML, or says something that nobody asks for.
    """
    import yaml

    if len(text.text) > MAX_LENGTH:
        raise SourceError(
            Sentence("the front matter is longer than {most} characters", most=f"{MAX_LENGTH:,}"),
            text.at(0),
        )
    try:
        # Text alone: nothing is constructed, and `no` is no truth value.
        root = yaml.compose(text.text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark: Any = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or Sentence("this is no YAML")
        raise SourceError(
            Sentence("front matter: {said}", said=said), text.at(mark.index if mark else 0)
        ) from None
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise SourceError(
            Sentence("front matter: expected lines such as title: Softmax"), text.at(0)
        )
    seen: set[str] = set()
    for key, value in root.value:
        at = text.at(key.start_mark.index)
        if not isinstance(key, yaml.ScalarNode) or key.value not in KEYS:
            named = getattr(key, "value", "this")
            raise SourceError(
                Sentence(
                    "front matter: {named} is none of {keys}",
                    named=f"{named!s:.40}",
                    keys=", ".join(KEYS),
                ),
                at,
            )
        several = key.value in LISTS and isinstance(value, yaml.SequenceNode)
        texts = value.value if several else [value]
        if key.value in seen or not all(isinstance(part, yaml.ScalarNode) for part in texts):
            raise SourceError(
                Sentence("front matter: expected one text for {value}", value=key.value), at
            )
        seen.add(key.value)
        for part in texts:
            where = text.at(part.start_mark.index)
            yield key.value, Text(part.value.strip(), text.file, where.line, where.column)

"""The text of a block, taken apart into statements with their options.

    derive L by z
      label: gradient
      title: The gradient of $L$

A statement begins a line; indented lines below it are its options, ``key: value``. An indented line
that is no option continues the line above it. Lines that begin with ``#`` are remarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from symderiv.core.messages import Sentence
from symderiv.parse.tokens import tokenize
from symderiv.publish.place import SourceError, Text

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_OPTION = re.compile(r"\s+([a-z][a-z-]*)\s*:")
_WORD = re.compile(r"[^\W\d][\w-]*")
_BRACKETS = {"(": 1, "[": 1, ")": -1, "]": -1}


@dataclass(frozen=True, slots=True)
class Statement:
    """``word rest`` and its options, each with its place; ``fault`` is what is no such thing."""

    word: str
    whole: Text
    rest: Text
    options: dict[str, Text] = field(default_factory=dict)
    fault: SourceError | None = None

    def error(self, message: str) -> SourceError:
        """An error about the whole statement."""
        return SourceError(message, self.whole.at(0))

    def option(self, key: str) -> str:
        """The value of an option; empty where it was not given."""
        return self.options[key].text if key in self.options else ""

    def yes(self, key: str, default: bool) -> bool:
        """An option that says yes or no."""
        given = self.options.get(key)
        if given is None:
            return default
        if given.text not in ("yes", "no"):
            raise SourceError(
                Sentence(
                    "{key}: expected yes or no, found {text}", key=key, text=repr(given.text[:40])
                ),
                given.at(0),
            )
        return given.text == "yes"

    def one_of(self, key: str, values: Iterable[str], default: str) -> str:
        """An option that is one of some words."""
        given = self.options.get(key)
        if given is not None and given.text not in values:
            expected = ", ".join(values)
            raise SourceError(
                Sentence(
                    "{key}: expected one of {expected}, found {text}",
                    key=key,
                    expected=expected,
                    text=repr(given.text[:40]),
                ),
                given.at(0),
            )
        return given.text if given is not None else default

    def plain(self, form: str) -> Text:
        """The rest, which must say something."""
        if not self.rest.text:
            raise self.error(Sentence("expected: {form}", form=form))
        return self.rest

    def split(self, form: str, *words: str) -> tuple[Text, Text]:
        """What stands before and after one of some words, such as ``by``."""
        found = list(re.finditer(rf"(?<!\S)(?:{'|'.join(words)})(?!\S)", self.rest.text))
        if not found or not self.rest.text[: found[-1].start()].strip():
            raise self.error(Sentence("expected: {form}", form=form))
        before, after = self.rest.part(0, found[-1].start()), self.rest.part(found[-1].end())
        if not after.text:
            raise self.error(Sentence("expected: {form}", form=form))
        return before, after


def statements(block: Text) -> Iterator[Statement]:
    r"""The statements of a block, in order.

    >>> [s.option("label") for s in statements(Text("derive x**2 by x\n  label: a", "f", 1))]
    ['a']

    Raises:
        SourceError: a line is neither a statement nor belongs to one.
    """
    for s in all_statements(block):
        if s.fault is not None:
            raise s.fault
        yield s


def all_statements(block: Text) -> Iterator[Statement]:
    """The statements of a block, in order, those with a fault too.

    Raises:
        SourceError: the block begins with an indented line.
    """
    for head, options in _grouped(block):
        word = _WORD.match(head.text)
        fault = None
        if word is None:
            said = Sentence(
                "expected a statement, such as derive L by z, found {text}",
                text=repr(head.text[:40]),
            )
            fault = SourceError(said, head.at(0))
        given: dict[str, Text] = {}
        for line in options:
            key, _, value = line.text.partition(":")
            key = key.strip()
            if key in given and fault is None:
                said = Sentence("the option {key} is given twice", key=key)
                fault = SourceError(said, line.at(0))
            given[key] = line.part(len(line.text) - len(value))
        rest = head.part(word.end()) if word else head
        yield Statement(word[0] if word else "", head, rest, given, fault)


def _grouped(block: Text) -> Iterator[tuple[Text, list[Text]]]:
    """Each statement with its options, as spans of the block."""
    spans: list[list[tuple[int, int]]] = []
    for line in _LINE.finditer(block.text):
        start, end = line.span()
        text = line[0].rstrip()
        if not text or text.lstrip().startswith("#"):
            continue
        if not text[0].isspace():
            spans.append([(start, end)])
        elif not spans:
            raise SourceError(
                Sentence("an indented line belongs below a statement"), block.at(start)
            )
        elif _OPTION.match(text):
            spans[-1].append((start, end))
        else:
            spans[-1][-1] = (spans[-1][-1][0], end)
    for first, *others in spans:
        yield block.part(*first), [block.part(*other) for other in others]


def listed(text: Text) -> list[Text]:
    """The parts between commas that stand in no bracket."""
    return _cut(text, ",")


def sides(text: Text) -> tuple[Text, Text] | None:
    """The two sides of the one ``=`` that stands in no bracket."""
    parts = _cut(text, "=")
    return (parts[0], parts[1]) if len(parts) == 2 and all(p.text for p in parts) else None


def _cut(text: Text, mark: str) -> list[Text]:
    cuts, depth = [0], 0
    with text.placed():
        tokens = tokenize(text.text)
    for token in tokens:
        depth += _BRACKETS.get(token.text, 0)
        if token.kind == "op" and token.text == mark and depth == 0:
            cuts += [token.at, token.at + 1]
    cuts.append(len(text.text))
    return [text.part(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]

"""Sentences of a document: translated text with expressions in it, still without notation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sympy import Indexed, Tuple
from sympy.core.basic import Basic

from symderiv.core.expr import cost
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label, Shape, label_of
from symderiv.document.blocks import Citation, Inline, Line, Link, Mark, Note, Styled, Words
from symderiv.document.messages import N_, translate

_PLACE = re.compile(r"\{(\w+(?::each)?)\}")  # {name}; {name:each} says "every" before an entry
MOST_LEMMAS = 3
LONGEST = 16

LEMMA = N_("Lemma {number}")
EQUATION = N_("({number})")
FOR = N_("for {ranges}")
GIVEN = N_("given {facts}")
FOR_GIVEN = N_("for {ranges}, given {facts}")
WHERE = N_("where")
BY = N_("by {lemmas}")
NAMED_LEMMA = N_("lemma {number} ({goal})")
BARE_LEMMA = N_("lemma {number}")
BY_LEMMAS = N_("by lemmas {numbers}")
COMMA = N_("{before}, {after}")
SEMICOLON = N_("{before}; {after}")
AND = N_("{before} and {last}")
ADJOINT = N_("Adjoint of {name}")
KEPT = N_("Forward keeps for backward: {names}. A gradient has the shape of its variable")
KEPT_NOTHING = N_("Forward keeps nothing for backward. A gradient has the shape of its variable")
EVERY = N_("every {entry}")
OF_LENGTH = N_("{entry} (length {length})")
SMALL = N_("titles inside a sentence: small")
"""A switch: a catalogue that has anything else here leaves titles as they are."""


def placeholders(text: str) -> set[str]:
    """The names in braces.

    >>> placeholders("cancel {factor}")
    {'factor'}
    """
    return {found.partition(":")[0] for found in _PLACE.findall(text)}


def fill(message: str, values: Mapping[str, str | Basic | Words], language: str = "en") -> Words:
    """A message in a language, cut where expressions stand in it."""
    out: list[Inline] = []
    for position, part in enumerate(_PLACE.split(translate(message, language))):
        value: Inline | Words = part
        if position % 2:
            value = values.get(part.partition(":")[0], "")
        out.extend(value if isinstance(value, tuple) else (value,))
    return joined(out)


def spoken(said: str, language: str = "en") -> Words:
    """A sentence in a language, cut where expressions stand in it.

    >>> from sympy.abc import x
    >>> spoken(Sentence("{e} is {value}", e=x, value="1"))
    (x, ' is 1')
    """
    if not isinstance(said, Sentence):
        return (translate(said, language),)
    values: dict[str, str | Basic | Words] = {
        name: spoken(value, language) if isinstance(value, Sentence) else value
        for name, value in said.values.items()
    }
    return fill(said.message, values, language)


def joined(parts: Sequence[Inline]) -> Words:
    """Neighbouring strings made one, empty ones dropped."""
    out: list[Inline] = []
    for part in parts:
        before = out[-1] if out else None
        if isinstance(part, str) and isinstance(before, str):
            out[-1] = before + part
        elif part != "":
            out.append(part)
    return tuple(out)


def separated(items: Sequence[Words], language: str = "en", *, by: str = COMMA) -> Words:
    """Words in a row; ``by`` is the message that tells what stands between two of them.

    >>> separated([("a",), ("b",), ("c",)])
    ('a, b, c',)
    """
    between = _PLACE.split(translate(by, language))[2]
    out: list[Inline] = []
    for position, item in enumerate(items):
        out.extend((between, *item) if position else item)
    return joined(out)


def reason(line: Line, language: str = "en") -> Words:
    """Why a line follows: the lemmas it cites and the notes of its rules, each with a link."""
    cited = [cites(line.cites, language)] if line.cites else []
    told = [(Link(telling(note, language), rule_anchor(note.rule)),) for note in line.notes]
    return separated([*cited, *told], language, by=SEMICOLON)


def rule_anchor(rule: str) -> str:
    """Where the law of a rule stands."""
    return f"#rule-{rule}"


def lemma_anchor(number: int) -> str:
    """Where a lemma is derived."""
    return f"#lemma-{number}"


def unlinked(words: Words) -> Words:
    """The same words, leading nowhere and set as the rest.

    >>> unlinked(("by ", Link(("lemma 1",), "#lemma-1")))
    ('by lemma 1',)
    """
    out: list[Inline] = []
    for part in words:
        out.extend(unlinked(part.words) if isinstance(part, (Link, Styled)) else (part,))
    return joined(out)


def unmarked(words: Words) -> Words:
    """The same words without marks of footnotes, as a table of contents has them.

    >>> unmarked(("Softmax", Mark(1)))
    ('Softmax',)
    """
    kept = (part for part in words if not isinstance(part, Mark))
    return tuple(
        replace(part, words=unmarked(part.words)) if isinstance(part, (Link, Styled)) else part
        for part in kept
    )


def footnote_anchor(number: int) -> str:
    """Where a footnote stands."""
    return f"#fn-{number}"


def is_filled(note: Note) -> bool:
    """Does the note say more than its title, with all that it speaks of at hand and short?"""
    asked = placeholders(note.note)
    at_hand = bool(note.note) and asked <= {name for name, _ in note.about}
    return at_hand and all(cost(value) <= LONGEST for name, value in note.about if name in asked)


def telling(note: Note, language: str = "en") -> Words:
    """The note filled in, or the bare title."""
    if is_filled(note):
        return fill(note.note, _values(note, language), language)
    return (_within(translate(note.title, language), language),)


def _values(note: Note, language: str) -> dict[str, Words]:
    """What stands for each placeholder; several values under one name are listed."""
    found: dict[str, list[Words]] = {}
    for name, value in note.about:
        each = "{" + name + ":each}" in note.note and isinstance(value, Indexed)
        words = fill(EVERY, {"entry": value}, language) if each else (value,)
        found.setdefault(name, []).append(words)
    return {name: listed(items, language) for name, items in found.items()}


def shaped(entry: Basic, language: str = "en") -> Words:
    """``x (N × n)``, ``b (length n)``: the array of an entry with its shape; a scalar as it is."""
    label = label_of(entry)
    if not isinstance(label, Label) or not label.shape:
        return (entry,)
    if len(label.shape) == 1:
        return fill(OF_LENGTH, {"entry": label, "length": label.shape[0]}, language)
    return (label, " (", Shape(*label.shape), ")")


def listed(items: Sequence[Words], language: str = "en") -> Words:
    """``a, b and c``."""
    if len(items) < 2:
        return separated(items)
    before = separated(items[:-1], language)
    return fill(AND, {"before": before, "last": items[-1]}, language)


def _within(title: str, language: str) -> str:
    """A title as part of a sentence: in English it begins with a small letter there."""
    small = translate(SMALL, language) == SMALL
    starts_a_word = title[1:2].islower() or title[:2] == "A "
    return title[:1].lower() + title[1:] if small and starts_a_word else title


def cites(citations: Sequence[Citation], language: str = "en") -> Words:
    """``by lemma 1 (∂L/∂p_k) and lemma 2 (∂p_k/∂z_i)``; equations by their numbers alone."""
    if not citations:
        return ()
    many = len(citations) > MOST_LEMMAS
    if many and not any(c.anchor for c in citations):
        links = [(Link((str(c.number),), lemma_anchor(c.number)),) for c in citations]
        return fill(BY_LEMMAS, {"numbers": separated(links, language)}, language)
    told = listed([_cite(c, language, bare=many) for c in citations], language)
    return fill(BY, {"lemmas": told}, language)


def _cite(c: Citation, language: str, *, bare: bool) -> Words:
    number = str(c.number)
    if c.anchor:
        return (Link(fill(EQUATION, {"number": number}, language), f"#{c.anchor}"),)
    message = BARE_LEMMA if bare or cost(c.goal) > LONGEST else NAMED_LEMMA
    words = fill(message, {"number": number, "goal": c.goal}, language)
    return (Link(words, lemma_anchor(c.number)),)


def ranges(indices: Sequence[Tuple], language: str = "en") -> Words:
    """``for i, j = 1…n; k = 1…m``: indices of one range together."""
    return fill(FOR, {"ranges": _ranges(indices, language)}, language) if indices else ()


def given(facts: Sequence[Basic], language: str = "en") -> Words:
    """``given Σ_k y_k = 1``."""
    return fill(GIVEN, {"facts": _facts(facts, language)}, language) if facts else ()


def conditions(indices: Sequence[Tuple], facts: Sequence[Basic], language: str = "en") -> Words:
    """``for i = 1…n, given Σ_k y_k = 1``."""
    if not (indices and facts):
        return ranges(indices, language) or given(facts, language)
    told = {"ranges": _ranges(indices, language), "facts": _facts(facts, language)}
    return fill(FOR_GIVEN, told, language)


def _ranges(indices: Sequence[Tuple], language: str) -> Words:
    grouped: dict[tuple[Basic, Basic], list[Basic]] = {}
    for v, low, high in indices:
        grouped.setdefault((low, high), []).append(v)
    items = []
    for (low, high), letters in grouped.items():
        range_ = Tuple(letters[-1], low, high)
        items.append(separated([(x,) for x in (*letters[:-1], range_)], language))
    return separated(items, language, by=SEMICOLON)


def _facts(facts: Sequence[Basic], language: str) -> Words:
    return separated([(fact,) for fact in facts], language)

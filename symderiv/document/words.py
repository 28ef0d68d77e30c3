"""Sentences of a document: translated text with expressions in it, still without notation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sympy import Indexed, Tuple
from sympy.core.basic import Basic

from symderiv.core.expr import cost
from symderiv.document.blocks import Citation, Inline, Line, Link, Note, Styled, Words
from symderiv.document.messages import N_, translate

_PLACE = re.compile(r"\{(\w+(?::each)?)\}")  # {name}; {name:each} says "every" before an entry
MOST_LEMMAS = 3
LONGEST = 16

LEMMA = N_("Lemma {number}")
FOR = N_("for {ranges}")
GIVEN = N_("given {facts}")
WHERE = N_("where")
BY_LEMMA = N_("by lemma {number} ({goal})")
BY_LEMMA_ALONE = N_("by lemma {number}")
AND_LEMMA_ALONE = N_("lemma {number}")
AND_LEMMA = N_("lemma {number} ({goal})")
BY_LEMMAS = N_("by lemmas {numbers}")
AND = N_("and")
ADJOINT = N_("Adjoint of {name}")
KEPT = N_("Forward keeps for backward: {names}")
EVERY = N_("every {entry}")


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


def separated(items: Sequence[Words], by: str = ", ") -> Words:
    """Sentences in a row."""
    out: list[Inline] = []
    for position, item in enumerate(items):
        out.extend((by, *item) if position else item)
    return joined(out)


def reason(line: Line, language: str = "en") -> Words:
    """Why a line follows: the lemmas it cites and the notes of its rules, each with a link."""
    cited = [cites(line.cites, language)] if line.cites else []
    told = [(Link(telling(note, language), rule_anchor(note.rule)),) for note in line.notes]
    return separated([*cited, *told], "; ")


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


def listed(items: Sequence[Words], language: str = "en") -> Words:
    """``a, b and c``."""
    if len(items) < 2:
        return separated(items)
    return joined([*separated(items[:-1]), f" {translate(AND, language)} ", *items[-1]])


def _within(title: str, language: str) -> str:
    """An English title as part of a sentence."""
    starts_a_word = title[1:2].islower() or title[:2] == "A "
    return title[:1].lower() + title[1:] if language == "en" and starts_a_word else title


def cites(citations: Sequence[Citation], language: str = "en") -> Words:
    """``by lemma 1 (∂L/∂p_k) and lemma 2 (∂p_k/∂z_i)``."""
    if len(citations) > MOST_LEMMAS:
        numbers = separated([(Link((str(c.number),), lemma_anchor(c.number)),) for c in citations])
        return fill(BY_LEMMAS, {"numbers": numbers}, language)
    parts = [_cite(c, first=at == 0, language=language) for at, c in enumerate(citations)]
    return listed(parts, language)


def _cite(c: Citation, *, first: bool, language: str) -> Words:
    if cost(c.goal) > LONGEST:
        message = BY_LEMMA_ALONE if first else AND_LEMMA_ALONE
    else:
        message = BY_LEMMA if first else AND_LEMMA
    words = fill(message, {"number": str(c.number), "goal": c.goal}, language)
    return (Link(words, lemma_anchor(c.number)),)


def ranges(indices: Sequence[Tuple], language: str = "en") -> Words:
    """``for i, j = 1…n; k = 1…m``: indices of one range together."""
    grouped: dict[tuple[Basic, Basic], list[Basic]] = {}
    for v, low, high in indices:
        grouped.setdefault((low, high), []).append(v)
    items: list[Words] = []
    for (low, high), letters in grouped.items():
        lead = separated([(letter,) for letter in letters[:-1]])
        items.append((*lead, *((", ",) if lead else ()), Tuple(letters[-1], low, high)))
    return fill(FOR, {"ranges": separated(items, "; ")}, language) if items else ()


def given(facts: Sequence[Basic], language: str = "en") -> Words:
    """``given Σ_k y_k = 1``."""
    return fill(GIVEN, {"facts": separated([(fact,) for fact in facts])}, language) if facts else ()


def conditions(indices: Sequence[Tuple], facts: Sequence[Basic], language: str = "en") -> Words:
    """``for i = 1…n, given Σ_k y_k = 1``."""
    parts = [words for words in (ranges(indices, language), given(facts, language)) if words]
    return separated(parts)

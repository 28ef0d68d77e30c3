"""Anchors of headings, and citations that lead somewhere."""

from __future__ import annotations

import re
from dataclasses import replace

from symderiv.core.messages import Sentence
from symderiv.document.article import Heading
from symderiv.document.blocks import Break, Formula, Inline, Link, Mark, Styled, Words
from symderiv.document.compose import Composer
from symderiv.document.narrate import rule_named
from symderiv.document.words import unmarked
from symderiv.publish.place import Place, SourceError
from symderiv.publish.session import is_kept

_BETWEEN = re.compile(r"[^\w]+")


def anchored(composer: Composer) -> Composer:
    """Headings without a label get an anchor from their words, once all labels are known."""
    counts: dict[str, int] = {}
    for at, block in enumerate(composer.blocks):
        if isinstance(block, Heading) and not block.anchor:
            anchor = _free(slug(block.words), composer, counts)
            composer.names[anchor] = unmarked(block.words)
            composer.blocks[at] = replace(block, anchor=anchor)
    return composer


def slug(words: Words) -> str:
    """The words as an anchor.

    >>> slug(("The gradient of ", Formula("L"), ", once more"))
    'the-gradient-of-l-once-more'
    """
    found = _BETWEEN.sub("-", plain(words).lower()).strip("-_")[:60].rstrip("-_")
    return found if found and not is_kept(found) else f"section-{found}".rstrip("-")


def plain(words: Words) -> str:
    """Words without anything set apart."""
    return "".join(map(_plain, words))


def _plain(part: Inline) -> str:
    if isinstance(part, (Link, Styled)):
        return plain(part.words)
    if isinstance(part, Formula):
        return part.latex
    if isinstance(part, Mark):
        return ""
    return " " if isinstance(part, Break) else str(part)


def _free(wanted: str, composer: Composer, counts: dict[str, int]) -> str:
    """The wanted name, or the first of its numbers that nothing bears."""
    name, number = wanted, counts.get(wanted, 1)
    while name in composer.names:
        number += 1
        name = f"{wanted}-{number}"
    counts[wanted] = number
    return name


def check_heading(words: Words, place: Place) -> None:
    """A heading says something by itself, since citations of it say that.

    Raises:
        SourceError: it holds nothing but links without words.
    """
    if any(isinstance(part, (Link, Styled)) for part in words) and not plain(words).strip():
        said = Sentence(
            "a heading needs words of its own, as citations of it show them; "
            "give the link words, [words](other.md)"
        )
        raise SourceError(said, place)


def check_citations(
    cited: list[tuple[str, Place]], composer: Composer
) -> list[tuple[str, SourceError]]:
    """Every label that is cited and that nothing bears, with an error that says so."""
    from difflib import get_close_matches

    known = composer.names | composer.others
    errors = []
    for label, place in cited:
        rule = label.removeprefix("rule-") if label.startswith("rule-") else ""
        if label in known or (rule and rule_named(rule) is not None):
            continue
        close = get_close_matches(label, list(known), 3)
        hint = Sentence("; did you mean {names}?", names=", ".join(close)) if close else ""
        said = Sentence(
            "nothing here bears the label {label}{hint}", label=repr(label[:60]), hint=hint
        )
        errors.append((label, SourceError(said, place)))
    return errors

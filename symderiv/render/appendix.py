"""What an article on paper cites: places that links lead to, and the rules behind its lines."""

from __future__ import annotations

from symderiv.core.rule import Rule
from symderiv.document.article import Article, Display, Figure, Heading, Table, Told, walk
from symderiv.document.compose import FIGURE, TABLE
from symderiv.document.narrate import rule_named
from symderiv.document.words import fill, lemma_anchor, rule_anchor
from symderiv.render.layout import Section


def laws(article: Article) -> tuple[Rule, ...]:
    """The rules that printed lines tell of, in the order in which they come."""
    names: dict[str, None] = {}
    for document in article.documents():
        for part in (*document.lemmas, document):
            names.update((note.rule, None) for line in part.lines for note in line.notes)
    return tuple(rule for rule in map(rule_named, names) if rule is not None)


def anchors(article: Article) -> frozenset[str]:
    """The places that links may lead to."""
    found = {rule_anchor(rule.name)[1:] for rule in laws(article)}
    for document in article.documents():
        found.update(lemma_anchor(lemma.number)[1:] for lemma in document.lemmas)
    for block in walk(article.blocks):
        if isinstance(block, (Heading, Display, Told, Figure, Table)):
            found.add(block.anchor)
    return frozenset(found - {""})


def anchor_of(section: Section, block: Told) -> str:
    """Where a section of a derivation is cited: a lemma by its number, the rest as the equation."""
    if section.number:
        return lemma_anchor(section.number)[1:]
    return block.anchor if section.kind == "derivation" else ""


def called(block: Figure | Table, language: str) -> str:
    """``Figure 2``, ``Table 1``; nothing where there is no number."""
    message = FIGURE if isinstance(block, Figure) else TABLE
    words = fill(message, {"number": str(block.number)}, language) if block.number else ()
    return "".join(map(str, words))

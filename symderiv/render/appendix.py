"""What an article counts and cites beside its equations: anchors, tables, figures, rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symderiv.core.messages import N_
from symderiv.core.rule import Rule
from symderiv.document.article import Article, Display, Figure, Heading, Table, Told, walk
from symderiv.document.compose import FIGURE, TABLE
from symderiv.document.messages import translate
from symderiv.document.narrate import rule_named
from symderiv.document.words import fill, lemma_anchor, rule_anchor
from symderiv.render.layout import Section, shown_sections
from symderiv.render.notation import Notation

RULES = N_("Rules")


def laws(article: Article) -> tuple[Rule, ...]:
    """The rules that the lines of an article tell of, in the order in which they come."""
    found = (rule_named(name) for name in article.rules())
    return tuple(rule for rule in found if rule is not None)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A section of a derivation, where it is cited, and the number of its last line."""

    section: Section
    anchor: str = ""
    lemma: int = 0
    number: int = 0


def numbered(block: Told, notation: Notation) -> Iterator[Numbered]:
    """The sections of a derivation; the derivation itself bears the number of the equation."""
    lemmas = iter(block.document.lemmas)
    for section in shown_sections(block.document, notation, notation.language):
        if section.kind == "lemma":
            number = next(lemmas).number
            yield Numbered(section, lemma_anchor(number)[1:], lemma=number)
        elif section.kind == "derivation":
            yield Numbered(section, block.anchor, number=block.number)
        else:
            yield Numbered(section)


class Numbers:
    """The anchors of an article, and what its tables and figures are called."""

    def __init__(self, article: Article) -> None:
        self.language = article.language
        self.rules_title = translate(RULES, article.language)
        self.anchors = {rule_anchor(rule.name)[1:] for rule in laws(article)}
        self._tables: dict[int, str] = {}
        for document in article.documents():
            self.anchors.update(lemma_anchor(lemma.number)[1:] for lemma in document.lemmas)
        for block in walk(article.blocks):
            if isinstance(block, (Heading, Display, Told, Figure, Table)) and block.anchor:
                self.anchors.add(block.anchor)
            if isinstance(block, Table) and block.anchor:
                self._tables[id(block)] = self._call(TABLE, len(self._tables) + 1)

    def table(self, block: Table) -> str:
        """``Table 2``, or nothing."""
        return self._tables.get(id(block), "")

    def figure(self, block: Figure) -> str:
        """``Figure 2``, or nothing."""
        return self._call(FIGURE, block.number) if block.number else ""

    def _call(self, message: str, number: int) -> str:
        return "".join(map(str, fill(message, {"number": str(number)}, self.language)))

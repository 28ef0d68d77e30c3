"""Articles on paper: what LaTeX and Typst share, from the rules at the end to a line's width.

A format adds how each kind of block is written, and the few words of its own language that
derivations, captions and laws are told in.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from symderiv.document.article import Article, Block, Figure, Heading, Table, Told
from symderiv.document.blocks import Styled, Words
from symderiv.document.laws import explanation
from symderiv.document.laws import law as law_of
from symderiv.document.messages import translate
from symderiv.document.words import rule_anchor
from symderiv.render.appendix import anchor_of, anchors, called, laws
from symderiv.render.layout import Row, Section, article_notation, shown_sections
from symderiv.render.notation import Notation
from symderiv.render.notation.breaking import LINE, Part
from symderiv.render.notation.style import Style
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.words import RULES
from symderiv.render.writing import BlockWriter

MEASURE = 43.0
"""About how many ems of a formula's letters a line of text holds on paper."""
MOST_OF_LEFT, SHARE_OF_LEFT = 0.4, 0.25
"""So much of a line a left side may take, and so much where a right side needs the room."""
Side = str | tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines as a format writes them.

    ``lefts`` are the left sides of one line, each once; one that takes more than its ``share`` of
    the line stands above its right side. Is there one ``above`` that takes several lines?
    """

    told: tuple[str, ...]
    lefts: tuple[str, ...]
    share: float
    above: bool


class MarkedStyle(Style, Protocol):
    """A style with the places where a line may end."""

    def ink(self, text: str) -> float:
        """How wide the letters of a text are in a row, in ems."""

    def unmarked(self, text: str) -> str:
        """The text as the style itself prints it."""

    def width(self, text: str) -> float:
        """About how wide the text is, in ems."""

    def parts(self, text: str) -> tuple[Part, ...]:
        """The text in parts that fit a line, where it can be cut."""


class PaperWriter(BlockWriter[str]):
    """Writes one article; `assets` are the files of its pictures.

    ``style`` marks where a line may end, ``within`` is for formulas in a line of text.
    """

    def __init__(self, article: Article, style: MarkedStyle, within: Style) -> None:
        self.given = article
        self.language = article.language
        self.anchors = anchors(article)
        self.style = style
        self.marked = article_notation(article, style)
        self.inline = article_notation(article, within)
        self.plain = Notation(TextStyle(), language=article.language)
        self.assets: dict[str, bytes] = {}
        self._placed: set[str] = set()

    # ------------------------------------------------------------ what a format says in its words

    @abstractmethod
    def words(self, words: Words) -> str:
        """Running text."""

    @abstractmethod
    def text(self, text: str) -> str:
        """Letters that stand for themselves."""

    @abstractmethod
    def strong(self, text: str) -> str:
        """What `text` has made, in bold."""

    @abstractmethod
    def place(self, name: str) -> str:
        """A place that links lead to."""

    @abstractmethod
    def law(self, title: str, note: str, latex: str) -> str:
        """A rule at the end: what it is called, when it holds, and its law."""

    @abstractmethod
    def verdict(self, text: str) -> str:
        """What a check said."""

    @abstractmethod
    def chain(self, place: str, lead: str, rows: Lines) -> str:
        """What is said above the lines of a section, and the lines."""

    @abstractmethod
    def line(self, left: Side, relation: str, right: Side, reason: str, number: str) -> str:
        """A line whose sides fit one on paper, or are given in parts."""

    # ------------------------------------------------------------ the whole

    def body(self) -> str:
        """All blocks, and the rules."""
        return "\n".join([*map(self.block, self.given.blocks), *self.appendix()])

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        """Blocks within another."""
        return "\n".join(map(self.block, blocks))

    def appendix(self) -> list[str]:
        """The rules, each with its law."""
        rules = laws(self.given)
        if not rules:
            return []
        out = [self.heading(Heading(2, (translate(RULES, self.language),)))]
        for rule in rules:
            title = self.text(translate(rule.title, self.language))
            place = self.anchor(rule_anchor(rule.name)[1:])
            note = self.words(_marked(explanation(rule, self.language)))
            out.append(self.law(place + title, note, law_of(rule, self.language)))
        return out

    def anchor(self, name: str) -> str:
        """A place that links lead to; each once."""
        if not name or name in self._placed:
            return ""
        self._placed.add(name)
        return self.place(name)

    def caption(self, block: Figure | Table) -> str:
        """``Figure 1: What it shows``; nothing where there is neither."""
        label = called(block, self.language)
        bold = self.strong(self.text(label)) if label else ""
        return ": ".join(x for x in (bold, self.words(block.caption)) if x)

    # ------------------------------------------------------------ derivations

    def told(self, block: Told) -> str:
        """A derivation, with its lemmas and definitions."""
        parts = shown_sections(block.document, self.marked, self.language, number=block.number)
        out = [self.section(part, anchor_of(part, block)) for part in parts]
        if block.verdict:
            out.append(self.verdict(self.words(block.verdict)))
        return "\n".join(out)

    def section(self, part: Section, anchor: str) -> str:
        """A heading, conditions, and lines."""
        place = self.anchor(anchor)
        heading = self.text(part.heading)
        heading = self.strong(heading) if part.number else heading
        when = self.words(part.conditions)
        return self.chain(place, ", ".join(x for x in (heading, when) if x), self.lines(part.rows))

    def lines(self, rows: tuple[Row, ...]) -> Lines:
        """The lines, each in parts where it is too wide for one on paper.

        A left side that takes more than its share of the line will stand above its right side. The
        share is small where there is a right side that needs the room.
        """
        lefts = [self.marked(row.left) if row.left is not None else "" for row in rows]
        rights = [self.marked(row.right) for row in rows]
        widths = list(map(self.style.width, lefts))
        crowded = max(widths) + max(map(self.style.width, rights)) > LINE
        share = SHARE_OF_LEFT if crowded else MOST_OF_LEFT
        column = max(width for width in (0.0, *widths) if width <= share * MEASURE)
        shown = [self.side(left, LINE) for left in lefts]
        told = [
            self.line(
                left,
                self.style.symbols[row.relation],
                self.side(right, LINE - column),
                self.words(row.reason),
                f"({row.number})" if row.number else "",
            )
            for row, left, right in zip(rows, shown, rights, strict=True)
        ]
        short = dict.fromkeys(left for left in shown if left and isinstance(left, str))
        return Lines(tuple(told), tuple(short), share, len(short) < len({*shown} - {""}))

    def side(self, marked: str, room: float) -> Side:
        """A side of a line, in parts where it is wider than the room."""
        if self.style.width(marked) <= room:
            return self.style.unmarked(marked)
        return self.style.parts(marked)


def _marked(sentence: str) -> Words:
    """The sentence; what stands between backquotes is code."""
    parts = sentence.replace("``", "`").split("`")
    return tuple(Styled("code", (part,)) if at % 2 else part for at, part in enumerate(parts))

"""A derivation, or an article, in Unicode text: aligned at ``=``, the reason on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import indent

from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.document.article import (
    Article,
    Block,
    Code,
    Display,
    Figure,
    Footnotes,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Table,
    Term,
    Terms,
    Told,
)
from symderiv.document.blocks import Document, Words
from symderiv.document.narrate import Detail
from symderiv.render.appendix import called
from symderiv.render.authored import plain_tex
from symderiv.render.layout import Row, Section, article_notation, prepared, say, shown_sections
from symderiv.render.names import visible, width
from symderiv.render.notation import Notation
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.rendered import Rendered
from symderiv.render.writing import BlockWriter

GAP = 4
WIDEST = 72


def to_text(
    derivation: Derivation | Document,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> str:
    """The derivation in monospaced Unicode text."""
    parts, notation = prepared(
        derivation, TextStyle(), detail=detail, language=language, adjoint=adjoint
    )
    return "\n\n".join(_section(part, notation) for part in parts)


def render_article(article: Article) -> Rendered:
    """The article as UTF-8 text."""
    notation = article_notation(article, TextStyle())
    writer = _Writer(notation, article.language)
    title = say(article.title, notation)
    head = "\n".join(filter(None, (title, say((article.byline,), notation))))
    parts = [*([head] if head else []), *map(writer.block, article.blocks)]
    return Rendered(("\n\n".join(parts) + "\n").encode())


@dataclass(frozen=True)
class _Writer(BlockWriter[str]):
    """Writes blocks in one notation."""

    notation: Notation
    language: str

    def heading(self, block: Heading) -> str:
        return self.say(block.words)

    def paragraph(self, block: Paragraph) -> str:
        return self.say(block.words)

    def listing(self, block: Listing) -> str:
        return "\n".join(self.item(x, block.start, k) for k, x in enumerate(block.items))

    def quote(self, block: Quote) -> str:
        return indent(self.blocks(block.blocks), "> ")

    def code(self, block: Code) -> str:
        return indent(visible_lines(block.text), "    ")

    def divider(self) -> str:
        return "* * *"

    def display(self, block: Display) -> str:
        return _numbered(f"    {plain_tex(block.latex)}", block.number)

    def figure(self, block: Figure) -> str:
        told = self.say(block.caption) or visible(block.picture.alt)
        return f"[{self.captioned(block, told)}]"

    def blocks(self, blocks: Sequence[Block]) -> str:
        return "\n\n".join(map(self.block, blocks))

    def say(self, words: Words) -> str:
        return say(words, self.notation)

    def told(self, block: Told) -> str:
        shown = shown_sections(block.document, self.notation, self.language)
        parts = [_section(part, self.notation) for part in shown]
        parts[-1] = _numbered(parts[-1], block.number)
        return "\n\n".join([*parts, *([self.say(block.verdict)] if block.verdict else [])])

    def item(self, blocks: tuple[Block, ...], start: int | None, position: int) -> str:
        return self.hung("• " if start is None else f"{start + position}. ", blocks)

    def hung(self, mark: str, blocks: Sequence[Block]) -> str:
        """Blocks that stand at the right of a mark."""
        body = indent(self.blocks(blocks), " " * len(mark))
        return mark + body[len(mark) :]

    def terms(self, block: Terms) -> str:
        return "\n\n".join(map(self.term, block.items))

    def term(self, term: Term) -> str:
        """A term, and below it what it means."""
        meanings = (indent(self.blocks(meaning), "    ") for meaning in term.meanings)
        return "\n".join([self.say(term.words), *meanings])

    def footnotes(self, block: Footnotes) -> str:
        return "\n".join(self.hung(f"[{k}] ", note) for k, note in enumerate(block.notes, 1))

    def table(self, block: Table) -> str:
        columns = max(len(block.head), *map(len, block.rows), 0)
        told = [[self.say(cell) for cell in row] for row in (block.head, *block.rows)]
        rows = [[*row, *[""] * (columns - len(row))] for row in told]
        wide = [max(map(width, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(cell + " " * (w - width(cell)) for cell, w in zip(row, wide, strict=True))
            for row in rows
        ]
        lines.insert(1, "  ".join("─" * w for w in wide))
        caption = self.captioned(block, self.say(block.caption))
        above = [caption, ""] if caption else []
        return "\n".join([*above, *(line.rstrip() for line in lines)])

    def captioned(self, block: Figure | Table, told: str) -> str:
        """``Table 1: What it tells``."""
        return ": ".join(x for x in (called(block, self.language), told) if x)


def _numbered(text: str, number: int) -> str:
    return f"{text}{' ' * GAP}({number})" if number else text


def visible_lines(text: str) -> str:
    """Text in several lines, with what cannot be seen spelled out."""
    return "\n".join(map(visible, text.split("\n")))


def text(e: Basic, *, language: str = "en") -> str:
    """One expression in Unicode text.

    >>> from sympy import Symbol
    >>> text(Symbol("lambda") / 2)
    'λ/2'
    """
    return Notation(TextStyle(), language=language)(e)


def plain_words(words: Words) -> str:
    """Running text in Unicode."""
    return say(words, Notation(TextStyle()))


def _section(section: Section, notation: Notation) -> str:
    alone = section.conditions == (section.rows[0].left,)  # an empty line tells sections apart
    when = "" if alone else say(section.conditions, notation)
    head = ", ".join(x for x in (section.heading, when) if x)
    lines = aligned(section.rows, notation)
    return "\n".join([f"{head}:", *lines] if head else lines)


def aligned(rows: Sequence[Row], notation: Notation) -> list[str]:
    """The lines of a part."""
    lefts = [notation(row.left) if row.left is not None else "" for row in rows]
    rights = [notation(row.right) for row in rows]
    reasons = [say(row.reason, notation) for row in rows]
    margin = max(map(width, lefts))
    shorter = [width(right) for right in rights if width(right) <= WIDEST]
    column = max(shorter, default=WIDEST) + GAP
    out = []
    for row, left, right, why in zip(rows, lefts, rights, reasons, strict=True):
        gap = " " * max(column - width(right), GAP) if why else ""
        out.append(f"{left}{' ' * (margin - width(left))} {row.relation} {right}{gap}{why}")
    return out

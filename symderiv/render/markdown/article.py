r"""An article in Markdown with formulas between dollars, as GitHub and Pandoc render it.

Each part of a derivation is one ``$$`` block with ``aligned`` in it. Reasons stand beside their
lines where a page of GitHub is wide enough, else below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import starmap

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
from symderiv.document.blocks import Document, Link, Styled, Words
from symderiv.document.messages import translate
from symderiv.document.narrate import Detail
from symderiv.document.words import EQUATION, fill, footnote_anchor, lemma_anchor
from symderiv.render.appendix import called
from symderiv.render.authored import is_formula
from symderiv.render.layout import article_notation, prepared, shown_sections
from symderiv.render.markdown.portable import aligned, display, portable
from symderiv.render.markdown.rows import section
from symderiv.render.markdown.text import anchor, identifier, inline, paragraph, text
from symderiv.render.names import visible_lines
from symderiv.render.notation import Notation
from symderiv.render.notation.style_latex import LatexStyle
from symderiv.render.rendered import Rendered
from symderiv.render.words import HOME
from symderiv.render.writing import BlockWriter

LONGEST = 80
"""Letters in the name of a file."""
DRAWN = frozenset(("math", "mermaid", "geojson", "topojson", "stl"))
"""Languages whose code GitHub does not show, but sets or draws."""
_RULES = {"left": ":---", "right": "---:", "center": ":---:"}


def render_article(article: Article) -> Rendered:
    """The article in Markdown; its figures beside it."""
    writer = Writer(article_notation(article, LatexStyle()), article.language, article.figures)
    title, blocks = titled(article)
    parts = writer.head(title, article.byline)
    parts += writer.blocks(blocks)
    if article.home:
        home = Link((translate(HOME, article.language),), article.home)
        parts += writer.paragraph(Paragraph((home,)))
    return Rendered(("\n\n".join(parts) + "\n").encode(), writer.assets)


def titled(article: Article) -> tuple[Heading | None, tuple[Block, ...]]:
    """The title as a heading, and what stands below it."""
    first = article.blocks[0] if article.blocks else None
    if isinstance(first, Heading) and first.level == 1:
        return first, article.blocks[1:]
    return (Heading(1, article.title) if article.title else None), article.blocks


def to_markdown(
    derivation: Derivation | Document,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> str:
    """The derivation as paragraphs and ``$$`` blocks."""
    parts, notation = prepared(
        derivation, LatexStyle(), detail=detail, language=language, adjoint=adjoint
    )
    return "\n\n".join(block for part in parts for block in section(part, notation))


# ---------------------------------------------------------------- blocks


@dataclass
class Writer(BlockWriter[list[str]]):
    """Writes blocks as parts to be kept apart by an empty line; keeps the figures beside the file.

    ``figures`` is where they are found; ``knows_notes`` is false for readers without footnotes.
    """

    notation: Notation
    language: str = "en"
    figures: str = "figures/"
    knows_notes: bool = True
    assets: dict[str, bytes] = field(default_factory=dict)

    def blocks(self, blocks: Sequence[Block]) -> list[str]:
        """Blocks one after the other."""
        out: list[str] = []
        for before, block in zip([None, *blocks], blocks, strict=False):
            out += self.following(block, before)
        return out

    def head(self, title: Heading | None, byline: str) -> list[str]:
        """The title, and below it who wrote the article and when."""
        parts = [] if title is None else self.heading(title)
        return [*parts, *(self.paragraph(Paragraph((byline,))) if byline else [])]

    def following(self, block: Block, before: Block | None) -> list[str]:
        """A block after another; two lists in a row are kept from becoming one."""
        apart = isinstance(before, Listing) and isinstance(block, Listing)
        return ["<!-- -->", *self.block(block)] if apart else self.block(block)

    def paragraph(self, block: Paragraph) -> list[str]:
        lines = inline(block.words, self.notation).split("\n")
        return ["\n".join(map(paragraph, lines))]

    def heading(self, block: Heading) -> list[str]:
        words = inline(block.words, self.notation, end=" ")
        return [f"{'#' * block.level} {anchor(block.anchor)}{words}"]

    def quote(self, block: Quote) -> list[str]:
        return [_prefixed("\n\n".join(self.blocks(block.blocks)), "> ", "> ")]

    def code(self, block: Code) -> list[str]:
        return [fenced(block.text, block.language)]

    def divider(self) -> list[str]:
        return ["* * *"]

    def listing(self, block: Listing) -> list[str]:
        items = []
        for at, item in enumerate(block.items):
            mark = "- " if block.start is None else f"{block.start + at}. "
            items.append(_prefixed("\n\n".join(self.blocks(item)), mark, " " * len(mark)))
        tight = all(len(item) == 1 and isinstance(item[0], Paragraph) for item in block.items)
        return [("\n" if tight else "\n\n").join(items)]

    def terms(self, block: Terms) -> list[str]:
        return [part for term in block.items for part in self.term(term)]

    def term(self, term: Term) -> list[str]:
        """A term in bold, and a list of what it means: Markdown of GitHub knows no such list."""
        bold = Paragraph((Styled("strong", term.words),))
        return [*self.paragraph(bold), *self.listing(Listing(term.meanings))]

    def footnotes(self, block: Footnotes) -> list[str]:
        """The notes; where the reader knows none, a list that their marks lead to."""
        return list(starmap(self.note, enumerate(block.notes, 1)))

    def note(self, number: int, blocks: Sequence[Block]) -> str:
        """One footnote."""
        mark, body = f"[^{number}]: ", "\n\n".join(self.blocks(blocks))
        if not self.knows_notes:
            mark, body = f"{number}. ", anchor(footnote_anchor(number)[1:]) + body
        return _prefixed(body, mark, "    ")

    def table(self, block: Table) -> list[str]:
        columns = max([len(block.head), *map(len, block.rows)])
        align = [*block.align, *[""] * columns][:columns]
        rule = [_RULES.get(where, "---") for where in align]
        body = [self.cells(row, columns) for row in block.rows]
        lines = [self.cells(block.head, columns), _barred(rule), *body]
        caption = self.caption(block)
        above = [anchor(block.anchor) + caption] if caption else []
        return [*above, "\n".join(lines)]

    def cells(self, row: Sequence[Words], columns: int) -> str:
        told = [inline(cell, self.notation, end="<br>").strip() for cell in row]
        return _barred([*told, *[""] * columns][:columns])

    def caption(self, block: Figure | Table) -> str:
        """``**Figure 1**. What it shows``; nothing where there is neither."""
        name = called(block, self.language)
        lead = (Styled("strong", (name,)), ".") if name else ()
        between = (" ",) if lead and block.caption else ()
        return inline((*lead, *between, *block.caption), self.notation, end=" ")

    def display(self, block: Display) -> list[str]:
        rows = _has_rows(block.latex)
        place = [anchor(block.anchor)] if block.anchor else []
        if not is_formula(aligned(block.latex) if rows else block.latex):
            return [*place, fenced(block.latex)]
        formula = aligned(portable(block.latex)) if rows else portable(block.latex)
        if block.number:
            formula += rf" \qquad \text{{{self.equation(block.number)}}}"
        return [*place, display(formula)]

    def equation(self, number: int) -> str:
        return "".join(map(str, fill(EQUATION, {"number": str(number)}, self.language)))

    def told(self, block: Told) -> list[str]:
        """With its number, and what a check said."""
        return list(self._told(block))

    def _told(self, block: Told) -> Iterator[str]:
        number = self.equation(block.number) if block.number else ""
        for part in shown_sections(block.document, self.notation, self.language):
            label = lemma_anchor(part.number)[1:] if part.number else ""
            last = part.kind == "derivation"
            yield from section(
                part,
                self.notation,
                label=block.anchor if last else label,
                number=number if last else "",
            )
        if block.verdict:
            plain = any(isinstance(part, Basic) for part in block.verdict)
            words = block.verdict if plain else (Styled("emphasis", block.verdict),)
            yield inline(words, self.notation, end=" ")

    def figure(self, block: Figure) -> list[str]:
        """The picture, and below it its name and caption."""
        label = block.anchor or f"fig-{block.number}"
        name = re.sub(r"[^A-Za-z0-9-]+", "-", identifier(label))[:LONGEST].strip("-") or "figure"
        while f"{self.figures}{name}.svg" in self.assets:
            name += "-"
        self.assets[f"{self.figures}{name}.svg"] = block.picture.svg.encode()
        image = f"![{text(block.picture.alt)}]({self.figures}{name}.svg)"
        caption = self.caption(block)
        return [anchor(block.anchor) + image + ("\\\n" + caption if caption else "")]


def fenced(source: str, language: str = "") -> str:
    """A block of code, whatever stands in it.

    >>> print(fenced("a = 1", "python"))
    ```python
    a = 1
    ```
    """
    longest = max(map(len, re.findall("`{3,}", source)), default=2)
    fence = "`" * (longest + 1)
    fit = re.fullmatch(r"[A-Za-z0-9_+#.-]+", language) and language.lower() not in DRAWN
    known = language if fit else ""
    shown = visible_lines(source.rstrip("\n"))
    return f"{fence}{known}\n{shown}\n{fence}"


def _prefixed(source: str, first: str, rest: str) -> str:
    head, *lines = source.split("\n")
    return "\n".join([first + head, *((rest + line).rstrip(" ") for line in lines)])


def _barred(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _has_rows(latex: str) -> bool:
    r"""Does ``&`` or ``\\`` stand outside every environment?"""
    depth = 0
    for found in re.findall(r"\\begin\b|\\end\b|\\\\|\\.|&", latex, re.DOTALL):
        depth += (found == r"\begin") - (found == r"\end")
        if depth == 0 and found in ("&", r"\\"):
            return True
    return False

"""A whole text: prose, formulas, derivations, tables and pictures, one block after another.

An `Article` is what every renderer of documents reads. It holds no notation and nothing left to
compute; `compose` makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from symderiv.document.blocks import Document, Words


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (the title of the article) to 6."""

    level: int
    words: Words
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    words: Words


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; numbered from ``start``, or with bullets where that is None."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A term, and what it means; several meanings stand one after the other."""

    words: Words
    meanings: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """A list of terms."""

    items: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Footnotes:
    """The footnotes of an article, numbered from 1; its last block, if there are any.

    The first `Mark` of each number is where paper sets the note; other formats have them all at the
    end.
    """

    notes: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text in a fixed width.

    What ``runs`` is Python that was executed when the article was made, and that a notebook
    executes; ``before`` has to run first, and is shown in no text.
    """

    text: str
    language: str = ""
    before: str = ""
    runs: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``align`` holds ``left``, ``right``, ``center`` or nothing for each column.

    ``number`` is 0 where it bears none. ``code`` is Python that gives what it tells, if known.
    """

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    align: tuple[str, ...] = ()
    caption: Words = ()
    anchor: str = ""
    number: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Divider:
    """A thematic break."""


@dataclass(frozen=True, slots=True)
class Display:
    """A formula of its own: an author's LaTeX; ``number`` is 0 where it bears none."""

    latex: str
    number: int = 0
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A derivation: its document, its number as an equation, and what a check said of it.

    ``verdict`` is a sentence; empty where nothing was checked. ``refuted`` says that the check did
    not hold. ``code`` is Python that derives it
    again and leaves it on the last line; empty where none is known.
    """

    document: Document
    number: int = 0
    anchor: str = ""
    verdict: Words = ()
    code: str = ""
    refuted: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, and as PDF for formats that take no SVG; ``alt`` says what it shows."""

    svg: str
    pdf: bytes
    alt: str

    def _repr_svg_(self) -> str:
        return self.svg


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with a caption and a number; ``code`` is Python that draws it, if known."""

    picture: Picture
    caption: Words = ()
    number: int = 0
    anchor: str = ""
    code: str = ""


Block = (
    Heading
    | Paragraph
    | Listing
    | Terms
    | Quote
    | Code
    | Table
    | Divider
    | Display
    | Told
    | Figure
    | Footnotes
)


@dataclass(frozen=True, slots=True)
class Article:
    """A text in one language, with who wrote it and when, as they say it.

    ``home`` is the address of the page that lists it, if there is one; ``figures`` is the folder
    for pictures that lie beside it.
    """

    title: Words
    blocks: tuple[Block, ...]
    language: str = "en"
    home: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    figures: str = "figures/"

    @property
    def byline(self) -> str:
        """What stands under the title.

        >>> Article((), (), authors=("A. Ahn", "B. Bae"), date="May 2025").byline
        'A. Ahn, B. Bae · May 2025'
        """
        return " · ".join(filter(None, (", ".join(filter(None, self.authors)), self.date)))

    def documents(self) -> Iterator[Document]:
        """The derivations that it tells, in order."""
        for block in walk(self.blocks):
            if isinstance(block, Told):
                yield block.document

    def rules(self) -> tuple[str, ...]:
        """The names of the rules that its lines tell of, each once."""
        found: dict[str, None] = {}
        for document in self.documents():
            for part in (*document.lemmas, document):
                for line in part.lines:
                    for told in (line, *line.finer):
                        found.update((note.rule, None) for note in told.notes)
        return tuple(found)


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Every block, those inside others too."""
    for block in blocks:
        yield block
        for part in parts(block):
            yield from walk(part)


def parts(block: Block) -> tuple[tuple[Block, ...], ...]:
    """The blocks inside of a block, item by item."""
    match block:
        case Quote(blocks):
            return (blocks,)
        case Listing(items):
            return items
        case Terms(terms):
            return tuple(meaning for term in terms for meaning in term.meanings)
        case Footnotes(notes):
            return notes
    return ()


def with_words(block: Block, change: Callable[[Words], Words]) -> Block:
    """The block with all its running text changed, and that of the blocks inside.

    >>> with_words(Paragraph(("a",)), lambda words: (*words, "b"))
    Paragraph(words=('a', 'b'))
    """

    def inside(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(with_words(b, change) for b in blocks)

    match block:
        case Paragraph(words) | Heading(words=words):
            return replace(block, words=change(words))
        case Figure(caption=caption):
            return replace(block, caption=change(caption))
        case Quote(quoted):
            return replace(block, blocks=inside(quoted))
        case Listing(items):
            return replace(block, items=tuple(map(inside, items)))
        case Terms(terms):
            told = (Term(change(t.words), tuple(map(inside, t.meanings))) for t in terms)
            return replace(block, items=tuple(told))
        case Footnotes(notes):
            return replace(block, notes=tuple(map(inside, notes)))
        case Table(head, rows, caption=caption):
            return replace(
                block,
                head=tuple(map(change, head)),
                rows=tuple(tuple(map(change, row)) for row in rows),
                caption=change(caption),
            )
        case Told(document):
            title, preface = change(document.title), change(document.preface)
            return replace(block, document=replace(document, title=title, preface=preface))
        case Code() | Divider() | Display():
            return block
        case _:
            assert_never(block)

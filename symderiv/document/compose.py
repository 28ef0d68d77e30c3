"""Putting an article together: numbers, anchors, and what cites them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from symderiv.core.derivation import Derivation
from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence
from symderiv.document.article import (
    Article,
    Block,
    Display,
    Figure,
    Heading,
    Paragraph,
    Picture,
    Table,
    Told,
    with_words,
)
from symderiv.document.blocks import Inline, Link, Styled, Words
from symderiv.document.messages import N_
from symderiv.document.narrate import Detail, Narrator, Proofs
from symderiv.document.words import EQUATION, LEMMA, fill, unmarked

FIGURE = N_("Figure {number}")
TABLE = N_("Table {number}")


@dataclass(slots=True)
class Composer:
    """Collects the blocks of one article.

    Equations, figures and tables are numbered in the order in which they come. A label names an
    equation, a figure, a table or a heading once; a `Link` without words to ``#label`` gets the
    number (or the heading) for its words when `article` is called. ``others`` are second labels,
    each with the one that stands on the page. What was derived as an equation is ``cited`` by its
    number where a later derivation needs it; a text that is numbered by others cites lemmas only.

    >>> from symderiv.document.blocks import Link
    >>> composer = Composer()
    >>> composer.display("a = b", label="first")
    >>> composer.paragraph("See ", Link((), "#first"))
    >>> composer.article(("A title",)).blocks[-1].words[1].words
    ('(1)',)
    """

    language: str = "en"
    detail: Detail = "normal"
    finer: bool = False
    cited: bool = True
    blocks: list[Block] = field(default_factory=list)
    names: dict[str, Words] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    narrator: Narrator = field(init=False)
    _counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.start_over()

    def start_over(self) -> None:
        """From here on, definitions are told anew; lemmas and equations are numbered on."""
        told = self.narrator.told if hasattr(self, "narrator") else {}
        self.narrator = Narrator(self.detail, finer=self.finer)
        self.narrator.told = told

    # ------------------------------------------------------------ blocks

    def add(self, *blocks: Block) -> None:
        """Blocks as they are."""
        self.blocks += blocks

    def heading(self, level: int, words: Words, label: str = "") -> None:
        """A heading; 1 is the level of the title."""
        anchor = self._anchor(label, unmarked(words)) if label else ""
        self.add(Heading(level, words, anchor))

    def paragraph(self, *words: Inline) -> None:
        """Running text."""
        self.add(Paragraph(words))

    def derivation(
        self,
        derivation: Derivation,
        *,
        detail: Detail | None = None,
        title: Words = (),
        label: str = "",
        proofs: Proofs | None = None,
        verdict: Words = (),
        code: str = "",
        refuted: bool = False,
    ) -> None:
        """A derivation, after the lemmas and definitions that were not told before."""
        told = self.narrator.tell(derivation, detail=detail, title=title, proofs=proofs)
        for lemma in told.lemmas:
            name = fill(LEMMA, {"number": str(lemma.number)}, self.language)
            self.names[f"lemma-{lemma.number}"] = name
        number, anchor = self._numbered("eq", EQUATION, label)
        if self.cited:
            self.narrator.number(derivation, number, anchor)
        self.add(Told(told, number, anchor, verdict, code, refuted))

    def display(self, latex: str, label: str = "") -> None:
        """A formula of its own; only one with a label is numbered."""
        number, anchor = self._numbered("eq", EQUATION, label) if label else (0, "")
        self.add(Display(latex, number, anchor))

    def figure(self, picture: Picture, caption: Words = (), label: str = "") -> None:
        """A picture with its caption."""
        self.add(Figure(picture, caption, *self._numbered("fig", FIGURE, label)))

    def table(
        self,
        head: tuple[Words, ...],
        rows: Iterable[tuple[Words, ...]],
        *,
        align: tuple[str, ...] = (),
        caption: Words = (),
        label: str = "",
    ) -> None:
        """A table; only one with a label or a caption is numbered."""
        number, anchor = self._numbered("tab", TABLE, label) if label or caption else (0, "")
        self.add(Table(head, tuple(rows), align, caption, anchor, number))

    # ------------------------------------------------------------ numbers and names

    def _numbered(self, kind: str, message: str, label: str) -> tuple[int, str]:
        number = self._counts[kind] = self._counts.get(kind, 0) + 1
        words = fill(message, {"number": str(number)}, self.language)
        return number, self._anchor(label or f"{kind}-{number}", words)

    def _anchor(self, label: str, words: Words) -> str:
        if label in self.names:
            raise DataError(Sentence("the label {label} is given twice", label=repr(label)))
        self.names[label] = words
        self.others.pop(label, None)
        return label

    def also(self, label: str, anchor: str, *, kept: bool = True) -> None:
        """A second label of what has one; with ``kept``, nothing else may bear it.

        Raises `DataError` if it is kept, and was given before.
        """
        if kept:
            self._anchor(label, self.names[anchor])
        if kept or label not in self.names:
            self.others[label] = anchor

    def article(self, title: Words) -> Article:
        """The article; a derivation that is its only equation bears no number, if it has no label
        and nothing cites it.

        Raises `DataError` for a citation of a label that nothing bears.
        """
        targets: set[str] = set()

        def cited(words: Words) -> Words:
            targets.update(_targets(words))
            return _cited(words, self.names, self.others)

        blocks = tuple(with_words(b, cited) for b in self.blocks)
        if self._counts.get("eq") == 1 and "eq-1" in self.names and "#eq-1" not in targets:
            blocks = tuple(replace(b, number=0) if isinstance(b, Told) else b for b in blocks)
            self.names["eq-1"] = ()
        return Article(title, blocks, self.language)


# ---------------------------------------------------------------- citations


def _targets(words: Words) -> Iterator[str]:
    for part in words:
        if isinstance(part, Link):
            yield part.target
        if isinstance(part, (Link, Styled)):
            yield from _targets(part.words)


def _cited(words: Words, names: Mapping[str, Words], others: Mapping[str, str]) -> Words:
    return tuple(
        _named(part, names, others) if isinstance(part, (Link, Styled)) else part for part in words
    )


def _named(
    part: Link | Styled, names: Mapping[str, Words], others: Mapping[str, str]
) -> Link | Styled:
    inner = _cited(part.words, names, others)
    if isinstance(part, Styled) or not part.target.startswith("#"):
        return replace(part, words=inner)
    label = part.target.removeprefix("#")
    label = others.get(label, label)
    if inner:
        return replace(part, words=inner, target=f"#{label}")
    if label not in names:
        from difflib import get_close_matches

        close = get_close_matches(label, list(names), 3)
        hint = Sentence("; did you mean {names}?", names=", ".join(close)) if close else ""
        raise DataError(
            Sentence("nothing here bears the label {label}{hint}", label=repr(label), hint=hint)
        )
    return replace(part, words=names[label], target=f"#{label}")

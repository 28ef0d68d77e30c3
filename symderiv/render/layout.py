"""A document as sections of rows, the same for every format that shows rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.core.expr import Direct, Total
from symderiv.core.messages import N_
from symderiv.core.symbols import label_of
from symderiv.document.article import Article
from symderiv.document.blocks import Break, Document, Formula, Inline, Words
from symderiv.document.messages import translate
from symderiv.document.narrate import Detail, document_of
from symderiv.document.words import LEMMA, WHERE, conditions, fill, reason, separated, unlinked
from symderiv.matrices.form import MatrixForm
from symderiv.matrices.row import matrix_row
from symderiv.render.names import visible
from symderiv.render.style import Style
from symderiv.render.twins import twins
from symderiv.render.walk import Notation

IN_MATRICES = N_("in matrix form, of shape {shape}")
AS_COLUMN = N_("in matrix form, a column of shape {shape}")
AS_NUMBER = N_("in matrix form, a number")


@dataclass(frozen=True, slots=True)
class Row:
    """``left = right    reason``; no left side where the line goes on from the one before."""

    left: Expr | MatrixForm | None
    right: Expr | MatrixForm
    reason: Words = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (``Lemma 1``; none for the derivation itself), its conditions, and its rows."""

    kind: str
    heading: str
    conditions: Words
    rows: tuple[Row, ...]


def sections(document: Document, language: str = "en") -> tuple[Section, ...]:
    """Definitions, lemmas, and the derivation itself."""
    return tuple(_sections(document, language))


def _sections(document: Document, language: str) -> Iterator[Section]:
    if document.definitions:
        rows = tuple(Row(d.left, d.right) for d in document.definitions)
        heading = "" if document.preface else translate(WHERE, language)
        yield Section("where", heading, document.preface, rows)
    for lemma in document.lemmas:
        number = fill(LEMMA, {"number": str(lemma.number)}, language)
        heading = "" if lemma.title else "".join(map(str, number))
        yield Section("lemma", heading, _when(lemma, language), _rows(lemma, language))
    when = _when(document, language)
    if document.lemmas and not when:
        when = (document.goal,)  # or else it reads as part of the last lemma
    yield Section("derivation", "", when, _rows(document, language))


def _when(document: Document, language: str) -> Words:
    when = conditions(document.indices, document.given, language)
    return separated([words for words in (document.title, when) if words])


def _rows(document: Document, language: str) -> tuple[Row, ...]:
    if not document.lines:
        return (Row(document.goal, document.goal),)
    rows = [
        Row(None if at else document.goal, line.expr, reason(line, language))
        for at, line in enumerate(document.lines)
    ]
    return (*rows, *_in_matrices(document, language))


def _in_matrices(document: Document, language: str) -> Iterator[Row]:
    """``W̄ = Xᵀ Z̄`` after the last line of an adjoint in a backward pass, where there is such."""
    if document.number:
        return
    last = document.lines[-1].expr
    row = matrix_row(document.goal, last, document.indices, in_pass=bool(document.title))
    if row is None:
        return
    sizes = [size for size, _ in row.left.axes]
    shape = separated([(size,) for size in sizes])
    comma = "," if len(sizes) == 1 else ""
    message = (AS_NUMBER, AS_COLUMN, IN_MATRICES)[len(sizes)]
    yield Row(row.left, row.right, fill(message, {"shape": ("(", *shape, f"{comma})")}, language))


def prepared(
    derivation: Derivation | Document,
    style: Style,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> tuple[tuple[Section, ...], Notation]:
    """The sections of a derivation, and the notation that prints them.

    ``adjoint`` is ``"fraction"`` (∂L/∂z) or ``"bar"`` (z̄).
    """
    if adjoint not in ("fraction", "bar"):
        raise ValueError(f"adjoint={adjoint!r} is unknown; choose 'fraction' or 'bar'")
    document = derivation if isinstance(derivation, Document) else document_of(derivation, detail)
    notation = _notation((document,), style, language, bar=adjoint == "bar")
    return shown_sections(document, notation, language), notation


def article_notation(article: Article, style: Style) -> Notation:
    """The notation that prints all derivations of an article."""
    return _notation(tuple(article.documents()), style, article.language)


def _notation(
    documents: tuple[Document, ...], style: Style, language: str, *, bar: bool = False
) -> Notation:
    style.apart = twins(documents)
    return Notation(style, bar=bar, clashes=clashes(documents), language=language)


def shown_sections(
    document: Document, notation: Notation, language: str = "en"
) -> tuple[Section, ...]:
    """The sections of a document, without lines that print like the one before."""
    return tuple(_without_repeats(part, notation) for part in sections(document, language))


def _without_repeats(section: Section, notation: Notation) -> Section:
    """Lines that are built differently may print alike; a reader sees each once."""
    rows: list[Row] = []
    before = ""
    for row in section.rows:
        printed = notation(row.right)
        if row.left is not None or printed != before:
            rows.append(row)
        before = printed
    return replace(section, rows=tuple(rows))


def clashes(documents: Iterable[Document]) -> frozenset[tuple[Symbol, Symbol]]:
    """The pairs (u, x) whose direct and total derivative both stand in the documents."""
    pairs: dict[type, set[tuple[Symbol, Symbol]]] = {Direct: set(), Total: set()}
    for part in (part for document in documents for part in (*document.lemmas, document)):
        for e in (part.goal, *(line.expr for line in part.lines)):
            for node in _nodes(e):
                if isinstance(node, (Direct, Total)):
                    u, x = label_of(node.what), label_of(node.by)
                    if u is not None and x is not None:
                        pairs[type(node)].add((u, x))
    return frozenset(pairs[Direct] & pairs[Total])


def _nodes(e: Basic) -> Iterator[Basic]:
    todo = [e]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(node.args)


def say(words: Words, notation: Notation) -> str:
    """Running text in Unicode, expressions printed."""
    return "".join(_said(part, notation) for part in unlinked(words))


def _said(part: Inline, notation: Notation) -> str:
    if isinstance(part, Formula):
        return visible(part.latex)
    if isinstance(part, Break):
        return "\n"
    return notation(part) if isinstance(part, Basic) else visible(str(part))

"""A document as sections of rows, the same for every format that shows rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Expr, Rational
from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.core.messages import N_
from symderiv.core.symbols import Shape
from symderiv.document.article import Article
from symderiv.document.blocks import Break, Document, Evidence, Formula, Inline, Line, Mark, Words
from symderiv.document.messages import translate
from symderiv.document.narrate import DECIMALS, Detail, document_of
from symderiv.document.words import (
    LEMMA,
    SEMICOLON,
    WHERE,
    conditions,
    fill,
    reason,
    separated,
    unlinked,
)
from symderiv.matrices.form import MatrixForm
from symderiv.matrices.row import MatrixRow, matrix_rows
from symderiv.render.authored import plain_tex
from symderiv.render.names import visible
from symderiv.render.notation.style import Style
from symderiv.render.notation.walk import Notation
from symderiv.render.twins import twins

IN_MATRICES = (
    N_("in matrix form, a number"),
    N_("in matrix form, a column of length {shape}"),
    N_("in matrix form, of size {shape}"),
)
ONE_EXAMPLE = (
    N_("for one example {example}, a number"),
    N_("for one example {example}, a column of length {shape}"),
    N_("for one example {example}, of size {shape}"),
)
OVER_EXAMPLES = N_("as a sum over the examples")
TWICE = N_("{reason}, twice")


@dataclass(frozen=True, slots=True)
class Row:
    """``left = right    reason``; no left side where the line goes on from the one before.

    ``relation`` stands between the sides: ``=``, or ``≈`` before a decimal. ``line`` is the line of
    the document that it shows; ``number`` the number of the equation, 0
    where the row bears none; ``evidence`` is what a check found of it.
    """

    left: Expr | MatrixForm | None
    right: Expr | MatrixForm
    reason: Words = ()
    line: Line | None = None
    number: int = 0
    evidence: Evidence | None = None
    relation: str = "="


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (``Lemma 1``; none for the derivation itself), its conditions, and its rows.

    ``number`` is that of the lemma, 0 where there is none.
    """

    kind: str
    heading: str
    conditions: Words
    rows: tuple[Row, ...]
    number: int = 0


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
        rows = _rows(lemma, language)
        yield Section("lemma", heading, _when(lemma, language), rows, lemma.number)
    when = _when(document, language)
    if document.lemmas and not when:
        when = (document.goal,)  # or else it reads as part of the last lemma
    yield Section("derivation", "", when, _rows(document, language))


def _when(document: Document, language: str) -> Words:
    when = conditions(document.indices, document.given, language)
    return separated([words for words in (document.title, when) if words], language)


def _rows(document: Document, language: str) -> tuple[Row, ...]:
    if not document.lines:
        return (Row(document.goal, document.goal),)
    if (decimal := _only_rounded(document)) is not None:
        return (_rounded(document, decimal, language),)
    rows = [
        Row(
            None if at else document.goal, line.expr, reason(line, language), line, 0, line.evidence
        )
        for at, line in enumerate(document.lines)
    ]
    return (*rows, *_in_matrices(document, language))


def _only_rounded(document: Document) -> Expr | None:
    """The decimal of a value that is what was asked for, so that no other line leads to it."""
    line = document.lines[0]
    if len(document.lines) > 1 or line.expr != document.goal:
        return None
    found = (e for note in line.notes for name, e in note.about if name in DECIMALS)
    return next((e for e in found if isinstance(e, Expr)), None)


def _rounded(document: Document, decimal: Expr, language: str) -> Row:
    """``log 2 ≈ 0.6931``."""
    line = document.lines[0]
    bare = replace(line, notes=tuple(replace(note, note="") for note in line.notes))
    relation = "=" if Rational(str(decimal)) == document.goal else "≈"
    why = reason(bare, language)
    return Row(document.goal, decimal, why, line, 0, line.evidence, relation)


def _in_matrices(document: Document, language: str) -> Iterator[Row]:
    """``W̄ = Xᵀ Z̄`` after the last line of an adjoint in a backward pass, where there is such."""
    if document.number:
        return
    last = document.lines[-1].expr
    in_pass = bool(document.title)
    found = tuple(matrix_rows(document.goal, last, document.indices, in_pass=in_pass))
    proved = len(document.forms) == len(found)  # or else it is not these that were tested
    for at, row in enumerate(found):
        evidence = document.forms[at] if proved else None
        yield Row(row.left, row.right, _of_form(row, language), evidence=evidence)


def _of_form(row: MatrixRow, language: str) -> Words:
    """What a matrix form is about, and its shape."""
    sizes = row.sizes
    values: dict[str, str | Basic | Words] = {"shape": Shape(*sizes)}
    if row.example is not None:
        values["example"] = row.example
        return fill(ONE_EXAMPLE[len(sizes)], values, language)
    if row.by_example:
        return fill(OVER_EXAMPLES, values, language)
    return fill(IN_MATRICES[len(sizes)], values, language)


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
    document = derivation if isinstance(derivation, Document) else document_of(derivation, detail)
    notation = notation_of((document,), style, language=language, adjoint=adjoint)
    return shown_sections(document, notation, language), notation


def notation_of(
    documents: tuple[Document, ...],
    style: Style,
    *,
    language: str = "en",
    adjoint: str = "fraction",
) -> Notation:
    """One notation for all the derivations of a text, so that a name looks the same throughout."""
    if adjoint not in ("fraction", "bar"):
        raise ValueError(f"adjoint={adjoint!r} is unknown; choose 'fraction' or 'bar'")
    style.apart = twins(documents)
    return Notation(style, bar=adjoint == "bar", language=language)


def article_notation(article: Article, style: Style, *, adjoint: str = "fraction") -> Notation:
    """The notation that prints all derivations of an article."""
    documents = tuple(article.documents())
    return notation_of(documents, style, language=article.language, adjoint=adjoint)


def shown_sections(
    document: Document, notation: Notation, language: str = "en", *, number: int = 0
) -> tuple[Section, ...]:
    """The sections as a reader sees them; the last row bears the number of the equation."""
    parts = [_without_repeats(part, notation, language) for part in sections(document, language)]
    if number:
        *rows, last = parts[-1].rows
        parts[-1] = replace(parts[-1], rows=(*rows, replace(last, number=number)))
    return tuple(parts)


def _without_repeats(section: Section, notation: Notation, language: str) -> Section:
    """Lines that are built differently may print alike; a reader sees each once.

    Where every line is a step, it has the reasons of all that it stands for.
    """
    rows: list[Row] = []
    before = ""
    every = all(len(row.line.steps) == 1 for row in section.rows if row.line is not None)
    for row in section.rows:
        printed = notation(row.right)
        if row.left is not None or printed != before:
            rows.append(row)
        elif rows[-1].line is not None and row.line is not None:
            line = _joined(rows[-1].line, row.line)
            told = _both(rows[-1].reason, row.reason, language) if every else rows[-1].reason
            rows[-1] = replace(rows[-1], line=line, evidence=line.evidence, reason=told)
        before = printed
    return replace(section, rows=tuple(rows))


def _both(shown: Words, hidden: Words, language: str) -> Words:
    if shown == hidden:
        return fill(TWICE, {"reason": shown}, language)
    return separated([words for words in (shown, hidden) if words], language, by=SEMICOLON)


def _joined(shown: Line, hidden: Line) -> Line:
    """The line that is shown, answering also for the steps of one that prints alike."""
    both = [line.evidence for line in (shown, hidden) if line.evidence is not None]
    return replace(
        shown,
        steps=shown.steps + hidden.steps,
        provided=tuple(dict.fromkeys((*shown.provided, *hidden.provided))),
        finer=(*(shown.finer or (shown,)), *(hidden.finer or (hidden,))),
        evidence=Evidence.of(both) if len(both) == 2 else None,
    )


def say(words: Words, notation: Notation) -> str:
    """Running text in Unicode, expressions printed."""
    return "".join(_said(part, notation) for part in unlinked(words))


def _said(part: Inline, notation: Notation) -> str:
    if isinstance(part, Formula):
        return plain_tex(part.latex)
    if isinstance(part, Break):
        return "\n"
    if isinstance(part, Mark):
        return f"[{part.number}]"
    return notation(part) if isinstance(part, Basic) else visible(str(part))

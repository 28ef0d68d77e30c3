"""An article as plain data: what it says for readers, beside what programs read.

Words stand as a list of texts and objects. An expression is written three ways: ``expr`` as
`core.codec` encodes it, over the labels of the whole article, ``latex`` and ``text``. The same
article gives the same data in every process.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from math import isfinite
from typing import Any, assert_never

from sympy.core.basic import Basic

from symderiv.core.codec import Table as Labels
from symderiv.core.codec import encode
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
    Terms,
    Told,
)
from symderiv.document.blocks import (
    Break,
    Document,
    Evidence,
    Formula,
    Inline,
    Line,
    Link,
    Mark,
    Note,
    Styled,
    Words,
)
from symderiv.document.words import lemma_anchor, reason
from symderiv.render.layout import article_notation, say
from symderiv.render.notation.style_latex import LatexStyle
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.writing import BlockWriter

FORMAT = "symderiv.article"
VERSION = 1

Data = dict[str, Any]


def article_to_data(article: Article) -> Data:
    """The article as what JSON can hold."""
    writer = _Writer(article)
    title = writer.words(article.title)
    blocks = writer.blocks(article.blocks)
    return {
        "format": FORMAT,
        "version": VERSION,
        "language": article.language,
        "title": title,
        **({"authors": list(article.authors)} if article.authors else {}),
        **({"date": article.date} if article.date else {}),
        "labels": writer.labels.to_data(),
        "blocks": blocks,
    }


class _Writer(BlockWriter[Data]):
    """Encodes blocks over one table of labels."""

    def __init__(self, article: Article) -> None:
        self.labels = Labels()
        self.language = article.language
        self.latex = article_notation(article, LatexStyle())
        self.text = article_notation(article, TextStyle())

    # ------------------------------------------------------------ words

    def words(self, words: Words) -> list[Any]:
        return [self.inline(part) for part in words]

    def inline(self, part: Inline) -> Any:
        if isinstance(part, Basic):
            return self.expression(part)
        match part:
            case Formula(latex):
                return {"formula": latex}
            case Link(words, target):
                return {"link": target, "words": self.words(words)}
            case Styled(style, words):
                return {"style": style, "words": self.words(words)}
            case Break():
                return {"break": True}
            case Mark(number):
                return {"footnote": number}
            case str():
                return part
        assert_never(part)

    def expression(self, e: Basic) -> Data:
        return {"expr": encode(e, self.labels), "latex": self.latex(e), "text": self.text(e)}

    # ------------------------------------------------------------ blocks

    def blocks(self, blocks: Sequence[Block]) -> list[Data]:
        return [self.block(block) for block in blocks]

    def heading(self, block: Heading) -> Data:
        words = self.said(block.words)
        return {"block": "heading", "level": block.level, "anchor": block.anchor, **words}

    def paragraph(self, block: Paragraph) -> Data:
        return {"block": "paragraph", **self.said(block.words)}

    def listing(self, block: Listing) -> Data:
        items = [self.blocks(item) for item in block.items]
        return {"block": "list", "start": block.start, "items": items}

    def terms(self, block: Terms) -> Data:
        told = [
            {"term": self.words(t.words), "meanings": list(map(self.blocks, t.meanings))}
            for t in block.items
        ]
        return {"block": "terms", "items": told}

    def footnotes(self, block: Footnotes) -> Data:
        return {"block": "footnotes", "notes": list(map(self.blocks, block.notes))}

    def quote(self, block: Quote) -> Data:
        return {"block": "quote", "blocks": self.blocks(block.blocks)}

    def code(self, block: Code) -> Data:
        return {"block": "code", "language": block.language, "text": block.text}

    def divider(self) -> Data:
        return {"block": "divider"}

    def display(self, block: Display) -> Data:
        number, anchor = block.number, block.anchor
        return {"block": "display", "number": number, "anchor": anchor, "latex": block.latex}

    def said(self, words: Words) -> Data:
        return {"words": self.words(words)}

    def table(self, block: Table) -> Data:
        return {
            "block": "table",
            "number": block.number,
            "anchor": block.anchor,
            "caption": self.words(block.caption),
            "align": list(block.align),
            "head": [self.words(cell) for cell in block.head],
            "rows": [[self.words(cell) for cell in row] for row in block.rows],
        }

    def figure(self, block: Figure) -> Data:
        picture = block.picture
        return {
            "block": "figure",
            "number": block.number,
            "anchor": block.anchor,
            "caption": self.words(block.caption),
            "alt": picture.alt,
            "svg": picture.svg,
            "pdf": b64encode(picture.pdf).decode("ascii"),
        }

    # ------------------------------------------------------------ derivations

    def told(self, block: Told) -> Data:
        return {
            "block": "derivation",
            "number": block.number,
            "anchor": block.anchor,
            "verdict": say(block.verdict, self.text),
            "code": block.code,
            **self.document(block.document),
        }

    def document(self, document: Document) -> Data:
        return {
            "title": self.words(document.title),
            "preface": self.words(document.preface),
            "goal": self.expression(document.goal),
            "for": [self.expression(bounds) for bounds in document.indices],
            "given": [self.expression(fact) for fact in document.given],
            "definitions": [
                {"left": self.expression(d.left), "right": self.expression(d.right)}
                for d in document.definitions
            ],
            "lemmas": [
                {
                    "number": lemma.number,
                    "anchor": lemma_anchor(lemma.number)[1:],
                    **self.document(lemma),
                }
                for lemma in document.lemmas
            ],
            "lines": [self.line(line) for line in document.lines],
        }

    def line(self, line: Line) -> Data:
        equations = [cite.anchor for cite in line.cites if cite.anchor]
        return {
            **self.expression(line.expr),
            "reason": self.words(reason(line, self.language)),
            "rules": [self.note(note) for note in line.notes],
            "lemmas": [cite.number for cite in line.cites if not cite.anchor],
            **({"equations": equations} if equations else {}),
            "provided": [self.expression(fact) for fact in line.provided],
            "steps": list(line.steps),
            **({"evidence": _evidence(line.evidence)} if line.evidence else {}),
            **({"finer": [self.line(finer) for finer in line.finer]} if line.finer else {}),
        }

    def note(self, note: Note) -> Data:
        about = [[name, self.expression(value)] for name, value in note.about]
        return {"rule": note.rule, "about": about}


def _evidence(evidence: Evidence) -> Data:
    return {
        "ok": evidence.ok,
        "points": evidence.points,
        "worst": evidence.worst if isfinite(evidence.worst) else None,
        "sizes": [dict(sizes) for sizes in evidence.sizes],
    }

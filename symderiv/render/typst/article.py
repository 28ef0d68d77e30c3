"""An article in Typst, printed from the step tree; and a derivation as one Typst equation."""

from __future__ import annotations

from importlib.resources import files

from symderiv.core.derivation import Derivation
from symderiv.document.article import Article
from symderiv.document.blocks import Document
from symderiv.document.narrate import Detail
from symderiv.render.layout import Row, Section, prepared
from symderiv.render.notation import Notation
from symderiv.render.rendered import Rendered
from symderiv.render.typst.blocks import TypstWriter
from symderiv.render.typst.style import TypstStyle
from symderiv.render.typst.text import typst_text


def render_article(article: Article) -> Rendered:
    """The article as a file that Typst compiles; pictures lie beside it."""
    writer = TypstWriter(article)
    body = writer.article()
    prelude = (files("symderiv.render.typst") / "prelude.typ").read_text(encoding="utf-8")
    return Rendered(f"{prelude}\n{body}".encode(), writer.assets)


def to_typst(
    derivation: Derivation | Document,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> str:
    """The derivation as one equation that stands in any Typst document."""
    parts, notation = prepared(
        derivation, TypstStyle(), detail=detail, language=language, adjoint=adjoint
    )
    rows = " \\\n".join(line for part in parts for line in _rows(part, notation))
    return f"$\n{rows}\n$"


def _rows(section: Section, notation: Notation) -> list[str]:
    from symderiv.render.typst.words import typst_words

    when = typst_words(section.conditions, notation)
    head = ", ".join(x for x in (typst_text(section.heading), when) if x)
    rows = [_row(row, notation) for row in section.rows]
    return [f"& #[{head}:]", *rows] if head else rows


def _row(row: Row, notation: Notation) -> str:
    from symderiv.render.typst.words import typst_words

    left = notation(row.left) + " " if row.left is not None else ""
    why = f" && #[{typst_words(row.reason, notation)}]" if row.reason else ""
    return f"{left}&{notation.style.symbols[row.relation]} {notation(row.right)}{why}"

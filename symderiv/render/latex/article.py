r"""A derivation in LaTeX, for ``align*``; needs amsmath, and nothing else."""

from __future__ import annotations

from importlib.resources import files

from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.document.article import Article, Told
from symderiv.document.blocks import Document
from symderiv.document.messages import known_language
from symderiv.document.narrate import Detail, document_of
from symderiv.render.latex.blocks import LatexWriter
from symderiv.render.latex.words import tex_words
from symderiv.render.layout import Row, Section, prepared
from symderiv.render.names import has_hangul, has_letters, tex_text
from symderiv.render.notation import Notation
from symderiv.render.notation.style_latex import LatexStyle, at_row_start
from symderiv.render.rendered import Rendered


def render_article(article: Article) -> Rendered:
    """The article as a file that a stock TeX Live compiles; its pictures lie beside it.

    Letters beyond Latin need XeLaTeX or LuaLaTeX; the rest pdfLaTeX as well. A letter that no font
    has stops them.
    """
    writer = LatexWriter(article)
    body = writer.article()
    folder = files("symderiv.render.latex")
    preamble = (folder / "preamble.tex").read_text(encoding="utf-8")
    korean = article.language.startswith("ko") or has_hangul(body)
    hangul = (folder / "hangul.tex").read_text(encoding="utf-8") if korean else ""
    letters = (folder / "letters.tex").read_text(encoding="utf-8") if has_letters(body) else ""
    text = preamble.replace("%%HANGUL%%\n", letters + hangul)
    text = text.replace("%%LANGUAGE%%", known_language(article.language))
    text += f"\n\\begin{{document}}\n\n{body}\n\\end{{document}}\n"
    return Rendered(text.encode(), writer.assets)


def to_latex(
    derivation: Derivation | Document,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> str:
    r"""The derivation as rows for ``align*``: ``left &= right && \text{reason} \\``."""
    parts, notation = prepared(
        derivation, LatexStyle(), detail=detail, language=language, adjoint=adjoint
    )
    return " \\\\\n".join(_rows(part, notation) for part in parts)


def to_document(
    derivation: Derivation | Document,
    *,
    detail: Detail = "normal",
    language: str = "en",
) -> str:
    """The derivation as a whole LaTeX file, an article that holds nothing else."""
    document = derivation if isinstance(derivation, Document) else document_of(derivation, detail)
    return render_article(Article((), (Told(document),), language)).data.decode()


def to_line(
    derivation: Derivation,
    position: int,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
) -> str:
    """One step alone, ``line before = line after``, as a formula for any display.

    Positions count from 0. Raises `IndexError` when there is no such line.
    """
    parts, notation = prepared(
        derivation, LatexStyle(), detail=detail, language=language, adjoint=adjoint
    )
    rows = parts[-1].rows
    if not 0 <= position < len(rows):
        raise IndexError(f"line {position}: the derivation has lines 0 to {len(rows) - 1}")
    before = rows[position - 1].right if position else rows[0].left
    left = notation(before) if before is not None else ""
    shown = rows[position]
    return f"{left} {notation.style.symbols[shown.relation]} {notation(shown.right)}"


def latex(e: Basic) -> str:
    r"""One expression in LaTeX.

    >>> from sympy import Symbol
    >>> latex(Symbol("learning_rate"))
    '\\mathrm{learning\\_rate}'
    """
    return Notation(LatexStyle())(e)


def _rows(section: Section, notation: Notation) -> str:
    rows = [_row(row, notation) for row in section.rows]
    head = _head(section, notation)
    return " \\\\\n".join([rf"& \text{{{head}}}", *rows] if head else rows)


def _row(row: Row, notation: Notation) -> str:
    left = at_row_start(notation(row.left)) + " " if row.left is not None else ""
    why = rf" && \text{{{tex_words(row.reason, notation)}}}" if row.reason else ""
    return f"{left}&{notation.style.symbols[row.relation]} {notation(row.right)}{why}"


def _head(section: Section, notation: Notation) -> str:
    when = tex_words(section.conditions, notation)
    head = ", ".join(x for x in (tex_text(section.heading), when) if x)
    return f"{head}:" if head else ""

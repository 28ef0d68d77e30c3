"""For each format, what reads a rendered article and finds nothing live."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symderiv.document.article import Article, Code, Figure, Table, Told, walk
from symderiv.render import article_renderer
from tests.hostile import data, markdown, page, tex, typ


def _html(article: Article) -> None:
    page.judge_page(article_renderer("html")(article).data)


def _latex(article: Article) -> None:
    tex.judge_file(article_renderer("latex")(article).data)


def _typst(article: Article) -> None:
    typ.judge_file(article_renderer("typst")(article).data)


def _pdf(article: Article) -> None:
    typ.judge_pdf(article_renderer("pdf")(article).data)


def _markdown(article: Article) -> None:
    markdown.judge_markdown(article_renderer("markdown")(article).data.decode())


def _ipynb(article: Article) -> None:
    codes = []
    for block in article.blocks:
        if isinstance(block, (Told, Table, Figure)) and block.code:
            codes.append(block.code)
        elif isinstance(block, Code) and block.runs and block.text:
            codes += [block.before] if block.before else []
            codes.append(data.shown_code(block.text))
    data.judge_notebook(article_renderer("ipynb")(article).data, codes)


def _json(article: Article) -> None:
    texts = [b.text for b in walk(article.blocks) if isinstance(b, Code)]
    data.judge_json(article_renderer("json")(article).data, texts)


def _text(article: Article) -> None:
    data.judge_text(article_renderer("text")(article).data)


JUDGES: Mapping[str, Callable[[Article], None]] = {
    "html": _html, "pdf": _pdf, "latex": _latex, "typst": _typst, "markdown": _markdown,
    "ipynb": _ipynb, "json": _json, "text": _text,
}  # fmt: skip
QUICK = tuple(name for name in JUDGES if name != "pdf")

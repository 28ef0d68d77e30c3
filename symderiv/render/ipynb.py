"""An article as a Jupyter notebook: text in Markdown cells, and code that runs.

The first cell of code imports symderiv. A derivation that knows how it was made is followed by a
cell that makes it again, and Python of the article is a cell of its own. Figures are attachments.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from symderiv.document.article import Article, Block, Code, Figure, Heading, Table, Told, with_words
from symderiv.document.blocks import Link, Mark, Styled, Words
from symderiv.document.words import footnote_anchor
from symderiv.render.layout import article_notation
from symderiv.render.markdown.article import Writer, titled
from symderiv.render.names import visible, visible_lines
from symderiv.render.notation.style_latex import LatexStyle
from symderiv.render.rendered import Rendered

IMPORTS = {
    "sp.": "import sympy as sp\n",
    "": "import symderiv as sd",
    "catalog.": "from symderiv import catalog",
    "pictures.": "from symderiv import pictures",
    "claimed(": "from symderiv.api.statements import claimed",
}
"""What code cells may need, by what stands in them then."""


ATTACHED = "attachment:"
"""How a cell names a picture that it holds."""


@dataclass(slots=True)
class _Cell:
    """A cell in the making; only Markdown takes more parts, and pictures."""

    kind: str
    parts: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)


def render_article(article: Article) -> Rendered:
    """The article as a notebook of format 4.5; it needs no file beside it."""
    cells = [_cell(cell, at) for at, cell in enumerate(_cells(article))]
    authors = [{"name": visible(author)} for author in article.authors]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
            **({"authors": authors} if authors else {}),
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return Rendered((json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode())


def _cells(article: Article) -> Iterator[_Cell]:
    writer = Writer(
        article_notation(article, LatexStyle()),
        article.language,
        figures=ATTACHED,
        knows_notes=False,
    )
    linked = replace(
        article,
        title=_linked(article.title),
        blocks=tuple(with_words(block, _linked) for block in article.blocks),
    )
    title, blocks = titled(linked)
    head = writer.head(title, article.byline)
    if head:
        yield _Cell("markdown", head)
    cells = list(_following(blocks, writer))
    code = "\n".join(part for cell in cells if cell.kind == "code" for part in cell.parts)
    needed = [line for used, line in IMPORTS.items() if re.search(rf"\b{re.escape(used)}", code)]
    yield _Cell("code", ["\n".join(needed or [IMPORTS[""]])])
    yield from cells


def _linked(words: Words) -> Words:
    """The words with marks of footnotes as links, since Jupyter knows no footnotes."""
    return tuple(
        Link((f"[{part.number}]",), footnote_anchor(part.number))
        if isinstance(part, Mark)
        else replace(part, words=_linked(part.words))
        if isinstance(part, (Link, Styled))
        else part
        for part in words
    )


def _following(blocks: Sequence[Block], writer: Writer) -> Iterator[_Cell]:
    """Text up to the next heading, derivation or code is one cell."""
    text = _Cell("markdown")
    before: Block | None = None
    for block in blocks:
        runs = _code(block)
        if text.parts and (isinstance(block, Heading) or (runs and isinstance(block, Code))):
            yield text
            text = _Cell("markdown")
        if not isinstance(block, Code) or not runs:
            known = set(writer.assets)
            text.parts += writer.following(block, before if text.parts else None)
            text.pictures |= {
                name.removeprefix(ATTACHED): data
                for name, data in writer.assets.items()
                if name not in known
            }
        if isinstance(block, (Told, Figure)) or (runs and isinstance(block, Table)):
            yield text
            text = _Cell("markdown")
        if isinstance(block, Code) and runs and block.before:
            yield _Cell("code", [block.before])
        if runs:
            yield _Cell("code", [runs])
        before = block
    if text.parts:
        yield text


def _code(block: Block) -> str:
    """The Python that a block holds, or that makes it again."""
    if isinstance(block, (Told, Table, Figure)):
        return block.code
    if isinstance(block, Code) and block.runs:
        return visible_lines(block.text)
    return ""


def _cell(cell: _Cell, position: int) -> dict[str, Any]:
    source = "\n\n".join(cell.parts).rstrip("\n")
    lines = re.findall(r"[^\n]*\n|[^\n]+", source)
    made: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": f"cell-{position + 1}",
        "metadata": {},
        "source": lines,
    }
    if cell.kind == "code":
        made |= {"execution_count": None, "outputs": []}
    if cell.pictures:
        made["attachments"] = {
            name: {"image/svg+xml": b64encode(data).decode("ascii")}
            for name, data in cell.pictures.items()
        }
    return made

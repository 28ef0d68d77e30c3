"""Notebooks: valid, and their code runs from top to bottom."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import nbformat
import pytest

from symderiv import catalog
from symderiv.api import Derivation
from symderiv.catalog.telling import tell
from symderiv.document.article import Article, Code
from symderiv.document.compose import Composer
from symderiv.render.ipynb import render_article
from symderiv.render.markdown import render_article as render_markdown


def notebook(article: Article) -> Any:
    made = render_article(article)
    assert not made.assets
    found = nbformat.reads(made.data.decode(), as_version=4)
    nbformat.validate(found, relax_add_props=False)
    assert (found.nbformat, found.nbformat_minor) == (4, 5)
    return found


def sources(found: Any, kind: str) -> list[str]:
    return [cell.source for cell in found.cells if cell.cell_type == kind]


def run(found: Any) -> tuple[dict[str, Any], list[object]]:
    """The names that the cells leave, and the values that they show."""
    names: dict[str, Any] = {}
    shown: list[object] = []
    for source in sources(found, "code"):
        *lines, last = source.rstrip("\n").split("\n")
        exec("\n".join(lines), names)
        try:
            shown.append(eval(last, names))
        except SyntaxError:
            exec(last, names)
    return names, shown


def test_it_tells_what_the_markdown_tells(each_block: Callable[..., Article]) -> None:
    article = each_block()
    told = "\n\n".join(sources(notebook(article), "markdown"))
    markdown = render_markdown(article).data.decode().rstrip("\n")
    assert told == markdown.replace("](figures/", "](attachment:")


@pytest.mark.parametrize("text", ["<script>", "$$", "```\n\n---", "\x00", '"', "한글"], ids=ascii)
def test_any_text_makes_a_valid_notebook(each_block: Callable[..., Article], text: str) -> None:
    notebook(each_block(text))


def test_figures_are_attached(each_block: Callable[..., Article]) -> None:
    cells = [c for c in notebook(each_block()).cells if c.get("attachments")]
    assert len(cells) == 1
    (name,) = re.findall(r"\]\(attachment:([^)]+)\)", cells[0].source)
    picture = base64.b64decode(cells[0].attachments[name]["image/svg+xml"])
    assert picture.startswith(b"<svg")


@pytest.mark.parametrize("name", ["softmax-cross-entropy", "entropy-urns", "sigmoid"])
def test_a_catalog_entry_is_derived_again(name: str) -> None:
    entry = catalog.get(name)
    composer = Composer()
    tell(composer, entry, entry.make())
    _, shown = run(notebook(composer.article((entry.title,))))
    expected = [derivation for _, derivation in entry.derivations()]
    assert len(shown) == len(expected)
    for value, derivation in zip(shown, expected, strict=True):
        assert isinstance(value, Derivation)
        assert value.to_text() == derivation.to_text()


def test_python_of_the_article_runs() -> None:
    composer = Composer()
    composer.paragraph("A square.")
    composer.add(Code('x = sd.scalar("x")\nd = sd.derive(x**2, x)\n', "python", runs=True))
    composer.paragraph("Its slope.")
    composer.add(
        Code("d.result", "python", runs=True),
        Code("shown = Undefined()", "python"),
        Code("not python at all", "text"),
    )
    found = notebook(composer.article(("Squares",)))
    assert [cell.cell_type for cell in found.cells] == [
        "markdown", "code", "markdown", "code", "markdown", "code", "markdown",
    ]  # fmt: skip
    assert found.cells[1].source == "import symderiv as sd"
    _, shown = run(found)
    assert str(shown[-1]) == "2*x"


def test_cells_have_ids_of_their_own(each_block: Callable[..., Article]) -> None:
    ids = [cell.id for cell in notebook(each_block()).cells]
    assert len(set(ids)) == len(ids)
    assert render_article(each_block()).data == render_article(each_block()).data


def test_code_that_spells_a_tab_keeps_its_spelling() -> None:
    code = 'a = "\\u0009"\nif a:\n\tb = "\x07"'
    *_, shown = sources(notebook(Article(("A",), (Code(code, "python", runs=True),))), "code")
    assert shown == code.replace("\x07", "\\u0007")

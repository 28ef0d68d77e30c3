"""The rules at the end say on paper what they say on a page: title, law, and when it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from symderiv.core.derivation import Derivation
from symderiv.document.article import Article
from symderiv.document.compose import Composer
from symderiv.render import html
from tests.render import papers
from tests.render.papers import by_typst

pypdf = pytest.importorskip("pypdf")


def letters(text: str) -> str:
    """Without what the end of a line brings about."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))


def by_latex(article: Article, folder: Path) -> Path:
    """Without a box that is too wide, too."""
    made = papers.by_latex(article, folder, "xelatex" if article.language == "ko" else "pdflatex")
    assert b"Overfull" not in (folder / "a.log").read_bytes()
    return made


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("make", [by_typst, by_latex])
def test_when_each_rule_holds(
    make: Callable[[Article, Path], Path], language: str, softmax: Derivation, tmp_path: Path
) -> None:
    composer = Composer(language)
    composer.derivation(softmax)
    article = composer.article(())
    page = html.render_article(article).data.decode()
    rules = page.partition('class="rules"')[2]
    told = [re.sub("<[^>]*>", "", one) for one in re.findall(r"<dd>(.*?)</dd>", rules)]
    assert len(told) > 4
    shown = letters(
        "".join(p.extract_text() for p in pypdf.PdfReader(make(article, tmp_path)).pages)
    )
    assert [one for one in told if letters(one) not in shown] == []

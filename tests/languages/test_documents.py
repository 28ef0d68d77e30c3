"""Whole documents in every format: no English in Korean ones, no Hangul in English ones."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from symderiv import catalog
from symderiv.catalog.telling import tell
from symderiv.document import DETAILS
from symderiv.document import messages as catalogues
from symderiv.document.article import Article
from symderiv.document.compose import Composer
from symderiv.document.messages import translate
from symderiv.publish.gallery import pages as gallery
from symderiv.publish.index import Listed, index_text, index_title
from symderiv.publish.settings import Settings
from symderiv.publish.source import article_of
from symderiv.render import article_renderer
from tests.languages.reading import READERS, latin

NAMES = [entry.name for entry in catalog.entries()]
NOTES = Path(__file__).parents[2] / "docs" / "notes"
FUNCTIONS = {
    "log",
    "exp",
    "sin",
    "cos",
    "tanh",
    "erf",
    "softplus",
    "sign",
    "sgn",
    "diag",
    "ReLU",
    "GELU",
}
PROPER = {"RMS", "LaTeX"}
"""RMS norm is called so in Korean; LaTeX is what a button copies."""
DIFFERENTIALS = {"df", "dx", "dL"}
KNOWN = FUNCTIONS | PROPER | DIFFERENTIALS
HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+")


@cache
def made(name: str) -> Any:
    return catalog.get(name).make()


def told(name: str, language: str, detail: Any = "normal") -> Article:
    entry = catalog.get(name)
    composer = Composer(detail=detail, language=language, finer=detail == "normal")
    tell(composer, entry, made(name))
    return composer.article((translate(entry.title, language),))


def read(article: Article, form: str) -> str:
    return READERS[form](article_renderer(form)(article).data.decode())


def test_every_format_with_text_is_read() -> None:
    from symderiv.render import FORMATS

    assert set(READERS) | {"pdf"} == set(FORMATS), "a PDF is what Typst makes of its source"


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_the_gallery_is_in_one_language(name: str) -> None:
    for detail in DETAILS:
        korean = told(name, "ko", detail)
        for form in READERS:
            text = read(korean, form)
            assert latin(text) - KNOWN == set(), (form, detail)
            assert HANGUL.search(text), form
    english = told(name, "en")
    for form in READERS:
        assert HANGUL.findall(read(english, form)) == [], form


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_document_names_its_language(language: str) -> None:
    """So that it is hyphenated, read aloud and searched as what it is."""
    marks = {
        "html": f'<html lang="{language}">',
        "latex": f"pdflang={language}}}",
        "typst": f'language: "{language}"',
        "json": f'"language": "{language}"',
    }
    article = told("tanh", language)
    for form, mark in marks.items():
        assert mark in article_renderer(form)(article).data.decode(), form


@pytest.fixture(scope="module")
def notes() -> dict[str, Article]:
    built = {}
    for language, name in {"en": "backward.md", "ko": "backward.ko.md"}.items():
        article = article_of((NOTES / name).read_text(encoding="utf-8"), file=name).article
        assert article is not None
        built[language] = article
    return built


@pytest.mark.parametrize("form", READERS)
def test_the_notes_are_in_one_language(notes: dict[str, Article], form: str) -> None:
    """Pictures, captions, tables, verdicts and evidence among them."""
    assert latin(read(notes["ko"], form)) - KNOWN == set()
    assert HANGUL.findall(read(notes["en"], form)) == []


def test_the_index_is_in_one_language() -> None:
    pages = [
        Listed(page.place, page.section, translate(catalog.get(page.place.name).title, "ko"), "")
        for page in gallery("ko")
    ]
    settings = Settings(language="ko")
    source = index_text(pages, index_title([], "ko", catalog=True))
    article = article_of(source, file="index.md", settings=settings).article
    assert article is not None
    for form in READERS:
        assert latin(read(article, form)) - KNOWN == set(), form


# ---------------------------------------------------------------- does it see what it looks for?


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize(
    ("lost", "seen"),
    [("Quotient rule", "Quotient"), ("chain rule through {through:each}", "through")],
)
def test_a_message_that_loses_its_translation_is_seen(
    monkeypatch: pytest.MonkeyPatch, form: str, lost: str, seen: str
) -> None:
    korean = catalogues._catalogue("ko")
    monkeypatch.delitem(korean._catalog, lost)  # type: ignore[attr-defined]
    assert seen in latin(read(told("softmax-cross-entropy", "ko"), form))


def test_what_is_read_out_is_read() -> None:
    page = '<html><body><p aria-label="Copied">글</p><math><mtext>if</mtext></math></body></html>'
    assert latin(READERS["html"](page)) == {"Copied", "if"}

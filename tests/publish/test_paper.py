"""The gallery and the notes on paper: nothing but what is code stands there in a fixed width."""

from __future__ import annotations

import io
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from symderiv.document.article import Article, Code
from symderiv.document.blocks import Styled
from symderiv.publish.gallery import pages
from symderiv.publish.settings import Settings
from symderiv.publish.source import article_of
from symderiv.render import pdf

pytest.importorskip("typst")
pypdf = pytest.importorskip("pypdf")

NOTES = Path(__file__).parents[2] / "docs" / "notes"
SETTINGS = {language: Settings(language=language, check=False) for language in ("en", "ko")}


def articles(language: str) -> dict[str, Article]:
    """Every page of the gallery, and the notes."""
    found = {str(page.place): page.text for page in pages(language)}
    suffix = {"en": ".md", "ko": ".ko.md"}[language]
    found["notes"] = (NOTES / f"backward{suffix}").read_text(encoding="utf-8")
    out = {}
    for name, text in found.items():
        built = article_of(text, file=name, settings=SETTINGS[language])
        assert built.article is not None
        out[name] = built.article
    return out


def code(part: Any) -> str:
    """The letters of all code of an article."""
    if isinstance(part, Code):
        return part.text
    if isinstance(part, Styled) and part.style == "code":
        return "".join(map(str, part.words))
    if isinstance(part, tuple):
        return "\n".join(map(code, part))
    if is_dataclass(part):
        return "\n".join(code(getattr(part, field.name)) for field in fields(part))
    return ""


def in_fixed_width(data: bytes) -> list[str]:
    """The words of a PDF that are set in the font of code."""
    found = []

    def look(text: str, *others: Any) -> None:
        font = others[2] or {}
        if "Mono" in str(font.get("/BaseFont", "")):
            found.extend(text.split())

    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        fonts = [
            str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()
        ]
        if any("Mono" in font for font in fonts):
            page.extract_text(visitor_text=look)
    return found


def test_what_is_in_a_fixed_width_is_found() -> None:
    assert in_fixed_width(pdf.render_article(Article((), (Code("x = rgb(1)"),))).data) == [
        "x", "=", "rgb(1)",
    ]  # fmt: skip


@pytest.mark.parametrize("language", SETTINGS)
def test_no_code_but_that_of_authors(language: str) -> None:
    shown = articles(language)
    assert len(shown) > 40
    for name, article in shown.items():
        told = code(article.blocks)
        found = in_fixed_width(pdf.render_article(article).data)
        assert [word for word in found if word not in told] == [], name

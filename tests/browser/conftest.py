"""Pages on disk, and browsers to look at them with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from symderiv.publish.project import build
from symderiv.render.html import render_article
from tests.browser.bidi import Browser, browser, missing
from tests.render.html.pages import entry, notes

ENTRIES = ("softmax-cross-entropy", "two-layer-perceptron", "attention")
NOTES = Path(__file__).parents[2] / "docs" / "notes"
PAGES = (*ENTRIES, "notes-en", "notes-ko")
SCHEMES = [(name, dark) for name in ("chromium", "firefox") for dark in (False, True)]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages."""
    to = tmp_path_factory.mktemp("pages")
    articles = {name: entry(name) for name in ENTRIES}
    articles |= {f"notes-{language}": notes(language) for language in ("en", "ko")}
    for name, article in articles.items():
        (to / f"{name}.html").write_bytes(render_article(article).data)
    return to


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every page of the catalog, their index, and the notes of the documentation."""
    to = tmp_path_factory.mktemp("gallery")
    made = build([], to / "catalog", formats=("html",), catalog=True)
    told = build([NOTES], to / "notes", formats=("html",))
    assert not [*made.problems, *told.problems]
    return sorted(to.rglob("*.html"))


@pytest.fixture(
    scope="session",
    params=SCHEMES,
    ids=[f"{name}-{'dark' if dark else 'light'}" for name, dark in SCHEMES],
)
def window(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A browser; where there is none, the tests are skipped unless browsers are required."""
    name, dark = request.param
    lacking = missing(name)
    if lacking and os.environ.get("SYMDERIV_BROWSERS") == "required":
        pytest.fail(f"SYMDERIV_BROWSERS=required, but there is no {lacking}")
    if lacking:
        pytest.skip(f"no {lacking} on this machine")
    with browser(name, dark=dark) as shown:
        shown.dark = dark
        yield shown


@pytest.fixture(scope="session", params=PAGES)
def page(request: pytest.FixtureRequest, folder: Path) -> Path:
    """One page."""
    return folder / f"{request.param}.html"


@pytest.fixture(scope="session", params=[390, 1280])
def width(request: pytest.FixtureRequest) -> int:
    """The width of a phone, and of a desk."""
    wide: int = request.param
    return wide

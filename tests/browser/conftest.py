"""Pages on disk, and browsers to look at them with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from symderiv.publish.project import build
from symderiv.render.html import render_article
from tests.browser.window import PROGRAMS, Window, window
from tests.render.html.pages import entry, notes

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

ENTRIES = ("softmax-cross-entropy", "two-layer-perceptron", "attention")
NOTES = Path(__file__).parents[2] / "docs" / "notes"
PAGES = (*ENTRIES, "notes-en", "notes-ko")
WIDTHS = (390, 1280)
"""Of a phone, and of a desk."""
SCHEMES = [(name, dark) for name in PROGRAMS for dark in (False, True)]


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


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once in a process, as its synchronous side must be."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        without("Playwright for Python")
    with sync_playwright() as started:
        yield started


@pytest.fixture(
    scope="session",
    params=SCHEMES,
    ids=[f"{name}-{'dark' if dark else 'light'}" for name, dark in SCHEMES],
    name="window",
)
def opened(request: pytest.FixtureRequest) -> Iterator[Window]:
    """A window of each browser in each scheme."""
    name, dark = request.param
    if shutil.which(PROGRAMS[name]) is None:
        without(PROGRAMS[name])
    with window(request.getfixturevalue("playwright"), name, dark=dark) as shown:
        yield shown


def without(program: str) -> NoReturn:
    """What is not there skips a test, or fails it where browsers are required."""
    if os.environ.get("SYMDERIV_BROWSERS") == "required":
        pytest.fail(f"SYMDERIV_BROWSERS=required, but there is no {program}")
    pytest.skip(f"no {program} on this machine")


@pytest.fixture(scope="session", params=PAGES)
def page(request: pytest.FixtureRequest, folder: Path) -> Path:
    """One page."""
    return folder / f"{request.param}.html"


@pytest.fixture(scope="session", params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    """One width of a window."""
    wide: int = request.param
    return wide

"""Reading sources in tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from symderiv.document.article import Article
from symderiv.publish.settings import Settings
from symderiv.publish.source import Built, article_of
from symderiv.render.text import render_article

Read = Callable[..., Built]


@pytest.fixture
def read() -> Read:
    """A source, by its text."""

    def call(text: str, *, folder: Path | None = None, **settings: object) -> Built:
        chosen = Settings(**settings)  # type: ignore[arg-type]
        return article_of(dedent(text), file="notes.md", folder=folder, settings=chosen)

    return call


@pytest.fixture
def article(read: Read) -> Callable[..., Article]:
    """The article of a source that has nothing wrong."""

    def call(text: str, **options: object) -> Article:
        built = read(text, **options)
        assert [f"{e.place}: {e}" for e in (*built.errors, *built.failures)] == []
        assert built.article is not None
        return built.article

    return call


@pytest.fixture
def block(article: Callable[..., Article]) -> Callable[..., Article]:
    """The article of one block of statements."""

    def call(text: str, **options: object) -> Article:
        return article(f"# Title\n\n```symderiv\n{dedent(text)}\n```\n", **options)

    return call


@pytest.fixture
def told(block: Callable[..., Article]) -> Callable[..., str]:
    """What a block of statements comes to, as text."""

    def call(text: str, **options: object) -> str:
        return render_article(block(text, **options)).data.decode()

    return call


@pytest.fixture
def wrong(read: Read) -> Callable[..., list[str]]:
    """What is wrong with a source, each in one line."""

    def call(text: str, **options: object) -> list[str]:
        built = read(text, **options)
        assert built.article is None or built.failures
        return [f"{e.place}: {e}" for e in (*built.errors, *built.failures)]

    return call

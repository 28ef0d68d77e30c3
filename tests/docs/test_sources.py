"""The sources that the documentation shows can be built, and say what the text promises."""

import re
from pathlib import Path

import pytest

from symderiv.publish import project
from symderiv.publish.registry import kinds
from symderiv.publish.settings import Settings
from symderiv.publish.source import article_of

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "build.md").read_text(encoding="utf-8")
SOURCES = re.findall(r"^````markdown\n(.*?)^````$", PAGE, re.M | re.S)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.split("\n")[0])
def test_every_source_that_is_shown(source: str) -> None:
    built = article_of(source, settings=Settings(allow_python=True))
    assert [f"{e.place}: {e}" for e in (*built.errors, *built.failures)] == []
    assert built.article is not None


def test_the_examples(tmp_path: Path) -> None:
    done = project.build([DOCS / "examples"], tmp_path, formats=("html", "text"), jobs=1)
    assert done.problems == ()
    page = (tmp_path / "softmax.txt").read_text(encoding="utf-8")
    assert "= p_i − y_i" in page
    assert "log 2" in page


def test_every_statement_is_told() -> None:
    told = set(re.findall(r"`([a-z][a-z-]*)[ `]", PAGE))
    assert set(kinds()) <= told


def test_every_option_is_told() -> None:
    told = set(re.findall(r"`([a-z]+)(?:: [^`]*)?`", PAGE))
    assert {option for kind in kinds().values() for option in kind.options} <= told

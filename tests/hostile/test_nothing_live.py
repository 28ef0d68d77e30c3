"""Hostile texts in every place, by the API and by a source: in no format does any come alive."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from symderiv.document.article import Article, Figure, Table, Told, walk
from symderiv.publish.source import Built
from symderiv.render import FORMATS, article_renderer
from tests.hostile.articles import STATEMENTS, by_api, by_source, by_statement
from tests.hostile.data import judge_python
from tests.hostile.judges import JUDGES, QUICK
from tests.hostile.markdown import github, judge_markdown, judge_pandoc
from tests.hostile.texts import ANY, FIXED, LONG, name_of

EASY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
REFUSED = ("", "{#id}", "\x7f", "\x9b31m", "\ud800")
"""Nothing to read, a label that is borne, and what YAML does not take as a title."""
SEVERAL = [text for text in FIXED[::7] if text.strip() not in ("", "\x7f", "\x9b31m", "\ud800")]


def test_every_format_has_a_judge() -> None:
    assert set(JUDGES) == set(FORMATS)


def judge(article: Article) -> None:
    """Every format but PDF, whose source is judged instead."""
    for format_ in QUICK:
        JUDGES[format_](article)


def judge_built(built: Built) -> None:
    """A source is told what is wrong with it, or becomes harmless files and harmless Python."""
    for error in (*built.errors, *built.failures):
        assert all(line.isprintable() for line in str(error).split("\n")), str(error)
    if built.article is None:
        assert built.errors or built.failures
        return
    judge(built.article)
    for block in walk(built.article.blocks):
        if isinstance(block, (Told, Table, Figure)):
            judge_python(block.code)


@pytest.mark.parametrize("text", [*FIXED, *LONG], ids=name_of)
def test_by_api(text: str) -> None:
    judge(by_api(text))


@given(ANY)
@EASY
def test_any_text_by_api(text: str) -> None:
    judge(by_api(text))


@pytest.mark.parametrize("text", FIXED, ids=name_of)
def test_by_source(text: str) -> None:
    told = by_source(text, escape=True)
    assert told.article is not None or text.strip() in REFUSED, told.errors
    judge_built(told)
    judge_built(by_source(text, escape=False))


@given(ANY)
@EASY
def test_any_text_by_source(text: str) -> None:
    judge_built(by_source(text, escape=True))
    judge_built(by_source(text, escape=False))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_by_statement(statement: str) -> None:
    for text in FIXED:
        judge_built(by_statement(statement, text))


@pytest.mark.parametrize("text", SEVERAL, ids=name_of)
def test_pdf(text: str) -> None:
    JUDGES["pdf"](by_api(text))


@pytest.mark.parametrize("text", SEVERAL, ids=name_of)
def test_pandoc(text: str) -> None:
    """Texts are blocks to Pandoc as harmless ones are."""
    source = article_renderer("markdown")(by_source(text, escape=True).article).data.decode()
    harmless = article_renderer("markdown")(by_source("word", escape=True).article).data.decode()
    assert judge_pandoc(source) == judge_pandoc(harmless)
    assert judge_markdown(source) == judge_markdown(harmless)
    by_field, of_a_word = (
        judge_pandoc(article_renderer("markdown")(by_api(x)).data.decode()) for x in (text, "word")
    )
    assert by_field.count("Note") == of_a_word.count("Note")


STOPPING = "\\tracinglostchars=3"


@pytest.mark.parametrize("engine", ["pdflatex", "xelatex"])
def test_tex(engine: str, tmp_path: Path) -> None:
    """Every text in one file: TeX reads it to its end, and no command of theirs is carried out."""
    if shutil.which(engine) is None:
        pytest.skip("TeX Live is not installed")
    texts = [text for text in FIXED if engine != "pdflatex" or text.isascii()]
    blocks = [block for text in texts for block in by_api(text).blocks]
    article_renderer("latex")(Article(("All",), tuple(blocks))).write(tmp_path / "a.tex")
    source = (tmp_path / "a.tex").read_text(encoding="utf-8")
    assert source.count(STOPPING) == 1  # at a letter that no font has, which is no matter here
    (tmp_path / "a.tex").write_text(source.replace(STOPPING, ""), encoding="utf-8")
    done = subprocess.run(
        [engine, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=tmp_path, capture_output=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:].decode("utf-8", "replace")
    assert not list(tmp_path.rglob("live*"))


def test_the_reader_of_markdown_lets_everything_through() -> None:
    """Or else it would hide what other readers show."""
    assert "<script>" in github("<script>x</script>\n").replace("&lt;", "<")

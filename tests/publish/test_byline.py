"""Who wrote an article and when: as every format tells it, and in what programs read of it."""

import json
from collections.abc import Callable
from io import BytesIO

import html5lib
import pytest

from symderiv.document.article import Article
from symderiv.render import article_renderer

SOURCE = """---
title: Softmax
author: {author}
date: {date}
---

Text.
"""
BYLINE = "Ada & Co. <a>, 안나 · May_2025"


@pytest.fixture
def written(article: Callable[..., Article]) -> Article:
    author = "\n  - Ada & Co. <a>\n  - 안나"
    return article(SOURCE.format(author=author, date="May_2025"))


def test_an_author_is_a_text_or_a_list(article: Callable[..., Article], written: Article) -> None:
    assert (written.authors, written.date) == (("Ada & Co. <a>", "안나"), "May_2025")
    one = article(SOURCE.format(author="Ada", date="2025-05-01"))
    assert (one.authors, one.date, one.byline) == (("Ada",), "2025-05-01", "Ada · 2025-05-01")
    none = article(SOURCE.format(author="", date=""))
    assert (none.authors, none.date, none.byline) == ((), "", "")


def rendered(form: str, made: Article) -> bytes:
    return article_renderer(form)(made).data


def test_on_a_page(written: Article) -> None:
    page = html5lib.parse(rendered("html", written), namespaceHTMLElements=False)
    assert "".join(page.find(".//header/p").itertext()) == BYLINE
    said = [(m.get("name"), m.get("content")) for m in page.iter("meta")]
    assert [c for n, c in said if n == "author"] == ["Ada & Co. <a>", "안나"]
    assert ("date", "May_2025") in said


def test_in_a_pdf(written: Article) -> None:
    pytest.importorskip("typst")
    pypdf = pytest.importorskip("pypdf")
    pdf = pypdf.PdfReader(BytesIO(rendered("pdf", written)))
    assert pdf.metadata.author == "Ada & Co. <a>, 안나"
    assert "Ada & Co. <a>, 안나 · May_2025" in pdf.pages[0].extract_text()


def test_in_text_and_data(written: Article) -> None:
    assert rendered("text", written).decode().startswith(f"Softmax\n{BYLINE}\n\n")
    data = json.loads(rendered("json", written))
    assert (data["authors"], data["date"]) == (["Ada & Co. <a>", "안나"], "May_2025")
    notebook = json.loads(rendered("ipynb", written))
    assert notebook["metadata"]["authors"] == [{"name": "Ada & Co. <a>"}, {"name": "안나"}]
    head = "".join(notebook["cells"][0]["source"])
    assert head.startswith("# Softmax\n\nAda")


def test_in_latex(written: Article) -> None:
    text = rendered("latex", written).decode()
    assert "\\author{Ada \\& Co. " in text
    assert " \\and 안나}\n\\date{May\\_2025}\n\\docbyline{Ada \\& Co. <a>, 안나}{" in text


def test_an_article_that_says_nothing_has_no_line(article: Callable[..., Article]) -> None:
    plain = article("# Softmax\n\nText.\n")
    page = html5lib.parse(rendered("html", plain), namespaceHTMLElements=False)
    assert page.find(".//header/p") is None
    assert {m.get("name") for m in page.iter("meta")}.isdisjoint({"author", "date"})
    assert rendered("text", plain) == b"Softmax\n\nText.\n"
    assert rendered("markdown", plain) == b"# Softmax\n\nText\\.\n"
    assert set(json.loads(rendered("json", plain))).isdisjoint({"authors", "date"})
    assert "\\author" not in rendered("latex", plain).decode()

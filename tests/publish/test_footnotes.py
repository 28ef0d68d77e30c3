"""Footnotes and lists of terms: read once, numbered alike, and written in every format."""

import json
import re
from collections.abc import Callable

import cmarkgfm
import html5lib
import pytest
from cmarkgfm.cmark import Options

from symderiv.document.article import Article, Footnotes, Paragraph, Table, Terms, walk
from symderiv.document.blocks import Mark
from symderiv.render import article_renderer

SOURCE = """
    # Title[^title]

    One[^b], two[^a], *again one[^b]*.

    | x[^cell] |
    |---|
    | 1 |

    Table: Caption[^cap].

    Odds[^term]
    : The *quotient* $p/q$.
    : Betting.

      More.

    [^a]: First written.
    [^title]: Of the title.
    [^b]: With a formula $x^2$ and a note of its own[^deep].

        A second paragraph.
    [^deep]: Deep.
    [^cell]: Of a cell.
    [^cap]: Of a caption.
    [^term]: Of a term.
    """
FIRST = [
    "Of the title",
    "With a formula",
    "First written",
    "Of a cell",
    "Of a caption",
    "Of a term",
]


def rendered(article: Article, form: str) -> str:
    return article_renderer(form)(article).data.decode()


def test_numbers_follow_the_first_mark(article: Callable[..., Article]) -> None:
    made = article(SOURCE)
    last = made.blocks[-1]
    assert isinstance(last, Footnotes)
    leads = [note[0].words[0] for note in last.notes if isinstance(note[0], Paragraph)]
    assert [str(lead).startswith(said) for lead, said in zip(leads, FIRST, strict=False)] == [
        True
    ] * len(FIRST)
    assert leads[6] == "Deep."
    assert [type(block) for block in last.notes[1]] == [Paragraph, Paragraph]
    assert made.title == ("Title", Mark(1))
    (table,) = (block for block in walk(made.blocks) if isinstance(block, Table))
    assert (table.head[0][-1], table.caption[1]) == (Mark(4), Mark(5))
    (terms,) = (block for block in made.blocks if isinstance(block, Terms))
    assert [len(meaning) for meaning in terms.items[0].meanings] == [1, 2]


def test_a_page_leads_to_each_note_and_back(article: Callable[..., Article]) -> None:
    page = html5lib.parse(rendered(article(SOURCE), "html"), namespaceHTMLElements=False)
    ids = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    notes = page.findall(".//section[@role='doc-endnotes']/ol/li")
    assert [note.get("id") for note in notes] == [f"fn-{k}" for k in range(1, 8)]
    marks = [(a.text, a.get("href")) for a in page.iter("a") if a.get("role") == "doc-noteref"]
    assert {href for _, href in marks} == {f"#fn-{k}" for k in range(1, 8)}
    assert all(href == f"#fn-{text}" for text, href in marks)
    back = [a.get("href", "")[1:] for a in page.iter("a") if a.get("role") == "doc-backlink"]
    assert len(back) == 7
    assert set(back) <= set(ids)
    listing = page.find(".//dl[@class='terms']")
    assert listing is not None
    assert [child.tag for child in listing] == ["dt", "dd", "dd"]
    assert "[1]" not in "".join(page.find(".//title").itertext())


def test_markdown_is_read_with_its_footnotes(article: Callable[..., Article]) -> None:
    source = rendered(article(SOURCE), "markdown")
    page = cmarkgfm.github_flavored_markdown_to_html(source, Options.CMARK_OPT_FOOTNOTES)
    assert len(re.findall(r'<li id="fn-?\d+"', page)) == 7
    assert "[^" not in page
    assert re.search(r"<strong>Odds.*</strong>", page)


def test_a_notebook_has_links_to_a_list(article: Callable[..., Article]) -> None:
    cells = json.loads(rendered(article(SOURCE), "ipynb"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells)
    assert "[^" not in source
    for number in range(1, 8):
        assert rf"[\[{number}\]](#fn-{number})" in source
        assert f'{number}. <span id="fn-{number}"></span>' in source


@pytest.mark.parametrize(
    ("form", "mark"),
    [("latex", r"\\footnote(?:text)?\[(\d+)\]\{"), ("typst", r'#footnoted\("(\d+)"\)\[')],
)
def test_paper_sets_each_note_once(article: Callable[..., Article], form: str, mark: str) -> None:
    found = [int(number) for number in re.findall(mark, rendered(article(SOURCE), form))]
    assert sorted(found) == list(range(1, 8))


def test_paper_has_the_notes_at_the_bottom(article: Callable[..., Article]) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    made = article_renderer("pdf")(article(SOURCE))
    text = PdfReader(BytesIO(made.data)).pages[0].extract_text()
    places = [text.index(said) for said in ("Betting", *FIRST)]
    assert min(places) == places[0]
    assert places[1:] == sorted(places[1:])


def test_json_and_text(article: Callable[..., Article]) -> None:
    made = article(SOURCE)
    blocks = json.loads(rendered(made, "json"))["blocks"]
    assert [block["block"] for block in blocks[-2:]] == ["terms", "footnotes"]
    assert len(blocks[-1]["notes"]) == 7
    text = rendered(made, "text")
    assert "One[2], two[3], again one[2]." in text
    assert "\n[3] First written.\n" in text


def test_what_is_no_footnote_stays_text(article: Callable[..., Article]) -> None:
    made = article(r"""
        # T

        A \[^x] and `[^x]` and $x[^2]$; #mark("1"); \footnotemark[1] `#mark("1");`[^1].

        [^1]: The one. `\footnotemark[1]`
        """)
    for form in ("latex", "typst"):
        source = rendered(made, form)
        assert len(re.findall(r"The one\.", source)) == 1
    typst = rendered(made, "typst")
    assert r"#raw(\"" not in typst
    assert typst.count('#footnoted("1")') == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# T\n\nx\n\na[^x]\n", "notes.md:5: there is no footnote [^x]"),
        ("# T\n\na[^x]\n\n[^x]: b\n[^x]: c\n", "notes.md:6: the footnote [^x] is written twice"),
        ("# T\n\na\n\n[^x]: b\n", "notes.md:5: nothing cites the footnote [^x]"),
        ("# T\n\na[^x]\n\n[^x]:\n", "notes.md:3: the footnote [^x] says nothing"),
        ("# T\n\na[^x]\n\n[^x]: $\\oops$\n", "notes.md:5:8: "),
        ("# T\n\na[^x]\n\n[^x]: [b](#nowhere)\n", "notes.md:5: nothing here bears the label"),
    ],
)
def test_what_is_wrong(wrong: Callable[..., list[str]], text: str, said: str) -> None:
    (found,) = wrong(text)
    assert found.startswith(said)


def test_an_anchor_of_a_footnote_is_no_label(wrong: Callable[..., list[str]]) -> None:
    (found,) = wrong("# T\n\n## A {#fn-1}\n")
    assert "given by number" in found


def test_a_title_in_a_citation_has_no_mark(article: Callable[..., Article]) -> None:
    made = article("# T\n\n## Head[^x] {#head}\n\nSee [](#head).\n\n[^x]: Note.\n")
    assert rendered(made, "text").count("[1]") == 2


def test_a_mark_in_the_title_of_a_derivation(article: Callable[..., Article]) -> None:
    made = article(
        """
        # T

        ```symderiv
        scalar x
        derive x**2 by x
          title: Squares[^n]
        ```

        [^n]: Said below.
        """
    )
    cells = json.loads(rendered(made, "ipynb"))["cells"]
    text = "".join(line for cell in cells for line in cell["source"])
    assert "[^" not in text
    assert "](#fn-1)" in text
    page = html5lib.parse(rendered(made, "html"), namespaceHTMLElements=False)
    assert [a.get("href") for a in page.iter("a") if a.get("role") == "doc-noteref"] == ["#fn-1"]

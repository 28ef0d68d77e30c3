"""Markdown of articles, read again by CommonMark, GitHub's own parser and Pandoc."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import cmarkgfm
import pypandoc
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv import catalog
from symderiv.catalog.telling import tell
from symderiv.core.derivation import Derivation
from symderiv.document.article import Article, Display, Figure, Paragraph, Table, Told, walk
from symderiv.document.blocks import Formula, Link
from symderiv.document.compose import Composer
from symderiv.render.layout import sections
from symderiv.render.markdown import render_article, to_markdown
from symderiv.render.markdown.portable import portable, words
from tests.hostile.markdown import tokens

HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "[x](javascript:alert(1))",
    "![x](javascript:alert(1))", "# not a heading", "1. not a list", "a. not a list", "- x", "+ x",
    "> x", "a | b", "$5 and $6", "$$x$$", "@mention", ":smile:", "*a* _b_ **c** ~~d~~ ^e^ `f`",
    "```", "~~~", "&lt;b&gt; &#x3c;b&#x3e;", "\\input{x} \\alpha", "[^1]", "[x]: y", "<!-- x -->",
    "---", "===", ": x", "(1) x", "(@x) x", "#. x", "{.x}", "`x`{=html}", "[x]{.y}", "x  \ny", "",
    "\\", "한글(書)", "가*나", "http://example.org", "x\ty", "\u202e", "| - |", "<b", "&", "~", "!",
    "%", "::: x", "${x}", "{{x}}", "1) x", "\x00", "$", "[", "](x)", "'", '"', "--- x",
]  # fmt: skip
ANY_TEXT = st.lists(
    st.sampled_from([*"ab1*_`~^$|<>[](){}\\#-+.:!&@=%'\" ", "가", "\n", "$$", "![", "](", "<b>"]),
    min_size=1,
    max_size=14,
).map("".join)
# https://github.com/github/markup/issues/1551 and others; what GitHub refuses or rewrites
REFUSED = re.compile(
    r"\\(operatorname|mbox|phantom|[hv]phantom|tag|label|ref|def|newcommand|unicode|href|class|id"
    r"|style|color|require|cr|thinspace|middle)\b"
)


class _Reading(HTMLParser):
    """The text of a page, its elements, and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags, self.targets = "", [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.targets += [value for name, value in attrs if name in ("href", "src") and value]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def markdown(article: Article) -> str:
    return render_article(article).data.decode()


def github(source: str) -> str:
    """The page that GitHub's parser makes, but for a row end: at the end of a line it is kept."""
    kept = re.sub(r"\\\\$", r"\\\\\\\\", source, flags=re.M)
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return cmarkgfm.github_flavored_markdown_to_html(kept, options=options)


def pandoc(source: str, to: str = "json", reader: str = "markdown") -> tuple[str, str]:
    """What Pandoc writes, and what it complains about."""
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", reader, "-t", to, "--mathml"],
        input=source, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return done.stdout, done.stderr


def displays(article: Article) -> int:
    """The blocks of formulas that an article must show."""
    found = 0
    for block in walk(article.blocks):
        found += isinstance(block, Display)
        if isinstance(block, Told):
            found += len(sections(block.document))
    return found


def blocks(source: str) -> list[str]:
    return re.findall(r"^[> ]*\$\$\n(.*?)\n[> ]*\$\$$", source, re.S | re.M)


@pytest.fixture(scope="module")
def whole_catalog() -> Article:
    composer = Composer()
    for entry in catalog.entries():
        composer.start_over()
        composer.heading(2, (entry.title,))
        tell(composer, entry, entry.make())
    return composer.article(("The catalog",))


# ---------------------------------------------------------------- what an article holds


def test_every_formula_and_table_is_read_again(each_block: Callable[..., Article]) -> None:
    article = each_block()
    found = tokens(markdown(article))
    kinds = [token.type for token in found]
    assert kinds.count("math_block") == displays(article) == 8
    assert kinds.count("table_open") == 1
    assert kinds.count("image") == 1
    assert [t.info for t in found if t.type == "fence"] == ["", "", "", "text"]
    assert [t.tag for t in found if t.type == "heading_open"] == ["h1", "h2"]
    assert [t.attrGet("start") for t in found if t.type == "ordered_list_open"] == [3]
    assert kinds.count("blockquote_open") == kinds.count("hr") == 1


def test_pandoc_reads_the_whole_catalog(whole_catalog: Article) -> None:
    source = markdown(whole_catalog)
    page, complaints = pandoc(source, "html")
    assert not complaints
    assert page.count('<math display="block"') == displays(whole_catalog) > 200
    told = pandoc(source)[0]
    assert told.count('"DisplayMath"') == displays(whole_catalog)
    assert told.count('"InlineMath"') == page.count('<math display="inline"') > 100


def test_pandoc_makes_latex_with_the_same_equations(each_block: Callable[..., Article]) -> None:
    article = each_block()
    tex, complaints = pandoc(markdown(article), "latex")
    assert not complaints
    assert tex.count(r"\begin{aligned}") == displays(article) - 3
    assert r"\phantomsection\label{eq-1}" in tex
    assert r"\hyperref[eq-1]" in tex


def test_github_reads_the_whole_catalog(whole_catalog: Article) -> None:
    source = markdown(whole_catalog)
    page = _Reading(github(source))
    for block in blocks(source):
        assert block in page.text
    assert not {"em", "code", "del"} & set(page.tags)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_numbers_and_anchors(each_block: Callable[..., Article], language: str) -> None:
    article = each_block("words", language)
    source = markdown(article)
    for block in walk(article.blocks):
        if isinstance(block, (Told, Display)) and block.number:
            assert rf"\qquad \text{{({block.number})}}" in source
        if isinstance(block, (Told, Display, Figure, Table)) and block.anchor:
            assert f'<span id="{block.anchor}"></span>' in source
    for target in re.findall(r"\]\(#([^)]+)\)", source):
        assert f'<span id="{target}"></span>' in source
    for lemma in next(article.documents()).lemmas:
        assert f'<span id="lemma-{lemma.number}"></span>' in source


def test_figures_stand_beside_the_file(each_block: Callable[..., Article]) -> None:
    made = render_article(each_block("../../x y"))
    (name,) = made.assets
    assert re.fullmatch(r"figures/[A-Za-z0-9-]+\.svg", name)
    assert f"]({name})" in made.data.decode()
    assert b"<title>A box</title>" in made.assets[name]


def test_a_caption_without_a_number_is_told() -> None:
    """Composers number every caption; an article that is made otherwise need not."""
    table = Table((("a",),), ((("b",),),), caption=("What it shows",))
    source = markdown(Article(("T",), (table,)))
    assert pandoc(source, "plain")[0].split("\n\n")[:2] == ["T", "What it shows"]
    named = markdown(Article(("T",), (replace(table, number=2, anchor="tab"),)))
    assert '<span id="tab"></span>**Table 2**. What it shows\n\n| a |' in named


@pytest.mark.parametrize(
    "target",
    ["&#106;avascript:x", "https:x", "//a.org", "\\\\a.org", "\ufeff"],
)
def test_a_link_that_could_run_is_words(target: str) -> None:
    source = markdown(Article(("T",), (Paragraph((Link(("here",), target),)),)))
    assert _Reading(github(source)).targets == []


def test_what_reads_as_an_entity_in_an_address() -> None:
    source = markdown(Article(("T",), (Paragraph((Link(("x",), "https://a.org/?a=1&amp;b=2"),)),)))
    assert _Reading(github(source)).targets == ["https://a.org/?a=1&amp;b=2"]
    assert "?a=1&b=2" in markdown(Article((), (Paragraph((Link(("x",), "b.html?a=1&b=2"),)),)))


def test_a_link_after_an_exclamation_mark_is_no_picture() -> None:
    source = markdown(Article(("T",), (Paragraph(("Look!", Link(("here",), "b.html"))),)))
    assert _Reading(github(source)).tags == ["h1", "p", "a"]


@pytest.mark.parametrize("latex", [r"\href{javascript:alert(1)}{x}", r"\input{x}", "a } b"])
def test_a_formula_that_is_not_known_shows_as_its_source(latex: str) -> None:
    article = Article(("T",), (Paragraph((Formula(latex),)), Display(latex)))
    page = _Reading(github(markdown(article)))
    assert page.tags == ["h1", "p", "code", "pre", "code"]
    assert page.text.count(latex) == 2


def test_a_fragment(softmax: Derivation) -> None:
    source = to_markdown(softmax)
    assert [t.type for t in tokens(source)].count("math_block") == 4
    assert "**Lemma 2**, for $j$, $i = 1, \\dots, n$:" in source
    assert r"&= p_{i} - y_{i} && \quad \sum_{j=1}^{n} y_{j} = 1" in source


def test_long_lines_have_their_reason_below(softmax: Derivation) -> None:
    lemma = blocks(to_markdown(softmax))[2]
    assert "\n&\\qquad \\text{quotient rule}" in lemma
    assert "&&" not in lemma


# ---------------------------------------------------------------- nothing gets through


def check_harmless(source: str, text: str) -> None:
    found = tokens(source)
    assert {t.content for t in found if t.type == "html_block"} <= {"<!-- -->\n"}
    tags = {t.content for t in found if t.type == "html_inline"}
    allowed = r'</?(span|strong|em|del|br)>|<span id="[^"<>&]*">|<!-- -->'
    assert all(re.fullmatch(allowed, tag) for tag in tags), tags
    for token in found:
        target = token.attrGet("href") or token.attrGet("src") or ""
        assert re.match(r"#|https://example\.org/a%20b$|figures/|$", str(target)), target
    page = _Reading(github(source))
    assert all("javascript:" not in target for target in page.targets)
    assert not {"script", "b"} & set(page.tags)
    assert sum(tag == "img" for tag in page.tags) == 1
    assert page.tags.count("h1") == page.tags.count("h2") == 1
    assert page.tags.count("table") == page.tags.count("hr") == page.tags.count("blockquote") == 1
    assert page.tags.count("ol") == page.tags.count("ul") == 1
    assert page.tags.count("li") == 3
    formulas = [token.content for token in found if token.type == "math_block"]
    assert len(formulas) == 8
    for formula in formulas:
        assert f"$$\n{formula.strip()}\n$$" in page.text


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_text_stays_a_text(each_block: Callable[..., Article], text: str) -> None:
    source = markdown(each_block(text))
    check_harmless(source, text)
    shown = re.sub(r"[ \t\n]+", " ", text).strip()
    if "\x00" not in text and "\u202e" not in text:
        cells = re.findall(r"<td[^>]*>(.*?)</td>", github(source), re.S)
        assert _Reading(cells[1]).text == shown
        assert len(cells) == 4


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_pandoc_sees_a_text_too(each_block: Callable[..., Article], text: str) -> None:
    if text.strip() in ("", "\u202e", "\x00"):
        return
    data = json.loads(pandoc(markdown(each_block(text)))[0])
    kinds = json.dumps(data)
    assert kinds.count('"Cite"') == kinds.count('"Note"') == kinds.count('"RawTeX"') == 0
    assert kinds.count('"RawBlock"') == 1  # the comment between two lists
    assert kinds.count('{"t": "Header"') == 2
    assert kinds.count('{"t": "Table"') == kinds.count('{"t": "HorizontalRule"') == 1
    assert kinds.count('{"t": "OrderedList"') == kinds.count('{"t": "BulletList"') == 1
    assert kinds.count('"DisplayMath"') == 8


@given(ANY_TEXT)
@settings(max_examples=40, deadline=None)
def test_any_text(each_block: Callable[..., Article], text: str) -> None:
    check_harmless(markdown(each_block(text)), text)


# ---------------------------------------------------------------- portable formulas

FORMULAS = [
    r"\left\{ x_1, \, y^{*} \right\}_{i}", r"\hat{x}_{i} + \hat{y}_{i} * z", r"a<b \; c>d \| e \|",
    r"\begin{cases} 1 & x<y \\[2pt] 0 & \text{if $x_1 > 0$} \end{cases}",
    r"\mathrm{learning\_rate}",
    r"\operatorname{diag}(x) \operatorname*{arg\,max}_x", r"\text{a_b [c](d) <e> 100\% \& \#1}",
    r"\left[ x \right](y)", r"-x", r"= y", r"\text{~}", r"x! [y]", r"a \ ", "x`y`z", r"\text{\{}",
    r"\text{${x}$}", r"1. x", r"|x|", r"f'(x)~g", r"\text{\ensuremath{\Sigma}{\char34}}",
]  # fmt: skip


def is_portable(latex: str) -> bool:
    """No command that GitHub refuses, no backslash that Markdown takes away."""
    assert not REFUSED.search(latex)
    found = re.findall(r"\\(?:[A-Za-z]+|\\\n|.)", latex, re.S)
    return all(token[1].isalpha() or token in ("\\ ", "\\\\\n") for token in found)


@pytest.mark.parametrize("latex", FORMULAS)
def test_both_readers_see_the_same_formula(latex: str) -> None:
    told = portable(latex)
    assert all(row.endswith(r"\\") for row in told.split("\n")[:-1])
    assert is_portable(told)
    block = f"$$\n{{}}{told}\n$$"
    assert block in _Reading(github(block)).text
    assert not pandoc(block, "html")[1]


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_words_within_a_formula(text: str) -> None:
    told = f"$$\n{{}}{words(text)}{{}}\n$$"
    if "\n" not in text:
        assert told in _Reading(github(told)).text
    assert is_portable(words(text))


def test_the_commands_of_the_catalog_are_those_that_github_allows(whole_catalog: Article) -> None:
    source = markdown(whole_catalog)
    assert all(map(is_portable, blocks(source)))
    assert len(blocks(source)) == displays(whole_catalog)

"""Hostile sources: nothing they hold becomes live, and none takes long."""

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from symderiv.document.article import Article
from symderiv.publish.source import MAX_SOURCE, article_of
from symderiv.render import article_renderer

SECONDS = 10.0
PIECES = [
    "</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>", "javascript:alert(1)",
    r"$\text{<b>}$", r"$\href{javascript:alert(1)}{x}$", r"$\input{/etc/passwd}$", "$$", "$",
    r"$\text{</math><script>}$", r"$a < b \& c$", "![x](javascript:alert(1))", "[x](", "](", "[^1]",
    "[x](<javascript:alert(1)>)", "<javascript:alert(1)>", "{#a}", '{#"><img>}', "{onclick=x}",
    "# ", "## ", "- ", "> ", "1. ", "    ", "\n", "\n\n", "---\n", "title: <script>\n",
    "|a|b|\n|-|-|\n",
    "```symderiv\n", "```\n", "derive x**2 by x\n", "  title: <b>$x$</b>\n", "  label: <img>\n",
    "vector x: n\n", "let p = softmax(z)\n", "#eval(1)", "\\input{x}", "<!--", "]]>",
    "&lt;script&gt;",
    "&#60;script&#62;", "\x00", "\u202e", "\x1b]0;x\x07", "학습", "a", "*", "_", "`", "~~",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_source_holds_its_page_is_harmless(text: str) -> None:
    built = article_of(text)
    for error in (*built.errors, *built.failures):
        assert str(error)
    if built.article is None:
        assert built.errors
        return
    assert_harmless(built.article)


def assert_harmless(article: Article) -> None:
    """The page, as a browser's parser reads it, has no element or attribute that acts."""
    tree = lxml_html.document_fromstring(article_renderer("html")(article).data.decode())
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert not any(name.startswith("on") for name in element.attrib), element.attrib
        for name in ("href", "src", "xlink:href"):
            value = element.get(name, "")
            assert not re.match(r"\s*(javascript|vbscript|file):", value, re.IGNORECASE), value
        assert element.tag not in ("iframe", "object", "embed", "base", "form", "img")
    assert len(tree.findall(".//script")) <= OWN_SCRIPTS


def _own_scripts() -> int:
    """Those of a page with nothing in it."""
    plain = article_of("text").article
    assert plain is not None
    return len(re.findall("<script", article_renderer("html")(plain).data.decode()))


OWN_SCRIPTS = _own_scripts()
TEXTS = [
    *("</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>", "<!--", "]]>"),
    *(r"$\text{<b>}$", r"$\text{</math><script>alert(1)</script>}$", r"$a < b > c$"),
    *("&lt;script&gt;", "&#60;b>"),
    *("[x](javascript:", "javascript:alert(1)", "data:text/html,<script>"),
    *("#eval(1)", r"\\input{x}", "\u202e", "\x1b]0;x\x07", "{{x}}", "{% x %}", "학습", "*", "`"),
]  # fmt: skip
TEXT = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4).map(" ".join)
PAGE = """\
# {0}

{1} **{2}** [{3}](https://example.org)

## {4}

- {5}

> {6}

| a |
|---|
| {7} |

Table: {8}

~~~{9}
{10}
~~~

```symderiv
scalar x
derive x**2 by x
  title: {11}
shapes x
  caption: {12}
```
"""


@given(st.lists(TEXT, min_size=13, max_size=13))
@settings(max_examples=60, deadline=None)
def test_hostile_words_are_words(texts: list[str]) -> None:
    texts = [text if "|" not in text else "" for text in texts]
    texts[9] = texts[9].replace("`", "").replace("\n", " ")
    built = article_of(PAGE.format(*texts))
    assert [str(error) for error in (*built.errors, *built.failures)] == []
    assert built.article is not None
    assert_harmless(built.article)


@pytest.mark.parametrize(
    "link", ["[x](javascript:alert(1))", "<javascript:alert(1)>", "[x](data:text/html,<script>)"]
)
def test_a_link_that_would_run_is_refused(link: str) -> None:
    built = article_of(PAGE.format(link, *["a"] * 12))
    assert built.article is None
    assert [error.place.line for error in built.errors] == [1]


LONG = {
    "open brackets": "[" * 50_000,
    "open images": "![" * 20_000,
    "nested brackets": "[" * 5_000 + "]" * 5_000,
    "links in links": "[a](b " * 10_000,
    "stars": "*a " * 30_000,
    "stars and underscores": "*_" * 20_000,
    "closing stars": "a**b" + "c* " * 20_000,
    "backticks": "".join("`" * k + " " for k in range(1, 400)),
    "quotations": "> " * 5_000 + "a",
    "lists": "".join("  " * k + "- a\n" for k in range(500)),
    "deepest lists": ("".join("  " * k + "- a\n" for k in range(49)) + "\na\n\n") * 40,
    "one deep list": "- " * 5_000 + "a",
    "dollars": "$a " * 20_000,
    "double dollars": "$$a " * 20_000,
    "formulas": "$a$ " * 5_000,
    "braces": "$" + "{" * 4_000 + "}" * 4_000 + "$",
    "entities": "&amp;" * 20_000,
    "less than": "<a " * 20_000,
    "headings": "# a\n" * 5_000,
    "labels": "## a\n" * 2_000,
    "tables": "|a" * 2_000 + "|\n" + "|-" * 2_000 + "|\n" + "|b|\n" * 2_000,
    "attributes": "{a=b " * 10_000,
    "attribute lines": "{#a}\n" * 5_000,
    "front matter": "---\n" + "a: [" * 2_000 + "\n---\n",
    "aliases": "---\ntitle: &a [x]\n" + "".join(f"k{i}: [*a, *a]\n" for i in range(300)) + "---\n",
    "references": "".join(f"[{k}]: x\n" for k in range(5_000)) + "[1] " * 5_000,
    "declarations": "```symderiv\n" + "".join(f"vector x{k}: n\n" for k in range(1_000)) + "```",
    "lets": "```symderiv\nscalar x0\n"
    + "".join(f"let x{k} = x{k - 1} + 1\n" for k in range(1, 200))
    + "```",
    "softmax in softmax": "```symderiv\nvector z: n\nderive "
    + "softmax(" * 30 + "z" + ")" * 30 + " by z\n```",
    "a power": "```symderiv\nvalue 9**9**9\n```",
    "a sum": "```symderiv\nvalue Sum(i, (i, 1, n))\n  at: n = 100000000\n```",
    "brackets in a statement": "```symderiv\nderive "
    + "(" * 5_000 + "x" + ")" * 5_000 + " by x\n```",
    "options": "```symderiv\nderive x**2 by x\n" + "  label: a\n" * 5_000 + "```",
    "by": "```symderiv\nderive " + "x by " * 4_000 + "x\n```",
    "lists of numbers": "```symderiv\nvalue x\n  at: x = " + "[" * 3_000 + "]" * 3_000 + "\n```",
    "too long": "a" * (MAX_SOURCE + 1),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_a_source_takes_bounded_time(name: str) -> None:
    start = time.process_time()
    built = article_of(LONG[name])
    if built.article is not None:
        article_renderer("text")(built.article)
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("name", ["formulas", "tables", "deepest lists", "headings"])
def test_a_page_takes_bounded_time(name: str) -> None:
    built = article_of(LONG[name])
    assert built.article is not None
    start = time.process_time()
    data = article_renderer("html")(built.article).data
    assert time.process_time() - start < 2 * SECONDS
    assert data

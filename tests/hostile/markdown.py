"""Markdown as GitHub's parser, CommonMark, Pandoc and Jupyter read it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import cmarkgfm
import pypandoc
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from tests.hostile.jupyter import without_formulas
from tests.hostile.page import UNSEEN, elements, judge_address, judge_fragment, words_of
from tests.hostile.tex import judge_formula

BLOCKS = words_of("h1 h2 h3 h4 h5 h6 p ul ol li table tr th td pre blockquote hr img")
KINDS = words_of("""
Note Header BulletList OrderedList Table CodeBlock BlockQuote HorizontalRule DefinitionList
LineBlock
""")
# MathJax looks for these in the text of the page.
SET = re.compile(r"\\\(|\\\[|\\begin\s*\{|\\(?:eq)?ref\s*\{|\$")


def judge_markdown(source: str, *, pictures: str = r"figures/[A-Za-z0-9-]+\.svg") -> list[str]:
    """The blocks that GitHub's parser sees, after looking at all that it makes."""
    assert not UNSEEN.search(source)
    root = judge_fragment(github(source), pictures=pictures)
    found = tokens(source)
    for token in found:
        if token.type in ("math_block", "math_inline", "math_block_label"):
            judge_formula(token.content)
        judge_address(str(token.attrGet("href") or ""))
    judge_jupyter(source, pictures)
    languages = {e.get("class", "") for e, tag in elements(root) if tag == "code"}
    assert not languages & {f"language-{name}" for name in ("math", "mermaid", "geojson", "stl")}
    return [tag for _, tag in elements(root) if tag in BLOCKS]


def github(source: str) -> str:
    """The page, raw HTML let through."""
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return str(cmarkgfm.github_flavored_markdown_to_html(source, options=options))


def tokens(source: str) -> list[Token]:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return list(_flat(parser.use(dollarmath_plugin, allow_digits=False).parse(source)))


def _flat(found: list[Token]) -> Iterator[Token]:
    for token in found:
        yield token
        yield from _flat(token.children or [])


def judge_jupyter(source: str, pictures: str) -> None:
    """The page of a cell; MathJax gets what was taken out, and finds nothing more in the text."""
    text, formulas = without_formulas(source)
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    for run in _runs(judge_fragment(page, pictures=pictures)):
        for number in re.findall(r"@@(\d+)@@", run):
            formula = formulas[int(number)]
            if formula.startswith("$"):
                judge_formula(formula.strip("$"))
            else:
                assert re.fullmatch(r"@@\d+@@", formula), formula
        left = re.sub(r"\$([^$]+)\$", lambda found: judge_formula(found[1]) or "", run)
        assert not SET.search(left), run


def _runs(root: Element) -> Iterator[str]:
    """Runs of text without an element between, but those of code; MathJax joins no others."""
    parents = {child: parent for parent in root.iter() for child in parent}
    for element, tag in elements(root):
        if tag not in ("code", "pre"):
            alone = tag == "span" and (element.text or "") in ("$", "\\")
            yield "" if alone else element.text or ""
        if element in parents:
            yield element.tail or ""


def judge_pandoc(source: str) -> list[str]:
    """The blocks that Pandoc sees; nothing raw but our own places and comments."""
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", "json"],
        input=source, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    kinds: list[str] = []
    for node in _nodes(json.loads(done.stdout)["blocks"]):
        kind, content = node["t"], node.get("c")
        assert kind not in ("Cite", "RawTeX"), content
        if kind in ("RawBlock", "RawInline"):
            assert content[0] == "html", content
            assert re.fullmatch(r"<!-- -->|</?(em|strong|del|br)>", content[1].strip()), content
        elif kind == "Link":
            judge_address(content[2][0])
        elif kind == "Math":
            judge_formula(content[1])
        elif kind in KINDS:
            kinds.append(kind)
    return kinds


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        if "t" in data:
            yield data
        for value in data.values():
            yield from _nodes(value)
    elif isinstance(data, list):
        for value in data:
            yield from _nodes(value)

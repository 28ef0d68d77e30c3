"""What a reader sees of a document in each format, without formulas, code and addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

MATHML = "{http://www.w3.org/1998/Math/MathML}"
SVG = "{http://www.w3.org/2000/svg}"
SPOKEN = ("alt", "title", "aria-label", "data-copy", "data-copied")
SILENT = {"script", "style", "code", "pre", "annotation", "annotation-xml", "defs", "metadata"}
_TEXTS = re.compile(r'(op\(|class\()?"([^"]*)"')  # in a formula; op("ReLU") is a function
READ_OF_JSON = {"title", "words", "caption", "verdict", "preface", "head", "rows", "alt", "lead"}


def of_html(page: str) -> str:
    """The text of a page, what is read out of it, and the words in its formulas and pictures."""
    return "\n".join(_elements(html.document_fromstring(page.encode())))


def _elements(node: Any, formula: bool = False) -> Iterator[str]:
    tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
    if not tag or tag in SILENT:
        yield node.tail or ""
        return
    formula = formula or tag == "math"
    yield from (value for name, value in node.attrib.items() if name in SPOKEN)
    if not formula or tag == "mtext":
        yield node.text or ""
    for child in node:
        yield from _elements(child, formula)
    if not formula or tag == "math":
        yield node.tail or ""


def of_latex(source: str) -> str:
    """The body of a document: words outside of formulas, and those in ``\\text{…}``."""
    body = source.partition(r"\begin{document}")[2] or source
    body = re.sub(r"(?m)(?<!\\)%.*$", "", body)
    body = re.sub(r"\{heading\.\d+\}", " ", body)
    body = re.sub(r"\\(?:begin|end|label|hyperlink|anchor|includegraphics|href|url)"
                  r"(?:\[[^\]]*\])?\{[^{}]*\}(?:\{[lrc@|]*\})?", " ", body)  # fmt: skip
    return _of_formulas(body)


def _of_formulas(source: str) -> str:
    source = re.sub(r"\\(?:begin|end)\{[^{}]*\}|figures/[\w.-]+", " ", source)
    source = re.sub(r"\\operatorname\*?\{[^{}]*\}", " ", source)
    source = re.sub(r"\\\\|\\[A-Za-z]+", " ", source)
    for _ in range(3):
        source = re.sub(r"[_^]\s*(?:\{[^{}]*\}|[^\s{])", "", source)
    return source


def of_markdown(source: str) -> str:
    """The text of a Markdown file, and what stands in the place of pictures."""
    source = re.sub(r"(?ms)^(`{3,}|~{3,}).*?^\1", "", source)
    source = re.sub(r"`[^`\n]*`|<[^>]*>|\]\([^)]*\)|\{#[^}]*\}", " ", source)
    return _of_formulas(source)


def of_ipynb(source: str) -> str:
    """The text of the cells that are no code."""
    cells = json.loads(source)["cells"]
    return of_markdown("\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] != "code"))


def of_typst(source: str) -> str:
    """The content of a Typst document, and the texts in its formulas."""
    body = source.partition("#show: article.with(")[2]
    body = re.sub(r"\b(?:serif|sans|language|stroke|align|columns): .*", " ", body)
    body = re.sub(r'label\("[^"]*"\)|link\("[^"]*"\)|"figures/[^"]*"', " ", body)
    body = re.sub(r"\$((?:\\.|[^$\\])*)\$", _said, body)
    body = re.sub(r'(?:opening|closing|sign|left|right): "?[^",)]*"?', " ", body)
    return re.sub(r"#[a-z][\w.-]*|\b[a-z][a-z-]*(?=[:(\[])|\bnone\b|\d+(?:pt|em)", " ", body)


def _said(formula: re.Match[str]) -> str:
    return " ".join(text for kind, text in _TEXTS.findall(formula[1]) if not kind)


def of_json(source: str) -> str:
    """Every text under a name that says it is read."""
    return "\n".join(_texts(json.loads(source), reads=False))


def _texts(data: Any, *, reads: bool) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name not in ("expr", "expressions", "labels", "target", "latex"):
                yield from _texts(value, reads=name in READ_OF_JSON or (reads and name == "text"))
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value, reads=reads)
    elif isinstance(data, str) and reads:
        yield data


def of_text(source: str) -> str:
    """All of it."""
    return source


READERS = {
    "html": of_html,
    "latex": of_latex,
    "typst": of_typst,
    "markdown": of_markdown,
    "ipynb": of_ipynb,
    "json": of_json,
    "text": of_text,
}


def latin(text: str) -> set[str]:
    """Runs of two Latin letters and more that are no index of a symbol."""
    text = re.sub(r"_\{[^{}]*\}", "_", text)
    return set(re.findall(r"(?<![A-Za-z_⁽₍ᵢⱼ^\\])[A-Za-z]{2,}(?![A-Za-z_])", text))

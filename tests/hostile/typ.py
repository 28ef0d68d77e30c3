"""Typst as its own parser reads it: calls of known functions, and nothing else of its code."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import typst_syntax

from tests.hostile.page import UNSEEN, judge_address, words_of

KINDS = frozenset((
    "markup", "text", "space", "paragraph break", "escape sequence", "hash", "semicolon", "comma",
    "colon", "identifier", "function call", "call arguments", "content block", "opening bracket",
    "closing bracket", "opening paren", "closing paren", "string", "integer", "numeric value",
    "named pair", "array", "parenthesized expression", "`none`", "boolean", "field access", "dot",
    "equation", "dollar sign", "math", "math text", "math identifier", "math attachments",
    "underscore", "hat", "delimited math", "alignment point", "line break", "math alignment point",
    "math shorthand", "math primes", "math fraction", "slash", "factorial", "unary expression",
    "minus", "prime", "math root",
))  # fmt: skip
FUNCTIONS = words_of("""
par link raw terms-below mark footnoted
emph strong strike linebreak list enum quote heading captioned table picture metadata
label dividing apart law lead chain row part verdict align h
table.hline table.header article.with
""")
MATHEMATICS = words_of("""
frac sqrt root binom cases mat lr op attach limits scripts accent class upright bold macron hat
tilde overline underline overbrace underbrace abs floor ceil inline display
log exp max min sin cos tan sinh cosh tanh quad med thin
""")


def judge_file(data: bytes) -> None:
    """A whole file: our prelude to the letter, and a body that only calls it."""
    text = data.decode()
    assert text.startswith(prelude() + "\n#show: article.with(\n")
    body = text[len(prelude()) :]
    assert not UNSEEN.search(body)
    judge_markup(body)


@cache
def prelude() -> str:
    return (files("symderiv.render.typst") / "prelude.typ").read_text(encoding="utf-8")


def judge_markup(body: str) -> None:
    """The nodes of its tree."""
    root = typst_syntax.parse(body)
    assert not root.errors(), root.errors()
    shows = 0
    for node, above in _nodes(root, ()):
        kind = _kind(node)
        if kind in ("`show` expression", "keyword `show`"):
            shows += 1
            continue
        assert kind in KINDS, (kind, node.full_text()[:80])
        if kind == "math identifier":
            assert node.text() in MATHEMATICS, node.text()
        elif kind == "function call":
            callee = next(iter(node.children()))
            known = MATHEMATICS if _kind(callee) == "math identifier" else FUNCTIONS
            assert callee.full_text() in known, callee.full_text()
        elif kind == "identifier" and "call arguments" not in above:
            assert node.text() in FUNCTIONS | {"table", "article", "with"}, node.text()
    assert shows == 2


def links(body: str) -> Iterator[str]:
    """Where its links lead."""
    for node, _ in _nodes(typst_syntax.parse(body), ()):
        if _kind(node) == "function call" and node.full_text().startswith("link("):
            yield node.full_text()


def judge_pdf(data: bytes) -> None:
    """No action but links, and those lead to pages, to mail, or within the file."""
    import io

    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    names = reader.trailer["/Root"].get("/Names", {})
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(reader.trailer["/Root"])
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(names)
    for page in reader.pages:
        assert "/AA" not in page
        for annotation in page.get("/Annots") or ():
            told = annotation.get_object()
            assert told["/Subtype"] == "/Link"
            action = told.get("/A", {})
            assert action.get("/S", "/GoTo") in ("/GoTo", "/URI"), action
            if action.get("/S") == "/URI":
                judge_address(str(action["/URI"]))


def _nodes(
    node: typst_syntax.SyntaxNode, above: tuple[str, ...]
) -> Iterator[tuple[typst_syntax.SyntaxNode, tuple[str, ...]]]:
    yield node, above
    for child in node.children():
        yield from _nodes(child, (*above, _kind(node)))


def _kind(node: typst_syntax.SyntaxNode) -> str:
    return str(node.kind()).removeprefix("SyntaxKind.")

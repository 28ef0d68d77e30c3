"""Articles with one text in every place that holds text, and sources that state them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache

from sympy import Symbol

from symderiv import catalog
from symderiv.catalog.telling import tell
from symderiv.document.article import (
    Article,
    Block,
    Code,
    Display,
    Figure,
    Footnotes,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Table,
    Term,
    Terms,
    Told,
)
from symderiv.document.blocks import (
    Break,
    Document,
    Evidence,
    Formula,
    Line,
    Link,
    Mark,
    Note,
    Styled,
)
from symderiv.document.compose import Composer
from symderiv.document.narrate import document_of
from symderiv.publish.settings import Settings
from symderiv.publish.source import Built, article_of
from tests.render.derivations import named

UNCHECKED = Settings(check=False)
CODED = "x = sd.scalar('x')\nsd.derive(x**2, x)"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5"/></svg>'


@cache
def sheet() -> bytes:
    """A drawing as PDF."""
    import typst

    page = b"#set page(width: 9pt, height: 9pt, margin: 1pt)\n#square(size: 5pt)"
    return bytes(typst.compile(page))


def by_api(text: str) -> Article:
    """Every field of every block, every name and every reason is the text."""
    words = (
        text, " ", Symbol(text or "x"), " ", Styled("emphasis", (text,)), " ",
        Styled("strong", ("a", text)), " ", Styled("deleted", (text,)), Styled("code", (text,)),
        Styled(text, (text,)), " ", Formula(text), Break(), Link((text,), text),
        Link(("there",), text), Link(("there", Symbol(text or "x")), "https://a.org/" + text),
        Link(("there",), "#" + text), Link((), "#" + text), Mark(1),
    )  # fmt: skip
    inside: tuple[Block, ...] = (Paragraph((text,)), Display(text, 2, "q" + text), Code(text, text))
    composer = Composer(blocks=[])
    entry = replace(catalog.get("sigmoid"), title=text, sentence=text)
    tell(composer, entry, entry.make())
    return Article(
        (text, Symbol(text or "x")),
        (
            Heading(2, words, text), Paragraph(words), Paragraph((text,)),
            Listing((inside, (Paragraph((text,)),)), 3), Listing(((Paragraph((text,)),),)),
            Terms((Term(words, (inside, (Paragraph((text,)),))),)),
            Quote(inside), Code(text, text), Code(text), Code(text, "python"),
            Code(text, "python", runs=True),
            Table((words, (text,)), (((text,), words),), (text, "right"), words, text, 1),
            Table(((text,),), (((text,),),), (), (text,)), Display(text, 3, text), Display("a"),
            Figure(Picture(SVG, sheet(), text), words, 1, text),
            Figure(Picture(SVG, sheet(), text)),
            *map(told, documents(text), [text] * 9), *composer.blocks,
            Footnotes(((Paragraph(words), Code(text, text)),)),
        ),
        home=text,
        authors=(text, "A" + text),
        date=text,
    )  # fmt: skip


def told(document: Document, text: str) -> Told:
    return Told(document, 4, text, (text,), CODED)


def documents(text: str) -> tuple[Document, ...]:
    """Derivations whose names are the text, and one whose reasons are."""
    name = text or "x"
    plain = document_of(named(name), "full")
    declared = document_of(named("x", latex=text, layer=text), "full")
    first = document_of(named("x"), "normal")
    return plain, declared, replace(
        first,
        lines=tuple(_with(line, text) for line in first.lines),
        title=(text,),
        preface=(text,),
    )  # fmt: skip


def _with(line: Line, text: str) -> Line:
    about = (("name", Symbol(text or "x")),)
    notes = (Note(text, text), Note("diff.power", text, text + " {name}", about))
    evidence = Evidence(False, 1, 0.5, (((text, 1),), ((text + "m", 1), ("n", 2))))
    return replace(line, notes=notes, evidence=evidence, finer=(replace(line, evidence=evidence),))


SOURCE = """\
---
title: {2}
author: [{2}, {2}]
date: {2}
---

# {0}

{0} **{0}** [{0}](https://example.org) `{1}` text.

## {0}

- {0}

1. {0}

> {0}

| a {0} | b |
|---|--:|
| {0} | x |

Table: {0} {{#the-table}}

~~~{1}
{0}
~~~

```symderiv
scalar x
let u = x**2
derive u by x
  title: {0}
  label: the-loss
shapes u
  caption: {0}
```
"""
STATEMENTS = [
    "vector {0}: n", "scalar {0}", "let {0} = x**2", "derive {0} by x", "derive x**2 by {0}",
    "value {0}", "value x\n  at: x = {0}", "derive x**2 by x\n  label: {0}", "catalog {0}",
    "rewrite {0}", "{0}", "shapes {0}", "derive x**2 by x\n  detail: {0}", "rewrite x to {0}",
    "let y[{0}] = x",
]  # fmt: skip


def escaped(text: str) -> str:
    """The text on one line, so that Markdown reads it as it stands."""
    line = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)


def by_source(text: str, *, escape: bool) -> Built:
    """What a source comes to that has the text wherever an author may write."""
    written = escaped(text) if escape else text
    code = re.sub(r"[`\s]+", " ", text) or "x"
    title = json.dumps(written, ensure_ascii=False)
    return article_of(SOURCE.format(written, code, title), file=text or "x", settings=UNCHECKED)


def by_statement(statement: str, text: str) -> Built:
    """What a statement comes to that has the text in a place for names or numbers."""
    source = f"```symderiv\nscalar x\n{statement.format(text)}\n```\n"
    return article_of(source, file=text or "x", settings=UNCHECKED)

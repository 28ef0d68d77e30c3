"""JSON of articles: as its schema says, whole, the same in every process, and readable again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from sympy.core.basic import Basic

from symderiv import catalog
from symderiv.catalog.telling import tell
from symderiv.core.codec import Table, decode
from symderiv.document.article import Article, Told, walk
from symderiv.document.blocks import Document, Line
from symderiv.document.compose import Composer
from symderiv.render.json import render_article

SCHEMA = json.loads((files("symderiv.render.json") / "article.schema.json").read_text("utf-8"))
SCRIPT = """
import sys
from symderiv import catalog
from symderiv.catalog.telling import tell
from symderiv.document.compose import Composer
from symderiv.render.json import render_article
composer, entry = Composer(finer=True), catalog.get("two-layer-perceptron")
made = entry.make()
tell(composer, entry, made, reports=made.check())
sys.stdout.buffer.write(render_article(composer.article((entry.title,))).data)
"""


def data(article: Article) -> Any:
    found = json.loads(render_article(article).data)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    return found


def expressions(found: Any) -> Iterator[Any]:
    """Whatever is written as an expression, in order."""
    if isinstance(found, dict):
        if "expr" in found:
            yield found["expr"]
        for value in found.values():
            yield from expressions(value)
    elif isinstance(found, list):
        for value in found:
            yield from expressions(value)


def told(document: Document) -> Iterator[Basic]:
    yield document.goal
    for line in document.lines:
        yield from shown(line)
    for lemma in document.lemmas:
        yield from told(lemma)


def shown(line: Line) -> Iterator[Basic]:
    yield line.expr
    for finer in line.finer:
        yield from shown(finer)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_kind_of_block(each_block: Callable[..., Article]) -> None:
    article = each_block()
    found = data(article)
    assert [block["block"] for block in found["blocks"]] == [
        type(block).__name__.lower() if names is None else names
        for block, names in zip(
            article.blocks,
            [None, None, "derivation", None, None, "list", "list", *[None] * 4],
            strict=True,
        )
    ]
    assert found["blocks"][4]["number"] == 1
    assert "<svg" in found["blocks"][-1]["svg"]


def test_the_whole_catalog_fits_the_schema() -> None:
    composer = Composer(finer=True)
    for entry in catalog.entries():
        composer.start_over()
        tell(composer, entry, entry.make())
    article = composer.article(("The catalog",))
    found = data(article)
    numbers = [block.number for block in walk(article.blocks) if isinstance(block, Told)]
    written = [block["number"] for block in found["blocks"] if block["block"] == "derivation"]
    assert written == numbers


def test_expressions_are_read_again(each_block: Callable[..., Article]) -> None:
    article = each_block()
    found = data(article)
    labels = Table.from_data(found["labels"])
    again = {decode(expr, labels) for expr in expressions(found)}
    (document,) = article.documents()
    wanted = list(told(document))
    assert len(wanted) > 30
    assert set(wanted) <= again


def test_a_line_says_what_a_reader_sees(each_block: Callable[..., Article]) -> None:
    (block,) = [b for b in data(each_block())["blocks"] if b["block"] == "derivation"]
    last = block["lines"][-1]
    assert last["text"] == "p_i − y_i"
    assert last["latex"] == "p_{i} - y_{i}"
    assert [fact["text"] for fact in last["provided"]] == ["Σ_j y_j = 1"]
    assert [rule["rule"] for rule in last["rules"]] == ["fact.one"]
    assert block["lines"][1]["lemmas"] == [1, 2]
    assert [lemma["number"] for lemma in block["lemmas"]] == [1, 2]


def test_evidence_of_a_check() -> None:
    entry = catalog.get("softmax-jacobian")
    made, composer = entry.make(), Composer()
    tell(composer, entry, made, reports=made.check())
    lines = data(composer.article(()))["blocks"][-1]["lines"]
    assert all(line["evidence"]["ok"] and line["evidence"]["points"] > 0 for line in lines)


def test_it_is_diffable(each_block: Callable[..., Article]) -> None:
    first = render_article(each_block("one")).data.decode().splitlines()
    second = render_article(each_block("two")).data.decode().splitlines()
    assert len(first) == len(second) > 200
    changed = sum(a != b for a, b in zip(first, second, strict=True))
    assert 0 < changed < 40


@pytest.mark.parametrize("text", ["</script>", "\ud800", "\x00", "<!--", "\u2028"], ids=ascii)
def test_any_text(each_block: Callable[..., Article], text: str) -> None:
    raw = render_article(each_block(text)).data
    assert b"<" not in raw
    assert data(each_block(text))["title"][0] == text


def test_no_hash_seed_changes_it() -> None:
    told = set()
    for seed in ("0", "1", "2"):
        path = os.pathsep.join(sys.path)
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True
        )
        told.add(done.stdout)
    assert len(told) == 1

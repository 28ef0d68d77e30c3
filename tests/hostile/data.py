"""Notebooks, JSON and plain text, each read by what reads it elsewhere."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import nbformat

from tests.hostile.markdown import judge_markdown
from tests.hostile.page import UNSEEN

OURS = frozenset(("sd", "sp", "catalog", "pictures", "claimed"))

IMPORTS = {
    "import sympy as sp",
    "import symderiv as sd",
    "from symderiv import catalog",
    "from symderiv import pictures",
    "from symderiv.api.statements import claimed",
}


def judge_notebook(data: bytes, codes: list[str]) -> None:
    """Valid; its text is harmless Markdown; its code is what the article has as code."""
    found = nbformat.reads(data.decode(), as_version=4)
    nbformat.validate(found, relax_add_props=False)
    made: list[str] = []
    for cell in found.cells:
        if cell.cell_type == "markdown":
            judge_markdown(cell.source, pictures=r"attachment:[A-Za-z0-9-]+\.svg")
        else:
            assert cell.cell_type == "code"
            assert not cell.outputs
            assert not UNSEEN.search(cell.source)
            made.append(cell.source)
    assert [read_back(code) for code in made[1:]] == [read_back(code) for code in codes]
    assert set(made[0].split("\n")) <= IMPORTS


def judge_python(source: str) -> None:
    """Names are given to what calls of ours make, and nothing else happens."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        assert isinstance(node, PYTHON), ast.dump(node)[:80]
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_"), node.attr
    defined = OURS | {
        node.id for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            assert node.id in defined, node.id
            assert not isinstance(node.ctx, ast.Store) or node.id not in OURS, node.id


PYTHON = (
    ast.Module, ast.Assign, ast.Expr, ast.Name, ast.Load, ast.Store, ast.Call, ast.Attribute,
    ast.Constant, ast.BinOp, ast.operator, ast.UnaryOp, ast.unaryop, ast.keyword, ast.Tuple,
    ast.List, ast.Dict, ast.Subscript, ast.Compare, ast.cmpop,
)  # fmt: skip


def judge_json(data: bytes, texts: list[str]) -> None:
    """It holds the texts as they are, and could stand inside a script or a terminal."""
    source = data.decode()
    assert "<" not in source
    assert not UNSEEN.search(source)
    held = set(_strings(json.loads(source)))
    for text in texts:
        assert text in held, text


def _strings(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        data = [*data, *data.values()]
    return [x for part in data for x in _strings(part)] if isinstance(data, list) else []


def judge_text(data: bytes) -> None:
    """Nothing that a terminal would obey, and nothing that turns a line around."""
    shown = data.decode()
    assert not UNSEEN.search(shown)


def read_back(code: str) -> str:
    """Code with what cannot be seen as it is, where a notebook spells it out."""

    def unspelled(found: re.Match[str]) -> str:
        letter = chr(int(found[1] or found[2], 16))
        return found[0] if letter.isprintable() else letter

    spelled = r"\\u([0-9a-f]{4})|\\U(000[0-9a-f]{5}|0010[0-9a-f]{4})"
    return re.sub(spelled, unspelled, code).rstrip("\n")

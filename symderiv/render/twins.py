"""Names that would look the same, ``x1`` and ``x_1``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Symbol
from sympy.core.basic import Basic

from symderiv.core.symbols import Label
from symderiv.document.blocks import Document
from symderiv.render.names import tex_name


def twins(documents: Iterable[Document]) -> frozenset[str]:
    """The names to be written as words, because another of the documents has their look."""
    alike: dict[tuple[str, str], dict[str, None]] = {}
    for node in _distinct(documents):
        if isinstance(node, Symbol):
            name = node.stem if isinstance(node, Label) else node.name
            alike.setdefault(tex_name(name), {})[name] = None
    return frozenset(
        name
        for names in alike.values()
        for name in sorted(names, key=lambda name: ("_" not in name, name))[1:]
    )


def _distinct(documents: Iterable[Document]) -> Iterator[Basic]:
    """Every node that is printed, each once."""
    todo: list[Basic] = []
    for part in (part for document in documents for part in (*document.lemmas, document)):
        todo += [part.goal, *(line.expr for line in part.lines)]
        todo += [side for d in part.definitions for side in (d.left, d.right)]
    seen: set[Basic] = set()
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            yield node
            todo.extend(node.args)

"""How much a document prints, known before anything is printed.

A line is a tree whose parts are shared, so a short derivation can stand for megabytes of text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.document.blocks import Document


def told(document: Document) -> int:
    """The names, numbers and operations that a document prints."""
    return nodes(
        e
        for part in (*document.lemmas, document)
        for e in (
            part.goal,
            *(line.expr for line in part.lines),
            *(side for d in part.definitions for side in (d.left, d.right)),
        )
    )


def saved(derivation: Derivation) -> int:
    """Those that the steps of a derivation hold."""
    steps = (e for step in derivation.steps for e in (step.redex, step.contractum))
    return nodes((derivation.goal, derivation.last, derivation.result, *steps))


def nodes(expressions: Iterable[Basic]) -> int:
    """Nodes as printed: a shared part counts wherever it stands."""
    held = list(expressions)
    known: dict[int, int] = {}
    for node in _parts_first(held):
        known[id(node)] = 1 + sum(known[id(part)] for part in node.args)
    return sum(known[id(e)] for e in held)


def _parts_first(expressions: list[Basic]) -> Iterator[Basic]:
    seen: set[int] = set()
    todo = [(e, False) for e in expressions]
    while todo:
        node, done = todo.pop()
        if done:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            todo.append((node, True))
            todo.extend((part, False) for part in node.args)

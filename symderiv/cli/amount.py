"""How much a derivation prints, known before anything is printed.

A line is a tree whose parts are shared, so a short derivation can stand for megabytes of text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import click
from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.document.article import Article
from symderiv.document.blocks import Document
from symderiv.document.narrate import DETAILS, Detail

MOST: dict[str, int] = {"text": 300_000, "latex": 300_000, "mathml": 20_000, "json": 300_000}
"""Names, numbers and operations in all lines together; a second or so, and about a megabyte."""


def bounded(make: Callable[[Detail], Article], form: str, detail: Detail) -> Article:
    """The article that is made at a level of detail.

    Raises:
        ClickException: it is more than anyone reads; the message says what is less.
    """
    article = make(detail)
    total = _told(article)
    if total <= MOST[form]:
        return article
    shorter = DETAILS[: DETAILS.index(detail)]
    fit = [d for d in shorter if _told(make(d)) <= MOST[form]]
    hint = f"--detail {fit[-1]} is shorter" if fit else "name intermediates with --let"
    raise click.ClickException(f"{_too_much(total, form)} at --detail {detail}; {hint}")


def _told(article: Article) -> int:
    return sum(map(told, article.documents()))


def bounded_json(derivations: Iterable[Derivation]) -> None:
    """Raise `ClickException` where the JSON of derivations is too large to be of use."""
    total = sum(saved(part) for d in derivations for part in [*d.lemmas(), d])
    if total > MOST["json"]:
        raise click.ClickException(_too_much(total, "json") + "; name intermediates with --let")


def told(document: Document) -> int:
    """The names, numbers and operations that a document prints."""
    return _nodes(
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
    return _nodes((derivation.goal, derivation.last, derivation.result, *steps))


def _too_much(total: int, form: str) -> str:
    return f"too long to write as {form}: {total:,} names and operations (at most {MOST[form]:,})"


def _nodes(expressions: Iterable[Basic]) -> int:
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

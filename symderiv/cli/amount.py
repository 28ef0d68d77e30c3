"""The most that a command prints; beyond it, an error before anything is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

from symderiv.core.derivation import Derivation
from symderiv.core.messages import N_, Sentence
from symderiv.document.amount import saved, told
from symderiv.document.article import Article
from symderiv.document.narrate import DETAILS, Detail

MOST = {"text": 300_000, "latex": 300_000, "json": 300_000}
NAME_THEM = N_("name intermediates with --let")
MOST_ELSEWHERE = 20_000
"""Names, numbers and operations in all lines together; a second or so, and about a megabyte."""


def bounded(make: Callable[[Detail], Article], form: str, detail: Detail) -> Article:
    """The article that is made at a level of detail.

    Raises:
        ClickException: it is more than anyone reads; the message says what is less.
    """
    article = make(detail)
    total = _told(article)
    if total <= _most(form):
        return article
    shorter = DETAILS[: DETAILS.index(detail)]
    fit = [d for d in shorter if _told(make(d)) <= _most(form)]
    hint = Sentence("--detail {detail} is shorter", detail=fit[-1]) if fit else Sentence(NAME_THEM)
    raise click.ClickException(
        Sentence(
            "{too_much} at --detail {detail}; {hint}",
            too_much=_too_much(total, form),
            detail=detail,
            hint=hint,
        )
    )


def _most(form: str) -> int:
    return MOST.get(form, MOST_ELSEWHERE)


def _told(article: Article) -> int:
    return sum(map(told, article.documents()))


def bounded_json(derivations: Iterable[Derivation]) -> None:
    """Raise `ClickException` where the JSON of derivations is too large to be of use."""
    total = sum(saved(part) for d in derivations for part in [*d.lemmas(), d])
    if total > _most("json"):
        raise click.ClickException(
            Sentence(
                "{too_much}; {hint}", too_much=_too_much(total, "json"), hint=Sentence(NAME_THEM)
            )
        )


def _too_much(total: int, form: str) -> str:
    return Sentence(
        "too long to write as {form}: {count} names and operations (at most {most})",
        form=form,
        count=f"{total:,}",
        most=f"{_most(form):,}",
    )

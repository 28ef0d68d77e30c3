"""The commands: list, show, derive, check and build."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symderiv.cli.build import build
from symderiv.cli.helping import SpokenGroup
from symderiv.cli.options import (
    LANGUAGE,
    ExpressionCommand,
    declaring_options,
    language_option,
    telling_options,
)
from symderiv.cli.telling import FAILED, Telling, expression_text, tell
from symderiv.core.errors import BudgetExceeded
from symderiv.core.messages import Sentence
from symderiv.document.messages import N_, phrase, translate
from symderiv.document.narrate import Detail
from symderiv.render.names import width as columns

if TYPE_CHECKING:
    from symderiv.api import Derivation
    from symderiv.document.compose import Composer
    from symderiv.oracle.report import Report

BUDGET = 5_000
GOOD, BAD = N_("ok"), N_("FAILED")
FAILURES = N_("{failed} of {all} failed")


@click.group(
    cls=SpokenGroup, context_settings={"max_content_width": 100}, invoke_without_command=True
)
@click.version_option(package_name="symderiv", message="%(package)s %(version)s")
@language_option
@click.pass_context
def commands(ctx: click.Context, language: str) -> None:
    """Checked, readable, step-by-step derivations."""
    ctx.meta[LANGUAGE] = language
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@commands.command("list")
@language_option
def list_entries(language: str) -> None:
    """List the derivations of the catalog, one NAME and title a line."""
    from symderiv import catalog

    entries = catalog.entries()
    width = max((len(entry.name) for entry in entries), default=0)
    for entry in entries:
        click.echo(f"{entry.name:<{width}}  {translate(entry.title, language)}")


@commands.command()
@click.argument("name")
@telling_options
def show(name: str, **telling: Any) -> None:
    """Print the derivation NAME of the catalog."""
    from symderiv import catalog
    from symderiv.catalog.telling import tell as tell_entry

    entry = catalog.get(name)
    made = entry.make()
    told = Telling(
        title=entry.title,
        derivations=tuple(derivation for _, derivation in made.parts),
        compose=lambda composer, reports: tell_entry(composer, entry, made, reports=reports),
        check=lambda seed: made.check(seed=seed),
    )
    tell(told, **telling)


@commands.command(cls=ExpressionCommand, context_settings={"ignore_unknown_options": True})
@click.argument("expression", metavar="EXPR")
@click.option(
    "--wrt",
    multiple=True,
    required=True,
    metavar="VAR",
    help="What to derive by: a name, or an entry such as z[i]; may be repeated.",
)
@click.option("--let", multiple=True, metavar='"NAME = EXPR"', help="Name an intermediate.")
@declaring_options
@click.option("--facts/--no-facts", default=True, help="Use that probabilities sum to 1.")
@click.option(
    "--budget",
    type=click.IntRange(1),
    default=BUDGET,
    show_default=True,
    metavar="N",
    help="Stop with an error after so many rewrites.",
)
@telling_options
def derive(
    expression: str,
    wrt: tuple[str, ...],
    let: tuple[str, ...],
    positive: tuple[str, ...],
    function: tuple[str, ...],
    facts: bool,
    budget: int,
    form: str,
    detail: Detail,
    outputs: tuple[Path, ...],
    check: bool,
    seed: int,
    language: str,
    **declared: tuple[str, ...],
) -> None:
    """Derive EXPR, which may begin with a minus; - reads the standard input, @FILE a file.

    \b
    symderiv derive "x**2*sin(x)" --wrt x
    symderiv derive "-Sum(y[i]*log(p[i]), (i, 1, n))" --wrt "p[i]"
    symderiv derive "cross_entropy(y, p)" --let "p = softmax(z)" --one-hot y:n --wrt z
    """  # noqa: D301
    from symderiv import api
    from symderiv.parse import KINDS, Texts, read

    kinds = tuple((kind, text) for kind in KINDS for text in declared[kind])
    texts = Texts(expression_text(expression), wrt, let, kinds, positive, function)
    parsed = read(texts)
    try:
        derived = [api.derive(parsed.expression, x, facts=facts, budget=budget) for x in parsed.wrt]
    except BudgetExceeded as error:
        if "budget" not in str(error):
            raise
        raise click.ClickException(
            Sentence("the budget of {budget} steps ran out; --budget N allows more", budget=budget)
        ) from None
    told = Telling("", tuple(derived), partial(_compose, derived), partial(_check, derived))
    tell(
        told,
        form=form,
        detail=detail,
        outputs=outputs,
        check=check,
        seed=seed,
        language=language,
    )


def _compose(derived: list[Derivation], composer: Composer, reports: Sequence[Report]) -> None:
    for position, derivation in enumerate(derived):
        report = reports[position] if reports else None
        composer.derivation(
            derivation,
            proofs=report.proofs() if report is not None else None,
            verdict=report.words(composer.language) if report is not None else (),
            refuted=report is not None and not report.ok,
        )


def _check(derived: list[Derivation], seed: int) -> list[Report]:
    return [derivation.check(seed=seed) for derivation in derived]


@commands.command()
@click.argument("names", nargs=-1, metavar="NAME…")
@click.option("--all", "every", is_flag=True, help="Check the whole catalog.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--jobs", type=click.IntRange(1), help="Processes; as many as there are processors.")
@language_option
def check(names: tuple[str, ...], every: bool, seed: int, jobs: int | None, language: str) -> None:
    """Check every step of derivations of the catalog with numbers; exit status 1 if one fails."""
    from symderiv import catalog
    from symderiv.cli.checks import check_entries

    if every == bool(names):
        raise click.UsageError(Sentence("name the derivations to check, or write --all"))
    wanted = [entry.name for entry in catalog.entries()] if every else list(dict.fromkeys(names))
    for name in wanted:
        catalog.get(name)
    width = max(map(len, wanted), default=0)
    good, bad = (translate(word, language) for word in (GOOD, BAD))
    broad = max(columns(good), columns(bad))
    failed = 0
    for outcome in check_entries(wanted, seed=seed, jobs=jobs, language=language):
        failed += not outcome.ok
        word, color = (good, "green") if outcome.ok else (bad, "red")
        gap = " " * (broad - columns(word))
        click.echo(f"{click.style(word + gap, fg=color)}  {outcome.name:<{width}}  {outcome.told}")
    if failed:
        click.echo(phrase(FAILURES, language, failed=str(failed), all=str(len(wanted))))
        raise click.exceptions.Exit(FAILED)


commands.add_command(build)

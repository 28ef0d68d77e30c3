"""The command that builds literate sources."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import click

from symderiv.cli.ending import BAD_INPUT, one_line
from symderiv.cli.helping import Spoken
from symderiv.cli.options import language_option
from symderiv.cli.telling import FAILED
from symderiv.core.messages import Sentence
from symderiv.document.messages import N_, phrase, told
from symderiv.document.narrate import DETAILS
from symderiv.render import FORMATS

if TYPE_CHECKING:
    from symderiv.publish.project import Result

CATALOG = "catalog:"
BUILT, KEPT = N_("{number} built"), N_("{number} unchanged")
STALE = (
    N_("{page} is still that of an earlier build"),
    N_("{pages} are still those of an earlier build"),
)
MISSING = (N_("{page} is not there"), N_("{pages} are not there"))
NOWHERE = (
    N_("{page} is not there; links to it lead nowhere"),
    N_("{pages} are not there; links to them lead nowhere"),
)
REMOVED, WRONG = N_("{number} removed"), N_("{number} with problems")


def _formats(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> Any:
    """``--format html --format pdf`` or ``--format html,pdf``."""
    names = [name.strip() for part in given for name in part.split(",")]
    for name in names:
        if name not in FORMATS:
            known = ", ".join(FORMATS)
            raise click.BadParameter(
                Sentence("{name} is not one of {known}", name=repr(name), known=known), ctx, param
            )
    return tuple(dict.fromkeys(names))


@click.command(cls=Spoken)
@click.argument("sources", nargs=-1, metavar="SRC…")
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="The folder to write to, made if it is not there; for one source also a file, a.pdf.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT",
    callback=_formats,
    default=(),
    help=f"{', '.join(FORMATS)}; several with commas, or the option repeated. Html, or what the "
    "suffix of OUT says.",
)
@click.option(
    "--catalog", is_flag=True, help="Build the gallery: a page for every derivation of the catalog."
)
@click.option(
    "--detail",
    type=click.Choice(DETAILS),
    default="normal",
    show_default=True,
    help="How many lines, where a source does not say.",
)
@language_option
@click.option(
    "--check/--no-check",
    default=True,
    show_default=True,
    help="Test every derivation with numbers.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="For the numbers of the check.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    help="Processes; as many as there are processors.",
)
@click.option(
    "--allow-python",
    is_flag=True,
    help="Execute blocks of Python in the sources, which may do anything: only for "
    "sources that you trust.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Build what has not changed too, and replace files that no build is known to have made.",
)
def build(
    sources: tuple[str, ...],
    out: Path,
    formats: tuple[str, ...],
    catalog: bool,
    detail: Any,
    language: str,
    check: bool,
    seed: int,
    jobs: int | None,
    allow_python: bool,
    force: bool,
) -> None:
    """Build literate sources: Markdown with statements to be derived and checked.

    SRC is a file, a folder, or catalog: for the gallery. Only what changed is built again. Exit
    status 1 if a check does not hold, 2 for a source that cannot be read; each is told in one line
    with file and line, and all other files are built.

    \b
    symderiv build notes.md -o site
    symderiv build docs -o site --format html,pdf --jobs 4
    """  # noqa: D301
    from symderiv.publish import project
    from symderiv.publish.settings import Settings
    from symderiv.publish.workers import processors

    paths = [source for source in sources if source != CATALOG]
    catalog = catalog or len(paths) < len(sources)
    if not paths and not catalog:
        raise click.UsageError(Sentence("name files or folders to build, or write --catalog"))
    if not formats:
        known = {suffix: name for name, suffix in FORMATS.items()}
        formats = ("html" if out.is_dir() else known.get(out.suffix.lower(), "html"),)
    settings = Settings(language, detail, check, seed, allow_python)
    done = project.build(
        paths,
        out,
        formats=formats,
        settings=settings,
        jobs=jobs or processors(),
        catalog=catalog,
        force=force,
    )
    for problem in done.problems:
        click.echo(one_line(problem.to_text(language)), err=True)
    for said in _unmade(done, out if out.is_dir() else out.parent):
        click.echo(one_line(told(said, language)), err=True)
    wrong = {problem.place.file for problem in done.problems}
    counts = {BUILT: len(done.built), KEPT: len(done.kept)}
    counts |= {m: len(x) for m, x in ((REMOVED, done.removed), (WRONG, wrong)) if x}
    summary = [phrase(message, language, number=str(count)) for message, count in counts.items()]
    click.echo(f"{out}: {', '.join(summary)}")
    if done.refused:
        raise click.exceptions.Exit(BAD_INPUT)
    if done.failed:
        raise click.exceptions.Exit(FAILED)


def _unmade(done: Result, folder: Path) -> Iterator[Sentence]:
    """What became of pages that could not be made, those of one source together."""
    lacking = [name for name in done.missing if not (folder / name).exists()]
    nowhere = [name for name in lacking if name in done.nowhere]
    missing = [name for name in lacking if name not in nowhere]
    for (one, several), names in ((STALE, done.stale), (NOWHERE, nowhere), (MISSING, missing)):
        for _, found in groupby(names, key=lambda name: PurePosixPath(name).with_suffix("")):
            pages = list(found)
            if len(pages) == 1:
                yield Sentence(one, page=pages[0])
            else:
                yield Sentence(several, pages=", ".join(pages))

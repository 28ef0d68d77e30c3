"""Building files and folders: side by side, and only what changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from symderiv.core.errors import DataError
from symderiv.core.messages import N_, Sentence
from symderiv.document.messages import translate
from symderiv.publish.job import Job
from symderiv.publish.locking import locked
from symderiv.publish.page import Problem
from symderiv.publish.settings import DEFAULT, Settings
from symderiv.publish.sources import INDEX, Source, discover
from symderiv.publish.workers import ending_in_order, refuse_beginning, say
from symderiv.render import FORMATS

WAITING = N_("another build is at work in that folder; waiting for it")
_SUFFIX = re.compile(r"\.[A-Za-z]\w*")


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did: pages written and left as they were, outputs removed, and problems.

    Of pages that could not be made, ``stale`` are those that still stand as an earlier build left
    them, and ``missing`` those that no build left; of these, links lead ``nowhere`` to some.
    """

    built: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]
    problems: tuple[Problem, ...]
    stale: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Did a check not hold?"""
        return any(problem.failed for problem in self.problems)

    @property
    def refused(self) -> bool:
        """Could something not be read?"""
        return any(not problem.failed for problem in self.problems)


def build(
    sources: Sequence[str | Path],
    out: str | Path,
    *,
    formats: Sequence[str] = ("html",),
    settings: Settings = DEFAULT,
    jobs: int = 1,
    catalog: bool = False,
    force: bool = False,
) -> Result:
    """Build Markdown files and folders into a folder, or one file to one file.

    Args:
        sources: Files, and folders, of which every Markdown file is meant.
        out: The folder for the outputs, made if it is not there; or, for one source in one format,
            a file with the suffix of the format, which is written every time.
        formats: Names of formats, of `symderiv.render.FORMATS`.
        settings: How the sources are read.
        jobs: Processes. With more than one, a script needs the guard
            ``if __name__ == "__main__":``, since each process begins by importing it.
        catalog: Build the gallery of the catalog as well.
        force: Build what has not changed too, and replace files that no build made.

    Raises `DataError` for sources that are missing or would overwrite each other, before anything
    is written.
    """
    refuse_beginning()
    paths = [Path(path) for path in sources]
    file = as_file(paths, Path(out), formats, catalog=catalog)
    folder = Path(out).parent if file else Path(out)

    def prepared() -> tuple[Job, list[Source]]:
        job = Job(folder, tuple(dict.fromkeys(formats)), settings, force, alone=bool(file))
        return job, _found(job, paths, file, catalog=catalog)

    job, found = prepared()
    job.out.mkdir(parents=True, exist_ok=True)
    with ending_in_order(), _lock(job):
        if job.is_outdated():  # by another build meanwhile
            job, found = prepared()
        try:
            job.whole(found, paths, jobs, catalog=catalog)
        finally:
            with _lock(job, whole=False):
                job.save()
    return Result(
        tuple(sorted(job.built)),
        tuple(job.kept),
        tuple(job.removed),
        tuple(job.problems),
        tuple(sorted(job.stale)),
        tuple(sorted(job.missing)),
        tuple(sorted(job.nowhere)),
    )


def _found(job: Job, paths: Sequence[Path], file: str, *, catalog: bool) -> list[Source]:
    """The sources of a build, none of which is in the way of another."""
    found = discover(paths, job.out)
    if file:
        found = [replace(found[0], place=PurePosixPath(file))]
    job.refuse_empty(found, paths)
    if catalog:
        from symderiv.publish.gallery import pages

        found += pages(job.settings.language)
    _distinct(found)
    job.refuse_overwriting(found)
    if job.out.exists() and not job.out.is_dir():
        raise DataError(Sentence("{out} is a file; name a folder for the outputs", out=job.out))
    job.places = frozenset([*(s.place for s in found), PurePosixPath(INDEX)])
    return found


def _lock(job: Job, *, whole: bool = True) -> AbstractContextManager[None]:
    """Of the folder: for a whole build, but while its books are written of a file alone."""
    if job.alone == whole:
        return nullcontext()
    said = translate(WAITING, job.settings.language)
    return locked(job.out, lambda: say(said))


def as_file(
    sources: Sequence[Path], out: Path, formats: Sequence[str], *, catalog: bool = False
) -> str:
    """The name without its suffix, if the output is to be a file; empty if it is a folder.

    Raises `DataError` for what looks like a file, where several are to be written.
    """
    one = len(sources) == 1 and not sources[0].is_dir() and not catalog
    if out.is_dir() or out.suffix.lower() not in FORMATS.values():
        if one and _SUFFIX.fullmatch(out.suffix) and not out.exists():
            raise DataError(
                Sentence(
                    "{path} has none of the suffixes {known}; to write into a folder of that name, "
                    "make it first",
                    path=repr(str(out)),
                    known=", ".join(FORMATS.values()),
                )
            )
        return ""
    suffixes = {FORMATS[form] for form in formats}
    if not one:
        raise DataError(
            Sentence(
                "{out} is the name of a file; name a folder for the outputs of this build", out=out
            )
        )
    if suffixes != {out.suffix}:
        said = ", ".join(sorted(suffixes))
        raise DataError(
            Sentence(
                "{out}: the formats that are asked for are written to files named {suffixes}",
                out=out,
                suffixes=said,
            )
        )
    return out.stem


def _distinct(found: Sequence[Source]) -> None:
    seen: dict[PurePosixPath, Source] = {}
    for source in found:
        if source.place in seen:
            raise DataError(
                Sentence(
                    "{name} and {bare} would be written to the same place, {place}",
                    name=source.name,
                    bare=seen[source.place].name,
                    place=source.place,
                )
            )
        seen[source.place] = source

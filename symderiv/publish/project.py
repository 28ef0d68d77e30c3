"""Building files and folders: side by side, and only what changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence
from symderiv.publish.job import Job
from symderiv.publish.page import Problem
from symderiv.publish.settings import DEFAULT, Settings
from symderiv.publish.sources import INDEX, Source, discover
from symderiv.publish.workers import ending_in_order
from symderiv.render import FORMATS

_SUFFIX = re.compile(r"\.[A-Za-z]\w*")


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did: pages written and left as they were, outputs removed, and problems.

    Of pages that could not be made, ``stale`` are those that still stand as an earlier build left
    them, and ``missing`` those that are not there.
    """

    built: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]
    problems: tuple[Problem, ...]
    stale: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

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
    jobs: int | None = None,
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
        jobs: Processes; as many as there are processors if None.
        catalog: Build the gallery of the catalog as well.
        force: Build what has not changed too, and replace files that no build made.

    Raises `DataError` for sources that are missing or would overwrite each other, before anything
    is written.
    """
    paths = [Path(path) for path in sources]
    file = as_file(paths, Path(out), formats, catalog=catalog)
    folder = Path(out).parent if file else Path(out)
    job = Job(folder, tuple(dict.fromkeys(formats)), settings, force, alone=bool(file))
    found = discover(paths, job.out)
    if file:
        found = [replace(found[0], place=PurePosixPath(file))]
    job.refuse_empty(found, paths)
    if catalog:
        from symderiv.publish.gallery import pages

        found += pages(settings.language)
    _distinct(found)
    job.refuse_overwriting(found)
    if job.out.exists() and not job.out.is_dir():
        raise DataError(Sentence("{out} is a file; name a folder for the outputs", out=job.out))
    job.out.mkdir(parents=True, exist_ok=True)
    job.places = frozenset([*(s.place for s in found), PurePosixPath(INDEX)])
    with ending_in_order():
        try:
            job.whole(found, paths, jobs, catalog=catalog)
        finally:
            job.save()
    return Result(
        tuple(sorted(job.built)),
        tuple(job.kept),
        tuple(job.removed),
        tuple(job.problems),
        tuple(sorted(job.stale)),
        tuple(sorted(job.missing)),
    )


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

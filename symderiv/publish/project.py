"""Building files and folders: side by side, and only what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from symderiv.core.errors import DataError
from symderiv.core.messages import N_, Sentence
from symderiv.document.messages import translate
from symderiv.publish import manifest
from symderiv.publish.index import Listed, index_text
from symderiv.publish.manifest import Entries, Entry
from symderiv.publish.page import Page, Problem, Task, make
from symderiv.publish.place import Place
from symderiv.publish.settings import DEFAULT, Settings
from symderiv.publish.sources import INDEX, SUFFIXES, Source, discover, read
from symderiv.publish.version import fingerprint
from symderiv.publish.workers import carried_out

BUILDING = N_("building")


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did: pages written and left as they were, outputs removed, and problems."""

    built: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]
    problems: tuple[Problem, ...]

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
    """Build Markdown files and folders into a folder.

    Args:
        sources: Files, and folders, of which every Markdown file is meant.
        out: The folder for the outputs, made if it is not there.
        formats: Names of formats, of `symderiv.render.FORMATS`.
        settings: How the sources are read.
        jobs: Processes; as many as there are processors if None.
        catalog: Build the gallery of the catalog as well.
        force: Build what has not changed too.

    Raises `DataError` for sources that are missing or would overwrite each other, before anything
    is written.
    """
    job = _Build(Path(out), tuple(dict.fromkeys(formats)), settings, force)
    paths = [Path(path) for path in sources]
    found = discover(paths, job.out)
    job.refuse_empty(found, paths)
    if catalog:
        from symderiv.publish.gallery import pages

        found += pages(settings.language)
    _distinct(found)
    job.refuse_overwriting(found)
    job.out.mkdir(parents=True, exist_ok=True)
    job.places = frozenset([*(s.place for s in found), PurePosixPath(INDEX)])
    job.run(found, jobs)
    if (catalog or any(path.is_dir() for path in paths)) and not any(
        s.place == PurePosixPath(INDEX) for s in found
    ):
        job.run([job.index(found)], 1)
    job.tidy(found, paths)
    manifest.save(job.out, job.entries)
    return Result(tuple(job.built), tuple(job.kept), tuple(job.removed), tuple(job.problems))


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


@dataclass(slots=True)
class _Build:
    out: Path
    formats: tuple[str, ...]
    settings: Settings
    force: bool
    places: frozenset[PurePosixPath] = frozenset()
    before: Entries = field(default_factory=dict)
    entries: Entries = field(default_factory=dict)
    built: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = manifest.load(self.out)
        self.entries = dict(self.before)

    def refuse_empty(self, found: Sequence[Source], given: Sequence[Path]) -> None:
        """A folder has a source, or had one when it was built before."""
        before = [(self.out / name).resolve() for name, _ in self.before if ":" not in name]
        known = [*before, *(s.path.resolve() for s in found if s.path)]
        for folder in given:
            inside = any(path.is_relative_to(folder.resolve()) for path in known)
            if folder.is_dir() and not inside:
                raise DataError(
                    Sentence(
                        "{folder}: there is no source in this folder; expected files named "
                        "{suffixes}, "
                        "with names that do not begin with _ or a dot",
                        folder=folder,
                        suffixes=" or ".join(SUFFIXES),
                    )
                )

    def refuse_overwriting(self, found: Sequence[Source]) -> None:
        """No output may take the place of a source."""
        from symderiv.render import FORMATS

        taken = {source.path.resolve(): source for source in found if source.path}
        for source in found:
            for form in self.formats:
                path = self.out / source.place.parent / f"{source.place.name}{FORMATS[form]}"
                if path.resolve() in taken:
                    raise DataError(
                        Sentence(
                            "{path}: the output would overwrite a source; choose another folder "
                            "for outputs",
                            path=path,
                        )
                    )

    # ------------------------------------------------------------ pages

    def run(self, found: Sequence[Source], jobs: int | None) -> None:
        """Build those of the sources that changed."""
        tasks: list[Task] = []
        keys: list[str] = []
        for source in found:
            try:
                data = read(source)
            except DataError as error:
                self.problems.append(Problem(Place(source.name), _after(str(error), source.name)))
                continue
            key = self.key(source, data)
            missing = tuple(f for f in self.formats if not self.is_current(source, f, key))
            if missing:
                tasks.append(Task(source, data, missing, self.out, self.settings, self.places))
                keys.append(key)
            else:
                self.kept.append(source.name)
        pages = carried_out(
            make, tasks, jobs=jobs, what=translate(BUILDING, self.settings.language)
        )
        for task, key, page in zip(tasks, keys, pages, strict=True):
            self.take_in(task, key, page)

    def key(self, source: Source, data: bytes) -> str:
        """The digest of what a page rests on, its pictures aside."""
        links = sorted(map(str, self.places)) if b".md" in data or b".markdown" in data else []
        return manifest.digest(fingerprint(), repr(self.settings), source.name, data, *links)

    def is_current(self, source: Source, form: str, key: str) -> bool:
        """Does a page stand there that rests on the same?"""
        entry = self.before.get((self.name_of(source), form))
        if self.force or entry is None or entry.key != key:
            return False
        folder = source.path.parent if source.path else Path()
        same = all(manifest.digest_of(folder / name) == d for name, d in entry.assets.items())
        return same and manifest.in_place(self.out, entry)

    def name_of(self, source: Source) -> str:
        """What the manifest calls a source."""
        if source.path is None:
            return f"{source.name}:{source.place}"
        from os.path import relpath

        return Path(relpath(source.path.resolve(), self.out.resolve())).as_posix()

    def take_in(self, task: Task, key: str, page: Page) -> None:
        """Note what a page became; outputs that it had before and has no more are removed."""
        self.problems += page.problems
        name = self.name_of(task.source)
        for form in task.formats:
            old = self.before.get((name, form))
            if form not in page.outputs:
                if old is not None:  # what stands there is of an older source
                    self.entries[name, form] = replace(old, key="")
                continue
            new = Entry(
                "" if page.trusted else key,
                page.outputs[form],
                page.title,
                page.sentence,
                page.assets,
            )
            self.entries[name, form] = new
            if old is not None:
                self.drop(set(old.outputs) - set(new.outputs))
        if not page.problems:
            self.built.append(task.source.name)

    # ------------------------------------------------------------ the index, and what is left over

    def index(self, found: Sequence[Source]) -> Source:
        """A list of the pages that stand."""
        listed = []
        for source in found:
            name = self.name_of(source)
            entry = next(
                (self.entries[name, f] for f in self.formats if (name, f) in self.entries), None
            )
            if entry is not None:
                listed.append(Listed(source.place, source.section, entry.title, entry.sentence))
        return Source("index", PurePosixPath(INDEX), None, index_text(listed, self.settings))

    def tidy(self, found: Sequence[Source], given: Sequence[Path]) -> None:
        """Remove the outputs of sources that are gone, from those folders that were built."""
        here = {self.name_of(source) for source in found}
        folders = [path.resolve() for path in given if path.is_dir()]
        for name, form in list(self.entries):
            path = (self.out / name).resolve()
            inside = any(path.is_relative_to(folder) for folder in folders)
            gone = ":" not in name and (inside or not path.exists())
            if name not in here and gone:
                self.drop(self.entries.pop((name, form)).outputs)

    def drop(self, names: Iterable[str]) -> None:
        """Remove outputs that no page has any more."""
        still = {name for entry in self.entries.values() for name in entry.outputs}
        stale = [name for name in names if name not in still]
        manifest.remove(self.out, stale)
        self.removed += stale


def _after(message: str, name: str) -> str:
    return message.removeprefix(f"{name}: ")

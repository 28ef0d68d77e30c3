"""One build, page by page: what has to be made, and the books about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from symderiv.core.errors import DataError
from symderiv.core.messages import N_, After, Sentence, said_by
from symderiv.document.messages import translate
from symderiv.publish import manifest
from symderiv.publish.copying import Copies, copied_by, misplaced
from symderiv.publish.index import Listed, escaped, index_text, index_title
from symderiv.publish.labels import Labels, Named, named, place_of
from symderiv.publish.links import check_built
from symderiv.publish.manifest import Entries, Entry
from symderiv.publish.page import Page, Problem, Task, finish, make, problem_of
from symderiv.publish.place import Place
from symderiv.publish.settings import Settings
from symderiv.publish.sources import INDEX, SUFFIXES, Source, read
from symderiv.publish.version import fingerprint
from symderiv.publish.workers import LOST, bar, carried_out
from symderiv.render import FORMATS, KNOWN

BUILDING = N_("building")


@dataclass(slots=True)
class Job:
    """One build: what is known of pages, and what became of them."""

    out: Path
    formats: tuple[str, ...]
    settings: Settings
    force: bool
    alone: bool = False
    home: PurePosixPath | None = None
    advance: Callable[[int], None] = field(default=lambda count: None)
    places: frozenset[PurePosixPath] = frozenset()
    labels: dict[PurePosixPath, Labels] = field(default_factory=dict)
    keys: dict[PurePosixPath, str] = field(default_factory=dict)
    waiting: list[tuple[Task, Page]] = field(default_factory=list)
    before: Entries = field(default_factory=dict)
    entries: Entries = field(default_factory=dict)
    built: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    copies: Copies = field(init=False)
    books: str = field(init=False)

    def __post_init__(self) -> None:
        self.books = manifest.digest_of(self.out / manifest.NAME)
        earlier = manifest.load(self.out)
        self.before = {} if self.alone else earlier
        self.entries = dict(self.before)
        self.copies = Copies(self.out, earlier, self.force)

    def is_outdated(self) -> bool:
        """Did another build write its books since?"""
        return self.books != manifest.digest_of(self.out / manifest.NAME)

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

    def whole(
        self, found: Sequence[Source], given: Sequence[Path], jobs: int, *, catalog: bool
    ) -> None:
        """All pages, an index where a folder has none, and no outputs of what is gone."""
        folders = [path for path in given if path.is_dir()]
        has_index = any(source.place == PurePosixPath(INDEX) for source in found)
        listing = (catalog or bool(folders)) and not has_index
        stands = all((INDEX, f) in self.indices() for f in self.formats)
        if not self.alone and (listing or has_index or stands):
            self.home = PurePosixPath(INDEX)
        with bar(len(found) + listing, translate(BUILDING, self.settings.language)) as self.advance:
            self.run(found, jobs)
            if listing:
                title = index_title(folders, self.settings.language, catalog=catalog)
                self.run([self.index(found, title)], 1)
        self.tidy(found, given)
        led = set(self.linked_to(found))
        self.nowhere = [x for x in self.missing if PurePosixPath(x).with_suffix("") in led]

    def linked_to(self, found: Sequence[Source]) -> Iterator[PurePosixPath]:
        """The places that links of pages lead to, as they stand."""
        for source in found:
            name = self.name_of(source)
            for form in self.formats:
                entry = self.entries.get((name, form))
                for file, known in entry.assets.items() if entry else ():
                    if known == manifest.THERE:
                        yield place_of(quote(file), source.place)
                if entry and self.home and source.place != self.home:
                    yield self.home

    def indices(self) -> set[tuple[str, str]]:
        """The formats in which an earlier build left an index."""
        return {
            (INDEX, form)
            for (_, form), entry in self.before.items()
            if f"{INDEX}{FORMATS[form]}" in entry.outputs
        }

    def run(self, found: Sequence[Source], jobs: int) -> None:
        """Build those of the sources that changed, and those that cite what changed."""
        every = [task for source in found if (task := self.task(source)) is not None]
        changed = [task for task in every if task.formats]
        self.copies.claim({self.name_of(task.source) for task in changed})
        self.carry_out(make, changed, jobs)
        after = [self.citing(task) for task in every if not task.formats]
        self.advance(len(found) - len(every) + sum(not task.formats for task in after))
        self.carry_out(make, [task for task in after if task.formats], jobs)
        self.kept += [task.source.name for task in after if not task.formats]
        waiting, self.waiting = self.waiting, []
        self.carry_out(finish, [self.informed(task, page) for task, page in waiting], jobs)

    def carry_out(self, work: Callable[[Task], Page], tasks: Sequence[Task], jobs: int) -> None:
        """Do the work, and note what became of each page; problems stand in the order of tasks.

        So do pages that link to files: of two that would be copied to one place, the first is.
        """
        told: dict[int, tuple[Problem, ...]] = {}
        linking: dict[int, Page] = {}
        with closing(carried_out(work, tasks, _lost, jobs=jobs)) as done:
            for at, page in done:
                told[at] = page.problems
                self.learn(tasks[at].source.place, page.labels)
                if page.waiting:
                    self.waiting.append((tasks[at], page))
                elif page.copied:
                    linking[at] = page
                else:
                    self.take_in(tasks[at], page)
                    self.advance(1)
        for at in sorted(linking):
            page = self.with_files(linking[at], self.name_of(tasks[at].source))
            told[at] = page.problems
            self.take_in(tasks[at], page)
            self.advance(1)
        self.waiting.sort(key=lambda found: found[0].source.name)
        self.problems += [problem for at in sorted(told) for problem in told[at]]

    def learn(self, place: PurePosixPath, labels: Labels | None) -> None:
        """Note what a page can be cited by; of a broken one, what an earlier build knew."""
        if labels is not None and not labels.broken:
            self.labels[place] = labels
        elif place not in self.labels:
            title = labels.title if labels else ""
            known = self.known(place) or Labels(title or escaped(place.name))
            self.labels[place] = replace(known, broken=True)

    def left(self, source: Source, form: str) -> None:
        """Note what stands in the place of a page that could not be made."""
        name = f"{source.place}{FORMATS[form]}"
        known = self.alone or (self.name_of(source), form) in self.before
        stands = known and (self.out / name).is_file()
        (self.stale if stands else self.missing).append(name)

    def task(self, source: Source) -> Task | None:
        """What is to be done for a source, in no format if it is current; None if unreadable."""
        try:
            data = read(source)
        except DataError as error:
            said = After("{said}", said=said_by(error), prefix=source.name)
            self.problems.append(Problem(Place(source.name), said))
            self.learn(source.place, None)
            for form in self.formats:
                self.left(source, form)
            return None
        key = self.key(source, data)
        missing = tuple(f for f in self.formats if not self.is_current(source, f, key))
        others = frozenset() if self.alone else self.copies.of_others(source.place, self.formats)
        task = Task(
            *(source, data, missing, self.out, self.settings, self.places),
            home=self.home,
            others=others,
        )
        self.keys[source.place] = key
        return task

    def citing(self, task: Task) -> Task:
        """The task with those formats too that have not changed, where what they cite has."""
        name = self.name_of(task.source)
        formats = [
            form
            for form in self.formats
            if form in task.formats
            or any(
                self.cited(*named(cited)) != known
                for cited, known in self.before[name, form].cites.items()
            )
        ]
        return replace(task, formats=tuple(formats))

    def cited(self, place: PurePosixPath, label: str, bare: bool) -> str:
        """The digest of what a page says of a label: its words too, if a citation is bare."""
        known = self.known(place)
        if known is None:
            return ""
        found = known.names.get(label)
        words = (known.title, found.words if found else "") if bare else ()
        return manifest.digest(found.anchor if found else "", *words)

    def known(self, place: PurePosixPath) -> Labels | None:
        """The labels of a page: of this build, or as an earlier one left them."""
        if place not in self.labels:
            for (_, form), entry in self.before.items():
                if f"{place}{FORMATS[form]}" in entry.outputs:
                    names = {x: Named(a, w, bool(h)) for x, (a, w, h) in entry.labels.items()}
                    self.labels[place] = Labels(entry.title, names)
                    break
        return self.labels.get(place)

    def informed(self, task: Task, page: Page) -> Task:
        """The task of a page that waited, with the labels of those that it cites."""
        known = {c.place: k for c in page.cites if (k := self.known(c.place)) is not None}
        return replace(self.citing(task), waiting=page.waiting, known=known)

    def key(self, source: Source, data: bytes) -> str:
        """The digest of what a page rests on, its pictures and links aside."""
        home = "" if source.place == self.home else str(self.home)
        return manifest.digest(fingerprint(), repr(self.settings), source.name, home, data)

    def is_current(self, source: Source, form: str, key: str) -> bool:
        """Does a page stand there that rests on the same?"""
        entry = self.before.get((self.name_of(source), form))
        if self.force or entry is None or entry.key != key:
            return False
        folder = source.path.parent if source.path else Path()
        same = all(manifest.is_same(folder / name, d) for name, d in entry.assets.items())
        return same and manifest.in_place(self.out, entry) and self.is_in_order(source, form, entry)

    def is_in_order(self, source: Source, form: str, entry: Entry) -> bool:
        """Do the links of a page, as it was built, fit the pages that there are now?"""
        sources = [(quote(name), Place(source.name)) for name in entry.assets]
        copied = copied_by(self.out, self.name_of(source), form, entry)
        taken = any(misplaced(PurePosixPath(name), self.places) for name in copied)
        return not taken and not check_built(sources, source.place, self.places)

    def name_of(self, source: Source) -> str:
        """What the manifest calls a source."""
        if source.path is None:
            return f"{source.name}:{source.place}"
        from os.path import relpath

        return Path(relpath(source.path.resolve(), self.out.resolve())).as_posix()

    def with_files(self, page: Page, name: str) -> Page:
        """The page with the files that it links to, which are copied, among its outputs."""
        leading = [form for form in page.outputs if KNOWN[form].links]
        made, wrong = self.copies.take(page.copied, name) if leading else ({}, [])
        outputs = {f: x | made if f in leading else x for f, x in page.outputs.items()}
        problems = (*page.problems, *map(problem_of, wrong))
        return replace(page, outputs=outputs, problems=problems, lacking=bool(wrong))

    def take_in(self, task: Task, page: Page) -> None:
        """Note what a page became; outputs that it had before and has no more are removed."""
        key = self.keys[task.source.place]
        cites = {c.name: self.cited(c.place, c.label, c.bare) for c in page.cites}
        name = self.name_of(task.source)
        for form in task.formats:
            old = self.before.get((name, form))
            if form not in page.outputs:
                self.left(task.source, form)
                if old is not None:  # what stands there is of an older source
                    self.entries[name, form] = replace(old, key="")
                continue
            outputs = page.outputs[form]
            if page.lacking and old is not None:  # what stands for a copy may be someone's own
                outputs = old.outputs | outputs
            new = Entry(
                "" if page.trusted or page.lacking else key,
                outputs,
                page.title,
                page.sentence,
                page.assets,
                _as_data(page.labels),
                cites,
            )
            self.entries[name, form] = new
            self.copies.settle(name, new.outputs, alone=self.alone, linking=KNOWN[form].links)
            if old is not None:
                self.drop(set(old.outputs) - set(new.outputs))
        if not page.problems:
            self.built.append(task.source.name)

    def save(self) -> None:
        """Write the books; one source that was built to one file has its copies in them only."""
        noted = self.copies.to_note()
        if not self.alone:
            manifest.save(self.out, self.entries, noted)
        elif noted or self.copies.noted:
            manifest.save(self.out, manifest.load(self.out), noted)

    # ------------------------------------------------------------ the index, and what is left over

    def index(self, found: Sequence[Source], title: str) -> Source:
        """A list of the pages that stand."""
        listed = []
        for source in found:
            name = self.name_of(source)
            entry = next(
                (self.entries[name, f] for f in self.formats if (name, f) in self.entries), None
            )
            if entry is not None:
                listed.append(Listed(source.place, source.section, entry.title, entry.sentence))
        return Source("index", PurePosixPath(INDEX), None, index_text(listed, title))

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
        stale = [name for name in names if name not in still | self.copies.held()]
        manifest.remove(self.out, stale)
        self.removed += stale


def _lost(task: Task) -> Page:
    """A page whose process ended before it was made."""
    return Page((Problem(Place(task.source.name), Sentence(LOST)),))


def _as_data(labels: Labels | None) -> dict[str, tuple[str, str, str]]:
    """Labels as a manifest keeps them."""
    names = labels.names if labels else {}
    return {x: (n.anchor, n.words, "heading" * n.heading) for x, n in names.items()}

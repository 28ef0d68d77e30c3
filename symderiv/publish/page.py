"""One source to its files; what a process of a build does.

A page that cites others waits, read and checked, until their labels are known; all others are
written at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from symderiv.core.errors import SymderivError
from symderiv.core.messages import ABOUT, Sentence, printed, reported, said_by
from symderiv.document.messages import told
from symderiv.publish.labels import Citation, Labels, citations, is_source
from symderiv.publish.manifest import THERE, digest, digest_of
from symderiv.publish.place import InSource, Place, SourceError
from symderiv.publish.settings import Settings
from symderiv.publish.sources import Source, decoded

if TYPE_CHECKING:
    from symderiv.publish.source import Built


@dataclass(frozen=True, slots=True)
class Task:
    """A source with its bytes, and what is to be made of it.

    ``waiting`` is what `make` handed over of a page that cites others, whose labels are ``known``.
    ``home`` is the page that lists it; ``others`` are files below the output folder that it may not
    replace.
    """

    source: Source
    data: bytes
    formats: tuple[str, ...]
    out: Path
    settings: Settings
    places: frozenset[PurePosixPath] = frozenset()
    waiting: bytes = b""
    known: Mapping[PurePosixPath, Labels] = field(default_factory=dict)
    home: PurePosixPath | None = None
    others: frozenset[str] = frozenset()

    @property
    def folder(self) -> Path | None:
        """Where the source lies."""
        return self.source.path.parent if self.source.path else None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to tell the author; ``failed`` is true for a check that did not hold."""

    place: Place
    message: str
    failed: bool = False

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, language: str = "en") -> str:
        """What is wrong where, in a language."""
        return f"{self.place}: {told(self.message, language)}"


@dataclass(frozen=True, slots=True)
class Page:
    """What became of a source: the outputs of each format with their digests, or problems.

    ``labels`` is what others may cite, None where nothing is known of it; ``cites`` what it
    cites. A page that is ``waiting`` has no outputs yet. ``copied`` are the files that it links to,
    by their names below the output folder; it is ``lacking`` if one of them could not be copied.
    """

    problems: tuple[Problem, ...] = ()
    outputs: Mapping[str, dict[str, str]] = field(default_factory=dict)
    assets: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    sentence: str = ""
    trusted: bool = False
    labels: Labels | None = None
    cites: tuple[Citation, ...] = ()
    waiting: bytes = b""
    copied: Mapping[str, tuple[Path, Place]] = field(default_factory=dict)
    lacking: bool = False


def make(task: Task) -> Page:
    """Read, derive, check, render and write one source; never raises for what a source holds."""
    return _safely(_made, task)


def finish(task: Task) -> Page:
    """Render and write a page that waited for the labels of others."""
    return _safely(_finished, task)


def _safely(work: Callable[[Task], Page], task: Task) -> Page:
    try:
        return work(task)
    except Exception as error:  # noqa: BLE001 - a defect, and all other pages are built
        return Page((Problem(Place(task.source.name), _defect(error)),))


def _defect(error: Exception) -> str:
    return Sentence(
        "internal error, please report it: {error}", error=f"{type(error).__name__}: {error}"
    )


def _made(task: Task) -> Page:
    from symderiv.publish.handing import packed
    from symderiv.publish.source import article_of

    source = task.source
    try:
        text = decoded(task.data, source.name)
    except SourceError as error:
        return Page((problem_of(error),))
    built = article_of(
        text, file=source.name, folder=task.folder, root=source.root, settings=task.settings
    )
    cites = tuple(c for c in citations(built.linked, built.bare, source.place) if c.needs())
    problems = [*map(problem_of, built.errors)]
    problems += [
        replace(problem_of(f), place=Place(f.place.file, f.place.line), failed=True)
        for f in built.failures
    ]
    problems.sort(key=lambda problem: problem.place.line)
    if problems or built.article is None:
        return Page(tuple(problems), labels=built.labels)
    if cites:
        return Page(labels=built.labels, cites=cites, waiting=packed(built))
    return _written(task, built)


def _finished(task: Task) -> Page:
    from symderiv.publish.handing import unpacked

    built: Built = unpacked(task.waiting)
    cites = citations(built.linked, built.bare, task.source.place)
    wrong = [error for c in cites if (error := c.error(task.known.get(c.place)))]
    if wrong:
        return Page(tuple(map(problem_of, wrong)), labels=built.labels)
    return _written(task, built, tuple(c for c in cites if c.needs()))


def problem_of(error: SourceError) -> Problem:
    """What to tell of an error in a source, expressions as symderiv writes them."""
    from symderiv.render.text import text

    return Problem(error.place, printed(said_by(error), text))


# ---------------------------------------------------------------- writing


def _written(task: Task, built: Built, cites: tuple[Citation, ...] = ()) -> Page:
    from symderiv.publish.copying import links_to_files
    from symderiv.publish.index import as_markdown, first_sentence
    from symderiv.publish.links import check_built, relinked

    assert built.article is not None
    source, outputs = task.source, {}
    try:
        copied = links_to_files(built.linked, source, task.places)
        whole = relinked(built.article, source.place, task.known, "markdown")
    except SourceError as error:
        return Page((problem_of(error),), labels=built.labels)
    problems = [*map(problem_of, check_built(built.linked, source.place, task.places))]
    if problems:
        return Page(tuple(problems), labels=built.labels)
    rests_on = _rests_on(task, built)
    title, sentence = as_markdown(whole.title), as_markdown(first_sentence(whole))
    for form in task.formats:
        try:
            outputs[form] = _write(task, built, form)
        except Exception as error:  # noqa: BLE001 - other formats are written, and noted
            problems.append(_not_written(task, form, error))
    return Page(
        tuple(problems),
        outputs,
        rests_on,
        title,
        sentence,
        built.trusted,
        built.labels,
        cites,
        copied=copied,
    )


def _not_written(task: Task, form: str, error: Exception) -> Problem:
    """What to tell of a page that could not be made in a format."""
    if isinstance(error, SourceError):
        return problem_of(error)
    said: str
    if isinstance(error, (SymderivError, OSError)) and str(error):
        said = reported(error, InSource)
    elif isinstance(error, RecursionError):
        said = Sentence("this is nested too deep")
    else:
        said = _defect(error)
    return Problem(Place(task.source.name), Sentence(ABOUT, what=form, said=said))


def _write(task: Task, built: Built, form: str) -> dict[str, str]:
    """Write a page in one format, and its pictures."""
    from symderiv.publish.copying import TAKEN
    from symderiv.publish.files import figures_of, put
    from symderiv.publish.links import address_of, relinked
    from symderiv.render import FORMATS, article_renderer

    assert built.article is not None
    place = task.source.place
    led = relinked(built.article, place, task.known, form)
    if task.home not in (None, place):
        led = replace(led, home=address_of(task.home, place, form))
    made = article_renderer(form)(replace(led, figures=figures_of(place)))
    names = {**made.assets, f"{place.name}{FORMATS[form]}": made.data}
    done = {str(place.parent / name): data for name, data in names.items()}
    for name in sorted(task.others & done.keys()):
        if digest_of(task.out / name) != digest(done[name]):
            raise SourceError(Sentence(TAKEN, path=task.out / name), Place(task.source.name))
    return {name: put(task.out, name, data) for name, data in done.items()}


def _rests_on(task: Task, built: Built) -> dict[str, str]:
    """The files that a page shows and links to, with what must stay the same of them."""
    folder = task.folder or Path()
    found = {str(path): digest_of(folder / path) for path in built.assets}
    for target, _ in built.linked if task.folder else ():
        file = unquote(target.partition("#")[0])
        found.setdefault(file, THERE if is_source(target) else digest_of(folder / file))
    return found

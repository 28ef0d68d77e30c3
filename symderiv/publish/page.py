"""One source to its files; what a process of a build does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from symderiv.core.errors import DataError, SymderivError
from symderiv.core.messages import ABOUT, Sentence, reported, said_by
from symderiv.document.messages import told
from symderiv.publish.manifest import digest, digest_of
from symderiv.publish.place import InSource, Place
from symderiv.publish.settings import Settings
from symderiv.publish.sources import Source, decoded

if TYPE_CHECKING:
    from symderiv.document.article import Article
    from symderiv.publish.source import Built
    from symderiv.render.rendered import Rendered

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")


@dataclass(frozen=True, slots=True)
class Task:
    """A source with its bytes, and what is to be made of it."""

    source: Source
    data: bytes
    formats: tuple[str, ...]
    out: Path
    settings: Settings
    places: frozenset[PurePosixPath] = frozenset()


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
    """What became of a source: the outputs of each format with their digests, or problems."""

    problems: tuple[Problem, ...] = ()
    outputs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    assets: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    sentence: str = ""
    trusted: bool = False


def make(task: Task) -> Page:
    """Read, derive, check, render and write one source; never raises for what a source holds."""
    try:
        return _made(task)
    except Exception as error:  # noqa: BLE001 - a defect, and all other pages are built
        said = Sentence(
            "internal error, please report it: {error}", error=f"{type(error).__name__}: {error}"
        )
        return Page((Problem(Place(task.source.name), said),))


def _made(task: Task) -> Page:
    from symderiv.publish.source import article_of

    source = task.source
    folder = source.path.parent if source.path else None
    try:
        text = decoded(task.data)
    except DataError as error:
        return Page((Problem(Place(source.name), said_by(error)),))
    built = article_of(
        text, file=source.name, folder=folder, root=source.root, settings=task.settings
    )
    problems = [Problem(error.place, said_by(error)) for error in built.errors]
    problems += [
        Problem(Place(f.place.file, f.place.line), said_by(f), True) for f in built.failures
    ]
    if problems or built.article is None:
        return Page(tuple(problems))
    return _written(task, built, built.article, folder)


def _written(task: Task, built: Built, article: Article, folder: Path | None) -> Page:
    from symderiv.publish.index import as_markdown, first_sentence
    from symderiv.publish.links import relinked
    from symderiv.render import FORMATS, article_renderer

    source, outputs, problems = task.source, {}, []
    for form in task.formats:
        suffix = FORMATS[form]
        try:
            led = relinked(article, source.place, task.places, suffix)
            made = apart(article_renderer(form)(led), source.place.name)
            outputs[form] = _write(made, task.out, source.place, suffix)
        except (SymderivError, RecursionError, OSError) as error:
            said = reported(error, InSource) if str(error) else type(error).__name__
            problems.append(Problem(Place(source.name), Sentence(ABOUT, what=form, said=said)))
    return Page(
        tuple(problems),
        outputs,
        {str(path): digest_of((folder or Path()) / path) for path in built.assets},
        as_markdown(article.title),
        as_markdown(first_sentence(article)),
        built.trusted,
    )


def _write(made: Rendered, out: Path, place: PurePosixPath, suffix: str) -> dict[str, str]:
    path = out / place.parent / f"{place.name}{suffix}"
    made.write(path)
    names = {f"{place.name}{suffix}": made.data, **made.assets}
    return {str(place.parent / name): digest(data) for name, data in names.items()}


def apart(made: Rendered, name: str) -> Rendered:
    """The same with its assets in a folder of the page's own, so that pages share none.

    >>> from symderiv.render.rendered import Rendered
    >>> apart(Rendered(b"![](figures/1.svg)", {"figures/1.svg": b""}), "notes")
    Rendered(data=b'![](figures/notes/1.svg)', assets={'figures/notes/1.svg': b''})
    """
    from symderiv.render.rendered import Rendered

    own = name if _PLAIN.fullmatch(name) else f"p-{digest(name)[:12]}"
    data, assets = made.data, {}
    for asset, content in made.assets.items():
        path = PurePosixPath(asset)
        moved = str(path.parent / own / path.name)
        data = re.sub(rb"(?<![\w./-])" + re.escape(asset.encode()) + rb"(?![\w-])",
                      moved.encode(), data)  # fmt: skip
        assets[moved] = content
    return Rendered(data, assets)

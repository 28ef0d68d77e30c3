"""Finding the sources of a build, and where each one's output goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence
from symderiv.publish import manifest
from symderiv.publish.place import Place, SourceError

SUFFIXES = (".md", ".markdown")
INDEX = "index"
MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A source: the name that errors give it, its text, and the place of its output.

    ``place`` is the path of the output without its suffix, relative to the output folder; ``path``
    is None for a text that is in no file. ``section`` is where an index lists it, ``root``
    the folder that its pictures must lie in, ``within`` the one that it was found in, if it was.
    """

    name: str
    place: PurePosixPath
    path: Path | None = None
    text: str = ""
    section: str = ""
    root: Path | None = None
    within: Path | None = None


def discover(given: Sequence[Path], out: Path) -> list[Source]:
    """The Markdown files that are meant, each once.

    In folders, names with ``_`` and hidden ones are skipped, and so is what a build has made.

    Raises:
        DataError: a path is missing, is no Markdown, or two sources have one place.
    """
    found: dict[PurePosixPath, Source] = {}
    seen: set[Path] = set()
    for start in given:
        for path, place in _below(start, out):
            root = start if start.is_dir() else start.parent
            whole = path.resolve()
            if whole in seen:
                continue
            seen.add(whole)
            if place in found:
                raise DataError(
                    Sentence(
                        "{path} and {name} would be written to the same place, {place}",
                        path=path,
                        name=found[place].name,
                        place=place,
                    )
                )
            section = "" if place.parent == PurePosixPath() else str(place.parent)
            within = start if start.is_dir() else None
            found[place] = Source(str(path), place, path, section=section, root=root, within=within)
    return list(found.values())


def _below(start: Path, out: Path) -> Iterator[tuple[Path, PurePosixPath]]:
    if start.is_file():
        if start.suffix.lower() not in SUFFIXES:
            raise DataError(
                Sentence(
                    "{start} is no Markdown; expected a file named .md, or a folder", start=start
                )
            )
        yield start, PurePosixPath(start.stem)
    elif start.is_dir():
        whole, inner = start.resolve(), out.resolve()
        within = inner != whole and inner.is_relative_to(whole)
        made = _made(out, start)
        for path in sorted(start.rglob("*"), key=lambda path: (path.parent.parts, path.name)):
            parts = path.relative_to(start).parts
            skipped = any(part.startswith(("_", ".")) for part in parts)
            if skipped or path.suffix.lower() not in SUFFIXES or not path.is_file():
                continue
            there = path.resolve()
            if there in made or (within and there.is_relative_to(inner)):
                continue
            yield path, PurePosixPath(*parts).with_suffix("")
    else:
        raise DataError(Sentence("{start}: there is no such file or folder", start=start))


def _made(out: Path, start: Path) -> set[Path]:
    """What builds have written, as manifests tell: here, or anywhere below the start."""
    folders = {out, *(found.parent for found in start.rglob(manifest.NAME))}
    return {
        (folder / name).resolve()
        for folder in folders
        for entry in manifest.load(folder).values()
        for name in entry.outputs
    }


def read(source: Source) -> bytes:
    """The bytes of a source.

    Raises:
        DataError: it cannot be read, is larger than what is worth reading, has a name that no link
            can have, or is a link of the file system that leads out of the folder that is built.
    """
    if source.path is None:
        return source.text.encode()
    _check_name(source)
    try:
        with source.path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DataError(
            Sentence(
                "{name}: {strerror}",
                name=source.name,
                strerror=Sentence(error.strerror or type(error).__name__),
            )
        ) from None
    if len(data) > MAX_BYTES:
        raise DataError(
            Sentence("{name}: larger than {most} bytes", name=source.name, most=f"{MAX_BYTES:,}")
        )
    return data


def _check_name(source: Source) -> None:
    from symderiv.publish.links import is_fit

    address = f"{source.place}.md"
    if not address.isprintable() or not is_fit(quote(address)):
        raise DataError(
            Sentence(
                "{name}: no link can lead to a page of that name; rename the file, without colons, "
                "line breaks and what does not print",
                name=source.name,
            )
        )
    inside = source.within
    if source.path and inside and not source.path.resolve().is_relative_to(inside.resolve()):
        raise DataError(
            Sentence(
                "{name}: a link of the file system that leads out of {folder}; put the file itself "
                "there",
                name=source.name,
                folder=inside,
            )
        )


def decoded(data: bytes, name: str) -> str:
    """The text of a source.

    Raises:
        SourceError: it is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        said = Sentence("this is not UTF-8, at byte {start} of the file", start=error.start + 1)
        raise SourceError(said, Place(name, line)) from None

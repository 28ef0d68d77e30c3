"""Files that pages link to: copied beside the pages, each to a place of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from os.path import relpath
from pathlib import Path, PurePath, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

from symderiv.core.messages import N_, Sentence, reported
from symderiv.publish import manifest
from symderiv.publish.files import figures_of, put
from symderiv.publish.manifest import THERE, Copied, Entries, Entry, digest_of
from symderiv.publish.place import InSource, Place, SourceError
from symderiv.publish.sources import Source
from symderiv.render import FORMATS

MAX_LINKED = 100_000_000
"""Bytes of a file that is copied because a page links to it."""

TAKEN = N_(
    "{path} is there already, and no build is known to have made it; move or remove it, or build "
    "with --force"
)
Linked = Mapping[str, tuple[Path, Place]]
"""Files that links of a page lead to, by their names below the output folder."""


@dataclass(slots=True)
class Copies:
    """The copies of one build: which file each is of; ``earlier`` is what other builds wrote.

    ``noted`` are copies that no entry of the manifest tells of, with None for those that one does;
    ``pages`` are outputs of one source that is built to one file.
    """

    out: Path
    earlier: Entries
    force: bool = False
    sources: dict[str, Path] = field(default_factory=dict)
    noted: dict[str, Copied | None] = field(default_factory=dict)
    pages: manifest.Copies = field(default_factory=dict)
    alone: manifest.Copies = field(init=False)
    known: dict[str, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.known = defaultdict(set)
        self.alone = manifest.load_copies(self.out)
        for entry in self.earlier.values():
            for name, known in entry.outputs.items():
                self.known[name].add(known)
        for name, copied in self.alone.items():
            self.known[name].add(copied.digest)

    def claim(self, new: Collection[str]) -> None:
        """Earlier copies keep their places, but for those of the sources that are built now."""
        for (name, form), entry in self.earlier.items():
            if name not in new and (self.out / name).is_file():
                self.sources = copied_by(self.out, name, form, entry) | self.sources
        for name, copied in self.alone.items():
            if copied.by and copied.by not in new and (self.out / copied.by).is_file():
                self.sources.setdefault(name, (self.out / copied.of).resolve())

    def take(self, linked: Linked, by: str) -> tuple[dict[str, str], list[SourceError]]:
        """Copy what a source links to; the digests of what was written, and what is wrong."""
        made, wrong = {}, []
        for name, (file, at) in linked.items():
            digest = None
            try:
                said = self._refused(name, file)
                if not said:
                    digest = copy(file, self.out, name)
            except OSError as error:
                said = reported(error, InSource)
            if said:
                values = {"file": file.name[:80], "said": said}
                wrong.append(SourceError(Sentence("the link to {file}: {said}", **values), at))
            elif digest is not None:
                made[name] = digest
                of = Path(relpath(file.resolve(), self.out.resolve())).as_posix()
                self.noted[name] = Copied(by, of, digest)
        return made, wrong

    def of_others(self, place: PurePosixPath, formats: Iterable[str]) -> frozenset[str]:
        """Which files that a page is to be written to are there, and made by no build."""
        if self.force:
            return frozenset()
        folder = place.parent / figures_of(place)
        names = {f"{place}{FORMATS[form]}" for form in formats}
        if (self.out / folder).is_dir():
            names |= {str(folder / path.name) for path in (self.out / folder).iterdir()}
        return frozenset(n for n in names if n not in self.known and (self.out / n).is_file())

    def settle(
        self, by: str, outputs: Mapping[str, str], *, alone: bool, linking: bool = True
    ) -> None:
        """Once a page stands: an entry tells of its copies, or else they are noted."""
        for name, copied in self.alone.items() if linking else ():
            if copied.by == by != copied.of and name not in outputs:
                self.noted.setdefault(name, replace(copied, by=""))
        if alone:
            self.pages |= {
                name: Copied(by, by, digest)
                for name, digest in outputs.items()
                if name not in self.noted
            }
        else:
            self.noted |= dict.fromkeys(outputs)

    def held(self) -> set[str]:
        """The names of copies that no entry tells of, and that a page leads to."""
        return {name for name, c in (self.alone | self.noted).items() if c and c.by}

    def to_note(self) -> manifest.Copies:
        """What the manifest is to hold of copies, with what other builds noted meanwhile.

        Pages that no entry tells of are in it where there are books anyway.
        """
        noted = manifest.load_copies(self.out) | self.noted
        if any(noted.values()) or (self.out / manifest.NAME).is_file():
            told = {name for entry in manifest.load(self.out).values() for name in entry.outputs}
            noted = {**{n: c for n, c in self.pages.items() if n not in told}, **noted}
        return {name: c for name, c in noted.items() if c and (self.out / name).is_file()}

    def _refused(self, name: str, file: Path) -> str:
        other = self.sources.setdefault(name, file.resolve())
        if other != file.resolve():
            return Sentence(
                "{other} is copied to the same place, {name}; rename one of the two",
                other=other,
                name=name,
            )
        known = self.known.get(name, set())
        if not self.force and _is_of_others(self.out / name, file, known):
            return Sentence(TAKEN, path=self.out / name)
        return ""


def _is_of_others(path: Path, file: Path, known: Collection[str]) -> bool:
    """Would a copy of a file take the place of other bytes than those that a build wrote?"""
    if not path.is_file() or path.is_symlink() or path.samefile(file):
        return False
    stands = digest_of(path)
    return stands not in known and stands != digest_of(file)


def copied_by(out: Path, source: str, form: str, entry: Entry) -> dict[str, Path]:
    """What an entry of a manifest has copied: the names, and the files they are copies of."""
    found = {}
    origin = (out / source).parent
    page = PurePosixPath(source).with_suffix(FORMATS[form]).name
    folders = [PurePosixPath(name).parent for name in entry.outputs]
    folders = [folder for folder in folders if str(folder / page) in entry.outputs]
    for file, known in entry.assets.items():
        for folder in folders:
            name = normpath(str(folder / file))
            if known != THERE and name in entry.outputs:
                found[name] = (origin / file).resolve()
    return found


def links_to_files(
    linked: Iterable[tuple[str, Place]], of: Source, places: Collection[PurePosixPath]
) -> dict[str, tuple[Path, Place]]:
    """Files that links of a source lead to, by their names below the output folder.

    What is hidden in the folder that is built is so under every name.

    Raises:
        SourceError: it would take the place of an output, is hidden, or would lie outside.
    """
    from symderiv.publish.labels import is_source

    found: dict[str, tuple[Path, Place]] = {}
    if of.path is None:
        return found
    folder = of.path.parent
    for target, at in linked:
        file = unquote(target.partition("#")[0])
        if is_source(target):
            continue
        name = PurePosixPath(normpath(str(of.place.parent / file)))
        wrong = misplaced(name, places) or _hidden(_within(of.root or folder, folder / file))
        if wrong:
            said = Sentence("the link to {file}: {said}", file=file[:80], said=wrong)
            raise SourceError(said, at)
        found.setdefault(str(name), (folder / file, at))
    return found


def misplaced(name: PurePosixPath, places: Collection[PurePosixPath]) -> str:
    """Why no copy may have a name below the output folder; empty where one may."""
    if name.parts[0] == "..":
        return Sentence("it would be copied to a place outside of the output folder")
    if hidden := _hidden(name):
        return hidden
    if name.suffix in FORMATS.values() and name.with_suffix("") in places:
        return Sentence(
            "the page of {page} is written to that place; rename the file",
            page=name.with_suffix(""),
        )
    folder = name.parent.parent
    if folder.name == "figures" and folder.parent / name.parent.name in places:
        return Sentence("pictures of a page are written to that folder; move the file")
    return ""


def _hidden(name: PurePath) -> str:
    if any(part.startswith(".") for part in name.parts):
        return Sentence("hidden files are not copied to the output folder")
    return ""


def _within(root: Path, file: Path) -> PurePath:
    """What a file is called below a folder, where links of the file system end."""
    return file.resolve().relative_to(root.resolve())


def copy(source: Path, out: Path, name: str) -> str | None:
    """Copy a file that a page links to; its digest, or None where it lies there already.

    Raises:
        OSError: it cannot be read or written, or is too large.
    """
    path = out / name
    if path.exists() and path.samefile(source) and not path.is_symlink():
        return None
    if source.stat().st_size > MAX_LINKED:
        raise OSError(
            Sentence(
                "{source} is larger than {most} bytes; link to where it is published",
                source=source,
                most=f"{MAX_LINKED:,}",
            )
        )
    return put(out, name, source.read_bytes())

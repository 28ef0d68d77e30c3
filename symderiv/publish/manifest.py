"""What a build has written, so that the next one writes only what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Any

from symderiv.render import FORMATS

NAME = ".symderiv.json"
VERSION = 2
MAX_NAME, MAX_PATH = 255, 4_000
"""Bytes of a part of a path, and of the whole."""
THERE = "there"
"""In place of the digest of a source that a page links to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One source in one format.

    ``key`` is the digest of everything that the result rests on; ``outputs`` are the files, with
    the digest of each; ``title`` and ``sentence`` what an index says of it. ``assets`` are the
    files that it shows or links to, with digests, and `THERE` for sources. ``labels`` is what
    others may cite (anchor, words, and ``heading`` where it is one), ``cites`` what it cites of
    others, with digests.
    """

    key: str
    outputs: dict[str, str]
    title: str = ""
    sentence: str = ""
    assets: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cites: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Copied:
    """A file that is among the outputs of no entry, as those of a source that is built to one file.

    Of a copy, ``of`` is the file, ``by`` the source that links to it, both relative to the
    manifest's folder; ``by`` is empty where it does so no more. Of a page, both are its source.
    ``digest`` is that of what was written.
    """

    by: str
    of: str
    digest: str


Entries = dict[tuple[str, str], Entry]
"""By source, as a path relative to the manifest's folder, and format."""
Copies = dict[str, Copied]
"""By name below the manifest's folder."""


def load(folder: Path) -> Entries:
    """The entries of a folder that can be read; none where there is no manifest."""
    try:
        listed = _data(folder)["entries"]
        read = [(e, entry) for e in listed if (entry := _entry(e)) is not None]
    except (KeyError, TypeError):
        return {}
    return {(e["source"], e["format"]): entry for e, entry in read}


def load_copies(folder: Path) -> Copies:
    """The copies of a folder that belong to no entry."""
    try:
        listed = _data(folder)["copies"].items()
    except (AttributeError, KeyError):
        return {}
    return {name: copied for name, data in listed if (copied := _copied(name, data)) is not None}


def _data(folder: Path) -> Any:
    """What a manifest of this version holds; nothing where it cannot be read."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return data if data["version"] == VERSION else {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _copied(name: str, data: Any) -> Copied | None:
    """A copy, which anyone may have noted; None where it is none."""
    try:
        texts = [data[field] for field in ("by", "of", "digest")]
    except (KeyError, TypeError):
        return None
    if not all(map(_is_text, [name, *texts])) or not all(map(_is_path, [name, *texts])):
        return None
    return Copied(*texts)


def _entry(data: Any) -> Entry | None:
    """An entry, which anyone may have written; None where it is none."""
    try:
        texts = [data[name] for name in ("key", "title", "sentence")]
        tables = [data[name] for name in ("outputs", "assets", "cites")]
        files = [data["source"], *tables[0], *tables[1]]
        for table in tables:
            texts += [*table, *table.values()]
        for label, (anchor, words, kind) in data["labels"].items():
            texts += [label, anchor, words, kind]
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    if data["format"] not in list(FORMATS) or not all(map(_is_text, [*texts, *files])):
        return None
    if not all(_is_path(name) for name in files):
        return None
    key, title, sentence = texts[:3]
    outputs, assets, cites = tables
    return Entry(key, outputs, title, sentence, assets, data["labels"], cites)


def _is_text(value: object) -> bool:
    """Is it text that can be written to a file, and name one?"""
    if not isinstance(value, str) or "\0" in value:
        return False
    return not any("\ud800" <= c <= "\udfff" for c in value)


def _is_path(name: str) -> bool:
    """Is it no longer than the name of a file may be?"""
    parts = [len(part.encode()) for part in name.split("/")]
    return max(parts) <= MAX_NAME and sum(parts) + len(parts) <= MAX_PATH


def save(folder: Path, entries: Entries, copies: Copies) -> None:
    """Write the entries, in a fixed order, and the copies beside them."""
    from symderiv.publish.files import put

    listed = [
        {"source": source, "format": form, **asdict(entry)}
        for (source, form), entry in sorted(entries.items())
    ]
    data: dict[str, Any] = {"version": VERSION, "entries": listed}
    if copies:
        data["copies"] = {name: asdict(copied) for name, copied in sorted(copies.items())}
    text = json.dumps(data, ensure_ascii=False, indent=1)
    path, written = folder / NAME, f"{text}\n".encode()
    if path.is_symlink() or digest_of(path) != digest(written):
        put(folder, NAME, written)


# ---------------------------------------------------------------- digests and files


def digest(*parts: bytes | str) -> str:
    """A digest of some parts, in their order."""
    made = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big"))
        made.update(data)
    return made.hexdigest()


def digest_of(path: Path) -> str:
    """The digest of a file; empty where it cannot be read."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""


def is_same(path: Path, known: str) -> bool:
    """Is a file that a page rests on as it was?"""
    return path.is_file() if known == THERE else digest_of(path) == known


def in_place(folder: Path, entry: Entry) -> bool:
    """Is every output of an entry there, as it was written?"""
    return bool(entry.outputs) and all(
        inside(folder, name) and digest_of(folder / name) == known
        for name, known in entry.outputs.items()
    )


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove outputs, and the folders that this leaves empty; never anything outside."""
    for name in names:
        path = folder / name
        if not inside(folder, name) or not (path.is_file() or path.is_symlink()):
            continue
        path.unlink()
        for parent in path.parents:
            if parent == folder or any(parent.iterdir()):
                break
            parent.rmdir()


def inside(folder: Path, name: str) -> bool:
    """Does a name from a manifest, which anyone may have written, stay inside the folder?"""
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or "\\" in name or not pure.parts:
        return False
    return (folder / name).parent.resolve().is_relative_to(folder.resolve())

"""What a build has written, so that the next one writes only what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Any

NAME = ".symderiv.json"
VERSION = 2
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
    outputs: Mapping[str, str]
    title: str = ""
    sentence: str = ""
    assets: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cites: Mapping[str, str] = field(default_factory=dict)


Entries = dict[tuple[str, str], Entry]
"""By source, as a path relative to the manifest's folder, and format."""


def load(folder: Path) -> Entries:
    """The entries of a folder; none where there is no manifest that can be read."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            return {}
        return {(e["source"], e["format"]): _entry(e) for e in data["entries"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _entry(data: Mapping[str, Any]) -> Entry:
    texts = [data[name] for name in ("key", "title", "sentence")]
    tables = [data[name] for name in ("outputs", "assets", "cites")]
    labels = data["labels"]
    if not isinstance(labels, dict) or not all(isinstance(table, dict) for table in tables):
        raise TypeError("expected objects")
    for table in tables:
        texts += [*table, *table.values()]
    for label, named in labels.items():
        if not isinstance(named, list) or len(named) != 3:
            raise TypeError("expected an anchor, words, and a kind")
        texts += [label, *named]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("expected texts")
    key, title, sentence = texts[:3]
    outputs, assets, cites = tables
    return Entry(key, outputs, title, sentence, assets, labels, cites)


def save(folder: Path, entries: Entries) -> None:
    """Write the entries, in a fixed order."""
    listed = [
        {"source": source, "format": form, **asdict(entry)}
        for (source, form), entry in sorted(entries.items())
    ]
    text = json.dumps({"version": VERSION, "entries": listed}, ensure_ascii=False, indent=1)
    path = folder / NAME
    if not path.exists() or path.read_text(encoding="utf-8") != text + "\n":
        beside = folder / f"{NAME}.new"
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(path)


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

"""What a build has written, so that the next one writes only what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePosixPath

NAME = ".symderiv.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One source in one format.

    ``key`` is the digest of everything that the result rests on; ``outputs`` are the files, with
    the digest of each; ``title`` and ``sentence`` what an index says of it.
    """

    key: str
    outputs: Mapping[str, str]
    title: str = ""
    sentence: str = ""
    assets: Mapping[str, str] = field(default_factory=dict)


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


def _entry(data: Mapping[str, object]) -> Entry:
    outputs, assets = data["outputs"], data["assets"]
    if not isinstance(outputs, dict) or not isinstance(assets, dict):
        raise TypeError("outputs and assets are objects")
    key, title, sentence = data["key"], data["title"], data["sentence"]
    texts = [key, title, sentence, *outputs, *outputs.values(), *assets, *assets.values()]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("expected texts")
    return Entry(str(key), outputs, str(title), str(sentence), assets)


def save(folder: Path, entries: Entries) -> None:
    """Write the entries, in a fixed order."""
    listed = [
        {"source": source, "format": form, **asdict(entry)}
        for (source, form), entry in sorted(entries.items())
    ]
    text = json.dumps({"version": VERSION, "entries": listed}, ensure_ascii=False, indent=1)
    path = folder / NAME
    if not path.exists() or path.read_text(encoding="utf-8") != text + "\n":
        path.write_text(text + "\n", encoding="utf-8")


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


def in_place(folder: Path, entry: Entry) -> bool:
    """Is every output of an entry there, as it was written?"""
    return bool(entry.outputs) and all(
        _inside(folder, name) and digest_of(folder / name) == known
        for name, known in entry.outputs.items()
    )


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove outputs, and the folders that this leaves empty; never anything outside."""
    for name in names:
        path = folder / name
        if not _inside(folder, name) or not (path.is_file() or path.is_symlink()):
            continue
        path.unlink()
        for parent in path.parents:
            if parent == folder or any(parent.iterdir()):
                break
            parent.rmdir()


def _inside(folder: Path, name: str) -> bool:
    """Does a name from a manifest, which anyone may have written, stay inside the folder?"""
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or "\\" in name or not pure.parts:
        return False
    return (folder / name).parent.resolve().is_relative_to(folder.resolve())

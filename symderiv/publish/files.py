"""Writing outputs: whole or not at all, and nowhere but in the output folder."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath
from posixpath import normpath
from tempfile import NamedTemporaryFile
from urllib.parse import unquote

from symderiv.core.messages import Sentence
from symderiv.publish.manifest import digest, inside
from symderiv.publish.place import Place, SourceError

MAX_LINKED = 100_000_000
"""Bytes of a file that is copied because a page links to it."""


_unfinished: set[str] = set()


def leave_cleanly() -> None:
    """From now on, a process that is told to end leaves no half of a file behind."""

    def leave(*_: object) -> None:
        for name in _unfinished:
            Path(name).unlink(missing_ok=True)
        os._exit(1)

    signal.signal(signal.SIGTERM, leave)


def put(out: Path, name: str, data: bytes) -> str:
    """Write one file below the output folder; its digest.

    Raises:
        OSError: it cannot be written, or a link leads out of the folder.
    """
    path = out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not inside(out, name):
        raise OSError(f"{path} leads out of {out}")
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder, and a page is to be written there")
    with NamedTemporaryFile(dir=path.parent, prefix=".symderiv-", delete=False) as file:
        _unfinished.add(file.name)
        try:
            file.write(data)
            file.close()
            Path(file.name).chmod(0o666 & ~_mask())
            Path(file.name).replace(path)
        finally:
            Path(file.name).unlink(missing_ok=True)
            _unfinished.discard(file.name)
    return digest(data)


def _mask() -> int:
    """What a new file's permissions leave out."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


# ---------------------------------------------------------------- files that pages link to


def copies(
    linked: Iterable[tuple[str, Place]],
    of: PurePosixPath,
    places: Collection[PurePosixPath],
) -> dict[str, tuple[str, Place]]:
    """Files that links lead to, each by its name below the output folder: its address, its place.

    Raises:
        SourceError: it would take the place of an output, is hidden, or would lie outside.
    """
    from symderiv.publish.labels import is_source

    found: dict[str, tuple[str, Place]] = {}
    for target, at in linked:
        file = unquote(target.partition("#")[0])
        if is_source(target):
            continue
        name = PurePosixPath(normpath(str(of.parent / file)))
        wrong = _wrong(name, places)
        if wrong:
            said = Sentence("the link to {file}: {said}", file=file[:80], said=wrong)
            raise SourceError(said, at)
        found.setdefault(str(name), (file, at))
    return found


def _wrong(name: PurePosixPath, places: Collection[PurePosixPath]) -> str:
    from symderiv.render import FORMATS

    if name.parts[0] == "..":
        return Sentence("it would be copied to a place outside of the output folder")
    if any(part.startswith(".") for part in name.parts):
        return Sentence("hidden files are not copied to the output folder")
    if name.suffix in FORMATS.values() and name.with_suffix("") in places:
        return Sentence(
            "the page of {page} is written to that place; rename the file",
            page=name.with_suffix(""),
        )
    folder = name.parent.parent
    if folder.name == "figures" and folder.parent / name.parent.name in places:
        return Sentence("pictures of a page are written to that folder; move the file")
    return ""


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
            f"{source} is larger than {MAX_LINKED:,} bytes; link to where it is published"
        )
    data = source.read_bytes()
    return put(out, name, data)

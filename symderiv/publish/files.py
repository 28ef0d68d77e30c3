"""Writing outputs: whole or not at all, and nowhere but in the output folder."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

from symderiv.core.messages import Sentence
from symderiv.publish.manifest import digest, inside

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
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
        raise OSError(Sentence("{path} leads out of {out}", path=path, out=out))
    if path.is_dir():
        raise IsADirectoryError(
            Sentence("{path} is a folder, and a page is to be written there", path=path)
        )
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


def figures_of(place: PurePosixPath) -> str:
    """Where the pictures of a page lie, relative to it: a folder of its own, so none are shared.

    >>> figures_of(PurePosixPath("sub/notes"))
    'figures/notes/'
    """
    name = place.name
    return f"figures/{name if _PLAIN.fullmatch(name) else f'p-{digest(name)[:12]}'}/"


def _mask() -> int:
    """What a new file's permissions leave out."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

"""One build at a time in a folder: a lock that the system lifts when its process ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from symderiv.publish.manifest import digest


@contextmanager
def locked(folder: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Nothing else that is locked by this runs inside of a folder; leaves no file in it.

    ``waiting`` is called once where another build is at work there, before it is waited for. File
    systems that know no locks go without.
    """
    handle = _opened(folder)
    if handle is None:
        yield
        return
    try:
        if not _taken(handle, wait=False):
            waiting()
            _taken(handle, wait=True)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt
    import time

    def _opened(folder: Path) -> int | None:
        """A file for the folder, which itself cannot be locked there."""
        name = f"symderiv-{digest(str(folder.resolve()))}.lock"
        return os.open(Path(gettempdir()) / name, os.O_RDWR | os.O_CREAT)

    def _taken(handle: int, *, wait: bool) -> bool:
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
                time.sleep(0.1)
            else:
                return True

else:
    import fcntl

    def _opened(folder: Path) -> int | None:
        try:
            return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return None

    def _taken(handle: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True

"""Work spread over processes, with a progress bar where there is a terminal."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

Task = TypeVar("Task")
Done = TypeVar("Done")


def carried_out(
    work: Callable[[Task], Done], tasks: Sequence[Task], *, jobs: int | None = None, what: str = ""
) -> list[Done]:
    """``work`` of every task, in the order of the tasks.

    ``jobs`` is the number of processes, that of the processors if it is None; one means this
    process alone. ``what`` stands before the progress bar.

    >>> carried_out(len, ["a", "bcd"], jobs=1)
    [1, 3]
    """
    jobs = min(jobs or processors(), len(tasks))
    numbered = list(enumerate(tasks))
    run = ((k, work(task)) for k, task in numbered) if jobs <= 1 else _spread(work, numbered, jobs)
    found = dict(_with_bar(run, len(tasks), what))
    return [found[k] for k, _ in numbered]


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _spread(
    work: Callable[[Task], Done], tasks: list[tuple[int, Task]], jobs: int
) -> Iterator[tuple[int, Done]]:
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        with _deaf_to_interrupts():
            todo = {pool.submit(work, task): k for k, task in tasks}
        for done in as_completed(todo):
            yield todo[done], done.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes begun inside leave Ctrl-C to their parent; else each would print a traceback."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _with_bar(items: Iterable[Done], count: int, what: str) -> Iterable[Done]:
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    silent = not console.is_terminal
    return track(items, what, count, console=console, transient=True, disable=silent)

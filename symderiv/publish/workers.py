"""Work spread over processes, with a progress bar where there is a terminal."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from threading import current_thread, main_thread
from typing import TypeVar

from symderiv.publish.files import leave_cleanly

Task = TypeVar("Task")
Done = TypeVar("Done")


def carried_out(
    work: Callable[[Task], Done], tasks: Sequence[Task], *, jobs: int | None = None
) -> Iterator[tuple[int, Done]]:
    """``work`` of every task with its position, in the order in which they are done.

    ``jobs`` is the number of processes, that of the processors if it is None; one means this
    process alone.

    >>> list(carried_out(len, ["a", "bcd"], jobs=1))
    [(0, 1), (1, 3)]
    """
    if not tasks:
        return
    jobs = min(jobs or processors(), len(tasks))
    numbered = list(enumerate(tasks))
    if jobs <= 1:
        yield from ((k, work(task)) for k, task in numbered)
    else:
        yield from _spread(work, numbered, jobs)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _spread(
    work: Callable[[Task], Done], tasks: list[tuple[int, Task]], jobs: int
) -> Iterator[tuple[int, Done]]:
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=leave_cleanly)
    others = active_children()
    try:
        with _deaf_to_interrupts():
            todo = {pool.submit(work, task): k for k, task in tasks}
        for done in as_completed(todo):
            yield todo[done], done.result()
    except BaseException:  # Ctrl-C above all: nothing is written after the command has ended
        for process in active_children():
            if process not in others:
                process.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes begun inside leave Ctrl-C to their parent; else each would print a traceback."""
    if current_thread() is not main_thread():  # which alone may say so
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def bar(count: int, what: str) -> Iterator[Callable[[int], None]]:
    """A progress bar over all the work, where there is a terminal; gives what moves it on."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(what, total=count)
        yield lambda done: shown.advance(task, done)

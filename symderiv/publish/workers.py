"""Work spread over processes, with a progress bar where there is a terminal."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager
from multiprocessing import active_children, get_context
from threading import current_thread, main_thread
from typing import TypeVar

from symderiv.publish.files import leave_cleanly

Task = TypeVar("Task")
Done = TypeVar("Done")


def carried_out(
    work: Callable[[Task], Done], tasks: Sequence[Task], *, jobs: int | None = None
) -> Generator[tuple[int, Done], None, None]:
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
    run = ((k, work(task)) for k, task in numbered) if jobs <= 1 else _spread(work, numbered, jobs)
    with closing(run):
        yield from run


class ToldToEnd(BaseException):
    """This process was told to end; not an error, and caught by nothing that catches errors."""


@contextmanager
def ending_in_order() -> Iterator[None]:
    """What is told to end inside (SIGTERM) leaves as after an exception, with status 143.

    A handler that the program has set itself stays.
    """

    def leave(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise ToldToEnd

    ours = current_thread() is main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if not ours:
        yield
        return
    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    except ToldToEnd:
        raise SystemExit(128 + signal.SIGTERM) from None
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _spread(
    work: Callable[[Task], Done], tasks: list[tuple[int, Task]], jobs: int
) -> Generator[tuple[int, Done], None, None]:
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=leave_cleanly)
    others = active_children()
    try:
        with _deaf_to_interrupts():
            todo = {pool.submit(work, task): k for k, task in tasks}
        for done in as_completed(todo):
            yield todo[done], done.result()
    except (
        BaseException
    ):  # Ctrl-C and SIGTERM above all: nothing is written after the command has ended
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

"""Work spread over processes, with a progress bar where there is a terminal."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import active_children, current_process, get_context
from threading import current_thread, main_thread
from typing import TypeVar

from symderiv.core.errors import DataError
from symderiv.core.messages import N_, Sentence
from symderiv.publish.files import leave_cleanly

LOST = N_(
    "the process that was at this ended too early: killed, out of memory, or ended by what it ran"
)
Task = TypeVar("Task")
Done = TypeVar("Done")


def carried_out(
    work: Callable[[Task], Done],
    tasks: Sequence[Task],
    lost: Callable[[Task], Done],
    *,
    jobs: int = 1,
) -> Generator[tuple[int, Done], None, None]:
    """``work`` of every task with its position, in the order in which they are done.

    ``jobs`` is the number of processes; one means this process alone. Of a task whose process ends
    before the task does, it is ``lost``.

    >>> list(carried_out(len, ["a", "bcd"], lost=len))
    [(0, 1), (1, 3)]
    """
    if not tasks:
        return
    jobs = min(jobs, len(tasks))
    numbered = list(enumerate(tasks))
    alone = ((k, work(task)) for k, task in numbered)
    with closing(alone if jobs <= 1 else _side_by_side(work, numbered, lost, jobs)) as run:
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


def _side_by_side(
    work: Callable[[Task], Done],
    tasks: list[tuple[int, Task]],
    lost: Callable[[Task], Done],
    jobs: int,
) -> Generator[tuple[int, Done], None, None]:
    """Where a process ends too early, those tasks that it may have been at are done one by one."""
    left = dict(tasks)
    while left:
        try:
            with closing(_spread(work, list(left.items()), jobs)) as run:
                for k, done in run:
                    del left[k]
                    yield k, done
        except BrokenProcessPool:
            _check_beginning()
            for k in list(left)[: jobs + 1]:  # one more than there are processes waits its turn
                yield k, _by_itself(work, left.pop(k), lost)


def _by_itself(work: Callable[[Task], Done], task: Task, lost: Callable[[Task], Done]) -> Done:
    try:
        ((_, done),) = _spread(work, [(0, task)], 1)
    except BrokenProcessPool:
        return lost(task)
    return done


def _check_beginning() -> None:
    try:
        list(_spread(str, [(0, "")], 1))
    except BrokenProcessPool:
        raise _unguarded() from None


def refuse_beginning() -> None:
    """No process that is itself only beginning may go on, by importing a script without a guard.

    It would wait for the one that began it, which waits for it.
    """
    if getattr(current_process(), "_inheriting", False):
        raise _unguarded()


def _unguarded() -> DataError:
    return DataError(
        Sentence(
            "no other process can be begun; in a script, several jobs need the guard {guard}",
            guard='if __name__ == "__main__":',
        )
    )


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


def say(what: str) -> None:
    """Tell who sits at a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        console.print(what, markup=False, highlight=False)

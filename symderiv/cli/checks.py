"""Checking entries of the catalog, in several processes, with a progress bar on a terminal."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from symderiv.core.errors import SymderivError
from symderiv.document.messages import N_, translate
from symderiv.oracle.wording import tally

CHECKING = N_("checking")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the check of one entry said."""

    name: str
    ok: bool
    told: str


def check_entry(name: str, seed: int, language: str = "en") -> Outcome:
    """Derive one entry and check it; an error counts as a failure."""
    from symderiv import catalog

    try:
        reports = catalog.get(name).make().check(seed=seed)
    except SymderivError as error:
        return Outcome(name, False, f"{type(error).__name__}: {error}")
    wrong = [report for report in reports if not report.ok]
    if wrong:
        return Outcome(name, False, wrong[0].to_text(language))
    steps, points = sum(r.steps for r in reports), sum(r.points for r in reports)
    worst = max((r.worst for r in reports), default=0.0)
    return Outcome(name, True, tally(steps, points, worst, language))


def check_entries(
    names: list[str], *, seed: int, jobs: int | None = None, language: str = "en"
) -> list[Outcome]:
    """The outcome of each, in the order of the names."""
    jobs = min(jobs or _processors(), len(names))
    one = partial(check_entry, seed=seed, language=language)
    run = map(one, names) if jobs <= 1 else _side_by_side(one, names, jobs)
    found = {outcome.name: outcome for outcome in _with_bar(run, len(names), language)}
    return [found[name] for name in names]


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _side_by_side(one: Callable[[str], Outcome], names: list[str], jobs: int) -> Iterator[Outcome]:
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        with _deaf_to_interrupts():
            todo = [pool.submit(one, name) for name in names]
        for done in as_completed(todo):
            yield done.result()
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


def _with_bar(outcomes: Iterable[Outcome], count: int, language: str) -> Iterable[Outcome]:
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    silent = not console.is_terminal
    told = translate(CHECKING, language)
    return track(outcomes, told, count, console=console, transient=True, disable=silent)

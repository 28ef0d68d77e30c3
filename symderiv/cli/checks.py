"""Checking entries of the catalog, in several processes, with a progress bar on a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from symderiv.core.errors import SymderivError
from symderiv.core.messages import printed, reported
from symderiv.document.messages import N_, told, translate
from symderiv.oracle.wording import tally
from symderiv.publish.workers import LOST, bar, carried_out, ending_in_order, processors
from symderiv.render.text import text

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
        return Outcome(name, False, told(printed(reported(error), text), language))
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
    one = partial(check_entry, seed=seed, language=language)
    lost = partial(Outcome, ok=False, told=translate(LOST, language))
    done: dict[int, Outcome] = {}
    with ending_in_order(), bar(len(names), translate(CHECKING, language)) as advance:
        for at, outcome in carried_out(one, names, lost, jobs=jobs or processors()):
            done[at] = outcome
            advance(1)
    return [done[at] for at in range(len(names))]

"""What the gallery costs: each derivation of the catalog, checked and told in four formats.

python -m pytest tests/benchmarks/test_gallery.py --benchmark-only -s
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from symderiv import catalog
from symderiv.catalog.telling import tell
from symderiv.document.compose import Composer
from symderiv.publish.project import build
from symderiv.render import article_renderer

FORMATS = ("html", "markdown", "latex", "json")
SLOWEST = 5
BUILT, AGAIN = 60, 2
"""Seconds that the gallery may take on two processors, and an unchanged one."""


class Clock:
    """Seconds by what they were spent on."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.last = time.perf_counter()

    def __call__(self, what: str) -> None:
        now = time.perf_counter()
        self.spent[what] += now - self.last
        self.last = now


def made(entry: catalog.Entry) -> Counter[str]:
    """Make the page of an entry in every format; what each part of the work took."""
    clock = Clock()
    derived = entry.make()
    assert all(derivation.steps for _, derivation in derived.parts)
    clock("derive")
    reports = derived.check()
    clock("check")
    composer = Composer(finer=True)
    tell(composer, entry, derived, reports=reports)
    article = composer.article((entry.title,))
    clock("tell")
    for form in FORMATS:
        article_renderer(form)(article)
        clock(form)
    return clock.spent


def test_time_of_a_derivation(benchmark):
    """Milliseconds a derivation of the gallery, and what they are spent on."""
    entries = catalog.entries()
    spent = {entry.name: made(entry) for entry in entries}
    total = sum(spent.values(), Counter())
    each = ", ".join(f"{what} {1e3 * s / len(entries):.0f}" for what, s in total.items())
    whole = {name: sum(parts.values()) for name, parts in spent.items()}
    slowest = sorted(whole, key=lambda name: -whole[name])[:SLOWEST]
    print(f"\n{len(entries)} derivations in {total.total():.1f} s; milliseconds each: {each}")
    print("slowest: " + ", ".join(f"{name} {1e3 * whole[name]:.0f} ms" for name in slowest))
    benchmark.extra_info.update(total)
    benchmark.pedantic(lambda: made(catalog.get("softmax-cross-entropy")), rounds=3)


def test_gallery(benchmark, tmp_path: Path):
    """Seconds to build the whole gallery on two processors, and to build it again unchanged."""
    start = time.perf_counter()
    first = build([], tmp_path, formats=FORMATS, catalog=True, jobs=2)
    between = time.perf_counter()
    again = build([], tmp_path, formats=FORMATS, catalog=True, jobs=2)
    end = time.perf_counter()
    assert (first.problems, again.problems, again.built) == ((), (), ())
    print(f"\ngallery: built in {between - start:.1f} s, again in {end - between:.2f} s")
    assert len(first.built) > len(catalog.entries())
    assert between - start < BUILT
    assert end - between < AGAIN
    benchmark.extra_info.update({"built": between - start, "again": end - between})
    benchmark.pedantic(lambda: build([], tmp_path, formats=FORMATS, catalog=True, jobs=2), rounds=3)

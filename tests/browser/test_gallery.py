"""Every page of the gallery, and the notes: nothing is cut, out of line, or printed over."""

from __future__ import annotations

from pathlib import Path

from symderiv import catalog
from tests.browser.bidi import Browser


def test_every_page(window: Browser, gallery: list[Path], width: int) -> None:
    assert len(gallery) > len(catalog.entries())
    faults = []
    for page in gallery:
        window.open(page, width)
        seen = window.look("faults")
        faults += [f"{page.stem}: {fault}" for fault in seen["found"]]
        assert seen["dark"] is window.dark, page.stem
        assert seen["lines"] or page.stem == "index", page.stem
    assert not faults, "\n".join(faults)

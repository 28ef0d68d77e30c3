"""Every page of the gallery, and the notes: nothing is cut, out of line, or printed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from symderiv import catalog
from tests.browser.conftest import SCHEMES
from tests.browser.test_page import LEAST_CONTRAST
from tests.browser.window import Window

WIDTHS = (390, 700, 850, 1280)
"""A phone, a tablet, half a screen, a desk."""
FEW = 0.01
"""Of all lines at all widths, so many may be so long that they scroll."""
LIGHT = [(name, dark) for name, dark in SCHEMES if not dark]
DARK = [(name, dark) for name, dark in SCHEMES if dark]


@pytest.mark.parametrize("window", LIGHT, indirect=True, ids=lambda x: x[0])
def test_every_page_at_every_width(window: Window, gallery: list[Path]) -> None:
    assert len(gallery) > len(catalog.entries())
    faults = []
    scroll = lines = 0
    for page in gallery:
        window.open(page, WIDTHS[0])
        for width in WIDTHS:
            window.widen(width)
            seen = window.look("faults")
            faults += [f"{page.stem} at {width}: {fault}" for fault in seen["found"]]
            assert seen["lines"] or page.stem == "index", page.stem
            scroll, lines = scroll + seen["scrolls"], lines + seen["lines"]
    assert not faults, "\n".join(faults)
    assert scroll < FEW * lines


@pytest.mark.parametrize("window", LIGHT, indirect=True, ids=lambda x: x[0])
def test_both_halves_of_brackets_are_as_tall(window: Window, gallery: list[Path]) -> None:
    brackets = 0
    for page in gallery:
        window.open(page, 1280)
        window.fold(opened=True)
        halves = window.look("halves")
        brackets += len(halves)
        unequal = [said for one, other, said in halves if abs(one - other) > 1]
        assert not unequal, f"{page.stem}: {unequal}"
    assert brackets > 1000


@pytest.mark.parametrize("window", DARK, indirect=True, ids=lambda x: x[0])
def test_every_page_in_the_dark(window: Window, gallery: list[Path]) -> None:
    pictures = 0
    for page in gallery:
        window.open(page, 1280)
        assert window.look("paper") < 0.05, page.stem
        assert window.look("dim", LEAST_CONTRAST) == {}, page.stem
        drawn = window.look("drawn")
        assert [role for role, ratio in drawn if ratio < LEAST_CONTRAST] == [], page.stem
        assert all(light < 0.05 for light in window.look("ground")), page.stem
        pictures += bool(drawn)
    assert pictures

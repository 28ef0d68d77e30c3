"""A screen that has several pixels for each of the page's: no stray lines, whole letters."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.browser.conftest import SCHEMES
from tests.browser.window import Window

LIGHT = [(name, dark) for name, dark in SCHEMES if not dark]
RATIOS = (1.5, 3.0)
SOME = ("chain-rule", "convolution")
TALL = 2400
"""Of a page, so many pixels from above fit into one picture on every screen."""
WITHOUT_SHADOWS = "* { background-image: none !important; }"
WITHOUT_EDGES = ".left, .right, .formula, .law, .long { overflow: visible !important; }"
FAINT = 3
"""Of 255 shades, a difference that no eye sees."""


@pytest.fixture(params=RATIOS, ids=lambda ratio: f"{ratio:g}x")
def sharp(request: pytest.FixtureRequest, window: Window) -> Iterator[Window]:
    """The window on a screen with several pixels for each of the page's."""
    with window.on_a_screen(request.param) as shown:
        yield shown


@pytest.fixture(scope="session")
def some(gallery: list[Path]) -> list[Path]:
    """Pages with every kind of line."""
    found = [page for page in gallery if page.stem in SOME]
    assert len(found) == len(SOME)
    return found


def test_no_shadow_where_nothing_scrolls(sharp: Window, some: list[Path]) -> None:
    for page in some:
        sharp.open(page, 390)
        assert sharp.look("hideWhatScrolls") < 100
        (box, worst) = difference(sharp, WITHOUT_SHADOWS)
        assert worst <= FAINT, f"{page.stem}: {box}"


@pytest.mark.parametrize("window", LIGHT, indirect=True, ids=lambda x: x[0])
def test_no_letter_is_cut_at_the_edge_of_a_line(window: Window, gallery: list[Path]) -> None:
    with window.on_a_screen(2) as shown:
        for page in gallery[::6]:
            shown.open(page, 1280)
            shown.look("hideWhatScrolls")
            (box, worst) = difference(shown, WITHOUT_SHADOWS, WITHOUT_EDGES)
            assert worst <= 60, f"{page.stem}: {box}"


def difference(shown: Window, *styles: str) -> tuple[tuple[int, ...], int]:
    """Where a page differs from itself with the last style added to the others, and by how much."""
    *before, last = styles
    for style in before:
        shown.page.add_style_tag(content=style)
    one = picture(shown)
    shown.page.add_style_tag(content=last)
    other = picture(shown)
    assert one.size == other.size
    apart = ImageChops.difference(one, other)
    return apart.getbbox() or (), apart.getextrema()[1]


def picture(shown: Window) -> Image.Image:
    wide, tall = shown.look("size")
    clip = {"x": 0, "y": 0, "width": wide, "height": min(tall, TALL)}
    return Image.open(BytesIO(shown.page.screenshot(full_page=True, clip=clip))).convert("L")

"""How pages look and behave in Chromium and Firefox, light and dark, narrow and wide."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image

from tests.browser.window import Window
from tests.render.html.pages import XHTML, read, words

LEAST_CONTRAST = 4.5
"""Of small text, by WCAG 2 at level AA."""
EDGE, ABOVE_LETTERS = 4, 3
"""Pixels at an edge, of which a shadow darkens some (edges lie on fractions of a pixel), and a row
of them in which a formula that scrolls has no letters."""


@pytest.fixture
def shown(window: Window, page: Path, width: int) -> Window:
    """A window that shows a page at a width, all of it unfolded."""
    if window.at == page:
        window.widen(width)
    else:
        window.open(page, width)
    window.fold(opened=True)
    return window


# ---------------------------------------------------------------- on the screen


def test_nothing_is_wider_than_the_window(shown: Window) -> None:
    for opened in (True, False):
        shown.fold(opened=opened)
        wide, room = shown.look("widths")
        assert wide <= room
        assert shown.look("outside") == []


def test_no_text_is_cut(shown: Window) -> None:
    assert shown.look("cut") == []


def test_signs_of_equality_stand_in_one_column(shown: Window) -> None:
    columns = shown.look("columns")
    assert sum(map(len, columns)) > 10
    assert max(max(column) - min(column) for column in columns) <= 1


def test_the_sign_of_equality_stands_level_with_the_bar_of_a_fraction(shown: Window) -> None:
    gaps = shown.look("baselines")
    assert gaps
    assert max(gaps) < 5


def test_the_rule_stands_beside_the_line_or_below(shown: Window, width: int) -> None:
    assert set(shown.look("below")) == {width < 600}


def test_a_shadow_lies_on_the_edge_behind_which_a_line_goes_on(
    window: Window, folder: Path
) -> None:
    window.open(folder / "notes-en.html", 390)
    paper = 22 if window.dark else 253
    long = window.page.locator(".long").first
    for scrolled, (left, right) in ((0, (False, True)), (99999, (True, False))):
        long.evaluate("(e, to) => { e.scrollLeft = to; }", scrolled)
        shot = Image.open(BytesIO(long.screenshot())).convert("L")
        shades = [abs(shot.getpixel((x, ABOVE_LETTERS)) - paper) for x in range(shot.width)]
        assert [max(edge) > 15 for edge in (shades[:EDGE], shades[-EDGE:])] == [left, right]
        assert max(shades[shot.width // 4 : -shot.width // 4]) <= 15


def test_every_line_that_scrolls_says_so(shown: Window) -> None:
    assert all(says for more, says in shown.look("hidden") if more > 8)


def test_contrast(shown: Window) -> None:
    ratios = shown.look("contrasts")
    assert len(ratios) > 10
    assert {kind: ratio for kind, ratio in ratios.items() if ratio < LEAST_CONTRAST} == {}


def test_the_page_brings_its_font_and_fetches_nothing(shown: Window) -> None:
    assert shown.look("fonts") == [["STIX Two Math", "loaded"]]
    assert set(shown.look("fetched")) <= {"data:"}


def test_light_and_dark(window: Window, folder: Path) -> None:
    window.open(folder / "notes-en.html", 1280)
    paper = window.look("paper")
    assert paper < 0.05 if window.dark else paper > 0.9


def test_brackets_grow(window: Window, folder: Path) -> None:
    window.open(folder / "notes-en.html", 1280)
    tall, matrix, low = window.look("brackets")
    assert tall > 4 * low
    assert tall > 0.9 * matrix


def test_brackets_around_a_sum_reach_its_limits(window: Window, folder: Path) -> None:
    window.open(folder / "softmax-cross-entropy.html", 1280)
    found = window.look("sumsInBrackets")
    assert found
    assert max(found) < 1.25  # Firefox lets them fall a little short, as TeX does


def test_a_root_is_no_larger_than_what_it_holds(window: Window, folder: Path) -> None:
    window.open(folder / "notes-en.html", 1280)
    high, beside = window.look("root")
    chromium = window.page.context.browser.browser_type.name == "chromium"
    assert high < (1.0 if chromium else 1.28)  # Firefox asks for a taller root than it has to
    assert beside < 0.9


def test_a_browser_reads_what_was_written(window: Window, folder: Path) -> None:
    page = folder / "notes-en.html"
    window.open(page, 1280)
    (title,) = read(page.read_bytes()).all("h1")
    assert window.page.locator("h1").text_content() == words(title)
    assert window.page.locator("script").count() == 1


# ---------------------------------------------------------------- by hand


def test_keys_open_what_is_folded(window: Window, folder: Path) -> None:
    window.open(folder / "softmax-cross-entropy.html", 1280)
    window.page.keyboard.press("Tab")
    assert window.look("focused")[0] == "skip"
    for kind in ("evidence", "finer", "lemma"):
        before = window.look("focus", kind)
        window.page.keyboard.press("Enter")
        assert window.look("focused")[1] is not before


def test_every_control_is_reached_by_tab(window: Window, folder: Path) -> None:
    window.open(folder / "notes-en.html", 1280)
    assert window.page.locator("a[href], summary, pre").count() > 50
    assert window.look("unreachable") == []


def test_a_link_opens_what_it_leads_into(window: Window, folder: Path) -> None:
    window.open(folder / "softmax-cross-entropy.html", 1280)
    window.fold(opened=False)
    opened, top, height = window.look("follow", "#lemma-2")
    assert opened
    assert 0 <= top < height


def test_a_derivation_can_be_copied(window: Window, folder: Path) -> None:
    window.open(folder / "softmax-cross-entropy.html", 1280)
    text, said = window.look("copied")
    lines = text.splitlines()
    assert (lines[0], lines[-1]) == (r"\begin{align*}", r"\end{align*}")
    assert lines[1].startswith(r"\frac{\partial L}{\partial z_{i}} &= \sum_{j=1}^{n}")
    assert lines[-2] == " &= p_{i} - y_{i}"
    assert said == "Copied"


# ---------------------------------------------------------------- on paper

IN_THE_DARK = [("chromium", True), ("firefox", True)]
"""Paper is white, whatever the screen is."""


@pytest.mark.parametrize("window", IN_THE_DARK, indirect=True, ids=lambda x: x[0])
def test_print_shows_what_is_folded(window: Window, folder: Path) -> None:
    page = folder / "softmax-cross-entropy.html"
    window.open(page, 1280)
    window.fold(opened=False)
    printed = text_of(window.printed())
    source = read(page.read_bytes())
    for said in ("places compared", "sizes tried"):
        assert printed.count(said) == len(source.all("details", "evidence")) > 20
    finer = [reason for e in source.all("details", "finer") for reason in e.iter(f"{XHTML}span")]
    first = {words_before_a_formula(reason) for reason in finer} - {""}
    assert len(first) > 5
    assert {said for said in first if said not in printed} == set()
    assert "Copy LaTeX" not in printed
    assert "#" not in printed


def words_before_a_formula(reason: Any) -> str:
    texts = [reason.text or "", *(link.text or "" for link in reason)]
    return re.sub(r"\s+", " ", max(texts, key=len)).strip()


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    text = unicodedata.normalize("NFKC", " ".join(page.extract_text() for page in pages))
    return re.sub(r"\s+", " ", text)  # a font may have one sign for "fi"


@pytest.mark.parametrize("window", IN_THE_DARK, indirect=True, ids=lambda x: x[0])
def test_print_keeps_together_what_belongs_together(window: Window, page: Path) -> None:
    window.open(page, 1280)
    pairs = window.look("mark")
    sheets: dict[str, list[int]] = {}
    for number, sheet in enumerate(pypdf.PdfReader(BytesIO(window.printed())).pages):
        for mark in re.findall(r"Z(\d+)Q", re.sub(r"\s", "", sheet.extract_text())):
            sheets.setdefault(mark, []).append(number)
    assert set(map(len, sheets.values())) == {2}
    assert len(sheets) == pairs > 20
    assert {mark: on for mark, on in sheets.items() if on[0] != on[1]} == {}


@pytest.mark.parametrize("window", IN_THE_DARK, indirect=True, ids=lambda x: x[0])
def test_print_stays_on_the_paper(window: Window, page: Path) -> None:
    window.open(page, 1280)
    for sheet in pypdf.PdfReader(BytesIO(window.printed())).pages:
        assert sheet.mediabox.right == pytest.approx(595, abs=2)  # A4, in points
        edges: list[float] = []

        def seen(text: str, cm: Any, tm: Any, *_: Any, edges: list[float] = edges) -> None:
            if text.strip():
                edges.append(tm[4] * cm[0] + tm[5] * cm[2] + cm[4])

        sheet.extract_text(visitor_text=seen)
        assert all(0 < edge < float(sheet.mediabox.right) - 15 for edge in edges)

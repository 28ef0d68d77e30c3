"""What is wider than a phone, or than a table, and what a finger finds there."""

from __future__ import annotations

from pathlib import Path

import pytest

from symderiv.publish.project import build
from tests.browser.window import Window

SOURCE = """# Wide and narrow

| name | of |
|------|----|
| $p$  | $n$ |

Table: What is known of the names before anything is derived from them.

```symderiv
network
  input: matrix X: N, n
  layers: dense(h), tanh, dense(c), softmax
  target: one-hot Y: N, c
  loss: cross_entropy

diagram L
plot exp(-t**2)
  x: -2..2
  derivative: yes
plot -p*log(p), -log(p)
  x: 1/50..1
forget

vector z: n
one-hot y: n
let p = softmax(z)
let L = cross_entropy(y, p)
derive L by z
```
"""
LEAST = 9 / (9.5 * 96 / 72)
"""What the shapes beside arrows, at 9.5 points, are scaled to where they are 9 pixels high."""


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a wide graph, a plot, a narrow table and definitions."""
    folder = tmp_path_factory.mktemp("wide")
    (folder / "wide.md").write_text(SOURCE, encoding="utf-8")
    made = build([folder / "wide.md"], folder / "out", formats=("html",))
    assert not made.problems
    return folder / "out" / "wide.html"


def test_letters_of_a_picture_can_be_read_on_a_phone(window: Window, wide: Path) -> None:
    window.open(wide, 390)
    scales = window.look("scales")
    assert len(scales) == 3
    assert all(LEAST - 0.02 < scale <= 1.01 and says for scale, _, says in scales)
    assert any(more > 0 for _, more, _ in scales)
    page, room = window.look("widths")
    assert page <= room
    assert window.look("outside") == []


def test_a_wide_window_holds_whole_pictures(window: Window, wide: Path) -> None:
    window.open(wide, 1280)
    assert [more for _, more, _ in window.look("scales")] == [0, 0, 0]


def test_the_names_of_curves_are_in_sight_on_a_phone(window: Window, wide: Path) -> None:
    window.open(wide, 390)
    assert window.look("scales")[-1][1] == 0
    assert window.look("outside") == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_caption_is_not_squeezed_to_its_table(window: Window, wide: Path, width: int) -> None:
    window.open(wide, width)
    (found,) = window.look("captions")
    assert found["lines"] == (1 if width > 600 else 2)
    assert found["wide"] <= found["room"]
    assert abs(found["more"]) <= 1
    assert window.look("widths")[0] <= width


def test_reasons_of_one_derivation_stand_on_one_side(window: Window, folder: Path) -> None:
    for name in ("softmax-cross-entropy", "two-layer-perceptron", "attention"):
        window.open(folder / f"{name}.html", 700)
        assert window.look("zigzags") == []
        window.fold(opened=True)
        assert window.look("zigzags") == []


@pytest.mark.parametrize("window", [("chromium", False)], indirect=True, ids=lambda x: x[0])
def test_where_nothing_hovers_links_to_lines_are_quiet(window: Window, wide: Path) -> None:
    browser = window.page.context.browser
    assert browser is not None
    with browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}
    ) as context:
        context.add_init_script(path=Path(__file__).with_name("look.js"))
        touched = Window(context.new_page(), dark=False)
        touched.page.goto(wide.as_uri())
        assert touched.page.evaluate("matchMedia('(hover: none)').matches")
        marks = touched.look("marks")
    assert {seen for where, seen in marks if where} == {False}
    assert {seen for where, seen in marks if not where} == {0.5}

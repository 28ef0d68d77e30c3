"""Formulas longer than a line, on either side of the sign of equality."""

from __future__ import annotations

from pathlib import Path

import pytest

from symderiv.publish.project import build
from tests.browser.conftest import SCHEMES
from tests.browser.window import Window

SOURCE = """# Long

```symderiv
vector a, b, c: n
scalar mu, eps
let F = Sum(sin(c[i]*a[i])*(a[i]*b[i] + c[i])**2
  *log(1 + a[i]**2 + b[i]**2)/(1 + exp(-a[i]*b[i]*c[i])), (i, 1, n))
derive F by a
  detail: full

rewrite mu**6 + 6*mu**5*eps + 15*mu**4*eps**2
  + 20*mu**3*eps**3 + 15*mu**2*eps**4 + 6*mu*eps**5 + eps**6 - (mu + eps)**6 to 0
```
"""
WIDTHS = (390, 700, 850, 1280)
LIGHT = [(name, dark) for name, dark in SCHEMES if not dark]
pytestmark = pytest.mark.parametrize("window", LIGHT, indirect=True, ids=lambda x: x[0])


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with long sides of equations."""
    folder = tmp_path_factory.mktemp("long")
    (folder / "long.md").write_text(SOURCE, encoding="utf-8")
    made = build([folder / "long.md"], folder / "out", formats=("html",))
    assert not made.problems
    return folder / "out" / "long.html"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_left_side_without_room_stands_alone(window: Window, long: Path, width: int) -> None:
    window.open(long, width)
    found = window.look("leftsAlone")
    assert found
    assert all(apart > 0 and more <= 0 for apart, more in found)


@pytest.mark.parametrize("width", [390, 700])
def test_lines_do_not_touch(window: Window, long: Path, width: int) -> None:
    window.open(long, width)
    gaps = window.look("rowGaps")
    assert len(gaps) > 10
    assert min(gaps)[0] > 4


@pytest.mark.parametrize("width", [850, 1280])
def test_what_can_be_broken_does_not_scroll(window: Window, long: Path, width: int) -> None:
    window.open(long, width)
    window.fold(opened=True)
    seen = window.look("faults")
    assert seen["found"] == []
    assert seen["scrolls"] == 0

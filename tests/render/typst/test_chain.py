"""Lines of derivations in a PDF, by where their letters stand."""

from __future__ import annotations

import io
import unicodedata
from importlib.resources import files
from typing import Any, NamedTuple

import pytest

typst = pytest.importorskip("typst")
pypdf = pytest.importorskip("pypdf")

PRELUDE = (files("symderiv.render.typst") / "prelude.typ").read_text(encoding="utf-8")
LEFT, RIGHT = (at * 72 / 25.4 for at in (24, 210 - 24))
"""Where lines of text begin and end on a page, in points."""


class Letter(NamedTuple):
    """A letter, and where the run of text begins in which it stands, in points."""

    text: str
    x: float
    y: float


def letters(chain: str) -> list[Letter]:
    """All letters of a page, those of mathematics as plain ones."""
    source = f"{PRELUDE}\n#show: article.with(title: none)\n#set page(numbering: none)\n{chain}"
    found: list[Letter] = []

    def read(text: str, cm: Any, tm: Any, *others: Any) -> None:
        del others
        x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
        y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
        shown = unicodedata.normalize("NFKC", text)
        found.extend(Letter(c, x, y) for c in shown if not c.isspace())

    (page,) = pypdf.PdfReader(io.BytesIO(typst.compile(source.encode()))).pages
    page.extract_text(visitor_text=read)
    return found


@pytest.mark.parametrize("terms", range(10, 30))
def test_a_right_side_stands_behind_its_sign(terms: int) -> None:
    """Whatever is a little too wide is made smaller, where it stands."""
    above = " + ".join(["a"] * terms)
    shown = letters(f"#chain(row($x$, $frac({above}, q)$, reason: [why]), row(none, $z$))")
    (x, first, q, second, z) = (s for s in shown if s.text in "x=qz")
    assert x.y == pytest.approx(first.y)
    assert second.y == pytest.approx(z.y)
    terms_shown = [s for s in shown if s.text == "a" and s.y > first.y]
    assert len(terms_shown) >= terms
    for s in (*terms_shown[:terms], q):
        assert first.x + 5 < s.x < RIGHT - 5
        assert abs(s.y - first.y) < 10
    assert q.y < first.y < terms_shown[0].y


@pytest.mark.parametrize("terms", [10, 20, 24, 28, 32, 60])
def test_a_formula_of_its_own_stays_on_the_page(terms: int) -> None:
    """A fraction that is too wide is made smaller, though it stands on a line of its own."""
    above = " + ".join(["a"] * terms)
    for formula in (f"p = frac({above}, q)", f"frac({above}, q)", f"p &= frac({above}, q) \\ &= 0"):
        shown = letters(f"#apart(${formula}$, number: [(1)])")
        over = [s for s in shown if s.text == "a"]
        assert len(over) == terms
        assert len({round(s.y, 2) for s in over}) == 1
        assert LEFT + 20 < over[0].x < over[-1].x < RIGHT - 20

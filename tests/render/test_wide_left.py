"""A left side that leaves its right side no room stands above it, on paper as on a page."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sympy import Add, Expr, Symbol

from symderiv.core.derivation import Derivation, Stage, Step
from symderiv.document.article import Article
from symderiv.document.compose import Composer
from symderiv.render import latex, pdf

pypdf = pytest.importorskip("pypdf")


LEFT, RIGHT = (at * 72 / 25.4 for at in (24, 210 - 24))
"""Where lines of text begin and end on a page, in points."""


class Run(NamedTuple):
    """Letters that are set together: where they begin, in points, and how large they are."""

    text: str
    x: float
    y: float
    size: float


def terms(count: int, letter: str) -> Expr:
    return Add(*(Symbol(f"{letter}_{k}") for k in range(count)))


def article(left: int, right: int) -> Article:
    """``x + … + x = y + … + y = z``, with reasons."""
    first, second, last = terms(left, "x"), terms(right, "y"), Symbol("z")
    steps = (
        Step("algebra.cancel", (), first, second, 0),
        Step("algebra.collect", (), second, last, 1),
    )
    composer = Composer()
    composer.derivation(Derivation(first, steps, (Stage("a"), Stage("b")), (), (), last, last))
    return composer.article(())


def runs(path: Path) -> list[Run]:
    found: list[Run] = []

    def read(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        del font
        shown = "".join(unicodedata.normalize("NFKC", text).split())
        x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
        y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
        if shown:
            found.append(Run(shown, x, y, size * abs(tm[3] * cm[3])))

    pypdf.PdfReader(path).pages[0].extract_text(visitor_text=read)
    end = next(at for at, run in enumerate(found) if run.text.startswith("Rules"))
    return found[:end]


def by_typst(article: Article, folder: Path) -> Path:
    pytest.importorskip("typst")
    (folder / "a.pdf").write_bytes(pdf.render_article(article).data)
    return folder / "a.pdf"


def by_latex(article: Article, folder: Path) -> Path:
    if shutil.which("pdflatex") is None:
        pytest.skip("TeX Live is not installed")
    latex.render_article(article).write(folder / "a.tex")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=folder, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert not re.findall(rb"Overfull \\hbox.*", (folder / "a.log").read_bytes())
    return folder / "a.pdf"


@pytest.mark.parametrize("make", [by_typst, by_latex])
@pytest.mark.parametrize(
    ("left", "right", "above"),
    [(3, 4, False), (6, 2, False), (6, 15, True), (9, 2, True), (9, 30, True), (30, 40, True),
     (60, 3, True)],
)  # fmt: skip
def test_where_sides_stand(
    make: Callable[[Article, Path], Path], left: int, right: int, above: bool, tmp_path: Path
) -> None:
    shown = runs(make(article(left, right), tmp_path))
    x, y, z = ([run for run in shown if run.text == letter] for letter in "xyz")
    signs = [run for run in shown if run.text == "="]
    assert [len(x), len(y), len(z), len(signs)] == [left, right, 1, 2]
    assert {round(run.size, 1) for run in (*x, *y, *z, *signs)} in ({10.5}, {10.9})
    assert all(LEFT <= run.x <= RIGHT - 8 for run in shown)
    for sign, first in zip(signs, (y[0], z[0]), strict=True):
        assert first.y == pytest.approx(sign.y, abs=0.5)
        assert 8 < first.x - sign.x < 16
    assert signs[0].x == pytest.approx(signs[1].x, abs=0.5)
    if above:
        assert all(run.y > signs[0].y + 10 for run in x)
        assert 10 < signs[0].x - x[0].x < 40
    else:
        assert all(run.y == pytest.approx(signs[0].y, abs=0.5) for run in x)
        assert x[-1].x < signs[0].x


@pytest.mark.parametrize("make", [by_typst, by_latex])
@pytest.mark.parametrize(("left", "right"), [(3, 900), (900, 3)])
def test_a_side_may_be_longer_than_a_page(
    make: Callable[[Article, Path], Path], left: int, right: int, tmp_path: Path
) -> None:
    heights: dict[str, list[float]] = {"x": [], "y": []}

    def read(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        del font, size
        shown = unicodedata.normalize("NFKC", text)
        for letter, found in heights.items():
            found.extend([cm[1] * tm[4] + cm[3] * tm[5] + cm[5]] * shown.count(letter))

    pages = pypdf.PdfReader(make(article(left, right), tmp_path)).pages
    for page in pages:
        page.extract_text(visitor_text=read)
    assert len(pages) > 1
    assert len(heights["x"]) >= left
    assert len(heights["y"]) >= right
    assert min(heights["x"] + heights["y"]) > 60

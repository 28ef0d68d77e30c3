"""Tables in LaTeX, by where their rules and letters stand on the page."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from symderiv.document.article import Article, Table
from symderiv.document.blocks import Formula, Words
from symderiv.render.latex import render_article

pypdf = pytest.importorskip("pypdf")

SUM = Formula(r"s = \sum_{p=1}^{q} x")
TOP, FOOT = 3.5, 1.6
"""How far the letters of its limits reach, above the line of the one, below that of the other."""


def page_of(table: Table, folder: Path) -> Any:
    if shutil.which("pdflatex") is None:
        pytest.skip("TeX Live is not installed")
    render_article(Article((), (table,))).write(folder / "a.tex")
    for _ in range(3):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
            cwd=folder, capture_output=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:]
    assert b"Overfull" not in (folder / "a.log").read_bytes()
    return pypdf.PdfReader(folder / "a.pdf").pages[0]


def rules(page: Any) -> list[float]:
    """How long the rules of a page are, in points."""
    ends: dict[bytes, list[float]] = {b"m": [], b"l": []}

    def look(operator: bytes, operands: Any, cm: Any, tm: Any) -> None:
        del tm, cm
        if operator in ends:
            ends[operator].append(float(operands[0]))

    page.extract_text(visitor_operand_before=look)
    lengths = [end - start for start, end in zip(ends[b"m"], ends[b"l"], strict=True)]
    return [length for length in lengths if length > 20]  # others are of fractions


def baselines(page: Any, letters: str) -> dict[str, list[float]]:
    """The heights at which letters stand, from the top of the page."""
    found: dict[str, list[float]] = {letter: [] for letter in letters}

    def look(operator: bytes, operands: Any, cm: Any, tm: Any) -> None:
        if operator == b"TJ":
            for letter in filter(str(operands[0]).__contains__, letters):
                found[letter].append(cm[3] * tm[5] + cm[5])

    page.extract_text(visitor_operand_before=look)
    return found


@pytest.mark.parametrize("caption", [(), ("Beneath",)], ids=["bare", "captioned"])
@pytest.mark.parametrize("wide", [1, 4, 40])
def test_the_rules_are_as_long_as_the_table(caption: Words, wide: int, tmp_path: Path) -> None:
    head, cell = (("a",), ("b " * wide,)), ((" word" * wide,), ("c",))
    found = rules(page_of(Table(head, (cell, cell), (), caption), tmp_path))
    assert len(found) == 3
    assert max(found) - min(found) < 0.5


@pytest.mark.parametrize("words", [2, 60], ids=["short", "long"])
def test_rows_of_tall_formulas_do_not_touch(words: int, tmp_path: Path) -> None:
    row = ((SUM,), (" word" * words, SUM, " end"))
    page = page_of(Table((("head",), ("more",)), (row,) * 4, (), ("Below",)), tmp_path)
    found = baselines(page, "qp")
    assert len(found["p"]) == len(found["q"]) == 8
    gaps = [
        (below - FOOT) - (above + TOP) for below in found["p"] for above in found["q"]
        if above < below
    ]  # fmt: skip
    assert min(gaps) > 3

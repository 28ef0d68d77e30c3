"""LaTeX: rows for align*, one line alone, a whole file."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sympy as sp

from symderiv.core.derivation import Derivation
from symderiv.core.expr import cases, indicator, relation
from symderiv.render.latex import latex, to_document, to_latex, to_line

PROBE = r"\documentclass{article}\usepackage{amsmath,amssymb,iftex}\begin{document}x\end{document}"


def compiles(engine: str, text: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    (folder / "d.tex").write_text(text, encoding="utf-8")
    return subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", "d.tex"],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A TeX engine that is installed completely enough to compile a minimal file."""
    folder = tmp_path_factory.mktemp("probe")
    for name in ("xelatex", "lualatex", "pdflatex"):
        if shutil.which(name) and compiles(name, PROBE, folder).returncode == 0:
            return name
    pytest.skip("no TeX engine that works")


def test_rows_for_align(softmax: Derivation, is_balanced: Callable[[str], bool]) -> None:
    for detail in ("brief", "normal", "full"):
        rows = to_latex(softmax, detail=detail).split(" \\\\\n")
        assert all(row.count("&=") == 1 or row.startswith(r"& \text{") for row in rows)
        assert all(is_balanced(row) for row in rows)
    assert r"&= p_{i} - y_{i} && \text{$\sum_{j=1}^{n} y_{j} = 1$}" in to_latex(softmax)


def test_one_line_alone(softmax: Derivation) -> None:
    assert to_line(softmax, 0).startswith(r"\frac{\partial L}{\partial z_{i}} = \sum_{j=1}^{n}")
    assert to_line(softmax, 5).endswith("= p_{i} - y_{i}")
    with pytest.raises(IndexError, match="lines 0 to 5"):
        to_line(softmax, 6)


def test_a_whole_file(softmax: Derivation, is_balanced: Callable[[str], bool]) -> None:
    text = to_document(softmax)
    assert text.startswith(r"\documentclass")
    body = text.partition(r"\begin{document}")[2]
    assert body.count(r"\begin{chain}") == 4
    assert is_balanced(body.partition(r"\end{document}")[0])


def test_it_compiles(
    engine: str, softmax: Derivation, with_names: Callable[..., Derivation], tmp_path: Path
) -> None:
    for derivation in (softmax, with_names("a&b"), with_names("learning_rate"), with_names("<x>")):
        done = compiles(engine, to_document(derivation, detail="full"), tmp_path)
        assert done.returncode == 0, done.stdout[-2000:]


def test_a_row_that_begins_with_a_bracket_is_no_argument() -> None:
    x = sp.Symbol("x")
    step = indicator(relation(sp.StrictGreaterThan, x, sp.S.Zero))
    derivation = Derivation(step, (), (), (), (), step, step)
    assert to_latex(derivation).startswith("{}[x > 0] &=")
    both = cases((step, relation(sp.StrictLessThan, x, sp.S.One)), (step, sp.S.true))
    assert r"\\ {}[x > 0]" in latex(both)

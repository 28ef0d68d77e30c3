"""The notes of the manual in both languages: TeX and Typst set them, and their notebooks run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from symderiv.document.article import Article
from symderiv.publish.settings import Settings
from symderiv.publish.source import article_of
from symderiv.render import article_renderer

NOTES = Path(__file__).parents[2] / "docs" / "notes"
NAMES = ("backward.md", "backward.ko.md")


@cache
def notes(name: str) -> Article:
    text = (NOTES / name).read_text(encoding="utf-8")
    built = article_of(text, file=name, folder=NOTES, settings=Settings(check=False))
    assert [str(error) for error in (*built.errors, *built.failures)] == []
    assert built.article is not None
    return built.article


@pytest.mark.parametrize("engine", ["xelatex", "lualatex"])
@pytest.mark.parametrize("name", NAMES)
def test_tex(name: str, engine: str, tmp_path: Path) -> None:
    if shutil.which(engine) is None:
        pytest.skip("TeX Live is not installed")
    article_renderer("latex")(notes(name)).write(tmp_path / "a.tex")
    done = subprocess.run(
        [engine, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=tmp_path, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    if b"File `kotex.sty' not found" in done.stdout:
        pytest.skip("kotex.sty of TeX Live is not installed")
    assert done.returncode == 0, done.stdout[-3000:].decode("utf-8", "replace")
    log = (tmp_path / "a.log").read_text(encoding="utf-8", errors="replace")
    assert not re.findall(r"Overfull \\hbox.*|Missing character.*", log)


@pytest.mark.parametrize("name", NAMES)
def test_typst(name: str) -> None:
    pytest.importorskip("typst")
    assert article_renderer("pdf")(notes(name)).data.startswith(b"%PDF-")


@pytest.mark.parametrize("name", NAMES)
def test_notebook(name: str) -> None:
    cells = json.loads(article_renderer("ipynb")(notes(name)).data)["cells"]
    names: dict[str, object] = {}
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for code in codes:
        exec(code, names)
    assert len(codes) > 10

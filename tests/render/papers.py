"""Articles as PDFs, made by Typst and by TeX where these are installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from symderiv.document.article import Article
from symderiv.render import latex, pdf


def by_typst(article: Article, folder: Path) -> Path:
    """The PDF; the test is skipped where the wheels of Typst and its fonts are not installed."""
    pytest.importorskip("typst")
    if article.language == "ko":
        pytest.importorskip(pdf.FONTS)
    (folder / "a.pdf").write_bytes(pdf.render_article(article).data)
    return folder / "a.pdf"


def by_latex(article: Article, folder: Path, engine: str = "xelatex") -> Path:
    """The PDF, its log beside it; the test is skipped where the engine is not installed."""
    if shutil.which(engine) is None:
        pytest.skip("TeX Live is not installed")
    latex.render_article(article).write(folder / "a.tex")
    done = subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=folder, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    return folder / "a.pdf"

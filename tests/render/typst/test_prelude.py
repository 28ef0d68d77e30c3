"""The prelude hides nothing of Typst's own that formulas call."""

from __future__ import annotations

import io
import re
from importlib.resources import files

import pytest

from symderiv.document.article import Article, Display, Paragraph
from symderiv.document.blocks import Formula
from symderiv.render import pdf

typst = pytest.importorskip("typst")
pypdf = pytest.importorskip("pypdf")

PRELUDE = (files("symderiv.render.typst") / "prelude.typ").read_text(encoding="utf-8")
NAMES = re.findall(r"^#let ([\w-]+)", PRELUDE, re.MULTILINE)
ACCENTED = (
    r"\hat\theta", r"\bar W", r"\tilde w", r"\vec v", r"\dot z", r"\widehat{ab}",
    r"\overline{AB}", r"\widetilde{xy}", r"\displaystyle \hat y", r"\dfrac{\hat a}{b}",
    r"\tfrac{\acute a}{b}", r"\underbrace{x}_{\check{y}}", r"\overrightarrow{AB}",
)  # fmt: skip


def known(name: str) -> bool:
    try:
        typst.compile(f"#let found = {name}".encode())
    except typst.TypstError:
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_one_of_typst(name: str) -> None:
    assert known("std.math.accent")
    assert not [f"{scope}.{name}" for scope in ("std", "std.math", "std.sym")
                if known(f"{scope}.{name}")]  # fmt: skip


@pytest.mark.parametrize("latex", ACCENTED)
def test_an_accent_in_an_article_is_no_code(latex: str) -> None:
    article = Article((), (Paragraph((Formula(latex),)), Display(latex, 1)))
    (page,) = pypdf.PdfReader(io.BytesIO(pdf.render_article(article).data)).pages
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert not [name for name in fonts if "NewCM" not in name]
    assert not re.search(r"[a-z]{3}\(|[#\"]", page.extract_text())

"""Formulas of authors: what is allowed becomes Typst, what is not shows as its source."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.document.article import Article, Display, Paragraph
from symderiv.document.blocks import Formula
from symderiv.publish.mathematics import check_formula
from symderiv.render.authored import is_formula, plain_tex
from symderiv.render.latex import render_article
from symderiv.render.typst.formula import typst_formula
from tests.render.formulas import EVERY

HOSTILE = [
    r"\input{x}", r"\write18{ls}", r"\def\a{b}", r"\let\a\b", r"\csname input\endcsname{x}",
    "a $ b", "a % b", "a # b", "a } b", "{ a", r"\begin{verbatim} x \end{verbatim}",
    r"\end{document}",
    r"\begin{cases} a", r"\href{javascript:x}{y}", "^^5cinput{x}", "a\n\nb", r"a & b", r"a \\ b",
    r"\left( a", r"\right)", "x^", "x_}", r"\catcode`\%=12", "\x00", "", r"\tag{3}", r"\label{x}",
]  # fmt: skip


@pytest.mark.parametrize("latex", EVERY)
def test_whatever_is_allowed_is_told_in_typst(latex: str) -> None:
    typst = pytest.importorskip("typst")
    assert is_formula(latex)
    found = typst_formula(latex)
    assert found
    _, warnings = typst.compile_with_warnings(
        f"$ {found} $ $frac({found}, 2)$".encode(), ignore_system_fonts=True
    )
    assert not [w.message for w in warnings]


@pytest.mark.parametrize("latex", HOSTILE, ids=ascii)
def test_the_rest_shows_as_its_source(latex: str) -> None:
    assert not is_formula(latex)
    blocks = (Paragraph((Formula(latex),)), Display(latex, 3))
    body = render_article(Article((), blocks)).data.decode().partition(r"\begin{document}")[2]
    commands = set(re.findall(r"\\([A-Za-z]+)", body))
    assert commands <= {
        "texttt", "codespace", "hskip", "textbackslash", "textasciicircum", "textasciigrave", "end",
    }  # fmt: skip
    assert body.count(r"\end{") == 1


@given(st.text("\\abcdefginputrlh{}[]()^_&%#$~ \n", max_size=30))
@settings(max_examples=300)
def test_what_passes_the_reader_passes_the_renderer(latex: str) -> None:
    try:
        checked = check_formula(latex)
    except ValueError:
        return
    assert is_formula(checked)


@pytest.mark.parametrize(
    ("latex", "told"),
    [
        (r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}", "p_i = e^(z_i)/(Σ_j e^(z_j))"),
        (r"\frac{\partial L}{\partial z_i} = p_i - y_i", "∂L/∂z_i = p_i − y_i"),
        (r"\frac{ab}{2x}", "ab/(2x)"),
        (r"{ab}^2 + \sqrt{ab} + \sqrt{x_1}", "(ab)² + √(ab) + √x_1"),
        (r"\frac{\partial^2 f}{\partial x^2}", "(∂² f)/∂x²"),
        (r"\frac12 x", "(1/2) x"),
        (r"x^{\frac{1}{2}}", "x^(1/2)"),
        (r"\frac{a}{b} \cdot \frac{c}{d}", "a/b · c/d"),
        (r"a\frac{1}{n}\sum_{i=1}^n x_i", "a(1/n)Σ_{i=1…n} x_i"),
        (r"\left(\frac{a+b}{2}\right)^2", "((a+b)/2)²"),
        (r"\sqrt{x^2+1}", "√(x²+1)"),
        (r"\hat{y} \in \mathbb{R}^n", "y\u0302 ∈ ℝⁿ"),
        (r"W^T x, \mathbf{x}^\top", "Wᵀ x, x^⊤"),
        (r"H = -\sum_k p_k\log p_k \text{ in nats}", "H = −Σ_k p_k log p_k in nats"),
        (r"{a+b}^2", "(a+b)²"),
        (r"\sigma'(x) = \sigma(x)(1-\sigma(x))", "σ′(x) = σ(x)(1−σ(x))"),
        (r"a\le b", "a ≤ b"),
        (r"\begin{cases} a \\ b \end{cases}", r"\begin{cases} a \\ b \end{cases}"),
        (r"\binom{n}{k}", r"\binom{n}{k}"),
        (r"\frac{a}", r"\frac{a}"),
        (r"a}", "a}"),
        ("x_", "x_"),
    ],
)
def test_a_formula_on_one_line_of_text(latex: str, told: str) -> None:
    assert plain_tex(latex) == told

"""Long lines in parts: nothing is lost, and brackets stay whole unless they are long."""

from __future__ import annotations

import re

import pytest
from sympy import Expr, IndexedBase, S, Sum, Symbol, log

from symderiv import catalog
from symderiv.core.expr import Partial, mul, power
from symderiv.document.narrate import document_of
from symderiv.render.latex.marked import MarkedLatex
from symderiv.render.notation import Notation
from symderiv.render.notation.style_latex import LatexStyle
from symderiv.render.typst.marked import MarkedTypst
from symderiv.render.typst.style import TypstStyle

ENTRIES = ("label-smoothing", "batch-norm", "entropy-urns", "gelu", "total-differential")


def lines(name: str) -> list[Expr]:
    found = []
    for _, derivation in catalog.get(name).derivations():
        document = document_of(derivation, "full")
        for part in (*document.lemmas, document):
            found += [part.goal, *(line.expr for line in part.lines)]
    return found


def bare(text: str) -> str:
    """Without what makes brackets grow, and without space."""
    text = re.sub(r"\\(left|right|bigg?[lr])(?![A-Za-z])", "", text)
    text = re.sub(r"lr\(\\(.), size: #[0-9.]+em\)", r"\1", text)
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize(
    ("style", "marked"), [(LatexStyle, MarkedLatex), (TypstStyle, MarkedTypst)]
)
def test_marks_leave_no_trace_and_parts_lose_nothing(
    name: str, style: type[LatexStyle], marked: type[MarkedLatex]
) -> None:
    cutter = marked()
    plain, notation = Notation(style()), Notation(cutter)
    for e in lines(name):
        text = notation(e)
        assert bare(cutter.unmarked(text)) == bare(plain(e))
        parts = cutter.parts(text)
        assert bare("".join(part.text for part in parts)) == bare(plain(e))
        assert not re.search("[\U000f0000-\U000fffff]", "".join(part.text for part in parts))


def test_terms_are_cut_before_their_signs_and_short_brackets_stay_whole() -> None:
    a, b, c = map(Symbol, "abc")
    cutter = MarkedLatex()
    e = catalog.get("entropy-urns").derivations()[-1][1].last
    first, *others = (part for part in cutter.parts(Notation(cutter)(e)) if not part.depth)
    assert first.text[0] not in "+"
    assert others
    assert all(part.text[0] in "+-" for part in others)
    parts = cutter.parts(Notation(cutter)(a * (b + c) + b))
    assert any("(b + c)" in part.text for part in parts)


def test_long_brackets_are_torn_and_breaks_in_them_are_worse() -> None:
    cutter = MarkedLatex()
    letters = [Symbol(f"x_{k}") for k in range(30)]
    parts = cutter.parts(Notation(cutter)(Symbol("a") * sum(letters[1:], letters[0])))
    assert len(parts) > 20
    assert max(part.depth for part in parts) >= 2
    assert any(r"\bigl(" in part.text for part in parts)
    assert any(r"\bigr)" in part.text for part in parts)


def test_widths_are_near_those_of_tex() -> None:
    """Measured with pdfLaTeX at 10.95 pt, in ems."""
    cutter = MarkedLatex()
    notation = Notation(cutter)
    p, q, k, n = Symbol("p"), Symbol("q"), Symbol("k", integer=True), Symbol("n", integer=True)
    a = IndexedBase("a")
    total = Sum(a[k], (k, 1, n))
    measured = {
        p + q: 2.21, mul(p, power(p + q, S.NegativeOne)): 2.43, p**2: 0.94, total: 2.58,
        log(p) * q: 2.61, Partial(mul(a[1], total), p): 6.25, -p * (1 - q) - q * (1 - p): 8.97,
    }  # fmt: skip
    for e, width in measured.items():
        assert cutter.width(notation(e)) == pytest.approx(width, rel=0.12)

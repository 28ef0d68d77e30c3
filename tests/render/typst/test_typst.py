"""Typst: an equation for any document, an article that compiles, and nothing in it that runs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import symderiv as sd
from symderiv.core.derivation import Derivation
from symderiv.core.expr import Along, cases, indicator, relation
from symderiv.render.names import visible
from symderiv.render.notation import Notation
from symderiv.render.typst import to_typst
from symderiv.render.typst.formula import typst_formula
from symderiv.render.typst.style import TypstStyle
from symderiv.render.typst.text import typst_string, typst_text

typst = pytest.importorskip("typst")


def compiles(source: str) -> bytes:
    """The PDF; a warning is a failure as well."""
    data, warnings = typst.compile_with_warnings(source.encode(), ignore_system_fonts=True)
    assert not [w.message for w in warnings]
    return bytes(data)


def text_of(source: str) -> str:
    import io

    pypdf = pytest.importorskip("pypdf")
    return "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(compiles(source))).pages
    )


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_an_equation_for_any_document(softmax: Derivation, detail: str) -> None:
    source = to_typst(softmax, detail=detail)
    assert source.startswith("$\n")
    assert source.endswith("\n$")
    compiles(source)
    compiles(to_typst(softmax, detail=detail, adjoint="bar"))


def test_rows(softmax: Derivation) -> None:
    rows = to_typst(softmax).split(" \\\n")
    assert all("&= " in row or row.lstrip("$\n").startswith("& #[") for row in rows)
    assert rows[-1].startswith("&= p_(i) − y_(i) && #[$∑_(j = 1)^(n) y_(j) = 1$]")


def test_all_heads_are_valid_typst() -> None:
    x, y, n = sp.Symbol("x"), sp.Symbol("y"), sp.Symbol("n", integer=True, positive=True)
    k = sp.Symbol("k", integer=True)
    a = sp.IndexedBase("a")
    f = sp.Function("f")
    told = [
        x**y, sp.sqrt(x), sp.exp(x), sp.log(x) / sp.log(2), sp.Abs(x), sp.floor(x / y),
        sp.ceiling(x), sp.Max(x, y), sp.sin(x) * sp.tan(y), f(x, y), sp.Function("relu")(x),
        sp.Function("my_function")(x), sp.Float("2.5e-7"), sp.Rational(2, 3), sp.pi, sp.I, sp.oo,
        sp.zoo, sp.nan, sp.EulerGamma, sp.GoldenRatio, sp.Sum(a[k], (k, 1, n)),
        sp.Product(a[k], (k, 1, n)), sp.KroneckerDelta(k, n), a[k, 1], sp.Tuple(x, y),
        sp.Tuple(k, 1, n), sp.And(x > 0, sp.Or(y < 1, x < -1)), sp.Not(sp.Eq(x, y)), sp.true,
        sp.Derivative(f(x, y), x, (y, 2)), sp.Subs(f(x, y), (x,), (1,)), sp.Ne(x, y),
        cases((x, relation(sp.StrictGreaterThan, x, sp.S.Zero)), (y, sp.true)),
        indicator(relation(sp.StrictGreaterThan, x, sp.S.Zero)),
        Along(f(x), sp.Tuple(sp.Tuple(x, y))),
    ]  # fmt: skip
    notation = Notation(TypstStyle())
    for e in told:
        text = notation(e)
        compiles(f"$ {text} $")


def test_the_look_is_that_of_latex() -> None:
    """Letters side by side are letters, and a name in front of a bracket is no call."""
    z = sd.vector("z", sd.dim("n"))
    assert Notation(TypstStyle())(sp.Function("f")(sp.Symbol("x"))) == "f (x)"
    text = text_of(to_typst(sd.derive(sd.let("L", (z * z).sum()), z)))
    assert "2zi" in re.sub(r"\s", "", text).replace("𝑧", "z").replace("𝑖", "i")


HOSTILE = [
    '#panic("live")', "#eval(\"1\")", "]#panic()", "$#panic()$", "// gone", "/* gone", "@label",
    "<label>", "`#panic()`", "\\", "\\#panic()", '"', '"; panic()', "*b*", "_e_", "= h", "- i",
    "+ i", "/ t: d", "1. x", "~", "--", "...", "http://x.org", "\\u{41}", "#{", "}", "[", "$", "&",
    "'", "#import \"x\"", "#let x = 1", "a\nb", "#\u200bpanic()", "```typ #panic()```",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_text_says_what_it_says(text: str) -> None:
    seen = text_of("x" + typst_text(text) + "x")
    kept = [c for c in visible(" ".join(text.split())) if c.isalnum() or c in "#$/*@_=+`[]<>"]
    assert "".join(kept) in re.sub(r"[^\w#$/*@=+`\[\]<>]", "", seen)
    compiles(f"#{typst_string(text)};")
    compiles(f"${typst_string(text)}$")


@given(st.text(max_size=30))
@settings(max_examples=80, deadline=None)
def test_any_text(text: str) -> None:
    typst.compile(
        f"[{typst_text(text)}] #strong[{typst_text(text)}]; ${typst_string(text)}$".encode(),
        ignore_system_fonts=True,
    )


NAMES = [
    *HOSTILE, "a&b", "<x>", "learning_rate", "lambda", "x_1", "z_hat", "dx", "pi", "sum", "frac",
    "op", "x1y", "한글", "#x", "a.b", "x'", "alpha_beta", "__", "%", "{}", "(", ")", ",", ";", ":",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_hostile_names(name: str, with_names: Callable[..., Derivation]) -> None:
    for derivation in (with_names(name), with_names("x", latex=name, layer=name)):
        typst.compile(to_typst(derivation, detail="full").encode(), ignore_system_fonts=True)


LETTERS = "abxkyz019 ^_{}()[]|\\,;:.#$%&~'\"`!?@*/<>=+-"
COMMANDS = [
    r"\frac", r"\sqrt", r"\sum", r"\left(", r"\right)", r"\text{#panic()}", r"\hat", r"\mathrm{a}",
    r"\begin{cases}", r"\end{cases}", r"\begin{aligned}", r"\end{aligned}", r"\\", r"\quad", "&",
    r"\operatorname{#panic}", r"\bar", r"\underbrace", r"\|", r"\{", r"\}", r"\input{x}",
]  # fmt: skip


@given(st.lists(st.sampled_from([*LETTERS, *COMMANDS]), max_size=12).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_formula_of_an_author(latex: str) -> None:
    found = typst_formula(latex)
    if found is not None:
        typst.compile(f"x${found}$x".encode(), ignore_system_fonts=True)


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\frac{a, b}{c}", "frac(a \\, b, c)"),
        (r"|u| \le \|v\|", None),
        (
            r"\begin{cases} a & x > 0 \\ b & \text{else} \end{cases}",
            'cases(a & quad x \\> 0, b & quad "else")',
        ),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a & = b \\  & = c"),
        (r"\sum_{i=1}^{n} x_i", "attach(∑, b: i = 1, t: n) attach(x, b: i)"),
        (r"\mathrm{softmax}(z)", '"softmax"\\( z \\)'),
        (r"\binom{n}{k}", "binom(n, k)"),
        (r"\log x", "log x"),
        (r"\lim_{x \to 0} f", "attach(lim, b: x → 0) f"),
        (r"\operatorname*{argmin}_x f", 'attach(op("argmin", limits: #true), b: x) f'),
        (r"\widehat{ab}", 'accent(a b, "\u0302")'),
    ],
)
def test_formulas_of_authors(latex: str, shown: str | None) -> None:
    found = typst_formula(latex)
    assert found is not None
    assert shown is None or found == shown
    compiles(f"$display({found})$" if "&" not in found else f"$ {found} $")

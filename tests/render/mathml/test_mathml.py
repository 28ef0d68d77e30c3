"""MathML: well-formed, Core only, one formula a cell, the LaTeX as annotation."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
import sympy as sp

from symderiv.core.derivation import Derivation
from symderiv.core.expr import MaxOver, add, call, cases, mul, power, relation, total
from symderiv.core.symbols import Label, Spec
from symderiv.render.latex import latex
from symderiv.render.mathml import mathml, to_mathml
from symderiv.render.mathml.core import formula

M = "{http://www.w3.org/1998/Math/MathML}"
N = sp.Symbol("n", integer=True, positive=True)
K = sp.Symbol("k", integer=True)
X = sp.Symbol("x")
Z = Label("z", Spec((N,)))
OVER = sp.Tuple(K, 1, N)
SUM = total(Z.entry(K), OVER)

EXPRESSIONS = [
    X / 2,
    power(SUM, sp.Integer(2)),
    call(sp.exp, X),
    mul(X, call(sp.log, X)),
    MaxOver(Z.entry(K), OVER),
    sp.Product(Z.entry(K), OVER),
    cases((X, relation(sp.StrictLessThan, X, sp.S.Zero)), (sp.S.Zero, sp.S.true)),
    sp.Abs(X) + sp.floor(X) + sp.sqrt(X),
    sp.Function("f")(X**2).diff(X),
    sp.Function("g_1")(X),
    Label("y", Spec((N,), latex=r"\mathbf{y}")).entry(K),
    Label("y", Spec((N,), latex=r"\hat y^{*}")).entry(K),
    Label("y", Spec((N,), layer="l")).entry(K),
    sp.Max(X, 1),
    sp.Float("1e-30"),
    sp.oo,
]


@pytest.mark.parametrize("e", EXPRESSIONS, ids=str)
def test_one_expression(e: sp.Basic, is_core: Callable[[Element], bool]) -> None:
    root = ElementTree.fromstring(mathml(e))
    assert root.tag == f"{M}math"
    assert root.get("display") is None
    assert is_core(root)
    assert root.find(f".//{M}annotation").text == latex(e)


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_a_derivation(softmax: Derivation, detail: str, is_core: Callable[[Element], bool]) -> None:
    root = ElementTree.fromstring(to_mathml(softmax, detail=detail))
    assert is_core(root)
    assert not list(root.iter("code"))
    assert [part.get("class") for part in root] == ["where", "lemma", "lemma", "derivation"]
    for row in root.iter("tr"):
        assert [cell.get("class") for cell in row] == ["left", "relation", "right", "reason"]
        assert len(row[2]) == 1
        assert len(row[0]) <= 1


def test_sums_bear_their_limits_above_and_below() -> None:
    for e in (SUM, power(SUM, sp.Integer(2)), mul(SUM, X)):
        root = ElementTree.fromstring(mathml(e))
        assert root.find(f".//{M}munderover") is not None
        assert root.find(f".//{M}msubsup") is None


def test_what_cannot_be_told_becomes_code() -> None:
    for broken in ("", r"\frac{a}", r"\nosuchcommand", "}", "{" * 5000):
        element = formula(broken, r"a < b & \x", {})
        assert element.tag in ("code", "math")
        again = ElementTree.fromstring(ElementTree.tostring(element, encoding="unicode"))
        assert r"a < b & \x" in "".join(again.itertext())


def test_many_names() -> None:
    names = [sp.Symbol(f"name{k}of") for k in range(40)]
    root = ElementTree.fromstring(mathml(add(*names)))
    assert [e.text for e in root.iter(f"{M}mi")] == [name.name for name in names]


def row_of(tex: str) -> Element:
    return ElementTree.fromstring(ElementTree.tostring(formula(tex, tex, {}), "unicode"))[0][0]


def test_a_sign_in_front_is_no_operation() -> None:
    signs = [
        [mo.get("form") for mo in row_of(tex).iter(f"{M}mo") if mo.text == "−"]
        for tex in (r"\left[ -\frac{a}{b} \right]", "a = -b", "(-a)", "a - b", "a, -b")
    ]
    assert signs == [["prefix"], ["prefix"], ["prefix"], [None], ["prefix"]]
    after_a_bar, within = (row_of(tex).findall(f"{M}mo") for tex in ("|x| - y", "|-x|"))
    assert (after_a_bar[-1].get("form"), within[1].get("form")) == (None, "prefix")
    given = row_of("P(A|B) - |x| - |-y|").findall(f"{M}mo")
    assert [mo.get("form") for mo in given if mo.text == "−"] == [None, None, "prefix"]
    raised = row_of("|x|^2 - |-y|").findall(f"{M}mo")
    assert [mo.get("form") for mo in raised if mo.text == "−"] == [None, "prefix"]


def test_scripts_are_tight_and_lines_are_not() -> None:
    spaces = {
        (mo.text, mo.get("lspace")) for mo in row_of(r"a = \sum_{k=1}^{n-1} b").iter(f"{M}mo")
    }
    assert spaces == {("=", None), ("∑", None), ("=", "0"), ("−", "0")}


def test_slashes_and_bars_have_no_space_beside_them() -> None:
    signs = [*row_of(r"a / b + |u| + \|u\|").iter(f"{M}mo")]
    bars = [mo for mo in signs if mo.text != "+"]
    assert [mo.text for mo in bars] == ["/", "|", "|", "‖", "‖"]
    assert {(mo.get("lspace"), mo.get("rspace")) for mo in bars} == {("0", "0")}


def test_what_stands_between_growing_brackets_is_a_row() -> None:
    fenced = row_of(r"\left( \sum_i a_i + b \right)")[0]
    assert [e.tag.removeprefix(M) for e in fenced] == ["mo", "mrow", "mo"]
    assert [e.tag.removeprefix(M) for e in fenced[1]] == ["munder", "msub", "mo", "mi"]


def test_letters_that_are_signs_have_no_space_beside_them() -> None:
    tex = r"\frac{\partial L}{\partial x} + \nabla f, \partial^2 g, \infty"
    letters = [mo for mo in row_of(tex).iter(f"{M}mo") if (mo.text or "") in "∂∇∞"]
    assert [mo.text for mo in letters] == ["∂", "∂", "∇", "∂", "∞"]
    assert {(mo.get("lspace"), mo.get("rspace")) for mo in letters} == {("0", "0")}


def test_a_bracket_without_a_sign_takes_no_room() -> None:
    held = row_of(r"\left. \frac{a}{b} + c \right|_{x}")[0][0]
    assert [e.tag.removeprefix(M) for e in held] == ["mrow", "mo"]
    assert [e.tag.removeprefix(M) for e in held[0]] == ["mfrac", "mo", "mi"]
    opened = row_of(r"\left\{ a \right.")[0]
    assert [(e.tag.removeprefix(M), e.text) for e in opened] == [("mo", "{"), ("mi", "a")]
    assert texts(r"\left. a + b \right.", "mo") == ["+"]
    given = row_of(r"\bigl| a + b \bigr|_x")
    assert given[0].text == "|"


def test_accents_do_not_shrink() -> None:
    over = row_of(r"\bar{V}").find(f".//{M}mover")
    assert over is not None
    assert over.get("accent") == "true"


def tags(tex: str, name: str) -> list[dict[str, str]]:
    return [dict(e.attrib) for e in row_of(tex).iter(f"{M}{name}")]


def texts(tex: str, name: str) -> list[str | None]:
    return [e.text for e in row_of(tex).iter(f"{M}{name}")]


@pytest.mark.parametrize(
    ("tex", "letters"),
    [
        (r"\mathbb{R} \mathcal{L} \mathfrak{g}", ["ℝ", "ℒ", "𝔤"]),
        (r"\mathcal{LB}", ["ℒ", "ℬ"]),
        (r"\boldsymbol{\theta} \mathbf{x} \mathbf{\Sigma}", ["𝜽", "𝐱", "𝚺"]),
        (r"\mathsf{ab}", ["𝖺", "𝖻"]),
        (r"\mathit{h}", ["ℎ"]),
    ],
)
def test_alphabets_are_characters_of_their_own(tex: str, letters: list[str]) -> None:
    assert texts(tex, "mi") == letters


def test_names_of_several_letters_are_one() -> None:
    assert texts(r"D_{\mathrm{KL}}", "mi") == ["D", "KL"]
    assert texts(r"\operatorname{softmax}(z)", "mi") == ["softmax", "z"]
    for tex in (r"a \operatorname{tr} A", r"a \log b", r"a \log_2 b", r"\frac{a \sin b}{c}"):
        assert len(tags(tex, "mspace")) == 2
    thin = [e.tag.removeprefix(M) for e in row_of(r"a \operatorname{tr} A")]
    assert thin == ["mi", "mspace", "mi", "mspace", "mi"]
    for tex in (r"(1 - t) \log(p)", r"(1 - t)^2 \log(p)", r"\left[\frac{a}{b}\right] \log(p)"):
        assert len(tags(tex, "mspace")) == 1
    assert not tags(r"(\log(p) - \log(q))", "mspace")


def test_limits_stand_below() -> None:
    for tex in (r"\lim_{x \to 0} f", r"\operatorname*{argmax}_x f", r"\max_k f"):
        (under,) = row_of(tex).iter(f"{M}munder")
        assert under[0].get("movablelimits") == "true"


def test_a_binomial_has_no_bar() -> None:
    assert tags(r"\binom{n}{k}", "mfrac") == [{"linethickness": "0"}]
    assert tags(r"\frac{n}{k}", "mfrac") == [{}]


def test_styles_are_kept() -> None:
    assert tags(r"\dfrac{a}{b}", "mstyle") == [{"displaystyle": "true", "scriptlevel": "0"}]
    assert tags(r"\tfrac{a}{b}", "mstyle") == [{"displaystyle": "false", "scriptlevel": "0"}]


def test_lines_that_an_author_aligned() -> None:
    for name in ("aligned", "split"):
        tex = rf"\begin{{{name}}} a &= b \\ &= c \end{{{name}}}"
        assert [side["class"] for side in tags(tex, "mtd")] == ["right", "left"] * 2
        assert texts(tex, "mo") == ["=", "="]
    gathered = r"\begin{gathered} a \\ b \end{gathered}"
    assert tags(gathered, "mtd") == [{}, {}]
    cases = r"\begin{cases} a & b \\ c & d \end{cases}"
    assert {side["class"] for side in tags(cases, "mtd")} == {"left"}


def test_the_brackets_of_a_matrix_are_its_own() -> None:
    row = row_of(r"| x | \begin{vmatrix} a \\ b \end{vmatrix} | y |")
    (fenced,) = (e for e in row if e.tag == f"{M}mrow")
    assert [e.tag.removeprefix(M) for e in fenced] == ["mo", "mtable", "mo"]
    assert [e.get("form") for e in fenced if e.tag == f"{M}mo"] == ["prefix", "postfix"]


def test_wide_accents_grow_and_narrow_ones_do_not() -> None:
    wide = [r"\overline", r"\widehat", r"\widetilde", r"\overbrace", r"\overrightarrow"]
    narrow = [r"\bar", r"\hat", r"\tilde", r"\vec", r"\dot", r"\check", r"\acute"]
    for accent in (*wide, *narrow):
        (sign,) = tags(accent + "{ab}", "mo")
        assert sign == {"stretchy": "true" if accent in wide else "false"}, accent

"""Fixtures: what an expression, as it was built, looks like in Unicode text and in LaTeX."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import Integer, Rational, S, Symbol, Tuple

from symderiv import let, scalar
from symderiv.core.expr import (
    Direct,
    InRange,
    MaxOver,
    Partial,
    Total,
    add,
    call,
    cases,
    delta,
    div,
    indicator,
    mul,
    neg,
    power,
    relation,
    sub,
    total,
)
from symderiv.core.functions import relu, sigmoid
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.render.latex import latex
from symderiv.render.notation import Notation
from symderiv.render.notation.style_latex import LatexStyle
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.text import text

N, M = (Symbol(c, integer=True, positive=True) for c in "nm")
I, J, K = (Symbol(c, integer=True) for c in "ijk")
X, A, B, C = sp.symbols("x a b c")
ONE, TWO, THREE = Integer(1), Integer(2), Integer(3)
OVER_K = Tuple(K, 1, N)
LN2 = power(call(sp.log, TWO), S.NegativeOne)
F = sp.Function("f")
T = sp.Symbol("t")

z, p, y = (Label(c, Spec((N,))) for c in "zpy")
w = Label("W", Spec((N, M)))
loss = Label("L", Spec(definition=Definition((), total(mul(p.entry(K), z.entry(K)), OVER_K))))
x1 = Label("x_1", Spec((N,)))
keys = Label("W_K", Spec((N, M)))
rate = Label("learning_rate", Spec((N,)))
hidden = Label("z", Spec((N,), layer="2"))
guess = Label("y_hat", Spec((N,), latex=r"\hat y"))
zi, pi, pk, yk = z.entry(I), p.entry(I), p.entry(K), y.entry(K)

FIXTURES = [
    # sums, signs and order
    (sub(pi, y.entry(I)), "p_i − y_i", "p_{i} - y_{i}"),
    (add(ONE, neg(power(zi, TWO))), "1 − z_i²", "1 - z_{i}^{2}"),
    (add(neg(A), B), "−a + b", "-a + b"),
    (add(A, Integer(-3)), "a − 3", "a - 3"),
    (sp.Add(A, sp.Add(B, neg(C), evaluate=False), evaluate=False), "a + (b − c)", "a + (b - c)"),
    (neg(add(A, B)), "−(a + b)", "-(a + b)"),
    (mul(A, add(B, C), X), "a (b + c) x", "a (b + c) x"),
    (sp.Mul(A, neg(B), evaluate=False), "a (−b)", "a (-b)"),
    (sp.Add(A, sp.Mul(neg(B), C, evaluate=False), evaluate=False), "a + (−b) c", "a + (-b) c"),
    # products and fractions
    (mul(TWO, A, B), "2 a b", "2 a b"),
    (mul(A, power(B, S.NegativeOne), C), "a/b · c", r"\frac{a}{b} c"),
    (div(A, mul(B, C)), "a/(b c)", r"\frac{a}{b c}"),
    (mul(A, power(B, S.NegativeOne), power(C, Integer(-2))), "a/(b c²)", r"\frac{a}{b c^{2}}"),
    (mul(power(N, S.NegativeOne), X), "1/n · x", r"\frac{1}{n} x"),
    (mul(Rational(1, 2), power(X, TWO)), "x²/2", r"\frac{1}{2} x^{2}"),
    (mul(Rational(2, 3), A, B), "2/3 · a b", r"\frac{2}{3} a b"),
    (mul(Rational(-1, 2), div(A, B)), "−a/(2 b)", r"-\frac{a}{2 b}"),
    (mul(TWO, power(THREE, X)), "2 · 3^x", r"2 \cdot 3^{x}"),
    (div(add(A, B), C), "(a + b)/c", r"\frac{a + b}{c}"),
    (power(div(A, B), TWO), "(a/b)²", r"\left( \frac{a}{b} \right)^{2}"),
    (div(div(A, B), add(B, C)), "a/(b (b + c))", r"\frac{a}{b (b + c)}"),
    # powers and roots
    (power(X, Integer(-2)), "1/x²", r"\frac{1}{x^{2}}"),
    (power(X, Rational(1, 2)), "√x", r"\sqrt{x}"),
    (power(add(X, A), Rational(1, 2)), "√(x + a)", r"\sqrt{x + a}"),
    (power(power(X, TWO), A), "(x²)^a", r"(x^{2})^{a}"),
    (power(X, add(A, B)), "x^(a + b)", "x^{a + b}"),
    (power(neg(X), TWO), "(−x)²", "(-x)^{2}"),
    (power(call(sp.log, X), TWO), "(log x)²", r"(\log x)^{2}"),
    (call(sp.exp, neg(X)), "exp(−x)", "e^{-x}"),
    (power(call(sp.exp, X), TWO), "exp(x)²", "(e^{x})^{2}"),
    # functions
    (mul(pi, call(sp.log, pi)), "p_i log p_i", r"p_{i} \log p_{i}"),
    (mul(call(sp.log, pi), A), "log(p_i) a", r"\log(p_{i}) a"),
    (call(sp.log, div(A, B)), "log(a/b)", r"\log \frac{a}{b}"),
    (call(sp.log, mul(A, B)), "log(a b)", r"\log(a b)"),
    (mul(pi, call(sp.log, pi), LN2), "p_i log_2 p_i", r"p_{i} \log_{2} p_{i}"),
    (call(sp.tanh, zi), "tanh z_i", r"\tanh z_{i}"),
    (call(sigmoid, X), "σ(x)", r"\sigma(x)"),
    (call(relu, X), "ReLU(x)", r"\mathrm{ReLU}(x)"),
    (sp.Abs(X), "|x|", "|x|"),
    (sp.floor(X), "⌊x⌋", r"\lfloor x \rfloor"),
    (sp.Max(A, B), "max(a, b)", r"\max(a, b)"),
    (F(X, A), "f(x, a)", "f(x, a)"),
    (call(sp.log, total(call(sp.exp, z.entry(K)), OVER_K)),
     "log Σ_k exp(z_k)", r"\log \sum_{k=1}^{n} e^{z_{k}}"),
    # sums over an index
    (neg(total(mul(yk, call(sp.log, pk)), OVER_K)),
     "−Σ_k y_k log p_k", r"-\sum_{k=1}^{n} y_{k} \log p_{k}"),
    (mul(total(pk, OVER_K), A), "(Σ_k p_k) a", r"\left( \sum_{k=1}^{n} p_{k} \right) a"),
    (mul(A, total(pk, OVER_K)), "a Σ_k p_k", r"a \sum_{k=1}^{n} p_{k}"),
    (total(add(pk, yk), OVER_K), "Σ_k (p_k + y_k)", r"\sum_{k=1}^{n} (p_{k} + y_{k})"),
    (add(total(pk, OVER_K), A), "Σ_k p_k + a", r"\sum_{k=1}^{n} p_{k} + a"),
    (total(pk, Tuple(K, 1, M)), "Σ_{k=1…m} p_k", r"\sum_{k=1}^{m} p_{k}"),
    (total(pk, Tuple(K, 2, N)), "Σ_{k=2…n} p_k", r"\sum_{k=2}^{n} p_{k}"),
    (total(w.entry(I, J), Tuple(J, 1, M), Tuple(I, 1, N)),
     "Σ_i Σ_j W_ij", r"\sum_{i=1}^{n} \sum_{j=1}^{m} W_{ij}"),
    (total(mul(neg(div(yk, pk)), pk, sub(delta(K, I), pi)), OVER_K),
     "Σ_k (−y_k/p_k) · p_k (δ_ki − p_i)",
     r"\sum_{k=1}^{n} \left( -\frac{y_{k}}{p_{k}} \right) p_{k} (\delta_{ki} - p_{i})"),
    (sp.Product(pk, OVER_K), "∏_k p_k", r"\prod_{k=1}^{n} p_{k}"),
    (MaxOver(z.entry(K), OVER_K), "max_k z_k", r"\max_{k} z_{k}"),
    # deltas, guards, cases
    (delta(K, I), "δ_ki", r"\delta_{ki}"),
    (delta(I, K), "δ_ik", r"\delta_{ik}"),
    (delta(I, add(K, ONE)), "δ_{i,k+1}", r"\delta_{i, k + 1}"),
    (InRange(add(I, ONE), ONE, N), "[1 ≤ i + 1 ≤ n]", r"[1 \le i + 1 \le n]"),
    (indicator(relation(sp.StrictGreaterThan, zi, S.Zero)), "[z_i > 0]", "[z_{i} > 0]"),
    (cases((X, relation(sp.GreaterThan, X, S.Zero)), (neg(X), S.true)),
     "{x if x ≥ 0; −x otherwise}",
     r"\begin{cases} x & \text{if }x \ge 0 \\ -x & \text{otherwise} \end{cases}"),
    # derivatives
    (Partial(add(A, X), X), "∂/∂x [a + x]", r"\frac{\partial}{\partial x} \left[ a + x \right]"),
    (Partial(zi, z.entry(J)), "∂z_i/∂z_j", r"\frac{\partial z_{i}}{\partial z_{j}}"),
    (mul(Total(loss, pk), Direct(pk, zi)), "∂L/∂p_k · ∂p_k/∂z_i",
     r"\frac{\partial L}{\partial p_{k}} \frac{\partial p_{k}}{\partial z_{i}}"),
    (F(X, A).diff(X), "∂f(x, a)/∂x", r"\frac{\partial f(x, a)}{\partial x}"),
    (F(X, A).diff(X, 2, A), "∂³f(x, a)/(∂a∂x²)",
     r"\frac{\partial^{3} f(x, a)}{\partial a \, \partial x^{2}}"),
    (sp.Subs(F(T).diff(T), T, X), "[∂f(t)/∂t]_{t = x}",
     r"\left. \frac{\partial f(t)}{\partial t} \right|_{t = x}"),
    # names
    (Symbol("lambda"), "λ", r"\lambda"),
    (Symbol("epsilon"), "ε", r"\varepsilon"),
    (Symbol("x_1"), "x_1", "x_{1}"),
    (x1.entry(I), "x_{1,i}", "x_{1, i}"),
    (keys.entry(I, J), "W_{K,ij}", "W_{K, ij}"),
    (rate.entry(I), "learning_rate[i]", r"\mathrm{learning\_rate}_{i}"),
    (mul(Symbol("rate"), Symbol("lambda")), "rate λ", r"\mathrm{rate} \, \lambda"),
    (hidden.entry(I), "z⁽²⁾_i", "z^{(2)}_{i}"),
    (power(hidden.entry(I), TWO), "z⁽²⁾_i²", "(z^{(2)}_{i})^{2}"),
    (guess.entry(I), "ŷ_i", r"\hat y_{i}"),
    (w.entry(I, add(J, ONE)), "W_{i,j+1}", "W_{i, j + 1}"),
    (w.entry(ONE, TWO), "W_{1,2}", "W_{1, 2}"),
    (Symbol("a&b"), "a&b", r"\text{a\&b}"),
    (Symbol("<x>"), "<x>", r"\text{\textless{}x\textgreater{}}"),
    (Symbol("한글"), "한글", r"\text{한글}"),
    # numbers
    (sp.Float("0.5"), "0.5", "0.5"),
    (sp.Float("1e-20"), "1e-20", r"1 \cdot 10^{-20}"),
    (sp.pi, "π", r"\pi"),
    (sp.oo, "∞", r"\infty"),
    (neg(sp.oo), "−∞", r"-\infty"),
]  # fmt: skip


@pytest.mark.parametrize(("e", "unicode", "tex"), FIXTURES, ids=[f[1] for f in FIXTURES])
def test_notation(e: sp.Basic, unicode: str, tex: str) -> None:
    assert text(e) == unicode
    assert latex(e) == tex


def test_adjoints_by_choice() -> None:
    for style, fraction, bar in (
        (TextStyle(), "∂L/∂z_i", "z̄_i"),
        (LatexStyle(), r"\frac{\partial L}{\partial z_{i}}", r"\bar{z}_{i}"),
    ):
        assert Notation(style)(Total(loss, zi)) == fraction
        assert Notation(style, bar=True)(Total(loss, zi)) == bar


def test_d_by_choice() -> None:
    assert Notation(TextStyle(), upright=True)(Partial(F(X), X)) == "df(x)/dx"
    assert Notation(LatexStyle(), upright=True)(Partial(F(X), X)) == r"\frac{df(x)}{dx}"


def test_direct_says_what_it_holds_only_where_needed() -> None:
    to = Notation(TextStyle())
    assert to(Direct(loss, zi)) == "∂L/∂z_i"  # p does not rest on z
    made = Label("q", Spec((N,), definition=Definition((I,), power(zi, TWO))))
    over = Label("L", Spec(definition=Definition((), mul(made.entry(ONE), z.entry(TWO)))))
    assert to(Direct(over, zi)) == "[∂L/∂z_i]_{q}"
    assert to(Direct(over, made.entry(I))) == "∂L/∂q_i"
    assert to(Total(over, zi)) == "∂L/∂z_i"


def test_only_names_that_the_variable_moves_are_held() -> None:
    w, b = scalar("w"), scalar("b")
    first, other = let("h", w * b), let("g", b**2)
    second = let("y", w * first * other * b)
    to = Notation(TextStyle())
    assert to(Direct(second, w)) == "[∂y/∂w]_{h}"
    assert to(Direct(second, first)) == "∂y/∂h"
    assert to(Direct(second, b)) == "[∂y/∂b]_{g, h}"


def test_names_far_upstream_count() -> None:
    x = scalar("x")
    at = let("u_0", 2 * x)
    for layer in range(1, 2000):
        at = let(f"u_{layer}", at + 1)
    assert "u_{1999}" in Notation(LatexStyle())(Direct(let("y", at * x), x)).split("|")[1]


def test_unknown_heads_are_still_readable() -> None:
    assert text(sp.zoo) == "∞̃"
    assert text(sp.Heaviside(X)).startswith("Heaviside(x")

"""Index forms that people meet, and the matrix notation that books have for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unicodedata import normalize

import pytest
from sympy import (
    Expr,
    Function,
    IndexedBase,
    Integer,
    Max,
    Product,
    Rational,
    S,
    StrictGreaterThan,
    Symbol,
    Tuple,
    exp,
    log,
)

import symderiv as sd
from symderiv.core.expr import (
    Direct,
    InRange,
    MaxOver,
    Total,
    add,
    bind,
    call,
    cases,
    delta,
    indicator,
    mul,
    neg,
    power,
    relation,
    total,
)
from symderiv.matrices.convert import matrix_form
from symderiv.render.notation import Notation
from symderiv.render.notation.style_text import TextStyle

Judge = Callable[..., bool]
Case = tuple[Expr, tuple[Tuple, ...], str]
TEXT = Notation(TextStyle())

n, m, d, N = sd.dims("n m d N")
i, j, k, b = sd.indices("i j k b")
I, J, K, B = (i, 1, n), (j, 1, m), (k, 1, d), (b, 1, N)
A, W, X, C = (
    sd.matrix(name, *shape)
    for name, shape in (("A", (n, m)), ("W", (n, m)), ("X", (N, n)), ("C", (n, n)))
)
x, y, z, t, p = (sd.vector(name, n) for name in "xyztp")
v, w = sd.vector("v", m), sd.vector("w", m)
Q, V = sd.tensor("Q", N, n, d), sd.tensor("V", N, m, d)
s = sd.scalar("s")
U = sd.let("Z", X @ W)
LOSS = sd.let("L", sd.tanh(U).sum())
TWO = Integer(2)


def at(*limits: tuple[Expr, ...]) -> tuple[Tuple, ...]:
    return tuple(Tuple(*limit) for limit in limits)


def sum_(body: Expr, *limits: tuple[Expr, ...]) -> Expr:
    return total(body, *at(*limits))


def bar(*where: Expr) -> Expr:
    return Total(LOSS, U[where])


BY_HAND: list[tuple[str, Expr, tuple[Tuple, ...]]] = [
    ("s", s, ()),
    ("x", x[i], at(I)),
    ("A", A[i, j], at(I, J)),
    ("Aᵀ", A[i, j], at(J, I)),
    ("A v", sum_(A[i, j] * v[j], J), at(I)),
    ("Aᵀ x", sum_(mul(x[i], A[i, j]), I), at(J)),
    ("A Wᵀ", sum_(mul(A[i, j], W[k, j]), J), at(I, (k, 1, n))),
    ("Xᵀ Z̄", sum_(mul(X[b, i], bar(b, j)), B), at(I, J)),
    ("Z̄ Wᵀ", sum_(mul(bar(b, j), W[i, j]), J), at(B, I)),
    ("Z̄ᵀ 𝟏", sum_(bar(b, j), B), at(J)),
    ("1/N · Z̄ᵀ 𝟏", mul(power(N, S.NegativeOne), sum_(bar(b, j), B)), at(J)),
    ("xᵀ y", sum_(mul(x[i], y[i]), I), ()),
    ("xᵀ x", sum_(power(x[i], TWO), I), ()),
    ("√(xᵀ x)", power(sum_(power(x[i], TWO), I), S.Half), ()),
    ("x/√(xᵀ x)", mul(x[i], power(sum_(power(x[k], TWO), (k, 1, n)), Rational(-1, 2))), at(I)),
    ("𝟏ᵀ x", sum_(x[i], I), ()),
    ("A 𝟏", sum_(A[i, j], J), at(I)),
    ("𝟏ᵀ A 𝟏", sum_(A[i, j], J, I), ()),
    ("x vᵀ", mul(x[i], v[j]), at(I, J)),
    ("v xᵀ", mul(x[i], v[j]), at(J, I)),
    ("xᵀ C y", sum_(mul(x[i], C[i, k], y[k]), (k, 1, n), I), ()),
    ("xᵀ C x", sum_(mul(x[i], C[i, k], x[k]), (k, 1, n), I), ()),
    ("tr(C)", sum_(C[i, i], I), ()),
    ("tr(A Wᵀ)", sum_(mul(A[i, j], W[i, j]), J, I), ()),
    ("tr(C C)", sum_(mul(C[i, k], C[k, i]), (k, 1, n), I), ()),
    ("I_n", delta(i, k), at(I, (k, 1, n))),
    ("diag(x)", mul(delta(i, k), x[i]), at(I, (k, 1, n))),
    ("diag(x ⊙ y)", mul(x[i], delta(i, k), y[k]), at(I, (k, 1, n))),
    ("diag(x) A", mul(x[i], A[i, j]), at(I, J)),
    ("A diag(v)", mul(A[i, j], v[j]), at(I, J)),
    ("diag(x) A diag(v)", mul(x[i], A[i, j], v[j]), at(I, J)),
    ("A diag(v) Wᵀ", sum_(mul(A[i, j], v[j], W[k, j]), J), at(I, (k, 1, n))),
    ("diag(p) − p pᵀ", mul(p[i], add(delta(i, k), neg(p[k]))), at(I, (k, 1, n))),
    ("p − y", add(p[i], neg(y[i])), at(I)),
    ("p − y", add(neg(y[i]), p[i]), at(I)),
    ("p − 𝐞_t", add(p[i], neg(delta(i, Symbol("t", integer=True)))), at(I)),
    ("exp(x)/(𝟏ᵀ exp(x))", mul(call(exp, x[i]), power(
        sum_(call(exp, x[k]), (k, 1, n)), S.NegativeOne)), at(I)),
    ("log(𝟏ᵀ exp(x))", call(log, sum_(call(exp, x[k]), (k, 1, n))), ()),
    ("A + x 𝟏ᵀ + 𝟏 vᵀ", add(A[i, j], x[i], v[j]), at(I, J)),
    ("1 − A ⊙ A", add(S.One, neg(power(A[i, j], TWO))), at(I, J)),
    ("A^(⊙3)", power(A[i, j], Integer(3)), at(I, J)),
    ("x ⊘ y", mul(x[i], power(y[i], S.NegativeOne)), at(I)),
    ("3 𝟏 𝟏ᵀ", Integer(3), at(I, J)),
    ("s 𝟏", s, at(I)),
    ("0", S.Zero, at(I, J)),
    ("s n", sum_(s, I), ()),
    ("[A > 0]", indicator(relation(StrictGreaterThan, A[i, j], S.Zero)), at(I, J)),
    ("max(x, y)", Max(x[i], y[i], evaluate=False), at(I)),
    ("(C ⊙ I_n) 𝟏", C[i, i], at(I)),
    ("C", sum_(mul(C[i, k], delta(k, j)), (k, 1, n)), at(I, (j, 1, n))),
    ("(C + C) x", sum_(mul(add(C[i, k], C[i, k]), x[k]), (k, 1, n)), at(I)),
    ("−2 A v", mul(Integer(-2), sum_(mul(A[i, j], v[j]), J)), at(I)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "e", "indices"), BY_HAND, ids=[case[0] for case in BY_HAND])
def test_by_hand(text: str, e: Expr, indices: tuple[Tuple, ...], agree: Judge) -> None:
    form = matrix_form(e, indices)
    assert form is not None
    assert TEXT(form) == text
    assert form.shape == tuple([*(high for _, _, high in indices), S.One, S.One][:2])
    assert agree(form, e, indices)


# ---------------------------------------------------------------- derived


def derived() -> Iterator[tuple[str, sd.Derivation]]:
    soft = sd.let("p", sd.softmax(z))
    yield "diag(p) − p pᵀ", sd.derive(soft, z)
    yield "p − y", sd.derive(sd.let("L", sd.cross_entropy(sd.one_hot("y", n), soft)), z)
    yield "C x + Cᵀ x", sd.derive(x @ C @ x, x)
    yield "Cᵀ + C", sd.derive(sd.gradient(x @ C @ x, x), x)
    u, r = sd.vector("u", n), sd.vector("r", N)
    yield "Xᵀ (X u − r)", sd.derive(((X @ u - r) ** 2).sum() / 2, u)
    yield "2/N · Xᵀ (X u − r)", sd.derive(((X @ u - r) ** 2).mean(), u)
    yield "2/n · (x − y)", sd.derive(((x - y) ** 2).mean(), x)
    yield "Xᵀ X", sd.derive(sd.gradient(((X @ u - r) ** 2).sum() / 2, u), u)
    yield "X", sd.derive(u @ X.T, u)
    yield "diag(1 − a ⊙ a)", sd.derive(sd.let("a", sd.tanh(x)), x)
    bias, goal = sd.vector("c", m), sd.vector("g", m)
    one = sd.let("a", sd.tanh(sd.let("q", x @ W + bias)))
    loss = sd.let("L", ((one - goal) ** 2).sum() / 2)
    yield "x ((a − g) ⊙ (1 − a ⊙ a))ᵀ", sd.derive(loss, W)
    yield "(a − g) ⊙ (1 − a ⊙ a)", sd.derive(loss, bias)
    yield "W ((a − g) ⊙ (1 − a ⊙ a))", sd.derive(loss, x)
    goals = sd.matrix("G", N, m)
    many = sd.let("A", sd.tanh(sd.let("Q", X @ W + bias)))
    batch = sd.let("L", ((many - goals) ** 2).sum() / 2)
    yield "Xᵀ ((A − G) ⊙ (1 − A ⊙ A))", sd.derive(batch, W)
    yield "((A − G) ⊙ (1 − A ⊙ A))ᵀ 𝟏", sd.derive(batch, bias)
    yield "((A − G) ⊙ (1 − A ⊙ A)) Wᵀ", sd.derive(batch, X)


def test_derived(agree: Judge) -> None:
    shown = {}
    for text, derivation in derived():
        form = matrix_form(derivation.last, derivation.indices)
        assert form is not None, text
        shown[text] = TEXT(form)
        assert agree(form, derivation.last, derivation.indices)
        canonical = matrix_form(derivation.result, derivation.indices)
        assert canonical is not None, text
        assert agree(canonical, derivation.result, derivation.indices)
    assert list(shown.values()) == list(shown)


def test_attention(agree: Judge) -> None:
    queries, keys, values = sd.matrix("Q", n, d), sd.matrix("K", m, d), sd.matrix("V", m, d)
    scores = sd.let("S", queries @ keys.T)
    weights = sd.let("P", sd.softmax(scores))
    out = sd.let("O", weights @ values)
    bp = sd.backprop(sd.let("L", sd.sin(out).sum()), [queries, keys, values])
    expected = {
        "Q": "S̄ K",
        "K": "S̄ᵀ Q",
        "V": "Pᵀ Ō",
        "S": "P ⊙ (P̄ − (P̄ ⊙ P) 𝟏 𝟏ᵀ)",
        "P": "Ō Vᵀ",
    }
    for name, text in expected.items():
        derivation = bp[name]
        form = matrix_form(derivation.last, derivation.indices)
        assert form is not None, name
        assert normalize("NFC", TEXT(form)) == normalize("NFC", text)
        assert agree(form, derivation.last, derivation.indices)
        named = matrix_form(derivation.result, derivation.indices)  # adjoints by names with a bar
        assert named is not None, name
        assert agree(named, derivation.result, derivation.indices)
        if name != "S":
            assert TEXT(named) == TEXT(form)


# ---------------------------------------------------------------- one example, and the batch

EXAMPLES: list[tuple[str, Expr, tuple[Tuple, ...]]] = [
    ("X_b", X[b, i], at(B, I)),
    ("W Z̄_b", sum_(mul(bar(b, j), W[i, j]), J), at(B, I)),
    ("(W Z̄_b) ⊙ (1 − X_b ⊙ X_b)", mul(
        sum_(mul(bar(b, j), W[i, j]), J), add(S.One, neg(power(X[b, i], TWO)))), at(B, I)),
    ("X_b Z̄_bᵀ", mul(X[b, i], bar(b, j)), at(B, I, J)),
    ("Q_b V_bᵀ", sum_(mul(Q[b, i, k], V[b, j, k]), K), at(B, I, J)),
    ("Σ_b X_b Z̄_bᵀ", sum_(mul(X[b, i], bar(b, j)), B), at(I, J)),
    ("1/N · Σ_b Z̄_b", mul(power(N, S.NegativeOne), sum_(bar(b, j), B)), at(J)),
    ("Σ_b X_bᵀ X_b", sum_(power(X[b, i], TWO), I, B), ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "e", "indices"), EXAMPLES, ids=[case[0] for case in EXAMPLES])
def test_one_example(text: str, e: Expr, indices: tuple[Tuple, ...], agree: Judge) -> None:
    form = matrix_form(e, indices, batch=b)
    assert form is not None
    assert TEXT(form) == text
    assert agree(form, e, indices, batch=b)


def test_several_indices_set_aside(agree: Judge) -> None:
    h = sd.dim("h")
    head = sd.index("a")
    queries, keys = sd.tensor("Q", N, h, n, d), sd.tensor("K", N, h, m, d)
    e = sum_(mul(queries[b, head, i, k], keys[b, head, j, k]), K)
    indices = at(B, (head, 1, h), I, J)
    form = matrix_form(e, indices, batch=(b, head))
    assert form is not None
    assert TEXT(form) == "Q_ba K_baᵀ"
    assert agree(form, e, indices, batch=(b, head))


# ---------------------------------------------------------------- no matrix form

plain = IndexedBase("a")
NONE = {
    "three indices": (mul(A[i, j], x[k]), at(I, J, (k, 1, n))),
    "Kronecker structure": (mul(delta(i, k), delta(j, b)), at(I, J, (k, 1, n), (b, 1, m))),
    "an order 3 array": (Q[b, i, k], at(B, I, K)),
    "a contraction of order 3": (sum_(mul(Q[b, i, k], Q[b, j, k]), K, B), at(I, (j, 1, n))),
    "three matrices at a letter": (
        sum_(mul(C[i, j], C[k, j], C[b, j], C[i, k], C[k, b], C[b, i]),
             *((l, 1, n) for l in (i, j, k, b))), ()),
    "part of an axis": (sum_(x[i], (i, 1, m)), ()),
    "not from the first": (sum_(x[i], (i, 2, n)), ()),
    "a triangle": (sum_(C[i, k], (k, 1, i)), at(I)),
    "a shifted index": (x[i + 1], at(I)),
    "an index as a number": (mul(i, x[i]), at(I)),
    "a range guard": (mul(InRange(i, S.One, m), x[i]), at(I)),
    "two ranges in a delta": (delta(i, j), at(I, J)),
    "a largest entry": (bind(MaxOver, x[i], *at(I)), ()),
    "a product": (bind(Product, x[i], *at(I)), ()),
    "cases": (cases((x[i], relation(StrictGreaterThan, x[i], S.Zero)), (s, S.true)), at(I)),
    "a derivative to be taken": (Direct(U[b, j], X[b, i]), at(B, J)),
    "a Jacobian to be taken": (Total(U[b, j], X[b, i]), at(B, J)),
    "an unknown function": (Function("g")(x[i]), at(I)),
    "an entry for an exponent": (power(s, x[i]), at(I)),
    "an array of two sizes": (add(sum_(plain[i], I), sum_(plain[i], (i, 1, m))), ()),
    "an index twice": (C[i, i], at(I, I)),
}  # fmt: skip


@pytest.mark.parametrize("name", NONE)
def test_none(name: str) -> None:
    e, indices = NONE[name]
    assert matrix_form(e, indices) is None

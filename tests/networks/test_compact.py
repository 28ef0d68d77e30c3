"""Norms and attention: the published compact forms, by what is printed and by its structure."""

import pytest
from sympy import Sum

import symderiv as sd
from symderiv.core.binding import names
from symderiv.core.fingerprint import same
from symderiv.core.symbols import Label
from symderiv.model.layers import Activation, Attention, BatchNorm, Dense, LayerNorm, RMSNorm
from symderiv.render.text import text

N, T, n, m, d, r = sd.dims("N T n m d r")
ONE, BATCH, DEEP = sd.vector("x", n), sd.matrix("x", N, n), sd.tensor("x", N, T, d)


def last_line(bp, key):
    return bp[key].last


def sums(e):
    """The sums of an expression, as often as they occur."""
    found = [e] if isinstance(e, Sum) else []
    return found + [s for part in e.args for s in sums(part)]


def read(e):
    """The arrays and named values that an expression reads."""
    return {s.name for s in names(e) if isinstance(s, Label)}


def is_flat(e):
    """No sum inside a sum."""
    return all(not sums(s.args[0]) for s in sums(e))


LAYER_NORM = "1/σ_i · (∂L/∂x̂_ij − 1/n · Σ_l ∂L/∂x̂_il − 1/n · (Σ_k ∂L/∂x̂_ik · x̂_ik) x̂_ij)"
NORMS = {
    "layer norm of one": (
        LayerNorm()(ONE),
        "1/σ · (∂L/∂x̂_i − (Σ_j ∂L/∂x̂_j)/n − (Σ_j ∂L/∂x̂_j · x̂_j) x̂_i/n)",
    ),
    "layer norm": (LayerNorm()(BATCH), LAYER_NORM),
    "layer norm without gain": (LayerNorm(affine=False)(BATCH), LAYER_NORM),
    "batch norm": (
        BatchNorm()(BATCH),
        "1/σ_j · (∂L/∂x̂_ij − 1/N · Σ_l ∂L/∂x̂_lj − 1/N · (Σ_k ∂L/∂x̂_kj · x̂_kj) x̂_ij)",
    ),
    "RMS norm of one": (
        RMSNorm()(ONE),
        "1/σ · (∂L/∂x̂_i − (Σ_j ∂L/∂x̂_j · x̂_j) x̂_i/n)",
    ),
    "RMS norm": (
        RMSNorm()(BATCH),
        "1/σ_i · (∂L/∂x̂_ij − 1/n · (Σ_l ∂L/∂x̂_il · x̂_il) x̂_ij)",
    ),
}


@pytest.mark.parametrize(("output", "published"), NORMS.values(), ids=NORMS)
def test_norms_read_as_published(output, published, weighted):
    line = last_line(sd.backprop(weighted(output)), "x")
    assert text(line) == published


SHAPES = {
    **{k: (v[0], 1 if "RMS" in k else 2, 1) for k, v in NORMS.items()},
    "layer norm of three axes": (LayerNorm()(DEEP), 2, 1),
    "batch norm of three axes": (BatchNorm()(DEEP), 2, 2),
    "RMS norm of three axes": (RMSNorm()(DEEP), 1, 1),
}


@pytest.mark.parametrize(("output", "count", "axes"), SHAPES.values(), ids=SHAPES)
def test_norms_have_one_sum_for_each_mean(output, count, axes, weighted):
    """Two means for layer and batch norm, one for RMS norm; none inside another."""
    line = last_line(sd.backprop(weighted(output)), "x")
    found = sums(line)
    assert len(found) == count
    assert is_flat(line)
    assert {len(s.args) - 1 for s in found} == {axes}
    assert read(line) == {"L", "x_hat", "sigma"}  # "L" in the adjoint of x_hat


def test_norms_inside_a_network_stay_compact():
    """Their own part: the adjoints before and after are cited, not put in."""
    net = sd.Network(
        [Dense(m), BatchNorm(), Activation("tanh"), Dense(n), LayerNorm(), RMSNorm()],
        loss=sd.losses.mean_squared_error,
        input=BATCH,
        target=sd.matrix("y", N, n),
    )
    bp = sd.backprop(net.loss, list(net.parameters.values()))
    for key, count in (("z1", 2), ("z2", 2), ("h2", 1)):
        line = last_line(bp, key)
        assert (len(sums(line)), is_flat(line)) == (count, True), key


# ---------------------------------------------------------------- attention

PUBLISHED = "P_ij (∂L/∂P_ij − Σ_l ∂L/∂P_il · P_il)"


@pytest.mark.parametrize("causal", [False, True])
def test_attention_reads_as_published(causal, weighted):
    """``dS = P ⊙ (dP - rowsum(P ⊙ dP))``; under a mask too, where P is 0."""
    bp = sd.backprop(weighted(Attention(r, causal=causal)(sd.matrix("x", T, d))))
    assert text(last_line(bp, "S")) == PUBLISHED
    assert text(last_line(bp, "P")) == "Σ_l ∂L/∂O_il · V_jl"


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("heads", [1, 2])
@pytest.mark.parametrize("x", [sd.matrix("x", T, d), DEEP], ids=["one", "batch"])
def test_attention_has_one_sum_of_one_axis(x, heads, causal, weighted):
    bp = sd.backprop(weighted(Attention(r, heads, causal)(x)))
    line = last_line(bp, "S")
    (found,) = sums(line)
    assert len(found.args) == 2
    assert read(line) == {"L", "P"}
    assert is_flat(last_line(bp, "Q"))
    assert len(sums(last_line(bp, "x"))) == 3


@pytest.mark.parametrize(("output", "count", "axes"), SHAPES.values(), ids=SHAPES)
def test_results_without_steps_are_the_same(output, count, axes, weighted):
    loss = weighted(output)
    plain = sd.backprop(loss, trace=False).gradient("x").element
    assert same(plain, sd.backprop(loss).gradient("x").element)
    assert (len(sums(plain)), is_flat(plain)) == (count, True), axes

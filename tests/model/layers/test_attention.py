"""Attention against JAX, and the published gradient through its softmax."""

import numpy as np
import pytest

import symderiv as sd
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.fingerprint import same
from symderiv.model.arrays import whole
from symderiv.model.layers import Attention

jax = pytest.importorskip("jax")
jnp = jax.numpy
N, T, d, r = sd.dims("N T d r")
INPUTS = [sd.matrix("x", T, d), sd.tensor("x", N, T, d)]


def expected(causal, heads):
    def attention(data):
        h = "h" if heads > 1 else ""
        made = [jnp.einsum(f"...td,{h}dr->...{h}tr", data["x"], data[f"W_{a}"]) for a in "QKV"]
        q, k, v = made
        s = jnp.einsum("...tr,...ur->...tu", q, k) / np.sqrt(q.shape[-1])
        if causal:
            s = jnp.where(jnp.tril(jnp.ones(s.shape[-2:])) > 0, s, -jnp.inf)
        o = jax.nn.softmax(s) @ v
        return jnp.einsum(f"...{h}tr,{h}rd->...td", o, data["W_O"]) if "W_O" in data else o

    return attention


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("heads", [1, 2])
@pytest.mark.parametrize("x", INPUTS, ids=str)
def test_values_and_slopes(x, heads, causal, agrees):
    agrees(Attention(r, heads, causal)(x), expected(causal, heads))


def test_projection_of_one_head_and_none_of_two(agrees):
    agrees(Attention(r, project=True)(INPUTS[0]), expected(False, 1))
    assert Attention(r, heads=2, project=False)(INPUTS[1]).shape == (N, 2, T, r)


def test_large_scores_do_not_overflow():
    f = sd.lambdify(Attention(1, causal=True)(sd.matrix("x", 2, 1)))
    big = {"W_Q": [[1000.0]], "W_K": [[1.0]], "W_V": [[1.0]]}
    assert f(x=[[1.0], [2.0]], **big).tolist() == [[1.0], [2.0]]


def test_names_are_those_of_the_papers(shown):
    assert shown(Attention(r, layer=1)(INPUTS[0])) == {
        "Q1": "Sum(W_Q1[k, j]*x[i, k], (k, 1, d))",
        "K1": "Sum(W_K1[k, j]*x[i, k], (k, 1, d))",
        "V1": "Sum(W_V1[k, j]*x[i, k], (k, 1, d))",
        "S1": "Sum(K1[j, k]*Q1[i, k], (k, 1, r))/sqrt(r)",
        "P1": "exp(S1[i, j])/Sum(exp(S1[i, k]), (k, 1, T))",
        "O1": "Sum(P1[i, k]*V1[k, j], (k, 1, T))",
    }
    assert list(shown(Attention(r, 2)(INPUTS[0])))[-2:] == ["O", "Y"]


@pytest.mark.parametrize("causal", [False, True])
def test_the_gradient_of_the_scores_is_the_published_one(causal):
    output = Attention(r, causal=causal)(INPUTS[0])
    P, V = (_read_by(output, name) for name in "PV")
    S = _read_by(P, "S")
    G = sd.matrix("G", T, r)
    found = sd.derive(sd.let("L", (G * output).sum()), S)
    dP = G @ V.T
    published = P * (dP - (P * dP).sum(axis=-1, keepdims=True))
    i, j = sd.indices("i j")
    assert found.check().ok
    to = sd.derive(sd.let("L", (G * output).sum()), S, to=published)
    assert same(to.last, published[i, j])


def _read_by(array, name):
    labels = {
        a.stem: a for a in array.label.spec.definition.body.free_symbols if hasattr(a, "stem")
    }
    return whole(labels[name])


def test_errors():
    with pytest.raises(ShapeError, match=r"Attention\(r\) needs .*last two axes; x has .*\(d,\)"):
        Attention(r)(sd.vector("x", d))
    with pytest.raises(Unsupported, match=r"heads is a positive integer; got 0"):
        Attention(r, heads=0)

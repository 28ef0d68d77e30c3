"""Information theory against direct computation."""

import numpy as np
import pytest
import sympy
from numpy.testing import assert_allclose

from symderiv.core.errors import ShapeError, Unsupported
from symderiv.model import information as info
from symderiv.model.declare import dims, distribution, labels, matrix, one_hot, scalar, vector

n, m, N = dims("n m N")
p, q, P = distribution("p", n), distribution("q", n), distribution("P", N, n)
J = matrix("J", n, m, positive=True)
t, s = labels("t", N, classes=n), labels("s", classes=n)


def entropy(v, axis=-1):
    return -(v * np.log(v)).sum(axis=axis)


@pytest.mark.parametrize("base", [None, 2, 10])
def test_over_the_last_axis(base, env, evaluate):
    unit = np.log(base or np.e)
    u, v, rows = env["p"], env["q"], env["P"]

    def agrees(formula, expected):
        assert_allclose(evaluate(formula, env), expected / unit, rtol=1e-12)

    agrees(info.self_information(p, base), -np.log(u))
    agrees(info.entropy(p, base), entropy(u))
    agrees(info.entropy(P, base), entropy(rows))
    agrees(info.cross_entropy(q, p, base), -(v * np.log(u)).sum())
    agrees(info.cross_entropy(q, P, base), -(v * np.log(rows)).sum(axis=1))
    agrees(info.kl_divergence(p, q, base), (u * np.log(u / v)).sum())
    agrees(info.kl_divergence(P, q, base), (rows * np.log(rows / v)).sum(axis=1))
    middle = entropy((u + v) / 2) - (entropy(u) + entropy(v)) / 2
    agrees(info.js_divergence(p, q, base), middle)
    joint = env["J"]
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    agrees(info.joint_entropy(J, base), entropy(joint, axis=None))
    agrees(info.conditional_entropy(J, base), entropy(joint, axis=None) - entropy(rows))
    together = entropy(rows) + entropy(columns) - entropy(joint, axis=None)
    agrees(info.mutual_information(J, base), together)
    agrees(info.binary_entropy(p, base), -u * np.log(u) - (1 - u) * np.log(1 - u))
    agrees(info.binary_cross_entropy(q, p, base), -v * np.log(u) - (1 - v) * np.log(1 - u))


@pytest.mark.parametrize("base", [None, 2])
def test_perplexity_has_no_unit(base, env, evaluate):
    assert_allclose(evaluate(info.perplexity(p, base), env), np.exp(entropy(env["p"])))
    assert_allclose(evaluate(info.perplexity(P, base), env), np.exp(entropy(env["P"])))


def test_logits(env, evaluate):
    y, z = vector("y", n), vector("x", n)
    sigma = 1 / (1 + np.exp(-env["x"]))
    expected = -env["y"] * np.log(sigma) - (1 - env["y"]) * np.log(1 - sigma)
    assert_allclose(evaluate(info.binary_cross_entropy_with_logits(y, z), env), expected)


def test_class_numbers_select_their_term(env, evaluate):
    assert info.cross_entropy(s, p) == -sympy.log(p[s])
    assert_allclose(evaluate(info.cross_entropy(s, p), env), -np.log(env["p"][1]))
    rows = evaluate(info.cross_entropy(t, P), env)
    assert_allclose(rows, -np.log(env["P"][np.arange(4), env["t"] - 1]))
    assert_allclose(evaluate(info.cross_entropy(t, p), env), -np.log(env["p"][env["t"] - 1]))
    assert info.cross_entropy(s, P).shape == (N,)


def test_one_hot_targets():
    y = one_hot("y", n, labels=s)
    assert info.cross_entropy(y, p).args[1].function == y.element * sympy.log(p.element)


def test_order_is_as_written():
    assert info.entropy(p).args[1].args[0].args == (p.element, sympy.log(p.element))
    first, second = info.binary_entropy(scalar("r")).args
    assert first.args[0] == second.args[0] == -1


def test_a_logarithm_of_base_two():
    body = info.entropy(p, 2).args[1].function
    assert body.args == (p.element, sympy.log(p.element), 1 / sympy.log(2))


def test_what_does_not_fit():
    with pytest.raises(Unsupported, match="binary_entropy"):
        info.entropy(scalar("r"))
    with pytest.raises(ShapeError, match="axis for X"):
        info.mutual_information(p)
    with pytest.raises(ShapeError, match="n and m"):
        info.kl_divergence(p, distribution("r", m))
    with pytest.raises(ShapeError, match="classes"):
        info.cross_entropy(labels("u", classes=m), p)
    with pytest.raises(Unsupported, match="base"):
        info.entropy(p, 1)

"""The assertions for other people's suites: they pass on what is right and name what is wrong."""

from __future__ import annotations

import numpy as np
import pytest

import symderiv as sd
from symderiv.testing import assert_equal, assert_gradient

n, m, N = sd.dims("n m N")
i, j = sd.indices("i j")
z, y = sd.vector("z", n), sd.distribution("y", n)
LOSS = sd.cross_entropy(y, sd.softmax(z))
X, A, T = sd.matrix("X", N, m), sd.matrix("A", m, n), sd.matrix("T", N, n)
SQUARES = ((X @ A - T) ** 2).mean()


def backward(z, y):
    e = np.exp(z - z.max())
    return e / e.sum() - y


@pytest.mark.parametrize(
    "claimed",
    [sd.softmax(z) - y, sd.softmax(z)[i] - y[i], backward, lambda **arrays: backward(**arrays)],
)
def test_right_gradients_pass(claimed):
    assert_gradient(LOSS, z, claimed)


def test_an_entry_may_be_claimed_in_its_own_indices():
    assert_gradient(LOSS, z[j], sd.softmax(z)[j] - y[j])
    assert_gradient((A * A).sum(), A[i, j], 2 * A[i, j])
    with pytest.raises(AssertionError):
        assert_gradient((A @ A.T).sum(), A[i, j], 2 * A[i, j])


def test_a_function_is_handed_what_its_parameters_name():
    assert_gradient(SQUARES, A, lambda T, X, A: 2 * X.T @ (X @ A - T) / T.size)
    with pytest.raises(sd.Unsupported, match="wants foo"):
        assert_gradient(LOSS, z, lambda z, foo: z)


@pytest.mark.parametrize(
    ("claimed", "word"),
    [
        (lambda z, y: -backward(z, y), "sign"),
        (lambda z, y: 3 * backward(z, y), "3 times"),
        (lambda z, y: backward(z, y)[:, None], "shape"),
        (lambda z, y: backward(z, y) + np.arange(len(z)), r"differs most at \["),
    ],
)
def test_the_mistake_is_named(claimed, word):
    with pytest.raises(AssertionError, match=word):
        assert_gradient(LOSS, z, claimed)


def test_a_transpose_is_named():
    W, u, v = sd.matrix("W", n, n), sd.vector("u", n), sd.vector("v", n)
    with pytest.raises(AssertionError, match="transpose"):
        assert_gradient((u @ W) @ v, W, lambda u, v: np.outer(v, u))


def test_a_missing_factor_of_the_batch_is_seen_at_small_sizes():
    with pytest.raises(AssertionError, match="N = 2"):
        assert_gradient(SQUARES, A, lambda T, X, A: 2 * X.T @ (X @ A - T) / T.shape[1])


def test_a_wrong_formula_shows_both_forms_and_numbers():
    with pytest.raises(AssertionError) as failure:
        assert_gradient(LOSS, z, y - sd.softmax(z))
    text = str(failure.value)
    assert "derived:" in text
    assert "claimed:" in text
    assert "n = " in text


def test_equal_formulas_pass_and_unequal_ones_do_not():
    assert_equal(sd.log(sd.softmax(z)), sd.log_softmax(z))
    with pytest.raises(AssertionError, match="differ"):
        assert_equal(sd.softmax(z), sd.log_softmax(z))
    with pytest.raises(sd.ShapeError, match="different shapes"):
        assert_equal(z, A)


def test_conditions_restrict_what_is_claimed():
    x = sd.scalar("x")
    assert_equal(sd.abs(x), x, given=[x > 0])
    with pytest.raises(AssertionError):
        assert_equal(sd.abs(x), x)


def test_integer_labels_are_counted_from_zero():
    t = sd.labels("t", classes=n)
    loss = sd.cross_entropy(t, sd.softmax(z))

    def claimed(z, t):
        return backward(z, np.eye(len(z))[t])

    assert_gradient(loss, z, claimed)


@pytest.mark.parametrize("seed", range(20))
def test_claims_that_hold_on_one_side_of_a_kink_only_are_refused(seed):
    x = sd.scalar("x")
    for wrong in (x, -x, sd.relu(x)):
        with pytest.raises(AssertionError):
            assert_equal(abs(x), wrong, seed=seed)
    with pytest.raises(AssertionError):
        assert_gradient(sd.relu(x), x, lambda x: 1.0, seed=seed)


@pytest.mark.parametrize("claimed", [z * 0, lambda z: 0 * z], ids=["formula", "function"])
def test_kinks_beyond_one_are_met(claimed):
    x = sd.scalar("x")
    with pytest.raises(AssertionError):
        assert_equal(sd.maximum(x - 2, 0), 0 * x)
    with pytest.raises(AssertionError):
        assert_gradient(sd.relu(z - 2).sum(), z, claimed)

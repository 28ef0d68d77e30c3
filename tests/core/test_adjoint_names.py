"""A user's name that reads like the adjoint of another."""

import pickle

import numpy as np
import pytest

import symderiv as sd
from symderiv.api.backprop import Backprop


@pytest.fixture
def bp() -> Backprop:
    n = sd.dim("n")
    x, z_bar = sd.vector("x", n), sd.vector("z_bar", n)
    z = sd.let("z", sd.tanh(x * z_bar))
    return sd.backprop(sd.let("L", (z**2 * z_bar).sum()))


def test_a_declared_z_bar_is_no_adjoint_of_z(bp: Backprop) -> None:
    assert bp.check()


def test_every_text_tells_the_two_apart(bp: Backprop) -> None:
    assert str(bp["x"].result) == "(1 - z[i]**2)*z_bar[i]*z_bar_[i]"
    assert "x̄       = z̄ ⊙ (1 − z ⊙ z) ⊙ z_bar " in bp.to_text()
    assert r"\bar{x} &= \bar{z} \odot (1 - z \odot z) \odot z_{\mathrm{bar}} &" in bp.to_latex()


def test_the_adjoint_pickles(bp: Backprop) -> None:
    result = bp["x"].result
    assert pickle.loads(pickle.dumps(result)) == result  # our own


def test_the_gradient_is_that_of_the_declared_name(bp: Backprop) -> None:
    x, b = np.array([0.3, -0.7]), np.array([0.4, 1.1])
    _, found = bp.lambdify()(x=x, z_bar=b)
    z = np.tanh(x * b)
    assert np.allclose(found["x"], 2 * z * b * (1 - z**2) * b)
    assert np.allclose(found["z_bar"], 2 * z * b * (1 - z**2) * x + z**2)

"""Random index expressions: no matrix form, or one that is worth the same."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Tuple

from symderiv.matrices.convert import matrix_form

Judge = Callable[..., bool]
Draw = Callable[[Random], tuple[Expr, tuple[Tuple, ...]]]


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_form_is_worth_the_index_form(agree: Judge, draw: Draw, rng: Random) -> None:
    e, indices = draw(rng)
    form = matrix_form(e, indices)
    if form is not None:
        assert form.shape == tuple([*(high for _, _, high in indices), 1, 1][:2])
        assert agree(form, e, indices)


def test_most_of_them_have_one(agree: Judge, draw: Draw) -> None:
    found = 0
    for seed in range(300):
        e, indices = draw(Random(seed))
        form = matrix_form(e, indices)
        if form is not None:
            found += agree(form, e, indices)
    assert found >= 250

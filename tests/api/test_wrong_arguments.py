"""What was wrong with an argument is said in words."""

import pytest
import sympy as sp

import symderiv as sd

n = sd.dim("n")
z, v = sd.vector("z", n), sd.vector("v", 3)


def test_a_matrix_symbol_as_variable_is_told_what_to_use():
    with pytest.raises(sd.Unsupported, match=r"sd\.matrix"):
        sd.derive(z.sum(), sp.MatrixSymbol("M", 3, 3))
    with pytest.raises(sd.Unsupported, match="write an entry"):
        sd.derive(z.sum(), sp.IndexedBase("q"))


def test_letters_that_are_none():
    with pytest.raises(sd.Unsupported, match="letters=3"):
        sd.derive(z.sum(), z, letters=3)


def test_values_that_are_no_mapping():
    with pytest.raises(sd.DataError, match="maps"):
        sd.evaluate(v.sum(), [1, 2, 3])


def test_a_size_that_is_a_number_is_said_once():
    with pytest.raises(sd.DataError, match=r"expected shape \(3,\), given \(2,\)"):
        sd.evaluate(v.sum(), {v: [1, 2]})

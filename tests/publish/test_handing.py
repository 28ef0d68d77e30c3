"""Expressions from one process to another: they come back as they were built."""

from __future__ import annotations

import sympy as sp

from symderiv.publish.handing import packed, unpacked


def test_a_function_keeps_what_is_known_of_it() -> None:
    f, x = sp.Function("f", real=True), sp.Symbol("x")
    again = unpacked(packed(f(x)))
    assert again == f(x)
    assert again.is_real is True


def test_a_base_keeps_its_name() -> None:
    base = sp.IndexedBase("p", shape=(3,))
    again = unpacked(packed(base[1] + 2 * base[2]))
    (made,) = again.atoms(sp.IndexedBase)
    assert (made.name, made.shape) == ("p", (3,))

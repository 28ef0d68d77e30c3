"""When two derivations come to the same."""

from dataclasses import replace

import symderiv as sd
from symderiv.core.alike import claim
from symderiv.core.derivation import Derivation


def made(letters: str) -> Derivation:
    n, m = sd.dims("n m")
    x, weights = sd.vector("x", n), sd.matrix("W", m, n)
    return sd.derive(sd.let("u", weights @ x**2), x, letters=letters)


def test_letters_do_not_count() -> None:
    one, other = made("abc"), made("pqr")
    assert one.last != other.last
    assert claim(one) == claim(other)


def test_what_differs_is_told_apart() -> None:
    i, n = sd.index("i"), sd.dim("n")
    x, y = sd.vector("x", n), sd.vector("y", n)
    square, u = sd.let("u", x**2), sd.let("u", y * x)
    found = [
        sd.derive(square, x), sd.derive(u, x), sd.derive(square[i], x[i]), sd.derive(square, x[1]),
        sd.derive(square, x[n]), sd.derive(square[1], x), sd.derive(square[i], x),
    ]  # fmt: skip
    assert len(set(map(claim, found))) == len(found) - 1  # u_i by x_j, however it was asked for


def test_the_order_of_factors_does_not_count() -> None:
    x, y, z = (sd.scalar(c) for c in "xyz")
    found = sd.derive(sd.let("u", x * y * z), x)
    turned = replace(found, last=found.last.func(*reversed(found.last.args), evaluate=False))
    assert turned.last.args != found.last.args
    assert claim(turned) == claim(found)


def test_facts_count() -> None:
    n = sd.dim("n")
    p, x = sd.distribution("p", n), sd.scalar("x")
    found = sd.derive(sd.let("u", x * p.sum()), x)
    assert found.given
    assert claim(found) != claim(replace(found, given=()))

"""Products and powers of sums are multiplied out, in one or two lines."""

from __future__ import annotations

import pytest
import sympy as sp

import symderiv as sd
from symderiv.core.scope import Scope
from symderiv.parse import Vocabulary
from symderiv.rules.expand import power_of_sum

x, y, z = sp.symbols("x y z")


@pytest.mark.parametrize(
    ("base", "exponent"),
    [
        (x + 1, 2), (x - 1, 5), (2 * x - sp.Rational(1, 3), 3), (x + y + z, 4),
        (x**2 + 1 / x, 3), (x * y - sp.sqrt(z), 4), (x + sp.exp(x), 8), (-x - y, 3),
    ],
)  # fmt: skip
def test_a_power_of_a_sum_as_sympy_has_it(base: sp.Expr, exponent: int) -> None:
    made = power_of_sum.apply(sp.Pow(base, exponent, evaluate=False), Scope())
    assert made is not None
    assert isinstance(made.after, sp.Add)
    assert sp.simplify(made.after - sp.expand(base**exponent)) == 0


@pytest.mark.parametrize("exponent", [1, 9, -2, sp.Rational(1, 2), y])
def test_no_other_power_is_expanded(exponent: sp.Expr) -> None:
    assert power_of_sum.apply(sp.Pow(x + 1, exponent, evaluate=False), Scope()) is None


@pytest.mark.parametrize(
    ("text", "to", "lines"),
    [
        ("(x + 1)**2", "x**2 + 2*x + 1", 1),
        ("(x - 1)**2", "x**2 - 2*x + 1", 1),
        ("(x + 1)**3", "x**3 + 3*x**2 + 3*x + 1", 1),
        ("(a + b + c)**2", "a**2 + b**2 + c**2 + 2*a*b + 2*a*c + 2*b*c", 1),
        ("(a + b)*(c + d)", "a*c + a*d + b*c + b*d", 1),
        ("x*(x + 1)**2", "x**3 + 2*x**2 + x", 1),
        ("(a + b)*(a - b)", "a**2 - b**2", 2),
        ("(x + 1)*(x + 2)", "x**2 + 3*x + 2", 2),
        ("(a + b)**2 - (a - b)**2", "4*a*b", 2),
        ("exp((x + 1)**2)", "exp(x**2 + 2*x + 1)", 1),
    ],
)
def test_multiplied_out_without_a_lemma(text: str, to: str, lines: int) -> None:
    known = Vocabulary()
    done = sd.rewrite(known.read(text), to=known.read(to))
    assert done.lemmas() == ()
    assert len(done.document().lines) == lines
    assert done.check()


def test_the_way_back_cites_the_way_there() -> None:
    known = Vocabulary()
    done = sd.rewrite(known.read("x**2 + 2*x + 1"), to=known.read("(x + 1)**2"))
    (lemma,) = done.lemmas()
    assert [step.rule for step in lemma.steps] == ["algebra.power_of_sum"]
    assert done.check()

"""What a reader would stumble over: the order of index arithmetic, names that look alike, heads."""

import re

import pytest
from sympy import Sum, symbols

import symderiv as sd
from symderiv.render.latex import latex
from symderiv.render.text import text

n = sd.dim("n")
i, j = sd.indices("i j")
z = sd.vector("z", n)


@pytest.mark.parametrize(
    ("expression", "shown", "tex"),
    [
        (z[-1 + n], "z_{n−1}", "z_{n - 1}"),
        (z[1 + j], "z_{j+1}", "z_{j + 1}"),
        (z[1 - j + n], "z_{n−j+1}", "z_{n - j + 1}"),
        (z[1 - j], "z_{1−j}", "z_{1 - j}"),
        (z[n - 1 - j], "z_{n−j−1}", "z_{n - j - 1}"),
    ],
)
def test_names_before_numbers_in_indices(expression, shown: str, tex: str) -> None:
    assert (text(expression), latex(expression)) == (shown, tex)


def test_names_before_numbers_in_bounds_and_guards() -> None:
    found = sd.derive(Sum(z[1 + i], (i, 1, n - 1)), z[j]).to_text()
    assert "Σ_{i=1…n − 1} z_{i+1}" in found
    assert "−1 +" not in found


def test_what_equals_joins_is_one_formula() -> None:
    made = sd.derive(z @ z, z)
    assert "selects $j = i$" in made.to_latex()
    assert "$ = $" not in made.to_latex()
    assert "j = i</annotation>" in made.to_mathml()


def test_an_array_named_delta_is_not_kroneckers() -> None:
    d = sd.vector("delta", n)
    assert (text(d[i]), latex(d[i])) == ("delta_i", r"\mathrm{delta}_{i}")
    assert latex(sd.scalar("delta")) == r"\delta"


def test_names_that_would_look_alike_are_told_apart() -> None:
    x1, x_1 = symbols("x1 x_1")
    both = sd.derive(x1 * x_1, x1)
    assert r"\mathrm{x1} \, x_{1}" in both.to_latex()
    assert "<mi>x1</mi>" in both.to_mathml()
    assert r"x_{1}^{2}" in sd.derive(x1**2, x1).to_latex()


def test_the_derivation_has_a_head_after_its_lemmas() -> None:
    a = sd.scalar("a")
    s = sd.let("s", sd.exp(a))
    made = sd.derive(sd.let("t", s**2 * sd.sin(s)), a)
    assert r"& \text{$\frac{\partial t}{\partial a}$:}" in made.to_latex()
    heads = re.findall(r'<p class="heading">(.*?)</p>', made.to_mathml(), re.DOTALL)
    assert len(heads) == 4
    assert "∂t/∂a:" not in made.to_text()

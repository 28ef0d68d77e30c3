"""Statements about results: cases, values at a place, and forms that need logarithms spread out."""

from dataclasses import replace

import pytest
import sympy as sp

import symderiv as sd
from symderiv.api.statements import at_place, by_cases
from symderiv.core.errors import NotReached, Unsupported

n = sd.dim("n")
z, v = sd.vector("z", n), sd.vector("v", n)
p = sd.let("p", sd.softmax(z))
y = sd.distribution("y", n)


def test_cases_of_a_class_number():
    t = sd.labels("t", classes=n)
    found = by_cases(sd.derive(-sd.log(p[t]), z))
    first, other = found.result.args
    assert first.expr == p[t] - 1
    assert other.expr == p[sd.index("i")]
    assert found.check().ok


def test_cases_of_a_jacobian():
    found = by_cases(sd.derive(p, z))
    i, j = sd.indices("i j")
    assert found.result.subs({i: 1, j: 2}) == sp.expand(-p[1] * p[2])
    assert found.check().ok


def test_swapped_cases_are_caught():
    found = by_cases(sd.derive(p, z))
    (a, if_equal), (b, otherwise) = (branch.args for branch in found.last.args)
    swapped = sp.Piecewise((b, if_equal), (a, otherwise), evaluate=False)
    steps = (*found.steps[:-1], replace(found.steps[-1], contractum=swapped))
    assert not replace(found, steps=steps, last=swapped, result=swapped).check().ok


def test_without_a_delta_there_are_no_cases():
    with pytest.raises(Unsupported, match="no δ"):
        by_cases(sd.derive(z @ z, z))


def test_a_bound_delta_is_no_case():
    i, j = sd.indices("i j")
    bound = sp.Sum(sp.KroneckerDelta(i, j) * z[i] ** 2, (i, 1, n), (j, 1, n))
    with pytest.raises(Unsupported, match="no δ"):
        by_cases(sd.unfold(bound))


def test_a_value_at_a_place():
    x = sd.scalar("x", positive=True)
    slope = sd.derive(x * sd.log(x), x)
    found = at_place(slope, {x: sd.let("x", sd.exp(-1))})
    assert found.result == 0
    assert found.check().ok


def test_an_array_at_a_place():
    place = sd.let("z", 1 / n, (sd.index("i"), 1, n))
    found = at_place(z.sum(), {z: place})
    assert found.result == 1
    assert found.check().ok


def test_logarithms_are_spread_out_where_a_form_asks_for_it():
    q, r = (sd.distribution(name, n, positive=True) for name in "qr")
    found = sd.rewrite(sd.entropy(q) + sd.kl_divergence(q, r), to=sd.cross_entropy(q, r))
    assert found.check().ok


def test_but_not_those_of_numbers_whose_sign_is_unknown():
    a, b = sd.scalar("a"), sd.scalar("b")
    with pytest.raises(NotReached):
        sd.rewrite(sd.log(a * b), to=sd.log(a) + sd.log(b))


def test_a_factor_goes_into_a_sum_where_it_cancels():
    a, b, c = (sd.scalar(name, positive=True) for name in "abc")
    found = sd.rewrite((c / a - c / b) * a * b, to=b * c - a * c)
    assert found.check().ok


@pytest.mark.parametrize("direction", [v, 3])
def test_directional_derivatives_are_checked_along_arrays(direction):
    loss = sd.let("L", sd.cross_entropy(y, p))
    found = sd.directional(loss, {z: direction})
    assert found.check().ok
    assert type(found).from_json(found.to_json()) == found
    wrong = replace(found, goal=type(found.goal)(found.goal.what, sp.Tuple((z[1], 1))))
    assert not wrong.check().ok


def test_a_total_differential_reads_as_such():
    x, w = sd.scalar("x"), sd.scalar("w")
    f = sd.let("f", x * w)
    found = sd.directional(f, {x: sd.scalar("dx"), w: sd.scalar("dw")})
    assert "df = " in found.to_text()
    assert "[df]_{dx = 1, dw = 0} = " in sd.directional(f, {x: 1, w: 0}).to_text()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (
            sp.log(6) - sp.log(2),
            "log 6 − log 2 = log 3    a difference of logarithms is the logarithm of a quotient; "
            "about 1.099",
        ),
        (-sp.log(2) + sp.log(6) / 4, "− log 2"),
        (sp.log(2) / 2 + sp.log(4) / 2, "= 3/2 · log 2"),
    ],
)
def test_a_value_reads_short_and_positive_first(given, shown):
    done = sd.evaluate(given, {})
    assert shown in done.to_text()
    assert done.check()
    assert abs(done.decimal - float(given)) < 1e-15

"""Logarithms of probabilities that may be 0, with 0 log 0 = 0."""

import mpmath
import pytest
import sympy as sp

import symderiv as sd
from symderiv.core.errors import NotReached
from symderiv.oracle.closures import value
from symderiv.oracle.point import draw
from symderiv.oracle.world import World
from symderiv.rules import ALL_RULES

n = sd.dim("n")
q, r = sd.distribution("q", n), sd.distribution("r", n)
p = sd.distribution("p", n, positive=True)


def at(e, **rows):
    """The value of a formula where the entries have these values."""
    sizes = {n: len(next(iter(rows.values())))}
    point = draw(sizes)
    for array in (p, q, r):
        for k, x in enumerate(rows.get(array.name, ()), 1):
            point.values[array.label, (k,)] = mpmath.mpf(x)
    return value(e, World(point), {})


@pytest.mark.parametrize("second", [p, sd.let("s", sd.softmax(sd.vector("z", n)))])
def test_entropy_and_divergence_add_up_where_an_outcome_is_impossible(second):
    found = sd.rewrite(sd.entropy(q) + sd.kl_divergence(q, second), to=sd.cross_entropy(q, second))
    assert "log.weighted" in {step.rule for step in found.steps}
    assert found.check()


def test_every_line_holds_at_a_zero():
    found = sd.rewrite(sd.entropy(q) + sd.kl_divergence(q, p), to=sd.cross_entropy(q, p))
    expected = -0.75 * mpmath.log(0.25) - 0.25 * mpmath.log(0.5)
    for line in (found.goal, *(line for _, line in found.lines())):
        assert abs(at(line, q=[0.75, 0.25, 0], p=[0.25, 0.5, 0.25]) - expected) < 1e-15


def test_it_is_refused_where_the_estimate_may_be_zero():
    with pytest.raises(NotReached, match=r"where r_i > 0.*declare it with positive=True"):
        sd.rewrite(sd.entropy(q) + sd.kl_divergence(q, r), to=sd.cross_entropy(q, r))


@pytest.mark.parametrize(
    "term",
    [
        r[1] * sp.log(q[1] / p[1]),  # q_1 may be 0 where its weight is not
        q[1] * sp.log(p[1] / q[1] ** 2 * r[1]),  # r_1 too
        q[1] * sp.log(p[1] / q[1]),  # where q_1 = 0 this divides by 0
        sd.scalar("x") * sp.log(sd.scalar("x") / p[1]),  # x may be negative
    ],
)
def test_a_weight_must_be_the_only_entry_that_may_be_zero(term):
    assert ALL_RULES["log.weighted"].apply(term, None) is None


def test_the_exponents_are_real():
    z, t = sp.Symbol("z"), sp.Symbol("t", real=True)
    weighted = ALL_RULES["log.weighted"]
    assert weighted.apply(q[1] * sp.log(q[1] * sp.exp(1) ** t * p[1] ** t), None) is not None
    assert weighted.apply(q[1] * sp.log(q[1] * p[1] ** z), None) is None
    at_one = (q[1] * sp.log(q[1] * p[1] ** z)).subs({q[1]: 1, p[1]: 2, z: 10 * sp.I})
    assert abs(sp.N(at_one) - sp.N(10 * sp.I * sp.log(2))) > 1


def test_a_check_tries_probabilities_that_are_zero():
    zeros = ones = 0
    from symderiv.oracle.point import FAR

    for seed in range(20):
        world = World(draw({n: 4}, seed, FAR))
        row = [world.value(q.label, (k,)) for k in range(1, 5)]
        assert abs(sum(row) - 1) < 1e-50
        zeros += row.count(0)
        ones += min(world.value(p.label, (k,)) for k in range(1, 5)) <= 0
    assert zeros > 5
    assert ones == 0

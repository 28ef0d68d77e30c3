"""Numerical derivatives against closed forms."""

import pytest
import sympy
from sympy import Derivative, Function, Integer, Symbol, Tuple, symbols

from symderiv.core.expr import (
    Direct,
    InRange,
    MaxOver,
    Partial,
    Total,
    add,
    call,
    delta,
    div,
    mul,
    neg,
    sub,
    total,
)  # fmt: skip
from symderiv.core.functions import relu
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.oracle.dense import World, evaluate, value
from symderiv.oracle.numeric import KinkError
from symderiv.oracle.point import draw

n = Symbol("n", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
x, u = symbols("x u", real=True)
K = Tuple(k, 1, n)
z = Label("z", Spec((n,)))
y = Label("y", Spec((n,), kind="one_hot"))
under = total(call(sympy.exp, z.entry(k)), K)
p = Label("p", Spec((n,), definition=Definition((i,), div(call(sympy.exp, z.entry(i)), under))))
loss = Label(
    "L",
    Spec(
        (), definition=Definition((), neg(total(mul(y.entry(k), call(sympy.log, p.entry(k))), K)))
    ),
)


def same(a, b, at, env=None, digits=25):
    left, right = evaluate(a, at, env), evaluate(b, at, env)
    assert abs(left - right) < 10**-digits * (1 + abs(left)), (a, b)


def everywhere(*names, size=3):
    out = [{}]
    for name in names:
        out = [{**env, name: c} for env in out for c in range(1, size + 1)]
    return out


@pytest.mark.parametrize(
    "e",
    [
        x**3, sympy.sin(x) * sympy.exp(x), sympy.tanh(x), sympy.sqrt(2 + x), 1 / (3 + x),
        sympy.log(2 + x**2), sympy.atan(x), sympy.erf(x), sympy.gamma(3 + x), (2 + x) ** x,
    ],
    ids=str,
)  # fmt: skip
def test_partial_is_sympys_derivative(e):
    at = draw({}, 3)
    same(Partial(e, x), e.diff(x), at)
    same(Partial(Partial(e, x), x), e.diff(x, 2), at, digits=12)


def test_partial_by_an_entry_whose_letter_is_bound():
    at = draw({n: 3})
    squares = total(mul(z.entry(i), z.entry(i)), Tuple(i, 1, n))
    for env in everywhere(i):
        same(Partial(squares, z.entry(i)), 2 * z.entry(i), at, env)


def test_partial_holds_defined_names_and_direct_their_sources():
    at = draw({n: 3}, 1)
    for env in everywhere(i, k):
        same(Partial(loss, z.entry(i)), Integer(0), at, env)
        same(Partial(p.entry(k), p.entry(i)), delta(k, i), at, env)
        slope = mul(p.entry(k), sub(delta(k, i), p.entry(i)))
        same(Direct(p.entry(k), z.entry(i)), slope, at, env)
        same(Direct(loss, p.entry(k)), neg(div(y.entry(k), p.entry(k))), at, env)
        same(Direct(loss, z.entry(k)), Integer(0), at, env)


def test_total_recomputes_everything_downstream():
    at = draw({n: 3}, 2)
    for env in everywhere(i, j):
        same(Total(loss, z.entry(i)), sub(p.entry(i), y.entry(i)), at, env)
        same(Total(loss, p.entry(i)), neg(div(y.entry(i), p.entry(i))), at, env)
        same(Total(p.entry(i), z.entry(j)), mul(p.entry(i), sub(delta(i, j), p.entry(j))), at, env)
        hessian = mul(p.entry(i), sub(delta(i, j), p.entry(j)))
        same(Total(Total(loss, z.entry(i)), z.entry(j)), hessian, at, env, digits=12)
        chain = total(mul(Total(loss, p.entry(k)), Direct(p.entry(k), z.entry(i))), K)
        same(Total(chain, z.entry(j)), hessian, at, env, digits=12)


def test_a_chain_of_derivatives_may_be_differentiated_by_a_name_in_the_middle():
    a = Label("a", Spec((), definition=Definition((), x**2)))
    b = Label("b", Spec((), definition=Definition((), call(sympy.sin, a))))
    at = draw({}, 1)
    by_chain = mul(Total(b, a), Direct(a, x))
    same(Total(b, x), by_chain, at)
    same(Total(Total(b, x), a), Total(by_chain, a), at, digits=12)
    same(Total(Total(b, x), a), -sympy.sin(x**2) * 2 * x, at, digits=12)


def test_entries_of_a_distribution_are_perturbed_one_by_one():
    q = Label("q", Spec((n,), kind="distribution"))
    at = draw({n: 3})
    for env in everywhere(i):
        same(Partial(total(q.entry(k), K), q.entry(i)), Integer(1), at, env)
        same(Partial(call(sympy.log, total(y.entry(k), K)), y.entry(i)), Integer(1), at, env)


def test_an_entry_outside_the_array_has_slope_zero():
    at = draw({n: 3})
    same(Partial(total(z.entry(k), K), z.entry(i + 1)), InRange(i + 1, Integer(1), n), at, {i: 3})
    same(Total(loss, z.entry(i)), Integer(0), at, {i: 4})


def test_kinks_are_found():
    half = Partial(call(relu, x - u), x)
    tie = {(x, ()): 1, (u, ()): 1}
    at = draw({})
    at.values.update(tie)
    with pytest.raises(KinkError):
        evaluate(half, at)
    jump = draw({})
    jump.values.update(tie)
    with pytest.raises(KinkError):
        evaluate(Partial(sympy.Heaviside(x - u), x), jump)
    same(half, sympy.Heaviside(x - u), draw({}))
    top = Partial(MaxOver(z.entry(k), K), z.entry(i))
    world = World(draw({n: 3}))
    slopes = [value(top, world, {i: c}) for c in (1, 2, 3)]
    largest = max(range(3), key=lambda c: value(z.entry(k), world, {k: c + 1}))
    assert [round(float(s), 9) for s in slopes] == [float(c == largest) for c in range(3)]


def test_derivatives_of_undefined_functions():
    f = Function("f")
    at = draw({}, 4)
    same(Derivative(f(x, u), x), Partial(f(x, u), x), at)
    same(Derivative(f(x, u), x, x, u), Partial(Partial(Partial(f(x, u), x), x), u), at, digits=6)
    same(f(x**2, u).diff(x), Partial(f(x**2, u), x), at)
    same(f(x, x).diff(x), Partial(f(x, x), x), at)
    same(f(f(x, u), u).diff(u), Partial(f(f(x, u), u), u), at)
    same(Derivative(sympy.sin(x * u), x, evaluate=False), u * sympy.cos(x * u), at)
    same(Derivative(f(x, u), Symbol("w")), Integer(0), at)


def test_held_sum_of_a_name_and_its_source():
    a = Label("a", Spec((), definition=Definition((), x**2)))
    e = add(a, mul(Integer(3), x))
    at = draw({})
    same(Partial(e, x), Integer(3), at)
    same(Total(e, x), 2 * x + 3, at)


def test_a_slope_beside_a_huge_value_is_no_false_alarm():
    import symderiv as sd

    n = sd.dim("n")
    a = sd.let("a", sd.vector("x", n) ** 2)
    loss = sd.let("L", sd.log(sd.exp(4 * a).sum()))
    for seed in range(3):
        assert sd.backprop(loss).check(seed=seed).ok

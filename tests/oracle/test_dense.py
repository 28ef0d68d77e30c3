"""The evaluator against NumPy on formulas written by hand."""

import numpy as np
import pytest
import sympy
from sympy import Function, IndexedBase, Integer, Symbol, Tuple, symbols

from symderiv.core import functions
from symderiv.core.errors import Unsupported
from symderiv.core.expr import (
    InRange,
    MaxOver,
    MinOver,
    bind,
    call,
    cases,
    delta,
    div,
    indicator,
    mul,
    neg,
    power,
    relation,
    total,
)  # fmt: skip
from symderiv.core.model import Model
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.oracle.dense import (
    NoPointError,
    World,
    evaluate,
    sample_point,
    value,
)  # fmt: skip
from symderiv.oracle.numeric import DomainError, PoleError, RangeError, Smooth
from symderiv.oracle.point import draw

n, m = symbols("n m", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
z = Label("z", Spec((n,)))
W = Label("W", Spec((n, m)))
p = Label("p", Spec((n,), kind="distribution"))
y = Label("y", Spec((n,), kind="one_hot"))
K = Tuple(k, 1, n)


def point(*expressions, **sizes):
    table = {n: sizes.get("n", 3), m: sizes.get("m", 2)}
    return sample_point(Model.of(*expressions), expressions, table, seed=5)


def numbers(label, at):
    """The entries of an array at a point, as NumPy has them."""
    world = World(at)
    shape = tuple(world.size(s) for s in label.shape)
    flat = [float(world.value(label, place)) for place in world.entries(label)]
    return np.array(flat).reshape(shape)


def close(e, at, expected, env=None):
    assert float(evaluate(e, at, env)) == pytest.approx(float(expected), rel=1e-12, abs=1e-12)


def test_softmax_and_log_sum_exp():
    at = point(z.entry(Integer(1)), n=4)
    data = numbers(z, at)
    under = total(call(sympy.exp, z.entry(k)), K)
    softmax = np.exp(data) / np.exp(data).sum()
    for place in range(4):
        close(div(call(sympy.exp, z.entry(i)), under), at, softmax[place], {i: place + 1})
    close(call(sympy.log, under), at, np.log(np.exp(data).sum()))


def test_entropy_takes_zero_log_zero_as_zero():
    at = point()
    data = numbers(p, at)
    entropy = neg(total(mul(p.entry(k), call(sympy.log, p.entry(k))), K))
    assert data.sum() == pytest.approx(1)
    close(entropy, at, -(data * np.log(data)).sum())
    certain = neg(total(mul(y.entry(k), call(sympy.log, y.entry(k))), K))
    close(certain, at, 0)
    divergence = total(mul(y.entry(k), call(sympy.log, div(y.entry(k), p.entry(k)))), K)
    close(divergence, at, -np.log(data[numbers(y, at) == 1][0]))


def test_log_of_zero_alone_is_no_number():
    at = draw({n: 2})
    world = World(at)
    cold = next(c for c in (1, 2) if world.value(y, (c,)) == 0)
    with pytest.raises(PoleError):
        evaluate(call(sympy.log, y.entry(k)), at, {k: cold})


def test_nested_sums_with_the_same_letter():
    at = point()
    data = numbers(z, at)
    inner = total(z.entry(k), K)
    e = total(mul(z.entry(k), inner, z.entry(k)), K)
    close(e, at, (data**2).sum() * data.sum())
    # the bound of the inner sum is the outer k
    raw = sympy.Expr.__new__(sympy.Sum, total(z.entry(k), Tuple(k, 1, k)), K)
    close(raw, at, sum(data[: a + 1].sum() for a in range(3)))


def test_a_sum_over_a_triangle():
    at = point(n=4, m=4)
    data = numbers(W, at)
    e = total(W.entry(i, j), Tuple(j, 1, i), Tuple(i, 1, n))
    close(e, at, np.tril(data).sum())


def test_products_and_extrema():
    at = point(n=4)
    data = numbers(z, at)
    close(bind(sympy.Product, z.entry(k), K), at, data.prod())
    close(MaxOver(z.entry(k), K), at, data.max())
    close(MinOver(z.entry(k), K), at, data.min())
    close(call(sympy.Max, z.entry(Integer(1)), z.entry(Integer(2))), at, data[:2].max())
    with pytest.raises(DomainError):
        evaluate(MaxOver(z.entry(k), Tuple(k, 1, 0)), at)


def test_matrix_product():
    at = point(n=3, m=2)
    e = total(mul(W.entry(k, j), z.entry(k)), K)
    for place in range(2):
        close(e, at, (numbers(z, at) @ numbers(W, at))[place], {j: place + 1})


def test_guards_are_tested_before_other_factors_are_read():
    at = point(n=3)
    data = numbers(z, at)
    shifted = total(mul(z.entry(k + 1), InRange(k + 1, Integer(1), n)), K)
    close(shifted, at, data[1:].sum())
    picked = total(mul(z.entry(k + 2), delta(k, Integer(1))), K)
    close(picked, at, data[2])
    within = indicator(relation(sympy.LessThan, k, Integer(2)))
    close(total(mul(z.entry(k + 1), within), K), at, data[1:].sum())
    with pytest.raises(RangeError, match=r"z\[4\] is outside"):
        evaluate(total(z.entry(k + 1), K), at)


def test_cases_and_relations():
    x = Symbol("x", real=True)
    at = draw({}, 1)
    number = float(evaluate(x, at))
    e = cases((x**2, relation(sympy.StrictLessThan, x, Integer(0))), (3 * x, sympy.true))
    close(e, at, number**2 if number < 0 else 3 * number)
    both = sympy.And(x > -9, sympy.Or(x < 9, x > 10), sympy.Not(sympy.Eq(x, 20)))
    close(sympy.Piecewise((1, both), (0, True)), at, 1)


def test_labels_pick_the_class_that_a_one_hot_array_encodes():
    d = Symbol("d", integer=True)
    t = Label("t", Spec((m,), kind="labels", classes=n))
    hot = Label("h", Spec((m, n), kind="one_hot", hot=t.entry(Symbol("\x000"))))
    at = point(n=4, m=3)
    data, classes = numbers(hot, at), numbers(t, at)
    for row in range(3):
        assert data[row].tolist() == [float(c + 1 == classes[row]) for c in range(4)]
        close(z.entry(t.entry(d)), at, numbers(z, at)[int(classes[row]) - 1], {d: row + 1})


def test_names_by_definition():
    inner = Label("a", Spec((n,), definition=Definition((i,), mul(z.entry(i), z.entry(i)))))
    outer = Label("L", Spec((), definition=Definition((), total(inner.entry(k), K))))
    at = point(outer)
    close(outer, at, (numbers(z, at) ** 2).sum())


def test_a_deep_model_needs_no_deep_recursion():
    a = z
    for layer in range(400):
        body = call(sympy.tanh, a.entry(i))
        a = Label(f"a{layer}", Spec((n,), definition=Definition((i,), body)))
    at = draw({n: 1})
    data = numbers(z, at)
    for _ in range(400):
        data = np.tanh(data)
    close(a.entry(Integer(1)), at, data[0])


def test_plain_arrays_and_assumptions():
    q = IndexedBase("q", positive=True)
    count = Symbol("c", integer=True, positive=True)
    low = Symbol("low", negative=True)
    for seed in range(5):
        at = draw({n: 3}, seed)
        assert evaluate(q[i], at, {i: 7}) > 0
        assert evaluate(count, at) in (1, 2, 3, 4)
        assert evaluate(low, at) < 0


FUNCTIONS = (
    *("exp", "log", "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot"),
    *("sinh", "cosh", "tanh", "coth", "sech", "csch", "asinh", "atanh", "erf", "erfc", "erfinv"),
    *("gamma", "loggamma", "digamma", "sqrt", "cbrt", "Abs", "sign", "floor", "ceiling"),
    *("Heaviside", "sinc", "LambertW", "fresnels", "Si", "Ei"),
)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_have_sympys_values(name):
    x = Symbol("x", positive=True)
    at = draw({}, 5)
    number = sympy.Float(str(evaluate(x, at)), 40)
    e = getattr(sympy, name)(x)
    close(e, at, e.subs(x, number).evalf(30))


@pytest.mark.parametrize("head", functions.ACTIVATIONS, ids=lambda h: h.__name__)
def test_activations_mean_what_their_definition_says(head):
    x = Symbol("x", real=True)
    slope = (sympy.Rational(1, 3),) if head.__name__ in ("leaky_relu", "elu") else ()
    for seed in range(4):
        at = draw({}, seed)
        close(call(head, x, *slope), at, evaluate(head(x, *slope).definition(), at))


def test_numbers():
    at = draw({})
    e = sympy.pi + sympy.E + sympy.Rational(1, 3) + sympy.Float("0.25") + sympy.EulerGamma
    close(e, at, e.evalf(30))
    assert str(evaluate(sympy.pi, at)).startswith("3.14159265358979323846264338327950288419716939")


def test_outside_the_reals():
    x = Symbol("x", negative=True)
    at = draw({})
    for e in (sympy.log(x), sympy.sqrt(x), sympy.acos(x - 2)):
        with pytest.raises(DomainError):
            evaluate(e, at)
    with pytest.raises(PoleError):
        evaluate(power(x * 0 + delta(i, j), Integer(-1)), at, {i: 1, j: 2})


def test_a_point_is_moved_until_the_domain_is_met():
    x = Symbol("x", real=True)
    for e in (sympy.log(x), sympy.log(sympy.log(x)), sympy.acosh(x), sympy.sqrt(1 - x) / x):
        for seed in range(6):
            assert evaluate(e, sample_point(Model(), [e], {}, seed)) is not None
    never = sympy.log(-(x**2))
    with pytest.raises(NoPointError, match=r"no point was found .* log"):
        sample_point(Model(), [never], {})


def test_what_has_no_number_is_named():
    with pytest.raises(Unsupported, match="MatrixSymbol"):
        evaluate(sympy.MatrixSymbol("A", 2, 2), draw({}))


def test_points_are_the_same_for_the_same_seed_only():
    at, same, other = draw({n: 3}, 1), draw({n: 3}, 1), draw({n: 3}, 2)
    backwards = [value(z.entry(k), World(at), {k: c}) for c in (3, 2, 1)]
    assert backwards[::-1] == [value(z.entry(k), World(same), {k: c}) for c in (1, 2, 3)]
    assert backwards[::-1] != [value(z.entry(k), World(other), {k: c}) for c in (1, 2, 3)]


def test_undefined_functions_are_smooth_and_depend_on_name_and_seed():
    f, g = Function("f"), Function("g")
    x = Symbol("x", real=True)
    at = draw({}, 1)
    assert evaluate(f(x), at) == evaluate(f(x), draw({}, 1))
    assert evaluate(f(x), at) != evaluate(g(x), at)
    assert isinstance(at.function("f", 1), Smooth)


def test_what_is_too_large_ends_at_once():
    tower = Symbol("x", positive=True)
    for _ in range(6):
        tower = call(sympy.exp, 9 + tower)
    with pytest.raises(PoleError, match="too large"):
        evaluate(tower, draw({}))
    with pytest.raises(PoleError, match="too large"):
        evaluate(power(Integer(3), power(Integer(10), power(Integer(10), Integer(2)))), draw({}))


def test_powers_over_the_reals():
    at = draw({n: 3})
    zero = delta(i, j)
    env = {i: 1, j: 2}
    half = sympy.Rational(1, 2)
    for base, exponent, expected in (
        (zero, zero, 1), (zero, half, 0), (Integer(-2), Integer(3), -8), (Integer(4), half, 2),
        (Integer(-2), Integer(-1), -0.5), (n, -half, 3**-0.5), (mul(half, n), n, 1.5**3),
    ):  # fmt: skip
        raw = sympy.Expr.__new__(sympy.Pow, base, exponent)
        close(raw, at, expected, env)
    with pytest.raises(DomainError):
        evaluate(sympy.Expr.__new__(sympy.Pow, Integer(-2), half), at)

"""Inputs that are rarely met: each is derived right, or refused in a sentence."""

import math

import pytest
import sympy as sp
from sympy import Function, IndexedBase, Rational, S, Sum, Symbol, Tuple, symbols

import symderiv as sd
from symderiv.core.errors import SymderivError
from symderiv.core.expr import MaxOver, bind, delta, mul, power
from symderiv.core.scope import Scope
from symderiv.document import Note
from symderiv.document.words import telling
from symderiv.oracle.check import check_derivation
from symderiv.parse import Texts, read
from symderiv.render.text import text
from symderiv.rules.algebra import cancel

x, y = symbols("x y")
f, g = Function("f"), Function("g")
n, m = sd.dims("n m")
i, j, k, l = sd.indices("i j k l")
z = sd.vector("z", n)


def checked(expr, wrt, **options):
    found = sd.derive(expr, wrt, **options)
    report = found.check()
    assert report.ok, report.counterexample
    return found


@pytest.mark.parametrize(
    "e",
    [
        f(x, y), f(x, x**2), f(x, x), f(f(x)), f(x) * g(x * y) ** 2, sp.log(f(x) ** 2 + 1),
        x * f(x**2 * y), sp.Derivative(f(x, y), y) * x, f(x).diff(x) ** 2,
    ],
    ids=str,
)  # fmt: skip
def test_undefined_functions_twice(e):
    once = checked(e, x)
    twice = checked(once, x)
    assert sp.simplify((once.result - e.diff(x)).doit()) == 0
    assert sp.simplify((twice.result - e.diff(x, 2)).doit()) == 0


@pytest.mark.parametrize(
    "e",
    [
        sp.besselj(2, x), sp.besselk(1, x + 2), sp.polylog(2, x / 5), sp.Si(x), sp.Ci(x + 3),
        sp.Ei(x + 2), sp.airyai(x), sp.fresnels(x), sp.legendre(3, x),
        sp.hyper((1, 2), (3,), x / 5), sp.erfi(x), sp.gamma(x + 2), sp.digamma(x + 2),
    ],
    ids=str,
)  # fmt: skip
def test_functions_known_by_their_fdiff(e):
    result = sd.derive(e**2 * x, x).result
    wanted = (e**2 * x).diff(x)
    at = {x: Rational(37, 100)}
    assert complex(result.subs(at)) == pytest.approx(complex(wanted.subs(at)), rel=1e-9)


@pytest.mark.parametrize(
    ("e", "by"),
    [
        (sp.besselj(x, 2), x),
        (IndexedBase("a")[i] * Symbol("a"), Symbol("a")),
        (sp.Integral(sp.sin(x * y), (y, 0, 1)), x),
        (sp.Matrix([x]), x),
        (n * x, n),
        (z[i] * i, i),
        (x > 0, x),
        (x**2, x**2),
        (x**2, 3),
        ("x**2", x),
    ],
    ids=str,
)
def test_refusals_say_what_to_do(e, by):
    with pytest.raises(SymderivError) as refusal:
        sd.derive(e, by)
    assert len(str(refusal.value)) > 30


@pytest.mark.parametrize(
    "e",
    [
        x * Symbol("x", positive=True) * sp.sin(y),
        (sp.Dummy("x") - sp.Dummy("x")) * y**2,
        Sum(z[k] * Symbol("n"), (k, 1, n)) * y,
    ],
    ids=str,
)
def test_two_symbols_of_one_name_are_refused(e):
    with pytest.raises(sd.NameClash, match="two different"):
        sd.derive(e, y)


def test_an_index_that_must_leave_the_range_selects_nothing():
    found = checked(Sum(z[k + 1] * x, (k, 1, n - 1)), z[1])
    assert found.result == 0
    assert checked(Sum(z[k] * x, (k, 2, n)), z[1]).result == 0


@pytest.mark.parametrize(
    ("e", "low", "high", "proved", "refuted"),
    [
        (i, 1, n, True, False), (i + 1, 1, n, False, False), (i + 1, 2, n + 1, True, False),
        (n + 1 - i, 1, n, True, False), (5 * i - i**2, 1, 10, False, False),
        (i * j, 1, n**2, False, False), (S.Zero, 1, n, False, True), (n + 1, 1, n, False, True),
        (i + n, 1, n, False, True), (i - n, 1, n, False, True), (m * i, 1, n * m, True, False),
        (m, 1, n, False, False), (l, 1, n, False, False), (-i, -n, -1, True, False),
    ],
    ids=str,
)  # fmt: skip
def test_what_the_ranges_in_sight_prove(e, low, high, proved, refuted):
    scope = Scope({i: (S.One, n), j: (S.One, n)})
    low, high = sp.sympify(low), sp.sympify(high)
    assert scope.proves(sp.sympify(e), low, high) == proved
    assert scope.refutes(sp.sympify(e), low, high) == refuted


def test_numbers_only_and_absent_variables():
    assert checked(S(3), x).result == 0
    assert checked(y**2, x).result == 0
    assert checked(Sum(z[k], (k, 1, n)), x).result == 0
    assert checked(z[i], sd.vector("w", n)).result == 0


def test_concrete_entries():
    assert checked(Sum(z[k] ** 2, (k, 1, n)), z[1]).result == 2 * z[1]
    assert checked(Sum(z[k] * z[n], (k, 1, n)), z[n]).result == z[n] + Sum(z[k], (k, 1, n))


def test_zero_to_a_power():
    found = checked(power(S.Zero, x), x)
    assert found.result == 0
    assert found.given == (sp.Gt(x, 0),)


@pytest.mark.parametrize(
    "e",
    [
        Sum(z[k], (k, 1, i), (i, 1, n)),
        Sum(z[k] * z[i], (k, 1, i), (i, 1, n)),
        Sum(z[k] ** 2, (k, 1, i), (i, 1, n)) - Sum(z[k] ** 2, (k, 1, i), (j, 1, n)),
        Sum(z[j] * Sum(z[k] ** 2, (k, j, n)), (j, 1, n)),
        Sum(sp.Product(z[k], (k, 1, i)), (i, 1, n)),
        Sum(Sum(z[i], (i, 1, n)), (i, 1, m)),
        Sum(z[i] * Sum(z[i] ** 2, (i, 1, n)), (i, 1, n)),
        Sum(z[k + 1] * z[k], (k, 1, n - 1)),
        Sum(z[n + 1 - k] * z[k] ** 2, (k, 1, n)),
        Sum(z[k] ** 3, (k, 2, n - 1)),
        Sum(z[k] ** 3, (k, m, n)),
        bind(MaxOver, z[k], Tuple(k, 1, n)) ** 2,
        Sum(delta(i + 1, j) * z[i] ** 2, (i, 1, n)),
        Sum(delta(2 * i, j) * z[i] ** 2, (i, 1, n)),
        Sum(delta(j, n + 1 - i) * z[i] ** 2, (i, 1, n)),
    ],
    ids=str,
)
def test_ranges_that_read_an_index_or_miss_a_part(e):
    for by in (z[i], z[j], z[l], z):
        checked(e, by)


def test_limits_of_size():
    deep = x
    for _ in range(150):
        deep = sp.sin(deep)
    at, slope = 0.5, 1.0
    for _ in range(150):
        at, slope = math.sin(at), slope * math.cos(at)
    assert float(sd.derive(deep, x).result.subs(x, 0.5)) == pytest.approx(slope)
    wide = sp.Add(*(x**p for p in range(1, 1001)))
    assert sd.derive(wide, x).result == wide.diff(x)


def test_the_budget_ends_a_derivation_with_what_was_found():
    with pytest.raises(sd.BudgetExceeded) as stop:
        sd.derive(sd.softmax(z)[i], z[j], budget=5)
    partial = stop.value.derivation
    lines = [line for _, line in partial.lines()]
    assert len(lines) >= 5
    assert lines[-1] == partial.last


@pytest.mark.parametrize("budget", range(1, 10))
def test_any_budget_leaves_a_chain_that_can_be_read_and_checked(budget):
    with pytest.raises(sd.BudgetExceeded) as stop:
        sd.derive(sd.softmax(z)[i] * sd.exp(z)[j], z[j], budget=budget)
    assert list(stop.value.derivation.lines())
    assert check_derivation(stop.value.derivation)


def test_letters_can_be_chosen():
    assert sd.derive(Sum(z[k] ** 2, (k, 1, n)), z, letters="abc").result == 2 * z[sd.index("a")]


def test_facts_in_a_result_refuse_a_later_derivative():
    y = sd.distribution("y", n)
    found = sd.derive(sd.let("L", sd.cross_entropy(y, sd.let("p", sd.softmax(z)))), z)
    assert found.given
    with pytest.raises(sd.FactError, match="facts=False"):
        sd.derive(found, y)
    free_of_facts = sd.derive(
        sd.let("L", sd.cross_entropy(y, sd.let("p", sd.softmax(z)))), z, facts=False
    )
    checked(free_of_facts, y)


def test_a_name_is_put_in_only_where_it_has_the_sign():
    """``sin z`` is not the root of ``a = sin² z``."""
    a = sd.let("a", sd.sin(z) ** 2)
    for e in (a.sum(), (a * sd.cos(z)).sum(), (a**2 * sd.sin(z) ** 3).sum()):
        checked(e, z)
    b = sd.let("b", sd.exp(z) ** 2)
    assert checked((b * sd.exp(z)).sum(), z).result == 3 * b[i] ** Rational(3, 2)


def test_no_name_is_put_in_by_dividing_by_what_may_be_0():
    """At x = 0 the slope of ``(x Σ z)² Σ z`` is a number."""
    s = sd.scalar("s")
    b = sd.let("b", s * z.sum())
    found = checked(b**2 * z.sum(), s).result
    assert not any(e.is_Pow and e.base == s and e.exp < 0 for e in sp.preorder_traversal(found))


def test_the_result_bears_only_names_of_the_caller():
    s = sd.scalar("s")
    a = sd.let("a", sd.exp(s) ** 2)
    mx = sd.let("mx", z.max())
    for e, by in ((a * sd.exp(s), s), (mx * z.sum(), z)):
        found = checked(e, by)
        assert {c.name for c in found.result.free_symbols if c.is_Symbol} <= {
            "a", "s", "mx", "z", "n", "i",
        }  # fmt: skip


def test_a_condition_refuses_no_later_derivative():
    """``x > 0`` says where a derivation holds; only an equation is a fact."""
    x = sp.Symbol("x", nonnegative=True)
    once = checked(sp.Pow(0, x, evaluate=False) + x**2, x)
    assert once.given
    checked(once, x)


def test_names_that_look_like_index_letters():
    scalar, array = sd.scalar("i"), sd.vector("i", n)
    assert str(checked(Sum(z[j] * scalar, (j, 1, n)), z).result) == "i"
    assert str(checked((array * z).sum(), z).result) == "i[j]"
    assert str(checked((array * z).sum(), array).result) == "z[j]"


@pytest.mark.parametrize("count", [1, 3, 4, 5])
def test_every_factor_that_cancels_is_told_or_none(count) -> None:
    a = symbols("a:6")
    met = cancel.apply(mul(*a, *(power(x, S.NegativeOne) for x in a[:count])), Scope())
    assert met.after == mul(*a[count:])
    assert [x for _, x in met.about] == (list(a[:count]) if count < 5 else [])
    said = telling(Note(cancel.name, cancel.title, cancel.note, met.about))
    assert (said == ("cancel equal factors",)) is (count == 5)


def test_a_short_form_holds_no_opposite_terms() -> None:
    a = sd.vector("a", sd.dim("n"))
    m = sd.let("m", a.mean())
    found = sd.derive(sd.let("v", ((a - 2 * m) ** 2).mean()), a)
    assert text(found.last) == "2 a_i/n"
    assert found.check().ok


@pytest.mark.parametrize(
    ("terms", "after"),
    [
        ("x*(y - z)/w + x*z/w", "x*y/w"),
        ("2*(x - y) + 2*y", "2*x"),
        ("(x + y)*z - z*(y + w)", "z*(x - w)"),
    ],
)
def test_products_are_opened_where_terms_cancel(terms, after) -> None:
    found = sd.rewrite(read(Texts(terms)).expression)
    assert str(sp.expand(found.result)) == str(sp.expand(sp.sympify(after)))
    assert found.last.count_ops() <= sp.sympify(after).count_ops()


@pytest.mark.parametrize("terms", ["x*(y + 1) - z*y", "x*(y - z) + w*z", "x*(y + z) + x*z"])
def test_products_stay_where_nothing_cancels(terms) -> None:
    found = sd.rewrite(read(Texts(terms)).expression)
    assert "algebra.opposites" not in {step.rule for step in found.steps}

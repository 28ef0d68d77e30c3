"""Values: every line from the formula to the number follows by a rule that is named."""

import pytest
import sympy as sp

import symderiv as sd
from symderiv.core.errors import DataError

n = sd.dim("n")
p, q, z = sd.distribution("p", n), sd.distribution("q", n), sd.vector("z", n)


def reasons(done, **options):
    """The reasons of all lines of a text, from the first equality on."""
    lines = [x for x in done.to_text(**options).splitlines() if "= " in x and "given" not in x]
    return [x.rsplit("  ", 1)[-1].strip() for x in lines]


@pytest.mark.parametrize(
    ("formula", "values", "wanted", "told"),
    [
        (
            sd.entropy(p),
            {p: ["1/2", "1/2"]},
            sp.log(2),
            [
                "write out the terms",
                "p_1 = 1/2 and p_2 = 1/2",
                "collect like terms",
                "logarithm of a reciprocal; about 0.6931",
            ],
        ),
        (
            sd.entropy(p),
            {p: ["1/2", "0", "1/2"]},
            sp.log(2),
            [
                "write out the terms",
                "p_2 = 0, so its term counts as 0",
                "p_1 = 1/2 and p_3 = 1/2",
                "collect like terms",
                "logarithm of a reciprocal; about 0.6931",
            ],
        ),
        (
            sd.entropy(p),
            {p: [1, 0]},
            sp.S.Zero,
            [
                "write out the terms",
                "p_2 = 0, so its term counts as 0",
                "p_1 = 1",
                "the logarithm of 1 is 0",
            ],
        ),
        (
            sd.cross_entropy(q, p),
            {p: ["1/2", "1/4", "1/4"], q: ["1/3", "1/3", "1/3"]},
            sp.log(2) * sp.Rational(5, 3),
            [
                "write out the terms",
                "put in the values",
                "collect like terms",
                "logarithm of a reciprocal",
                "logarithm of a number, by its prime factors",
                "collect like terms; about 1.155",
            ],
        ),
        (
            sd.logsumexp(z),
            {z: [0, 0, 0]},
            sp.log(3),
            [
                "write out the terms",
                "z_1 = 0, z_2 = 0 and z_3 = 0",
                "the exponential of 0 is 1",
                "add the numbers; about 1.099",
            ],
        ),
        (
            sd.sqrt(z @ z),
            {z: [2, 2]},
            2 * sp.sqrt(2),
            [
                "write out the terms",
                "z_1 = 2 and z_2 = 2",
                "add the numbers",
                "calculate; about 2.828",
            ],
        ),
    ],
)
def test_every_line_of_a_value_names_its_rule(formula, values, wanted, told):
    done = sd.evaluate(formula, values)
    assert done.value == wanted
    assert reasons(done) == told
    assert done.check()


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_the_decimal_stands_at_the_last_line_only(detail):
    done = sd.evaluate(sd.entropy(p), {p: ["1/6"] * 6})
    shown = reasons(done, detail=detail)
    assert shown[-1].endswith("about 1.792")
    assert not any("about" in x for x in shown[:-1])


def test_a_value_survives_being_stored():
    done = sd.evaluate(sd.entropy(p), {p: ["1/4", "3/4"]})
    assert type(done).from_json(done.to_json()) == done


x, y = sd.scalar("x"), sd.scalar("y")


@pytest.mark.parametrize(
    "formula",
    [
        x * sp.log(x) / y,
        x * sp.log(x * y) / y,
        x * sp.log(x) * sp.log(y),
        x**2 * sp.log(x) + y,
        sp.log(x) * sp.log(y) * x * y,
    ],
    ids=str,
)
def test_what_has_no_value_gets_none(formula):
    with pytest.raises(DataError, match="has no finite value at these numbers"):
        sd.evaluate(formula, {"x": 0, "y": 0})


def test_a_term_of_zero_counts_as_zero_beside_what_is_finite():
    assert sd.evaluate(x * sp.log(x) * sp.exp(y) / (1 + y), {"x": 0, "y": 2}).value == 0
    assert sd.evaluate(x * sp.log(x * y), {"x": 0, "y": 0}).value == 0


def test_what_a_condition_rules_out_need_not_be_finite():
    k = sp.Symbol("k", integer=True)
    formula = sp.KroneckerDelta(k, 1) / x
    assert sd.evaluate(formula, {"k": 2, "x": 0}).value == 0
    assert sd.evaluate(formula, {"k": 1, "x": 2}).value == sp.Rational(1, 2)
    with pytest.raises(DataError, match="no finite value"):
        sd.evaluate(formula, {"k": 1, "x": 0})


def test_a_divergence_is_checked_where_an_outcome_is_impossible_under_both():
    done = sd.evaluate(sd.kl_divergence(q, p), {q: [0, "1/2", "1/2"], p: [0, "1/4", "3/4"]})
    assert sp.simplify(done.value - sp.log(2) / 2 - sp.log(sp.Rational(2, 3)) / 2) == 0
    report = done.check()
    assert report, report


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
@pytest.mark.parametrize(
    ("closed", "about"), [(sp.log(2), "0.6931"), (sp.pi / 4, "0.7854"), (sp.sqrt(2), "1.414")]
)
def test_a_closed_form_that_needs_no_step_has_its_decimal(closed, about, detail):
    done = sd.evaluate(closed, {})
    (line,) = done.to_text(detail=detail).splitlines()
    assert line.endswith(f" ≈ {about}    as a decimal")
    assert about in done.to_text(detail=detail, language="ko")
    assert done.value == closed
    assert r"\approx" in done.to_latex(detail=detail)
    assert r"\approx" in done.to_line(0, detail=detail)
    assert done.check()
    assert sd.Derivation.from_json(done.to_json()).to_text(detail=detail) == line
    for form in ("html", "latex", "typst", "markdown", "ipynb", "text"):
        data = done.rendered(form).data.decode()
        assert about in data
        assert "≈" in data or r"\approx" in data


def test_a_fraction_that_ends_equals_its_decimal():
    assert sd.evaluate(sp.Rational(1, 4), {}).to_text() == "1/4 = 0.25    as an exact decimal"
    assert sd.evaluate(sp.Rational(1, 3), {}).to_text() == "1/3 ≈ 0.3333    as a decimal"


def test_a_whole_number_is_its_own_decimal():
    assert sd.evaluate(sp.Integer(3), {}).to_text() == "3 = 3"


@pytest.mark.parametrize(
    ("function", "at", "wanted"),
    [
        (sd.relu, -3, 0),
        (sd.relu, 3, 3),
        (sd.sigmoid, 0, sp.Rational(1, 2)),
        (sd.softplus, 0, sp.log(2)),
        (sd.silu, 0, 0),
        (sd.gelu, 1, (1 + sp.erf(1 / sp.sqrt(2))) / 2),
        (lambda x: sd.leaky_relu(x, slope=sp.Rational(1, 10)), -3, -sp.Rational(3, 10)),
    ],
)
def test_a_function_of_a_number_is_calculated_by_its_definition(function, at, wanted):
    x = sd.scalar("x")
    done = sd.evaluate(function(x), {x: at})
    assert sp.simplify(done.value - wanted) == 0
    assert any(said.startswith("definition of ") for said in reasons(done, detail="full"))
    assert done.check()


def test_a_decimal_that_is_exact_is_not_called_about():
    x = sd.scalar("x")
    assert reasons(sd.evaluate(x**2, {x: "3/2"})) == ["x = 3/2; that is 2.25"]
    assert reasons(sd.evaluate(x**2, {x: "1/3"})) == ["x = 1/3; about 0.1111"]


def test_a_number_with_more_digits_than_anyone_reads_is_told_as_a_decimal():
    x = sd.scalar("x")
    done = sd.evaluate((1 + x) ** 1000, {x: "1/1000"})
    assert done.value == sp.Rational(1001, 1000) ** 1000
    assert done.decimal == pytest.approx(2.71692393)
    assert "about 2.717" in str(done)
    assert len(str(done)) < 200


def test_what_takes_forever_to_compute_is_refused():
    x = sd.scalar("x")
    with pytest.raises(DataError, match="an exponent of more than 1,000"):
        sd.evaluate(2**x, {x: 10**12})

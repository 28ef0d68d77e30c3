"""Hand-built derivations: a right one passes, and each kind of wrong step is caught."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import sympy
from sympy import Eq, Integer, S, Symbol, Tuple, symbols

import symderiv as sd
from symderiv.core.derivation import Derivation, Stage, Step
from symderiv.core.expr import (
    Direct,
    InRange,
    Partial,
    Total,
    add,
    call,
    cases,
    delta,
    div,
    mul,
    neg,
    power,
    relation,
    sub,
    total,
)  # fmt: skip
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.oracle.check import check_derivation, compare
from symderiv.oracle.wording import called

n, m = symbols("n m", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
x, u = symbols("x u", real=True)
K = Tuple(k, 1, n)
z = Label("z", Spec((n,)))
W = Label("W", Spec((n, m)))
y = Label("y", Spec((n,), kind="one_hot"))
under = total(call(sympy.exp, z.entry(k)), K)
p = Label("p", Spec((n,), definition=Definition((i,), div(call(sympy.exp, z.entry(i)), under))))
surprise = neg(total(mul(y.entry(k), call(sympy.log, p.entry(k))), K))
loss = Label("L", Spec((), definition=Definition((), surprise)))
SUM_IS_ONE = relation(Eq, total(y.entry(k), K), S.One)


def stages(count):
    return (Stage("stage"),) * count


def chain(*lines, rule="step", indices=(), given=(), provided=()):
    """A derivation whose steps rewrite the whole line."""
    steps = tuple(
        Step(rule, (), a, b, stage, provided=provided)
        for stage, (a, b) in enumerate(pairwise(lines))
    )
    return Derivation(lines[0], steps, stages(len(steps)), given, indices, lines[-1], lines[-1])


def softmax_cross_entropy():
    """The six lines of the textbook, two lemmas included."""
    by_p = chain(
        Direct(loss, p.entry(k)), neg(div(y.entry(k), p.entry(k))), indices=(Tuple(k, 1, n),)
    )
    by_p = replace(by_p, goal=Direct(loss, p.entry(k)))
    spread = add(delta(k, i), neg(p.entry(i)))
    by_z = chain(
        Direct(p.entry(k), z.entry(i)), mul(p.entry(k), spread), indices=(K, Tuple(i, 1, n))
    )
    goal = Total(loss, z.entry(i))
    line1 = total(mul(Total(loss, p.entry(k)), Direct(p.entry(k), z.entry(i))), K)
    line2 = total(mul(by_p.last, by_z.last), K)
    line3 = neg(total(mul(y.entry(k), spread), K))
    line4 = add(neg(y.entry(i)), mul(p.entry(i), total(y.entry(k), K)))
    last = sub(p.entry(i), y.entry(i))
    steps = (
        Step("chain", (), goal, line1, 0),
        Step("lemma", (0, 0), line1.args[0].args[0], by_p.last, 1, lemmas=(by_p,)),
        Step("lemma", (0, 1), line1.args[0].args[1], by_z.last, 1, lemmas=(by_z,)),
        Step("cancel", (), line2, line3, 2),
        Step("sift", (), line3, line4, 3),
        Step("fact", (1, 1), total(y.entry(k), K), S.One, 4, provided=(SUM_IS_ONE,)),
        Step("order", (), add(neg(y.entry(i)), p.entry(i)), last, 5),
    )
    limits = (Tuple(i, 1, n),)
    return Derivation(goal, steps, stages(6), (SUM_IS_ONE,), limits, last, p.entry(i) - y.entry(i))


def with_step(d, number, **changes):
    steps = list(d.steps)
    steps[number] = replace(steps[number], **changes)
    return replace(d, steps=tuple(steps))


def caught(d, **options):
    report = check_derivation(d, **options)
    assert not report
    assert not report.ok
    assert report.counterexample is not None
    assert called(report.counterexample.rule) in str(report)
    return report.counterexample


def test_a_right_derivation_passes_with_its_lemmas():
    report = check_derivation(softmax_cross_entropy())
    assert report, str(report)
    assert report.steps == 7 + 2 * 1
    assert [e.rule for e in report.evidence].count("lemma") == 2
    assert all(e.ok and e.points >= 3 for e in report.evidence)
    assert report.points == sum(e.points for e in report.evidence)
    assert report.worst < 1e-20
    assert report.counterexample is None
    assert str(report).startswith("ok: 9 steps, ")


def test_a_wrong_sign():
    d = softmax_cross_entropy()
    wrong = mul(p.entry(k), add(delta(k, i), p.entry(i)))
    found = caught(with_step(d, 2, contractum=wrong))
    assert found.rule == "lemma"
    assert dict(found.sizes) == {"n": 1}
    assert found.left == 0
    assert found.right == 2
    assert str(found) == (
        "at n = 1, i = 1, k = 1, z_1 = 0.5: ∂p_k/∂z_i is 0, but p_k (δ_ki + p_i) is 2"
    )


def test_a_wrong_sign_in_a_lemma():
    d = softmax_cross_entropy()
    lemma = d.steps[1].lemmas[0]
    wrong = chain(lemma.goal, neg(lemma.last), indices=lemma.indices)
    found = caught(with_step(d, 1, lemmas=(wrong,)))
    assert found.contractum == neg(lemma.last)


def test_a_wrong_lemma_behind_a_right_one_of_the_same_goal():
    d = softmax_cross_entropy()
    lemma = d.steps[1].lemmas[0]
    wrong = chain(lemma.goal, neg(lemma.last), indices=lemma.indices)
    assert caught(with_step(d, 1, lemmas=(lemma, wrong))).contractum == neg(lemma.last)


def test_a_wrong_index_shows_at_the_first_size_where_it_matters():
    right = mul(z.entry(i), z.entry(i))
    found = caught(chain(right, mul(z.entry(i), z.entry(1 * k)), indices=(Tuple(i, 1, n), K)))
    assert dict(found.sizes) == {"n": 2}


def test_swapped_axes_of_different_sizes():
    d = chain(
        total(W.entry(i, j), Tuple(j, 1, m)),
        total(W.entry(i, j), Tuple(j, 1, n)),
        indices=(Tuple(i, 1, n),),
    )
    found = caught(d)
    assert dict(found.sizes) in ({"m": 1, "n": 2}, {"m": 2, "n": 1})


def test_a_captured_index():
    """``∂/∂z_i Σ_i z_i²`` is 2 z_i; read with the bound letter it is a sum."""
    letter = Tuple(i, 1, n)
    goal = Partial(total(power(z.entry(i), Integer(2)), letter), z.entry(i))
    d = chain(goal, total(mul(Integer(2), z.entry(i)), letter), indices=(letter,))
    assert dict(caught(d).sizes) == {"n": 2}
    assert check_derivation(chain(goal, mul(Integer(2), z.entry(i)), indices=(letter,)))


def test_a_dropped_range_guard():
    shifted = total(mul(z.entry(k), delta(k, j + 1)), K)
    right = mul(z.entry(j + 1), InRange(j + 1, Integer(1), n))
    limits = (Tuple(j, 1, n),)
    assert check_derivation(chain(shifted, right, indices=limits))
    found = caught(chain(shifted, z.entry(j + 1), indices=limits))
    assert "outside the range" in str(found)
    assert dict(found.sizes) == {"n": 1}


def test_a_range_guard_dropped_from_a_number():
    goal = total(delta(k, j + 1), K)
    assert check_derivation(chain(goal, InRange(j + 1, S.One, n), indices=(Tuple(j, 1, n),)))
    found = caught(chain(goal, S.One, indices=(Tuple(j, 1, n),)))
    assert (found.left, found.right) == (0, 1)


def test_steps_under_a_guard_are_claimed_only_where_it_holds():
    line = total(mul(delta(k, j + 1), z.entry(j + 1)), K)
    step = Step("rename", (0, 1), z.entry(j + 1), z.entry(k), 0)
    after = total(mul(delta(k, j + 1), z.entry(k)), K)
    d = Derivation(line, (step,), stages(1), (), (Tuple(j, 1, n),), after, after)
    assert check_derivation(d)


def test_steps_in_a_case_are_claimed_only_there():
    sign = relation(sympy.StrictGreaterThan, x, S.Zero)
    line = cases((call(sympy.Abs, x), sign), (S.Zero, S.true))
    after = cases((x, sign), (S.Zero, S.true))
    step = Step("abs", (0, 0), call(sympy.Abs, x), x, 0)
    assert check_derivation(Derivation(line, (step,), stages(1), (), (), after, after))
    wrong = replace(step, contractum=neg(x))
    bad = cases((neg(x), sign), (S.Zero, S.true))
    assert caught(Derivation(line, (wrong,), stages(1), (), (), bad, bad)).rule == "abs"


def test_a_wrong_path():
    d = softmax_cross_entropy()
    assert "at the path" in str(caught(with_step(d, 1, path=(0, 1))))
    assert "no node" in str(caught(with_step(d, 1, path=(0, 7))))


def test_lines_that_do_not_join():
    d = chain(x + u, u + x, mul(Integer(2), x))
    assert caught(with_step(d, 1, redex=add(x, x))).problem.startswith("at the path () stands")


def test_a_last_line_that_was_not_reached():
    d = replace(chain(x, x), last=u, result=u)
    assert caught(d).problem.startswith("the steps end in")


def test_a_result_that_is_not_the_last_line():
    found = caught(replace(softmax_cross_entropy(), result=p.entry(i) + y.entry(i)))
    assert found.rule == "last line = result"


def test_a_false_fact():
    d = softmax_cross_entropy()
    false = relation(Eq, total(z.entry(k), K), S.One)
    found = caught(with_step(d, 5, provided=(false,)))
    assert "the fact Σ_k z_k = 1 is false" in str(found)
    assert dict(found.sizes) == {"n": 1}


def test_a_fact_used_under_a_derivative():
    """``∂ log Σ_k y_k / ∂y_i`` is 1, not 0: the fact comes too early."""
    goal = Partial(call(sympy.log, total(y.entry(k), K)), y.entry(i))
    early = Step("fact", (0, 0), total(y.entry(k), K), S.One, 0, provided=(SUM_IS_ONE,))
    after = Partial(call(sympy.log, S.One), y.entry(i))
    d = Derivation(goal, (early,), stages(1), (SUM_IS_ONE,), (Tuple(i, 1, n),), after, after)
    found = caught(d)
    assert found.rule == "fact"
    assert (found.left, found.right) == (1, 0)


def test_conditions_restrict_a_step_to_where_it_is_claimed():
    goal = call(sympy.Abs, x)
    assert caught(chain(goal, x)).left == 1
    assert check_derivation(
        chain(goal, x, provided=(x > 0,), given=(relation(sympy.StrictGreaterThan, x, S.Zero),))
    )
    # the step is true where it is claimed, but the derivation claims more
    assert caught(chain(goal, x, provided=(x > 0,))).rule == "goal = last line"


def test_a_law_of_logarithms_without_its_sign():
    square = call(sympy.log, power(x, Integer(2)))
    found = caught(chain(square, mul(Integer(2), call(sympy.log, x))))
    assert found.right is None
    assert "no real number" in str(found)
    w = Symbol("w", positive=True)
    square = call(sympy.log, power(w, Integer(2)))
    assert check_derivation(chain(square, mul(Integer(2), call(sympy.log, w))))


def test_points_on_a_kink_are_left_out():
    goal = Partial(call(sympy.Max, x, u), x)
    last = sympy.Heaviside(x - u)
    assert check_derivation(chain(goal, last))
    assert caught(chain(goal, sub(S.One, last)))


def test_a_claim_that_can_be_tested_nowhere_does_not_pass():
    nowhere = call(sympy.log, sub(neg(power(x, Integer(2))), S.One))
    assert "no place was found" in str(caught(chain(nowhere, nowhere)))


def test_sizes_that_are_numbers_stay():
    die = Label("q", Spec((Integer(6),), kind="distribution"))
    letter = Tuple(k, 1, 6)
    assert check_derivation(chain(total(die.entry(k), letter), S.One))
    assert not check_derivation(chain(total(die.entry(k), letter), Integer(6))).counterexample.sizes


def test_progress_seed_and_evidence():
    seen = []
    d = softmax_cross_entropy()
    report = check_derivation(d, seed=7, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert report.seed == 7
    assert report == check_derivation(d, seed=7)


ROOT = Path(__file__).parents[2]
SCRIPT = """
from tests.oracle import test_check as t
print(t.check_derivation(t.softmax_cross_entropy()))
d = t.softmax_cross_entropy()
print(t.check_derivation(t.with_step(d, 3, contractum=t.p.entry(t.i))))
"""


def test_the_report_does_not_depend_on_the_hash_seed():
    said = set()
    for seed in ("0", "1"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        run = [sys.executable, "-c", SCRIPT]
        done = subprocess.run(run, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
        said.add(done.stdout)
    assert len(said) == 1
    assert "ok: 9 steps" in said.pop()


@pytest.mark.parametrize("number", range(7))
def test_every_mutant_is_caught(number):
    d = softmax_cross_entropy()
    right = d.steps[number].contractum
    for wrong in (neg(right), add(right, S.One), mul(Integer(2), right), S.Zero):
        assert not check_derivation(with_step(d, number, contractum=wrong))
        local = with_step(d, number, contractum=wrong).steps[number]
        alone = chain(local.redex, wrong, indices=(Tuple(i, 1, n), K))
        assert caught(alone).left is not None


# ---------------------------------------------------------------- two expressions


def test_compare():
    t = sub(call(sympy.cosh, x), call(sympy.sinh, x))
    assert compare(t, call(sympy.exp, neg(x)))
    report = compare(t, call(sympy.exp, x))
    assert str(report.counterexample) == "at x = 1: cosh x − sinh x is 0.367879441171, " + (
        "but exp(x) is 2.71828182846"
    )


def test_compare_finds_the_ranges_of_free_indices():
    assert compare(mul(z.entry(i), z.entry(j)), mul(z.entry(j), z.entry(i)))
    found = compare(mul(z.entry(i), z.entry(j)), power(z.entry(i), Integer(2))).counterexample
    assert dict(found.sizes) == {"n": 2}
    assert len(found.indices) == 2


@pytest.mark.parametrize("declared", [True, False])
def test_compare_under_facts(declared):
    q = Label("q", Spec((n,))).base if declared else sympy.IndexedBase("q")
    mean = sympy.Sum(q[k] * 5, (k, 1, n))
    assert not compare(mean, Integer(5))
    assert compare(mean, Integer(5), given=[Eq(sympy.Sum(q[k], (k, 1, n)), 1)])
    assert compare(x + u, 3 * x, given=[Eq(u, 2 * x)])
    assert compare(sympy.sqrt(x**2), x, given=[x > 0])
    assert not compare(sympy.sqrt(x**2), x)


# ---------------------------------------------------------------- what cannot be tested, and sizes


def test_a_class_of_functions_without_a_meaning_is_an_undefined_function() -> None:
    class foo(sympy.Function):
        pass

    assert sd.derive(foo(x**2), x).check()
    assert not check_derivation(chain(Partial(foo(x), x), foo(x)))


def test_what_cannot_be_tested_is_not_called_wrong() -> None:
    nowhere = call(sympy.log, sub(neg(power(x, Integer(2))), S.One))
    report = check_derivation(chain(nowhere, nowhere))
    assert not report
    assert not report.is_wrong
    assert str(report).startswith("not tested: ")
    assert check_derivation(chain(x, x + 1)).is_wrong


def test_sizes_are_at_least_the_numbers_at_indices() -> None:
    v = sd.vector("v", sd.dim("n"))
    report = sd.derive(v[1] * v[4], v[4]).check()
    assert report, report
    wrong = check_derivation(chain(z.entry(Integer(4)), z.entry(Integer(3)))).counterexample
    assert wrong is not None
    assert dict(wrong.sizes)["n"] >= 4


LONG = "v = sd.vector('v', 1000); assert sd.derive(v @ v, v).check()"


def seconds_alone(code: str) -> float:
    """Of the processor, in a process that carries nothing of other tests."""
    timed = "import time, symderiv as sd; start = time.process_time(); {}; print({})"
    source = timed.format(code, "time.process_time() - start")
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def test_long_axes_are_sampled_and_longer_ones_refused() -> None:
    v = sd.vector("v", 1000)
    assert sd.derive(v @ v, v).check()
    assert seconds_alone(LONG) < 2
    assert check_derivation(chain(v[i], 2 * v[i])).is_wrong
    longer = sd.vector("v", 10_000)
    with pytest.raises(sd.Unsupported, match="give the size a name"):
        sd.derive(longer @ longer, longer).check()


def test_what_rounding_leaves_is_shown_as_zero() -> None:
    third = sympy.Rational(1, 3)
    left = add(mul(x, third), mul(x, third), mul(x, third), neg(x))
    found = check_derivation(chain(left, S.One)).counterexample
    assert found is not None
    assert (found.left, found.right) == (0, 1)
    assert " is 0, but 1 is 1" in str(found)


@pytest.mark.parametrize(("size", "refused"), [(10, False), (20, False), (80, True), (300, True)])
def test_a_product_of_sizes_is_tested_at_fewer_places_or_refused_at_once(size, refused) -> None:
    a = sd.matrix("A", size, size)
    derived = sd.derive((a @ a).sum(), a)
    begin = time.process_time()
    if refused:
        with pytest.raises(
            sd.Unsupported, match="at these sizes would take too long; give the sizes"
        ):
            derived.check()
        assert time.process_time() - begin < 1
    else:
        report = derived.check()
        assert report.ok
        assert report.points >= report.steps
        assert time.process_time() - begin < 8
        assert check_derivation(chain(derived.goal, 2 * derived.result)).is_wrong

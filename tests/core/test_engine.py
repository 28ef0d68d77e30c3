"""The engine: what its record promises, and what it does when it is stopped or has no rule."""

import pytest
import sympy as sp
from sympy import Sum, Symbol

import symderiv as sd
from symderiv.api.goals import goal_of
from symderiv.core.derivation import at, tidy
from symderiv.core.engine import Engine
from symderiv.core.expr import Inert, Partial, subexpressions
from symderiv.core.phase import Phase
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.rules import STANDARD

n = sd.dim("n")
i, j, k = sd.indices("i j k")
z, y, W = sd.vector("z", n), sd.distribution("y", n), sd.matrix("W", n, n)
x = Symbol("x")
p = sd.let("p", sd.softmax(z @ W))
L = sd.let("L", sd.cross_entropy(y, p) + (p * z).sum() ** 2)

GOALS = [
    (x**2 * sp.sin(x), x),
    (sp.exp(Sum(z[i] ** 2, (i, 1, n))), z[i]),
    (sd.softmax(z), z),
    (L, z),
    (L, W),
    (p, z),
]


def engine(e, by, **options):
    goal = goal_of(e, by, ())
    scope = goal.scope((), facts=True, withheld=frozenset())
    return Engine(options.pop("strategy", STANDARD), scope, **options), goal


@pytest.mark.parametrize(("e", "by"), GOALS, ids=str)
def test_the_record_replays(e, by):
    """Every redex stands at its path, stages do not go back, the last line is reached."""
    found = sd.derive(e, by)
    for one in (*found.lemmas(), found):
        line, stage = one.goal, 0
        lines = [after for _, after in one.lines()]
        for step, after in zip(one.steps, lines, strict=True):
            assert step.stage >= stage
            if step.stage != stage and not one.stages[step.stage].joined:
                line = tidy(line)
                assert at(line, step.path) == step.redex
            line, stage = after, step.stage
        assert tidy(one.last) == (lines[-1] if lines else one.goal)
        assert not any(isinstance(node, Inert) for node in subexpressions(one.last))


@pytest.mark.parametrize(("e", "by"), GOALS, ids=str)
def test_the_trace_changes_nothing(e, by):
    traced, goal = engine(e, by)
    plain, _ = engine(e, by, trace=False)
    a, b = (one.derive(goal.inert, goal.indices) for one in (traced, plain))
    assert a.last == b.last
    assert a.result == b.result
    assert a.steps
    assert not b.steps
    assert traced.spent == plain.spent


def test_a_lemma_is_derived_once_and_cited():
    found = sd.derive(L, z)
    goals = [lemma.goal for lemma in found.lemmas()]
    assert len(goals) == len(set(goals)) >= 2


def test_an_engine_derives_the_same_again():
    one, goal = engine(L, z)
    assert one.derive(goal.inert, goal.indices) == one.derive(goal.inert, goal.indices)


@pytest.mark.parametrize("budget", [1, 2, 5, 10, 20])
def test_a_budget_is_kept(budget):
    one, goal = engine(L, z, budget=budget)
    with pytest.raises(sd.BudgetExceeded, match=str(budget)) as stop:
        one.derive(goal.inert, goal.indices)
    assert one.spent == budget + 1
    assert len(list(stop.value.derivation.lines())) <= budget


def test_rules_that_never_rest_end_in_an_error():
    @rule("test.swap", "Swap", head=sp.Add, law="a + b = b + a")
    def swap(node, scope):
        return Rewrite(sp.Add._from_args(node.args[::-1], True))

    @rule("test.turn", "Turn", head=sp.sin, law="sin = cos")
    def turn(node, scope):
        return Rewrite(sp.cos(*node.args))

    @rule("test.return", "Return", head=sp.cos, law="cos = sin")
    def back(node, scope):
        return Rewrite(sp.sin(*node.args))

    for rules in ((swap,), (turn, back)):
        phase = Phase.of("restless", RuleSet("restless", rules))
        one, goal = engine(x + sp.sin(x), x, budget=200)
        with pytest.raises(sd.BudgetExceeded):
            one.apply(goal.inert.what, (), (phase,))


def test_what_no_rule_differentiates_is_named():
    one, goal = engine(sp.Integral(x * sp.sin(x), (x, 0, x)), x)
    with pytest.raises(sd.Unsupported, match="Integral"):
        one.derive(goal.inert, goal.indices)
    assert isinstance(goal.inert, Partial)


def test_a_step_costs_the_same_in_a_long_line():
    """Rewrites grow with the length of the line, not with its square."""
    spent = []
    for terms in (50, 100, 200):
        e = sp.Add(*(sp.sin(x * Symbol(f"a{t}")) * x**t for t in range(terms)))
        one, goal = engine(e, x)
        one.derive(goal.inert, goal.indices)
        spent.append(one.spent)
    assert spent[2] - spent[1] == pytest.approx(2 * (spent[1] - spent[0]), rel=0.1)

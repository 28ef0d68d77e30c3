"""Every rule: described, listed once, true wherever it fires; a broken one is caught."""

import doctest
import importlib
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp
from sympy import Product, Sum, Symbol, Tuple

import symderiv as sd
import symderiv.rules
from symderiv.api.goals import goal_of
from symderiv.api.statements import by_cases
from symderiv.core.engine import Engine
from symderiv.core.expr import (
    InRange,
    MaxOver,
    Partial,
    add,
    bind,
    call,
    delta,
    mul,
    neg,
    power,
    total,
)
from symderiv.core.phase import Phase
from symderiv.core.rule import Rewrite, RuleSet
from symderiv.document.laws import explanation
from symderiv.document.messages import languages, translate
from symderiv.oracle.check import check_derivation
from symderiv.rules import ALL_RULES, STANDARD
from symderiv.rules import index as index_rules

n, m = sd.dims("n m")
i, j, k, l = sd.indices("i j k l")
z, y, W = sd.vector("z", n), sd.distribution("y", n), sd.matrix("W", n, m)
x, c = sd.scalar("x"), sd.scalar("c", positive=True)
f, u, v = sp.Function("f"), Symbol("u"), Symbol("v", real=True)
NAMES = [r.name for r in ALL_RULES]

ROOMS = [path.stem for path in Path(symderiv.rules.__file__).parent.glob("[a-z]*.py")]
MADE_ELSEWHERE = {  # by the api
    *("equal.form", "equal.value", "equal.arithmetic", "equal.size", "equal.claim"),
    *("equal.decimal", "equal.exact", "equal.no_chance"),
}


def pool():
    """Derivations varied enough that every rule fires somewhere."""
    p = sd.let("p", sd.softmax(z))
    L = sd.let("L", sd.cross_entropy(y, p))
    first = sd.derive(L, z)
    yield first
    yield sd.derive(first, z)
    yield sd.derive(L, z, facts=False)
    yield sd.unfold(L)
    t = sd.labels("t", classes=n)
    yield sd.unfold(sd.cross_entropy(sd.one_hot("Y", n, labels=t), p))
    yield sd.derive(sd.cross_entropy(t, p), z)
    yield sd.derive(sd.cross_entropy(t, sd.softmax(z)), z)
    mu = sd.let("mu", z.sum() / n)
    sigma = sd.let("sigma", ((z - mu) ** 2).sum() / n + c)
    hat = sd.let("hat", (z - mu) / sd.sqrt(sigma))
    yield sd.derive(sd.let("N", (hat * y).sum()), z)
    yield sd.rewrite((z + x).sum() - z.sum())
    yield sd.derive(sd.let("V", ((z - mu) ** 2).sum() / n), z)
    yield sd.rewrite((z * x + y).sum() * x, to=x**2 * z.sum() + x * y.sum(), facts=False)
    yield sd.derive(hat, z)
    root = sd.let("sd", sd.sqrt(sigma))
    yield sd.derive(sd.let("H", (sd.let("xhat", (z - mu) / root) * y).sum()), z)
    centred = sd.let("r", (z - mu) / c)
    yield sd.derive(sd.let("C", (centred**2).sum()), z)
    yield sd.derive(sd.let("D", ((z - 2 * mu) ** 2).sum() / n), z)
    a = sd.let("a", sd.sigmoid(z))
    yield sd.derive(a, z)
    yield sd.derive((a * a).sum(), a)
    yield sd.derive(sd.let("s", sd.exp(x)), x)
    yield sd.directional(x**2 * u + sp.sin(v), {x: 1, u: -1, v: 0})
    named = sd.let("s", sd.exp(x))
    yield sd.directional(named, {named: u})
    yield sd.directional(sd.let("Q", (a * z).sum() * x), {x: 1, z: -y})
    yield sd.rewrite(sd.log_softmax(z)[i] - z[i])
    yield sd.rewrite(sp.log(sp.exp(v), evaluate=False))
    yield sd.rewrite(-sp.log(c / 2), to=sp.log(2) - sp.log(c))
    yield sd.rewrite(sp.log(c**2, evaluate=False), to=2 * sp.log(c))
    yield sd.rewrite(sp.log(6) - sp.log(2), to=sp.log(3))
    for e, by in SINGLES:
        yield sd.derive(e, by)
    for e in EQUALITIES:
        yield sd.rewrite(e)
    yield sd.derive((x + u) ** 2 * z[i], z[j], to=delta(i, j) * (x**2 + 2 * x * u + u**2))
    yield sd.derive(u * FORMS[0], u, to=sp.log(c**2 * sp.Symbol("q", positive=True)))
    yield sd.rewrite(mul(add(mul(v, power(u, -sp.S.One)), x), u), to=v + u * x)
    yield sd.rewrite(Sum(z[k] + z[k] ** 2, (k, 1, n)), to=FORMS[1])
    yield sd.rewrite((y * z).sum() - (y * sd.vector("w", n)).sum())
    squared = power(call(sp.exp, v), sp.Integer(2))
    yield sd.rewrite(mul(squared, call(sp.exp, z[i]), x), to=x * sp.exp(2 * v + z[i]))
    yield by_cases(sd.derive(z[t] ** 2 / 2, z))
    yield sd.evaluate(sd.entropy(y), {y: ["1/4", "3/4"]})
    yield sd.evaluate(sd.entropy(y), {y: [1, 0]})
    yield sd.rewrite(sd.kl_divergence(y, sd.distribution("p", n, positive=True)))
    yield sd.evaluate(sd.logsumexp(z), {z: [0, 0]})
    yield sd.evaluate(sp.log(6) - sp.log(2), {})
    yield sd.evaluate(sd.sigmoid(v), {v: 0})
    yield sd.derive(p, z).at(n=2)


FORMS = (
    2 * sp.log(c) + sp.log(sp.Symbol("q", positive=True)),
    Sum(z[k], (k, 1, n)) + Sum(z[k] ** 2, (k, 1, n)),
)

SINGLES = [
    (Sum(sp.Piecewise((z[k] ** 2, z[k] > 0), (0, True)), (k, 1, n)), z[i]),
    (Sum(z[i], (i, 1, n)) * z[i], z[i]),
    (Sum(sp.log(z[k]) * z[k] ** x, (k, 2, n)), z[i]),
    (Product(z[k], (k, 1, n)), z[k]),
    (bind(MaxOver, z[k], Tuple(k, 1, n)), z[k]),
    (sp.sin(u) / u, u), (u * sp.sin(u), u), (u**3, u), (2**u, u), (u**u, u), (u**3 + u + v, u),
    (sp.Abs(v), v), (sp.Max(v, u), v), (sp.Piecewise((sp.sin(u), u > 0), (u, True)), u),
    (f(u, v), u), (f(u).diff(u), u), (sp.besselj(1, u), u), (sd.relu(u), u),
    (delta(i, j) * z[k], z[l]), (u, u), (v, u), (z[k], z[i]), (delta(i, j), z[i]),
    (Sum(W[i, j] * z[i] * W[i, k], (i, 1, n), (j, 1, m)), z[l]),
    (Sum(W[i, j] ** 2 * z[j], (i, 1, n), (j, 1, m)), z[k]),
    (Sum((z[k] - z[j]) * W[i, j] * z[j], (k, 1, n), (j, 1, n), (i, 1, n)), z[l]),
    (Sum((z[k] - y[k]) ** 2, (k, 1, n)), z[i]),
    (neg(mul(add(u, neg(v)), sp.exp(u))), u),
    (sp.log(sp.exp(v) * sp.exp(2 * v), evaluate=False), v),
]  # fmt: skip

EQUALITIES = [
    power(mul(x, u), sp.Integer(2)),
    mul(power(delta(i, j), sp.Integer(2)), z[i]),
    power(mul(z[i], z[j]), sp.Integer(2)),
    mul(z[i], power(z[i], -sp.S.One), z[j]),
    mul(z[i], z[j], z[i]),
    total(mul(z[i], add(delta(i, j), neg(z[j]))), Tuple(i, 1, n)),
    total(add(z[i], sp.S.One), Tuple(i, 1, n)),
    add(neg(z[i]), z[j], z[i]),
    mul(add(z[i], neg(z[j])), sp.Integer(-1)),
    total(mul(delta(i, sp.Integer(2)), z[i]), Tuple(i, 1, 3)),
    mul(InRange(sp.Integer(2), sp.S.One, sp.Integer(3)), z[j]),
    call(sp.log, mul(call(sp.exp, z[i]), c)),
    total(mul(y[k], x), Tuple(k, 1, n)),
    total(mul(z[j], W[i, j]), Tuple(i, 1, n), Tuple(j, 1, m)),
]


@pytest.fixture(scope="module")
def derivations():
    return [one for d in pool() for one in (*d.lemmas(), d)]


@pytest.mark.parametrize("rule", list(ALL_RULES), ids=lambda r: r.name)
def test_described(rule):
    room, _, what = rule.name.partition(".")
    assert room.isidentifier()
    assert what.isidentifier()
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")
    assert rule.law.count("{") == rule.law.count("}")
    assert rule.heads


@pytest.mark.parametrize("rule", list(ALL_RULES), ids=lambda r: r.name)
def test_told_to_who_does_not_know_the_program(rule):
    said = explanation(rule)
    assert not re.search(r"[`_()]|\b(made by|read off|node|told|evaluate|derive|let|fact)\b", said)
    assert said == "" or said[0].isupper()
    assert said == "" or said.endswith(".")


@pytest.mark.parametrize("language", languages())
def test_no_two_rules_have_one_title(language):
    """Nor titles that differ in capitals alone, which a sentence does not show."""
    named = [(translate(r.title, language).casefold(), r.name) for r in ALL_RULES]
    titles = [title for title, _ in named]
    assert [pair for pair in named if titles.count(pair[0]) > 1] == []


@pytest.mark.parametrize("rule", list(ALL_RULES), ids=lambda r: r.name)
def test_a_law_is_written_as_derivations_are(rule):
    law = rule.law
    assert not re.search(r"/|\\tfrac|\\operatorname|\\hat [a-z]", law)
    assert not re.search(r"\\frac\{\\partial\}\{\\partial [a-z]\} (?!\\left\[)", law)
    for row in re.findall(r"& (.*?) (?:\\\\|\\end)", law):
        assert row.startswith((r"\text{if }", r"\text{otherwise}"))


def test_the_law_of_a_kink_names_the_sign_as_derivations_do():
    shown = sd.derive(sd.abs(sd.scalar("a")), sd.scalar("a")).to_latex()
    sign = r"\mathrm{sgn}"
    assert sign in shown
    assert sign in ALL_RULES["diff.kink"].law


def test_listed_once():
    assert len(set(NAMES)) == len(NAMES)


def test_every_rule_object_of_the_package_is_listed():
    from symderiv.core.rule import Rule

    listed = {r.name for r in ALL_RULES}
    for room in (
        "algebra",
        "chain",
        "differentiate",
        "equal",
        "expand",
        "facts",
        "index",
        "unfold",
    ):
        module = importlib.import_module(f"symderiv.rules.{room}")
        for one in vars(module).values():
            if isinstance(one, Rule):
                assert one.name in listed


def test_most_rules_carry_an_example():
    """A rule whose law needs a model to be met is exemplified in the pool instead."""
    finder = doctest.DocTestFinder()
    with_example = set()
    for name, module in sys.modules.items():
        if name.startswith("symderiv.rules."):
            for test, text in getattr(module, "__test__", {}).items():
                if finder.find(type("T", (), {"__doc__": text})(), test) and ">>>" in text:
                    with_example.add(test)
    assert len(with_example & set(NAMES)) >= len(NAMES) * 2 // 3


def test_every_rule_fires_somewhere(derivations):
    fired = {step.rule for d in derivations for step in d.steps}
    assert sorted(set(NAMES) - fired - MADE_ELSEWHERE) == []


def test_every_step_names_a_listed_rule(derivations):
    assert {step.rule for d in derivations for step in d.steps} <= set(NAMES)


def test_every_application_is_true(derivations):
    for one in derivations:
        report = check_derivation(one, seed=11)
        assert report.ok, f"{one.goal}: {report.counterexample}"


def test_nothing_is_done_that_changes_nothing(derivations):
    for one in derivations:
        for step in one.steps:
            assert step.redex != step.contractum, step.rule


# ---------------------------------------------------------------- broken on purpose


def sift_without_guard(node, scope):
    made = index_rules.sift.apply(node, scope)
    if made is None:
        return None
    kept = [g for g in sp.Mul.make_args(made.after) if not isinstance(g, InRange)]
    return replace(made, after=mul(*kept))


def product_with_a_minus(node, scope):
    parts, by = node.what.args, node.by
    return Rewrite(add(mul(Partial(parts[0], by), *parts[1:]),
                       neg(mul(parts[0], Partial(mul(*parts[1:]), by)))))  # fmt: skip


def rename_that_captures(node, scope):
    """Under the sum, without a new letter first."""
    if not isinstance(node, Partial):
        return None
    body, *limits = node.what.args
    return Rewrite(total(Partial(body, node.by), *limits))


def power_off_by_one(node, scope):
    base, exponent = node.what.args
    return Rewrite(mul(exponent, power(base, exponent), Partial(base, node.by)))


def collect_that_drops(node, scope):
    return Rewrite(add(*node.args[1:])) if len(node.args) > 1 else None


def sum_without_length(node, scope):
    body, *limits = node.args
    return None if limits[0][0] in body.free_symbols else Rewrite(total(body, *limits[1:]))


BROKEN = [
    ("sum.sift", sift_without_guard, Sum(z[k] ** 2, (k, 2, n)), z[i]),
    ("diff.product", product_with_a_minus, u * sp.sin(u), u),
    ("index.rename", rename_that_captures, Sum(z[i] ** 2, (i, 1, n)), z[i]),
    ("diff.power", power_off_by_one, u**3, u),
    ("algebra.collect", collect_that_drops, u**2 + u**2 * sp.log(u) * 2, u),
    ("sum.constant", sum_without_length, Sum(x**2, (k, 1, n)), x),
]


def swapped(value, name, apply):
    """The strategy with one rule's function replaced."""
    if isinstance(value, tuple):
        return tuple(swapped(one, name, apply) for one in value)
    rules = tuple(replace(r, apply=apply) if r.name == name else r for r in value.rules)
    made = Phase.of(value.name, RuleSet(value.rules.name, rules), value.order)
    return replace(made, needs=value.needs)


@pytest.mark.parametrize(("name", "apply", "e", "by"), BROKEN, ids=[b[0] for b in BROKEN])
def test_a_broken_rule_is_caught(name, apply, e, by):
    goal = goal_of(e, by, ())
    scope = goal.scope((), facts=True, withheld=frozenset())
    parts = {s: swapped(getattr(STANDARD, s), name, apply) for s in STANDARD.__slots__}
    right = Engine(STANDARD, scope).derive(goal.inert, goal.indices)
    wrong = Engine(replace(STANDARD, **parts), scope).derive(goal.inert, goal.indices)
    assert check_derivation(right)
    report = check_derivation(wrong)
    assert not report.ok
    assert report.counterexample.rule == name
    assert report.counterexample.left != report.counterexample.right

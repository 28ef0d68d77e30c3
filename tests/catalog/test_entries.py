"""What the catalog holds, how it is asked, and that every step of every entry is checked."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import sympy as sp

from symderiv import catalog
from symderiv.core.errors import SymderivError
from symderiv.document.messages import translate

NAMES = [entry.name for entry in catalog.entries()]

# What the catalog promises, in the order of the issue.
PROMISED = [
    "entropy-coin",
    "entropy-die",
    "entropy-coin-die",
    "entropy-urns",
    "entropy-forms",
    "self-information",
    "entropy-term",
    "entropy-gradient",
    "entropy-hessian",
    "uniform-distribution",
    "cross-entropy",
    "cross-entropy-gradient",
    "kl-gradient-first",
    "kl-gradient-second",
    "partial-derivatives",
    "directional-derivative",
    "chain-rule",
    "common-variable",
    "softmax-jacobian",
    "log-softmax",
    "softmax-cross-entropy",
    "softmax-cross-entropy-direct",
    "softmax-cross-entropy-integer",
    "softmax-cross-entropy-hessian",
    "data-set-loss",
    "sigmoid",
    "tanh",
    "relu",
    "softplus",
    "gelu",
    "binary-cross-entropy-with-logits",
    "mean-squared-error",
    "least-squares",
    "two-layer-perceptron",
    "logistic-regression",
    "layer-norm",
    "batch-norm",
    "rms-norm",
    "attention",
    "convolution",
    "embedding",
    "residual-block",
    "label-smoothing",
]


def test_everything_promised_is_there():
    assert set(PROMISED) <= set(NAMES)


def test_names_and_titles_are_unique_and_sentences_are_sentences():
    found = catalog.entries()
    assert len({entry.name for entry in found}) == len(found)
    assert len({entry.title for entry in found}) == len(found)
    for entry in found:
        assert entry.name == entry.name.lower()
        assert not set(entry.name) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert entry.sentence.endswith(".")
        assert entry.title[0].isupper()


def test_an_entry_is_found_by_name():
    assert catalog.get("softmax-jacobian").name == "softmax-jacobian"


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("softmax-crossentropy", "softmax-cross-entropy"), ("entropy coin", "entropy-coin")],
)
def test_a_wrong_name_is_answered_with_close_ones(wrong, meant):
    with pytest.raises(SymderivError, match=meant):
        catalog.get(wrong)


def test_a_name_that_is_close_to_none_is_answered_with_what_to_do():
    with pytest.raises(SymderivError, match="symderiv list"):
        catalog.get("zzz")


def test_importing_the_catalog_derives_nothing():
    code = (
        "import symderiv.core.engine as engine\n"
        "def refuse(*args, **kwargs): raise SystemExit('derived something')\n"
        "engine.Engine.__init__ = refuse\n"
        "from symderiv import catalog\n"
        "catalog.entries()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("name", NAMES)
def test_every_step_of_every_part_holds(name):
    entry = catalog.get(name)
    parts = entry.derivations()
    assert len(parts) == 1 or all(caption for caption, _ in parts)
    assert entry.derivation() in [derivation for _, derivation in parts]
    for caption, derivation in parts:
        assert derivation.steps, caption
        report = derivation.check()
        assert report.ok, f"{caption}: {report}"
        assert report.points >= 3


def test_another_seed_checks_as_well():
    for entry in catalog.entries()[::5]:
        assert entry.derivation().check(seed=7).ok


CODE = """
import hashlib, json
from symderiv import catalog
print(json.dumps({
    f"{entry.name} {caption}": hashlib.sha256(derivation.to_json().encode()).hexdigest()
    for entry in catalog.entries() for caption, derivation in entry.derivations()
}))
"""


def test_json_is_the_same_under_three_hash_seeds():
    told = []
    for seed in ("0", "1", "4242"):
        run = subprocess.run(
            [sys.executable, "-c", CODE],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        told.append(json.loads(run.stdout))
    assert len(told[0]) >= len(NAMES)
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_told_without_private_heads(name):
    for _, derivation in catalog.get(name).derivations():
        text = derivation.to_text()
        for head in ("Along", "Total(", "Partial(", "Direct(", "KroneckerDelta", "Piecewise"):
            assert head not in text


# ---------------------------------------------------------------- what the entries say


def results(name):
    return [derivation.result for _, derivation in catalog.get(name).derivations()]


def test_the_values_of_coin_and_die():
    assert results("entropy-coin") == [sp.log(2)]
    assert results("entropy-die") == [sp.log(6)]
    assert round(catalog.get("entropy-coin").derivation().decimal, 3) == 0.693
    assert round(catalog.get("entropy-die").derivation().decimal, 3) == 1.792


def test_the_die_is_more_uncertain_by_integers_alone():
    coin, die, difference = results("entropy-coin-die")
    assert sp.exp(coin) < sp.exp(die)
    assert sp.simplify(difference - (die - coin)) == 0
    assert difference.is_positive
    assert round(float(difference), 3) == 1.099


def test_the_second_urn_is_more_uncertain_by_integers_alone():
    _, _, difference = results("entropy-urns")
    assert round(float(difference), 3) == 0.637
    logs = sp.Rational(2**100 * 99**99, 100**100)
    assert logs > 1
    assert sp.expand_log(100 * difference - sp.log(logs), force=True).equals(0)


def test_the_term_has_its_maximum_at_1_over_e_and_goes_to_0():
    slope, at_top, curvature, below, top, small = results("entropy-term")
    p = next(iter(slope.free_symbols))
    assert sp.solve(slope, p) == [sp.exp(-1)]
    assert at_top == 0
    assert curvature == -1 / p
    assert below == -sp.E
    assert top == sp.exp(-1)
    assert small.free_symbols
    for k in range(1, 300, 10):
        value = -(10.0**-k) * np.log(10.0**-k)
        assert 0 < value <= 2 * 10 ** (-k / 2) / np.e * (1 + 1e-12)


def test_the_uniform_distribution_is_stationary_and_its_entropy_log_n():
    condition, zero, total, one, largest = results("uniform-distribution")
    assert zero == 0
    assert one == 1
    assert largest == sp.log(sp.Symbol("n", integer=True, positive=True))
    (price,) = (s for s in condition.free_symbols if s.name == "lambda")
    assert total.subs(price, sp.log(largest.args[0]) - 1).simplify() == 1


def test_the_gradient_for_a_class_has_two_cases():
    _, general, cases, true_class = results("softmax-cross-entropy-integer")
    assert isinstance(cases, sp.Piecewise)
    assert next(branch.expr for branch in cases.args) == true_class
    assert general.has(sp.KroneckerDelta)


def test_the_loss_of_a_data_set_takes_five_lines():
    derivation = catalog.get("data-set-loss").derivation()
    rules = [step.rule for step, _ in derivation.lines()]
    assert rules[0] == "unfold.definition"
    assert "unfold.one_hot" in rules
    assert "sum.sift" in rules


def test_texts_go_through_the_message_catalogue():
    for entry in catalog.entries():
        assert translate(entry.title, "en")
        assert translate(entry.sentence, "en")


@pytest.mark.parametrize("name", NAMES)
def test_headings_are_latex_that_every_engine_reads(name):
    from symderiv.render.names import tex_text

    entry = catalog.get(name)
    said = [
        entry.title,
        entry.sentence,
        *(caption for caption, _ in entry.derivations() if caption),
    ]
    assert [x for x in said if not tex_text(translate(x)).isascii()] == []

"""Where a student stopped while reading the catalog aloud, and how the line reads now."""

import pytest

from symderiv import catalog
from symderiv.document import DETAILS

READ = [
    # a name times itself is its square, in the same line
    ("tanh", "= 1 − a²", "definition of a"),
    ("sigmoid", "= a − a²", "definition of a"),
    # what cancels is named, all of it
    ("kl-gradient-first", "= Σ_j (δ_ji log(p_j/q_j) + δ_ji)", "cancel p_j and q_j"),
    ("kl-gradient-second", "= −Σ_j p_j/q_j · δ_ji", "cancel p_j and q_j"),
    # a minus before a difference turns it round; no line to put the terms in order
    ("softmax-cross-entropy-integer", "= log Σ_j exp(z_j) − z_t", "the minus goes to every term"),
    ("softmax-cross-entropy", "= p_i Σ_j y_j − y_i", "δ_ji selects j = i"),
    # the slope, then the move
    ("total-differential", "= 2 x_1 x_2 dx_1 + x_1² dx_2 + cos(x_3) dx_3", "by lemma 1"),
    # numbers by laws, not by "about"
    ("entropy-die", "= −log(1/6)", "collect like terms"),
    ("entropy-die", "= log 6", "logarithm of a reciprocal; about 1.792"),
    ("entropy-coin-die", "= log 3", "the logarithm of a quotient; about 1.099"),
    ("entropy-urns", "= −log(1/100)/100 − 99 log(99/100)/100", "add the numbers"),
    # what was done, not why it may be done
    ("uniform-distribution", "= −Σ_{i=1…n} (−1/n) · log n", "logarithm of a quotient"),
    # the step that makes the line is told before what it did elsewhere
    ("label-smoothing", "= p_i Σ_j y_j + ε p_i − Σ_j", "distribute a product over a sum"),
    # the power of a product is not "powers of one base"
    ("gelu", "= 1/√π · exp(−x²/2)/√2", "power of a product or quotient"),
    # what cancels is not put in first
    ("gelu", "= x/√π · exp(−x²/2)/√2 − x φ", "collect like terms"),
    # a factor leaves both sums
    ("convolution", "= δ_mk Σ_{s=1…K} Σ_r", "δ_mk does not depend on s and r"),
]


def lines(name, detail="normal"):
    derivations = (d for _, d in catalog.get(name).derivations())
    return [line for d in derivations for line in d.to_text(detail=detail).splitlines()]


@pytest.mark.parametrize(("name", "line", "reason"), READ)
def test_the_line_reads_so(name, line, reason):
    assert [x for x in lines(name) if line in x and reason in x], lines(name)


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", ["tanh", "sigmoid", "entropy-coin-die", "entropy-urns"])
def test_what_made_a_reader_pause_is_gone(name, detail):
    shown = lines(name, detail)
    assert not [x for x in shown if "a a" in x.split("  ")[0]]
    assert not [x for x in shown if x.rstrip().endswith("    about 0.6371")]


def test_rms_norm_has_no_shift():
    titles = [title for title, _ in catalog.get("rms-norm").derivations()]
    assert "What the gain is given" in titles
    assert "What gain and shift are given" not in titles
    assert "What gain and shift are given" in [
        t for t, _ in catalog.get("layer-norm").derivations()
    ]

"""Matrix forms are tested like steps: each that is told, and a wrong one is found."""

import pytest
from sympy import Integer

import symderiv as sd
from symderiv import catalog, layers, losses
from symderiv.matrices import row
from symderiv.matrices.form import MatMul, Scalar, Scale, Transpose
from symderiv.oracle.check import check_derivation, check_derivations

N, n, m, h, c = sd.dims("N n m h c")


def perceptron():
    net = sd.Network(
        [layers.Dense(h), layers.Activation("relu"), layers.Dense(c), layers.Softmax()],
        input=sd.matrix("x", N, n),
        target=sd.one_hot("y", N, c),
        loss=losses.cross_entropy,
    )
    return sd.backprop(net.loss, list(net.parameters.values()))


def square():
    """``z = x W`` with a square W, where a forgotten transpose still has the right shape."""
    z = sd.let("z", sd.matrix("x", N, n) @ sd.matrix("W", n, n))
    return sd.backprop(sd.let("L", (z**3).sum()))


def rows(report, rule="matrix.form"):
    return {str(e.goal): e for e in report.evidence if e.rule == rule}


def change(monkeypatch, how):
    """Every matrix form that is found, changed."""
    find = row.matrix_form

    def changed(*args, **options):
        form = find(*args, **options)
        return form and how(form)

    monkeypatch.setattr(row, "matrix_form", changed)


def untransposed(form):
    """``z̄ W`` for ``z̄ Wᵀ``."""
    last = form.factors[-1] if isinstance(form, MatMul) else None
    return MatMul((*form.factors[:-1], last.arg)) if isinstance(last, Transpose) else form


def test_every_form_that_a_pass_tells_is_tested():
    bp = perceptron()
    report = bp.check()
    assert report
    assert len(rows(report)) == bp.to_text().count("in matrix form") == 7
    for_examples = rows(report, "matrix.example")
    assert list(for_examples) == [
        f"Total(L, {x})" for x in ("W2[i, j]", "b2[i]", "a1[i, j]", "W1[i, j]", "b1[i]")
    ]
    for evidence in (*rows(report).values(), *for_examples.values()):
        assert evidence.ok
        assert evidence.points >= 6
        assert evidence.worst < 1e-20


def test_a_derivation_alone_tests_what_it_tells():
    bp = perceptron()
    for name in bp.order:
        text, report = bp[name].to_text(), bp[name].check()
        assert len(rows(report)) == ("in matrix form" in text)
        assert len(rows(report, "matrix.example")) == ("example" in text)


@pytest.mark.parametrize("name", ["two-layer-perceptron", "attention", "batch-norm"])
def test_the_catalog_tests_what_it_tells(name):
    parts = catalog.get(name).derivations()
    told = [part for _, part in parts if "in matrix form" in part.to_text()]
    assert told
    for _, part in parts:
        assert len(rows(part.check(points=2))) == (part in told)


def test_a_forgotten_transpose(monkeypatch):
    change(monkeypatch, untransposed)
    report = square().check()
    assert report.is_wrong
    wrong = rows(report)["Total(L, x[i, j])"]
    assert wrong.tested
    assert not wrong.ok
    found = report.counterexample
    assert found.rule == "matrix.form"
    assert dict(found.sizes) == {"N": 1, "n": 2}
    assert found.left != found.right
    assert "“In matrix form”, in the derivation of ∂L/∂x_ij" in str(report)
    assert "at N = 1, n = 2, i = 1, j = 1" in str(report)


def test_a_form_of_the_wrong_shape(monkeypatch):
    change(monkeypatch, Transpose)
    report = perceptron().check()
    shape = rows(report, "matrix.shape")["Total(L, W1[i, j])"]
    assert not shape.ok
    assert report.counterexample.rule == "matrix.shape"
    assert dict(report.counterexample.sizes)["N"] != dict(report.counterexample.sizes)["c"]


def test_a_wrong_form_of_one_example(monkeypatch):
    find = row.matrix_form

    def swapped(*args, batch=None, **options):
        form = find(*args, batch=batch, **options)
        return Scale(Scalar(Integer(3)), form) if batch and form else form

    monkeypatch.setattr(row, "matrix_form", swapped)
    report = perceptron().check()
    assert all(e.ok for e in rows(report).values())
    assert not any(e.ok for e in rows(report, "matrix.example").values())
    assert report.counterexample.left * 3 == pytest.approx(report.counterexample.right)


def test_attention_of_a_batch_has_the_form_of_one_example():
    sizes = sd.dims("N T d")
    layer, x = layers.Attention(sd.dim("r")), sd.tensor("x", *sizes)
    out = layer(x)
    bp = sd.backprop(sd.let("L", (sd.tensor("g", *out.shape) * out).sum()))
    report = bp.check(points=2)
    assert report
    told = bp.to_text().count("for one example")
    assert told == len(rows(report, "matrix.example")) - len(layer.parameters(x)) >= 6


def test_a_wrong_sign_and_a_lost_factor(monkeypatch):
    for factor in (-1, 2):
        with monkeypatch.context() as patch:
            change(patch, lambda form, by=factor: Scale(Scalar(Integer(by)), form))
            report = perceptron().check()
        assert [e.ok for e in rows(report).values()] == [False] * 7
        assert report.counterexample.left * factor == pytest.approx(report.counterexample.right)
        assert all(e.ok for e in report.evidence if not e.rule.startswith("matrix."))


def test_only_what_is_told_in_matrices_is_tested_so():
    x = sd.vector("x", n)
    d = sd.derive(sd.let("L", (x**2).sum()), x)
    assert rows(check_derivation(d)) == {}
    assert len(rows(check_derivations([d], in_pass=True))) == 1

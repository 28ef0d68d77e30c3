"""A backward pass as people read it: index form, then matrix form where there is one."""

import re
import unicodedata
from xml.etree import ElementTree

import pytest

import symderiv as sd
from symderiv import layers, losses


def perceptron():
    examples, n, h, c = sd.dims("N n h c")
    net = sd.Network(
        [layers.Dense(h), layers.Activation("tanh"), layers.Dense(c), layers.Softmax()],
        input=sd.matrix("X", examples, n),
        target=sd.one_hot("y", examples, c),
        loss=losses.cross_entropy,
    )
    return sd.backprop(net.loss, list(net.parameters.values()))


def in_matrices(text):
    """``left = right  shape`` of every line in matrix form."""
    lines = unicodedata.normalize("NFC", text).splitlines()
    rows = [line.split("in matrix form, ") for line in lines if "matrix form" in line]
    return {re.sub(r"\s+", " ", formula).strip(): shape for formula, shape in rows}


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_every_adjoint_of_a_perceptron_in_matrix_form(detail):
    assert in_matrices(perceptron().to_text(detail=detail)) == {
        "z̄⁽²⁾ = 1/N · (p⁽²⁾ − y)": "of size N × c",
        "b̄⁽²⁾ = z̄⁽²⁾ᵀ 𝟏": "a column of length c",
        "ā⁽¹⁾ = z̄⁽²⁾ W⁽²⁾ᵀ": "of size N × h",
        "z̄⁽¹⁾ = ā⁽¹⁾ ⊙ (1 − a⁽¹⁾ ⊙ a⁽¹⁾)": "of size N × h",
        "b̄⁽¹⁾ = z̄⁽¹⁾ᵀ 𝟏": "a column of length h",
        "W̄⁽¹⁾ = Xᵀ z̄⁽¹⁾": "of size n × h",
        "W̄⁽²⁾ = a⁽¹⁾ᵀ z̄⁽²⁾": "of size h × c",
    }


def for_examples(text):
    lines = [re.sub(r"\s+", " ", line) for line in unicodedata.normalize("NFC", text).splitlines()]
    return [line for line in lines if re.search("for one example|sum over the examples", line)]


def test_one_example_where_it_says_something_new():
    assert for_examples(perceptron().to_text()) == [
        "W̄⁽²⁾ = Σ_k a⁽¹⁾_k z̄⁽²⁾_kᵀ as a sum over the examples",
        "b̄⁽²⁾ = Σ_j z̄⁽²⁾_j as a sum over the examples",
        "ā⁽¹⁾_i = W⁽²⁾ z̄⁽²⁾_i for one example i = 1…N, a column of length h",
        "W̄⁽¹⁾ = Σ_k X_k z̄⁽¹⁾_kᵀ as a sum over the examples",
        "b̄⁽¹⁾ = Σ_j z̄⁽¹⁾_j as a sum over the examples",
    ]


def test_attention_of_a_batch_for_one_example():
    layer, x = layers.Attention(sd.dim("r")), sd.tensor("x", *sd.dims("N T d"))
    out = layer(x)
    bp = sd.backprop(sd.let("L", (sd.tensor("g", *out.shape) * out).sum()))
    told = for_examples(bp.to_text())
    assert "V̄_i = P_iᵀ Ō_i for one example i = 1…N, of size T × r" in told
    assert "W̄_V = Σ_k x_kᵀ V̄_k as a sum over the examples" in told
    assert "matrix form" not in bp.to_text()


def test_what_is_kept_is_told_with_its_shape():
    first = perceptron().to_text().splitlines()[0]
    assert first == (
        "Forward keeps for backward: W⁽²⁾ (h × c), X (N × n), a⁽¹⁾ (N × h), "
        "p⁽²⁾ (N × c), y (N × c). A gradient has the shape of its variable; where:"
    )
    bp = sd.backprop(sd.let("L", sd.scalar("w") ** 2 * sd.vector("x", 3).sum()))
    assert bp.to_text().startswith("Forward keeps for backward: w, x (length 3). A gradient")


def test_that_nothing_is_kept_is_told():
    bp = sd.backprop(3 * sd.vector("x", 3).sum())
    assert bp.to_text().startswith("Forward keeps nothing for backward. A gradient has")
    assert bp.to_text(language="ko").startswith(
        "순전파에서 역전파를 위해 저장할 값은 없다. 기울기의"
    )


def test_an_adjoint_alone_has_it_too():
    assert in_matrices(perceptron()["W1"].to_text()) == {"W̄⁽¹⁾ = Xᵀ z̄⁽¹⁾": "of size n × h"}


def test_it_stands_after_the_last_line_of_the_index_form():
    rows = perceptron()["W1"].to_text().splitlines()
    assert rows[-3].split("  ")[-1].strip() == "δ_lj selects l = j"
    assert "in matrix form" in rows[-2]
    assert "sum over the examples" in rows[-1]


def test_in_latex_and_mathml():
    bp = perceptron()
    assert (
        r"\bar{W}^{(1)} &= X^\top \bar{z}^{(1)} && \text{in matrix form, of size $n \times h$}"
        in (bp.to_latex())
    )
    root = ElementTree.fromstring(bp.to_mathml())
    told = [cell for cell in root.iter("td") if (cell.text or "").startswith("in matrix form")]
    assert len(told) == 7


def test_without_a_matrix_form_the_index_form_stays():
    x = sd.matrix("x", *sd.dims("T C"))
    conv = layers.Conv1d(*sd.dims("K F"))
    z = conv(x)
    g = sd.matrix("g", *z.shape)
    bp = sd.backprop(sd.let("L", (g * z).sum()), conv.parameters(x))
    assert set(in_matrices(bp.to_text())) == {"z̄ = g", "b̄ = z̄ᵀ 𝟏"}
    assert bp["W"].to_text().splitlines()[-1].lstrip().startswith("= Σ_l")


def test_a_number():
    x, w, b = sd.vector("x", sd.dim("n")), sd.scalar("w"), sd.scalar("b")
    bp = sd.backprop(sd.let("L", (sd.let("z", w * x + b) ** 2).sum()), [w, b])
    found = in_matrices(bp.to_text())
    assert found["b̄ = 𝟏ᵀ z̄"] == "a number"
    scalars = sd.backprop(sd.let("L", sd.let("z", w * b) ** 2), [w, b])
    assert in_matrices(scalars.to_text()) == {}


def test_a_derivation_outside_a_pass_is_told_as_before():
    x = sd.vector("x", sd.dim("n"))
    assert "matrix" not in sd.derive(sd.let("L", (x**2).sum()), x).to_text()

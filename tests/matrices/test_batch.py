"""Which size counts examples, and what is told of one of them."""

import pytest

import symderiv as sd
from symderiv import layers, losses
from symderiv.core.errors import Unsupported
from symderiv.matrices.batch import batch_size
from symderiv.matrices.row import matrix_rows
from symderiv.render.notation import Notation
from symderiv.render.notation.style_text import TextStyle

N, T, n, m, h, c, V = sd.dims("N T n m h c V")
X = sd.matrix("x", N, n)
TEXT = Notation(TextStyle(), bar=True)


def weighted(output):
    return sd.let("L", (sd.tensor("omega", *output.shape) * output).sum())


def chain(*parts, x=X):
    for part in parts:
        x = part(x)
    return weighted(x)


def centred():
    """Every example less the mean of all entries, which is a scalar in between."""
    mean = sd.let("mu", X.mean())
    return weighted(sd.let("u", X - mean))


def perceptron(x=X, loss=losses.cross_entropy):
    stack = [layers.Dense(h), layers.Activation("tanh"), layers.Dense(c), layers.Softmax()]
    target = sd.one_hot("y", *x.shape[:-1], c)
    return sd.Network(stack, input=x, target=target, loss=loss)


def layer(inputs):
    hidden = sd.let("a", sd.tanh(sd.matrix("U", h, m) @ sd.vector("v", m)))
    return sd.let("L", ((inputs @ hidden - sd.vector("t", n)) ** 2).sum())


def regression():
    return sd.let("L", ((X @ sd.vector("w", n) - sd.vector("t", N)) ** 2).mean())


SIZES = {
    "a perceptron": (lambda: perceptron().loss, N),
    "one example of a perceptron": (lambda: perceptron(sd.vector("x", n)).loss, None),
    "layer norm": (lambda: chain(layers.LayerNorm()), N),
    "batch norm": (lambda: chain(layers.BatchNorm()), None),
    "less the mean of all": (centred, None),
    "attention": (lambda: chain(layers.Attention(h)), None),
    "attention of a batch": (lambda: chain(layers.Attention(h), x=sd.tensor("x", N, T, n)), N),
    "convolution": (lambda: chain(layers.Conv1d(3, h), x=sd.matrix("x", T, n)), None),
    "embedding": (lambda: chain(layers.Embedding(V, m), x=sd.labels("t", N, classes=V)), N),
    "a residual block": (lambda: chain(layers.Residual(layers.Dense(n))), N),
    "one example of two layers": (lambda: layer(sd.matrix("C", n, h)), None),
    "one example, its outputs named": (lambda: layer(sd.let("B", 2 * sd.matrix("C", n, h))), None),
    "a regression": (regression, N),
    "sizes given as numbers": (lambda: perceptron(sd.matrix("x", 7, 3)).loss, 7),
    "a product of two matrices": (
        lambda: sd.let("L", (sd.matrix("A", n, m) @ sd.matrix("B", m, n)).sum()),
        None,
    ),
}


@pytest.mark.parametrize(("build", "size"), SIZES.values(), ids=SIZES)
def test_the_size_that_counts_examples(build, size):
    assert batch_size(build()) == size


def test_one_example_and_all_of_them_by_the_size_or_the_index():
    bp = sd.backprop(perceptron().loss)
    for batch in (N, "N", "i", sd.index("i")):
        assert str(bp.matrix("a1", batch=batch)) == "W⁽²⁾ z̄⁽²⁾_i"
    for batch in (N, "N", "k", sd.index("k")):
        assert str(bp.matrix("W1", batch=batch)) == "Σ_k x_k z̄⁽¹⁾_kᵀ"
    assert str(bp.matrix("W1")) == "xᵀ z̄⁽¹⁾"
    with pytest.raises(Unsupported, match=r"called T; there are i = 1…N, j = 1…h, l = 1…c"):
        bp.matrix("a1", batch="T")


def test_layout_and_shapes_on_request():
    z = sd.vector("z", n)
    jacobian = sd.derive(sd.let("u", z @ sd.matrix("W", n, m)), z)
    assert str(jacobian.matrix()) == "Wᵀ"
    assert str(jacobian.matrix(layout="denominator")) == "W"
    assert jacobian.shapes(layout="denominator").splitlines() == [
        "∂u/∂z = W",
        "z: (n,), a column in matrix notation",
        "W: (n, m)",
        "∂u/∂z: (n, m), denominator layout: a row for each entry of the denominator",
    ]
    bp = sd.backprop(perceptron().loss)
    assert bp.shapes("W1").splitlines() == [
        "∂L/∂W⁽¹⁾ = xᵀ z̄⁽¹⁾",
        "W⁽¹⁾: (n, h)",
        "x: (N, n)",
        "z̄⁽¹⁾: (N, h)",
        "∂L/∂W⁽¹⁾: (n, h), shape of the variable",
    ]
    assert bp.shapes("W1", layout="denominator") == bp.shapes("W1")
    with pytest.raises(Unsupported, match="no derivative"):
        sd.rewrite(sd.softmax(z)).shapes()


def told(derivation):
    rows = matrix_rows(derivation.goal, derivation.last, derivation.indices, in_pass=True)
    return [row.by_example for row in rows]


def test_no_examples_are_told_where_outputs_are_counted():
    bp = sd.backprop(layer(sd.matrix("C", n, h)))
    assert [told(bp[name]) for name in ("U", "C", "a", "v")] == [[False]] * 4
    one_layer = sd.let("z", sd.matrix("W", n, m) @ sd.vector("v", m))
    loss = sd.let("L", ((one_layer - sd.vector("t", n)) ** 2).sum())
    assert told(sd.backprop(loss)["W"]) == [False]


def test_examples_of_a_regression_and_of_a_perceptron_are_told():
    assert told(sd.backprop(regression())["w"]) == [False, True]
    bp = sd.backprop(perceptron().loss)
    assert [told(bp[name]) for name in ("W1", "x")] == [[False, True]] * 2

"""Every adjoint of the layers and networks, against automatic differentiation of NumPy code."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from numpy.testing import assert_allclose

from symderiv import catalog
from symderiv.catalog import networks
from symderiv.catalog.entry import Entry
from symderiv.catalog.telling import tell
from symderiv.core.symbols import Label, label_of
from symderiv.document.article import Paragraph, Told
from symderiv.document.compose import Composer

SIZES = [
    {"N": 3, "n": 2, "h": 4, "c": 3, "T": 4, "d": 3, "r": 2, "K": 2, "C": 2, "F": 3, "V": 5},
    {"N": 5, "n": 4, "h": 2, "c": 2, "T": 6, "d": 2, "r": 3, "K": 3, "C": 3, "F": 1, "V": 3},
    {"N": 2, "n": 6, "h": 3, "c": 5, "T": 3, "d": 4, "r": 1, "K": 1, "C": 1, "F": 2, "V": 4},
]


def softmax(z):
    powers = anp.exp(z - anp.max(z, axis=-1, keepdims=True))
    return powers / anp.sum(powers, axis=-1, keepdims=True)


# Each loss takes the data and `at`, which marks the values whose adjoints are asked for.


def perceptron(d, at):
    a = at("a1", anp.tanh(at("z1", d["x"] @ d["W1"] + d["b1"])))
    p = softmax(at("z2", a @ d["W2"] + d["b2"]))
    return -anp.mean(anp.sum(d["y"] * anp.log(p), axis=1))


def logistic(d, at):
    p = 1 / (1 + anp.exp(-at("z", d["x"] @ d["w"] + d["b"])))
    return -anp.mean(d["y"] * anp.log(p) + (1 - d["y"]) * anp.log(1 - p))


def norm(axis, centred=True):
    def loss(d, at):
        x = d["x"] - anp.mean(d["x"], axis, keepdims=True) if centred else d["x"]
        sigma = anp.sqrt(anp.mean(x**2, axis, keepdims=True) + d["epsilon"])
        h = d["gamma"] * at("x_hat", x / sigma) + (d["beta"] if centred else 0)
        return anp.sum(d["g"] * at("h", h))

    return loss


def attention(d, at):
    q, k, v = (at(a, d["x"] @ d[f"W_{a}"]) for a in "QKV")
    p = at("P", softmax(at("S", q @ k.T / anp.sqrt(q.shape[1]))))
    return anp.sum(d["g"] * at("O", p @ v))


def convolution(d, at):
    w, x = d["W"], d["x"]
    length = len(x) - len(w) + 1
    z = sum(anp.dot(x[k : k + length], w[k]) for k in range(len(w))) + d["b"]
    return anp.sum(d["g"] * at("z", z))


def embedding(d, at):
    del at
    return anp.sum(d["g"] * d["E"][d["t"]])


def residual(d, at):
    a = anp.maximum(at("z", d["x"] @ d["W"] + d["b"]), 0)
    return anp.sum(d["g"] * at("r", d["x"] + a))


def smoothed(d, at):
    del at
    target = (1 - d["epsilon"]) * d["y"] + d["epsilon"] / len(d["y"])
    return -anp.sum(target * anp.log(softmax(d["z"])))


# The loss, and the shapes of its data: letters are sizes, an empty string is a number.
LOSSES = {
    "two-layer-perceptron": (
        perceptron, {"x": "N n", "y": "N c", "W1": "n h", "b1": "h", "W2": "h c", "b2": "c"},
    ),
    "logistic-regression": (logistic, {"x": "N n", "y": "N", "w": "n", "b": ""}),
    "layer-norm": (norm(-1), {"x": "n", "g": "n", "gamma": "n", "beta": "n", "epsilon": ""}),
    "batch-norm": (norm(0), {"x": "N n", "g": "N n", "gamma": "n", "beta": "n", "epsilon": ""}),
    "rms-norm": (norm(-1, centred=False), {"x": "n", "g": "n", "gamma": "n", "epsilon": ""}),
    "attention": (
        attention, {"x": "T d", "W_Q": "d r", "W_K": "d r", "W_V": "d r", "g": "T r"},
    ),
    "convolution": (convolution, {"x": "T C", "W": "K C F", "b": "F", "g": "L F"}),
    "embedding": (embedding, {"t": "T", "E": "V d", "g": "T d"}),
    "residual-block": (residual, {"x": "n", "W": "n n", "b": "n", "g": "n"}),
    "label-smoothing": (smoothed, {"z": "c", "y": "c", "epsilon": ""}),
}  # fmt: skip


def data_of(shapes, sizes, seed):
    random = np.random.default_rng(seed)
    sizes = {**sizes, "L": sizes["T"] - sizes["K"] + 1}
    made = {
        name: random.normal(size=[sizes[letter] for letter in shape.split()])
        for name, shape in shapes.items()
    }
    if "y" in made:
        made["y"] = softmax(made["y"]) if shapes["y"] != "N c" else _hot(made["y"])
    if "t" in made:
        made["t"] = random.integers(sizes["V"], size=sizes["T"])
    if "epsilon" in made:
        made["epsilon"] = random.uniform(0.01, 0.5)
    return {name: float(x) if np.ndim(x) == 0 else x for name, x in made.items()}


def _hot(scores):
    return np.eye(scores.shape[1])[scores.argmax(axis=1)]


def slope(loss, data, name):
    """The gradient by a datum, or by a value on the way, which is nudged."""
    if name in data:
        return grad(lambda x: loss({**data, name: x}, lambda _, value: value))(data[name])
    shape = []

    def note(key, value):
        if key == name:
            shape.append(np.shape(value))
        return value

    loss(data, note)

    def nudged(by):
        return loss(data, lambda key, value: value + by if key == name else value)

    return grad(nudged)(np.zeros(shape[0]))


@pytest.mark.parametrize("name", LOSSES)
def test_every_adjoint_agrees_with_automatic_differentiation(name):
    loss, shapes = LOSSES[name]
    compared = 0
    for _, derivation in catalog.get(name).derivations():
        function = derivation.lambdify()
        variable = label_of(derivation.goal.args[1])
        for seed, sizes in enumerate(SIZES):
            data = data_of(shapes, sizes, seed)
            given = {
                k: v for k, v in {**data, **_rows(data, sizes)}.items() if k in function.arrays
            }
            free = {k: v for k, v in sizes.items() if k in function.signature.sizes}
            expected = slope(loss, data, variable.name)
            assert_allclose(function({**given, **free}), expected, rtol=1e-9, atol=1e-12)
            compared += 1
    assert compared >= len(SIZES)


def _rows(data, sizes):
    """Class numbers as one-hot rows, for the part that takes these."""
    return {"y": np.eye(sizes["V"])[data["t"]]} if "t" in data else {}


def test_every_entry_is_compared():
    assert set(LOSSES) == {e.name for e in vars(networks).values() if isinstance(e, Entry)}


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "label-smoothing"])
def test_nothing_that_is_cited_is_missing(name):
    """An adjoint of another name, as it stands in a result, is a lemma or a part of its own."""
    parts = [derivation for _, derivation in catalog.get(name).derivations()]
    told = {d.goal for part in parts for d in (part, *part.lemmas())}
    told_of = {label_of(goal.args[1]) for goal in told}
    for part in parts:
        bars = [s for s in part.result.free_symbols if getattr(s, "name", "").endswith("_bar")]
        for bar in bars:
            assert bar.name.removesuffix("_bar") in {label.name for label in told_of}


def test_a_network_is_one_document(perceptron_article):
    """Every name is defined once, every lemma derived once, and each equation has its number."""
    told = [block for block in perceptron_article.blocks if isinstance(block, Told)]
    defined = [str(d.left) for block in told for d in block.document.definitions]
    assert defined == ["z1[i, j]", "a1[i, j]", "z2[i, j]", "p2[i, j]", "L"]
    lemmas = [lemma.number for block in told for lemma in block.document.lemmas]
    assert lemmas == list(range(1, len(lemmas) + 1))
    assert [block.number for block in told] == list(range(1, 8))
    cited = {c.number for d in perceptron_article.documents() for x in d.lines for c in x.cites}
    assert cited <= set(lemmas)


def test_a_network_says_what_forward_keeps(perceptron_article):
    entry = catalog.get("two-layer-perceptron")
    kept = [str(label_of(x)) for x in entry.make().kept]
    assert sorted(kept) == ["W2", "a1", "p2", "x", "y"]
    paragraphs = [b for b in perceptron_article.blocks if isinstance(b, Paragraph)]
    assert [str(w) for w in paragraphs[1].words if isinstance(w, Label)] == kept


@pytest.fixture(scope="module")
def perceptron_article():
    entry, composer = catalog.get("two-layer-perceptron"), Composer()
    tell(composer, entry, entry.make())
    return composer.article((entry.title,))

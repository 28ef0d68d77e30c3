"""Every result as a NumPy function, against automatic differentiation of formulas written here."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, jacobian
from autograd.scipy.special import erf

from symderiv import catalog
from symderiv.catalog import networks

SIZES = [(2, 3, 4), (3, 5, 2), (6, 4, 3)]


def data_of(n, m, count, seed):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(count, n))
    probabilities = rng.dirichlet(np.ones(n), size=3) + 0.0
    classes = rng.integers(0, n, size=count)
    return {
        "n": n,
        "x": rng.normal(),
        "x_1": rng.normal(),
        "x_2": rng.normal(),
        "x_3": rng.normal(),
        "z": scores[0],
        "Z": scores,
        "p": probabilities[0],
        "q": probabilities[1],
        "y": probabilities[2],
        "t": int(classes[0]),
        "T": classes,
        "X": rng.normal(size=(m, n)),
        "w": rng.normal(size=n),
        "b": rng.normal(size=m),
        "v": rng.normal(size=n),
        "u": rng.normal(size=n),
        "s": rng.uniform(0.05, 0.95),
    }


def entropy(p):
    return -anp.sum(p * anp.log(p))


def cross_entropy(q, p):
    return -anp.sum(q * anp.log(p))


def divergence(p, q):
    return anp.sum(p * anp.log(p / q))


def softmax(z):
    powers = anp.exp(z)
    return powers / anp.sum(powers)


def loss(z, y):
    return cross_entropy(y, softmax(z))


def loss_of_class(z, t):
    return -anp.log(softmax(z)[t])


def loss_of_set(scores, classes):
    return sum(loss_of_class(z, t) for z, t in zip(scores, classes, strict=True))


def three(x):
    return x[0] ** 2 * x[1] + anp.sin(x[2])


def binary(y, z):
    p = 1 / (1 + anp.exp(-z))
    return -y * anp.log(p) - (1 - y) * anp.log(1 - p)


def one_hot(classes, n):
    return np.eye(n)[classes]


def at_three(d):
    return np.array([d["x_1"], d["x_2"], d["x_3"]])


def numbers(**names):
    """Arguments of a result, taken from the data by other names."""
    return lambda d: {name: d[key] for name, key in names.items()}


def no_numbers(d):
    return {}


three_variables = numbers(x_1="x_1", x_2="x_2", x_3="x_3")
last_layer = numbers(z="z", y="y")
of_class = numbers(z="z", t="t")
both = numbers(p="p", q="q")
layer = numbers(x="b", v="v", W="X")


def moves(d):
    return {**three_variables(d), "dx_1": 0.1, "dx_2": -0.3, "dx_3": 0.2}


def hot_rows(d):
    return {"z": d["Z"], "y": one_hot(d["T"], d["n"])}


# Entry, part (None: what the entry is about), arguments, and the value by other means.
EXPECTED = [
    ("self-information", None, numbers(p="s"), lambda d: grad(lambda p: -anp.log(p))(d["s"])),
    ("entropy-coin", None, no_numbers, lambda d: entropy(np.ones(2) / 2)),
    ("entropy-die", None, no_numbers, lambda d: entropy(np.ones(6) / 6)),
    ("entropy-coin-die", 0, no_numbers, lambda d: entropy(np.ones(2) / 2)),
    ("entropy-coin-die", 1, no_numbers, lambda d: entropy(np.ones(6) / 6)),
    ("entropy-coin-die", None, no_numbers, lambda d: np.log(6) - np.log(2)),
    ("entropy-urns", 0, no_numbers, lambda d: entropy(np.array([0.01, 0.99]))),
    ("entropy-urns", 1, no_numbers, lambda d: entropy(np.array([0.5, 0.5]))),
    ("entropy-urns", None, no_numbers, lambda d: np.log(2) - entropy(np.array([0.01, 0.99]))),
    ("entropy-forms", None, numbers(p="p"), lambda d: entropy(d["p"])),
    ("entropy-term", None, numbers(p="s"), lambda d: grad(lambda p: -p * anp.log(p))(d["s"])),
    ("entropy-term", 1, no_numbers, lambda d: grad(lambda p: -p * anp.log(p))(np.exp(-1.0))),
    ("entropy-term", 2, numbers(p="s"), lambda d: grad(grad(lambda p: -p * anp.log(p)))(d["s"])),
    ("entropy-term", 3, no_numbers, lambda d: grad(grad(lambda p: -p * anp.log(p)))(np.exp(-1.0))),
    ("entropy-term", 4, no_numbers, lambda d: np.exp(-1)),
    ("entropy-term", 5, numbers(p="s"), lambda d: -d["s"] * np.log(d["s"])),
    ("entropy-gradient", None, numbers(p="p"), lambda d: grad(entropy)(d["p"])),
    ("entropy-hessian", None, numbers(p="p"), lambda d: jacobian(grad(entropy))(d["p"])),
    (
        "uniform-distribution",
        None,
        lambda d: {"p": d["p"], "lambda": 0.7},
        lambda d: grad(lambda p: entropy(p) + 0.7 * (1 - anp.sum(p)))(d["p"]),
    ),
    ("uniform-distribution", 4, numbers(n="n"), lambda d: entropy(np.ones(d["n"]) / d["n"])),
    ("cross-entropy", None, both, lambda d: cross_entropy(d["q"], d["p"])),
    ("cross-entropy", 1, numbers(p="p", t="t"), lambda d: -np.log(d["p"][d["t"]])),
    ("cross-entropy-gradient", None, both, lambda d: grad(cross_entropy, 1)(d["q"], d["p"])),
    ("kl-gradient-first", None, both, lambda d: grad(divergence, 0)(d["p"], d["q"])),
    ("kl-gradient-second", None, both, lambda d: grad(divergence, 1)(d["p"], d["q"])),
    ("partial-derivatives", 0, three_variables, lambda d: grad(three)(at_three(d))[0]),
    ("partial-derivatives", 1, three_variables, lambda d: grad(three)(at_three(d))[1]),
    ("partial-derivatives", 2, three_variables, lambda d: grad(three)(at_three(d))[2]),
    (
        "directional-derivative",
        None,
        three_variables,
        lambda d: grad(three)(at_three(d)) @ np.array([1, -1, 0]),
    ),
    (
        "total-differential",
        None,
        moves,
        lambda d: grad(three)(at_three(d)) @ np.array([0.1, -0.3, 0.2]),
    ),
    (
        "chain-rule",
        None,
        layer,
        lambda d: grad(lambda x: anp.dot(d["v"], anp.tanh(anp.dot(x, d["X"]))))(d["b"]),
    ),
    (
        "common-variable",
        None,
        numbers(x="x"),
        lambda d: grad(lambda x: anp.sin(x) * x**2 + x)(d["x"]),
    ),
    ("softmax-jacobian", None, numbers(z="z"), lambda d: jacobian(softmax)(d["z"])),
    (
        "log-softmax",
        None,
        numbers(z="z"),
        lambda d: jacobian(lambda z: anp.log(softmax(z)))(d["z"]),
    ),
    ("softmax-cross-entropy", None, last_layer, lambda d: grad(loss)(d["z"], d["y"])),
    ("softmax-cross-entropy-direct", 0, last_layer, lambda d: loss(d["z"], d["y"])),
    ("softmax-cross-entropy-direct", None, last_layer, lambda d: grad(loss)(d["z"], d["y"])),
    ("softmax-cross-entropy-integer", 0, of_class, lambda d: loss_of_class(d["z"], d["t"])),
    (
        "softmax-cross-entropy-integer",
        None,
        of_class,
        lambda d: grad(loss_of_class)(d["z"], d["t"]),
    ),
    ("softmax-cross-entropy-integer", 2, of_class, lambda d: grad(loss_of_class)(d["z"], d["t"])),
    (
        "softmax-cross-entropy-integer",
        3,
        of_class,
        lambda d: grad(loss_of_class)(d["z"], d["t"])[d["t"]],
    ),
    (
        "softmax-cross-entropy-hessian",
        None,
        last_layer,
        lambda d: jacobian(grad(loss))(d["z"], d["y"]),
    ),
    ("data-set-loss", None, numbers(z="Z", t="T"), lambda d: loss_of_set(d["Z"], d["T"])),
    ("data-set-gradient", None, hot_rows, lambda d: grad(loss_of_set)(d["Z"], d["T"])),
    ("sigmoid", None, numbers(x="x"), lambda d: grad(lambda x: 1 / (1 + anp.exp(-x)))(d["x"])),
    ("tanh", None, numbers(x="x"), lambda d: grad(anp.tanh)(d["x"])),
    ("relu", None, numbers(x="x"), lambda d: grad(lambda x: anp.maximum(x, 0.0))(d["x"])),
    ("softplus", None, numbers(x="x"), lambda d: grad(lambda x: anp.log(1 + anp.exp(x)))(d["x"])),
    (
        "gelu",
        None,
        numbers(x="x"),
        lambda d: grad(lambda x: x / 2 * (1 + erf(x / np.sqrt(2))))(d["x"]),
    ),
    (
        "binary-cross-entropy-with-logits",
        0,
        numbers(y="s", z="x"),
        lambda d: grad(binary, 1)(d["s"], d["x"]),
    ),
    (
        "binary-cross-entropy-with-logits",
        None,
        numbers(y="s", z="x"),
        lambda d: grad(binary, 1)(d["s"], d["x"]),
    ),
    (
        "mean-squared-error",
        None,
        numbers(y="v", ŷ="u"),
        lambda d: grad(lambda a: anp.mean((a - d["v"]) ** 2))(d["u"]),
    ),
    (
        "least-squares",
        None,
        numbers(X="X", w="w", y="b"),
        lambda d: grad(lambda w: anp.sum((anp.dot(d["X"], w) - d["b"]) ** 2) / 2)(d["w"]),
    ),
    (
        "least-squares",
        1,
        numbers(X="X", w="w", y="b"),
        lambda d: d["X"].T @ (d["X"] @ d["w"] - d["b"]),
    ),
]


def label(case):
    name, part, *_ = case
    return name if part is None else f"{name}:{part}"


@pytest.mark.parametrize("case", EXPECTED, ids=label)
def test_the_numpy_function_agrees_with_automatic_differentiation(case):
    name, part, arguments, expected = case
    entry = catalog.get(name)
    derivation = entry.derivation() if part is None else entry.derivations()[part][1]
    function = derivation.lambdify()
    for seed, (n, m, count) in enumerate(SIZES):
        data = data_of(n, m, count, seed)
        value = function(arguments(data))
        np.testing.assert_allclose(value, expected(data), rtol=1e-9, atol=1e-9)


def test_every_entry_is_compared():
    """Those of networks are in a file of their own."""
    alone = {entry.name for entry in catalog.entries() if entry not in vars(networks).values()}
    assert alone == {case[0] for case in EXPECTED}

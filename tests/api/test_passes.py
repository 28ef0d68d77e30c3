"""Compiled backward passes against automatic differentiation, and what forward keeps."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import symderiv as sd
from symderiv.api.passes import Passes
from symderiv.core.errors import DataError
from symderiv.lower.passes import Kept
from symderiv.lower.program import Entry, Handed, Input

jax.config.update("jax_enable_x64", True)

N, n, h, c, d, V = sd.dims("N n h c d V")
SIZES = (
    {"N": 4, "n": 3, "h": 5, "c": 2, "d": 2, "V": 6},
    {"N": 3, "n": 6, "h": 2, "c": 4, "d": 5, "V": 3},
)


# ---------------------------------------------------------------- models, written twice


def perceptron():
    x, y = sd.matrix("x", N, n), sd.distribution("y", N, c)
    W1, b1 = sd.matrix("W", n, h, layer=1), sd.vector("b", h, layer=1)
    W2, b2 = sd.matrix("W", h, c, layer=2), sd.vector("b", c, layer=2)
    z1 = sd.let("z", x @ W1 + b1, layer=1)
    a1 = sd.let("a", sd.tanh(z1), layer=1)
    z2 = sd.let("z", a1 @ W2 + b2, layer=2)
    p = sd.let("p", sd.softmax(z2))
    loss = sd.let("L", sd.cross_entropy(y, p).sum() / N)

    def same(a):
        z = jnp.tanh(a["x"] @ a["W1"] + a["b1"]) @ a["W2"] + a["b2"]
        return -(a["y"] * jax.nn.log_softmax(z)).sum() / len(z)

    return loss, [x, W1, b1, W2, b2], same


def sigmoid_network():
    x, y = sd.vector("x", n), sd.vector("y", c)
    W1, W2 = sd.matrix("W", n, h, layer=1), sd.matrix("W", h, c, layer=2)
    a = sd.let("a", sd.sigmoid(x @ W1), layer=1)
    q = sd.let("q", sd.sigmoid(a @ W2))
    loss = sd.let("L", ((q - y) ** 2).sum() / 2)

    def same(v):
        q = jax.nn.sigmoid(jax.nn.sigmoid(v["x"] @ v["W1"]) @ v["W2"])
        return ((q - v["y"]) ** 2).sum() / 2

    return loss, [x, y, W1, W2], same


def layer_norm():
    x, g, b, t = (sd.vector(s, n) for s in "xgbt")
    eps = sd.scalar("eps", positive=True)
    mu = sd.let("mu", x.mean())
    v = sd.let("v", ((x - mu) ** 2).mean())
    s = sd.let("sigma", sd.sqrt(v + eps))
    xh = sd.let("xhat", (x - mu) / s)
    loss = sd.let("L", (t * sd.tanh(sd.let("y", g * xh + b))).sum())

    def same(v):
        x = v["x"]
        xh = (x - x.mean()) / jnp.sqrt(x.var() + v["eps"])
        return (v["t"] * jnp.tanh(v["g"] * xh + v["b"])).sum()

    return loss, [x, g, b, eps], same


def batch_norm():
    x, t = sd.matrix("x", N, n), sd.matrix("t", N, n)
    g, b = sd.vector("g", n), sd.vector("b", n)
    mu = sd.let("mu", x.mean(axis=0))
    v = sd.let("v", ((x - mu) ** 2).mean(axis=0))
    s = sd.let("sigma", sd.sqrt(v + sd.scalar("eps", positive=True)))
    xh = sd.let("xhat", (x - mu) / s)
    loss = sd.let("L", (t * sd.tanh(g * xh + b)).sum())

    def same(v):
        x = v["x"]
        xh = (x - x.mean(0)) / jnp.sqrt(x.var(0) + v["eps"])
        return (v["t"] * jnp.tanh(v["g"] * xh + v["b"])).sum()

    return loss, [x, g, b], same


def attention():
    Q, K, W, t = (sd.matrix(s, N, d) for s in "QKWt")
    S = sd.let("S", Q @ K.T / sd.sqrt(d))
    P = sd.let("P", sd.softmax(S))
    O = sd.let("O", P @ W)
    loss = sd.let("L", (t * sd.tanh(O)).sum())

    def same(v):
        p = jax.nn.softmax(v["Q"] @ v["K"].T / jnp.sqrt(v["Q"].shape[1]))
        return (v["t"] * jnp.tanh(p @ v["W"])).sum()

    return loss, [Q, K, W], same


def skips_and_shared_weights():
    x, W, t = sd.vector("x", n), sd.matrix("W", n, n), sd.vector("t", n)
    a1 = sd.let("a", x + sd.tanh(x @ W), layer=1)
    a2 = sd.let("a", a1 + sd.tanh(a1 @ W), layer=2)
    a3 = sd.let("a", x + a1 * sd.tanh(a2 @ W), layer=3)
    loss = sd.let("L", ((a3 - t) ** 2).mean())

    def same(v):
        x, W = v["x"], v["W"]
        a1 = x + jnp.tanh(x @ W)
        a2 = a1 + jnp.tanh(a1 @ W)
        return ((x + a1 * jnp.tanh(a2 @ W) - v["t"]) ** 2).mean()

    return loss, [x, W], same


def direct_and_through():
    """W reaches the loss directly, by its penalty, and through every intermediate."""
    x, W, t = sd.vector("x", n), sd.matrix("W", n, c), sd.vector("t", c)
    lam = sd.scalar("lam")
    z = sd.let("z", x @ W)
    e = sd.let("e", sd.exp(z / 3))
    loss = sd.let("L", (e * z - t * e).sum() + lam * (W**2).sum() + (W.sum() * e.sum()))

    def same(v):
        x, W = v["x"], v["W"]
        z = x @ W
        e = jnp.exp(z / 3)
        return (e * z - v["t"] * e).sum() + v["lam"] * (W**2).sum() + W.sum() * e.sum()

    return loss, [x, W, lam], same


def integer_labels():
    x, W = sd.matrix("x", N, n), sd.matrix("W", n, c)
    t = sd.labels("t", N, classes=c)
    z = sd.let("z", x @ W)
    loss = sd.let("L", sd.cross_entropy(t, sd.let("p", sd.softmax(z))).mean())

    def same(v):
        z = jax.nn.log_softmax(v["x"] @ v["W"])
        return -z[jnp.arange(len(z)), v["t"]].mean()

    return loss, [x, W], same


MODELS = (
    perceptron,
    sigmoid_network,
    layer_norm,
    batch_norm,
    attention,
    skips_and_shared_weights,
    direct_and_through,
    integer_labels,
)


def data_for(passes, sizes, seed=0):
    rng = np.random.default_rng(seed)
    out = {}
    for a in passes.joint.signature.arguments:
        shape = tuple(sizes[str(s)] for s in a.shape)
        if a.labels:
            out[a.name] = rng.integers(0, sizes[str(a.classes)], shape)
        elif a.name == "y" and len(shape) == 2:
            out[a.name] = rng.dirichlet(np.ones(shape[1]), shape[0])
        else:
            out[a.name] = 0.01 if a.name == "eps" else rng.normal(size=shape)
    return out


@pytest.fixture(scope="module", params=MODELS, ids=lambda f: f.__name__)
def model(request):
    loss, wrt, same = request.param()
    return Passes(sd.backprop(loss, wrt)), same


# ---------------------------------------------------------------- gradients


@pytest.mark.parametrize("sizes", SIZES, ids=("first", "second"))
def test_agrees_with_jax(model, sizes):
    passes, same = model
    data = data_for(passes, sizes)
    real = {k: jnp.asarray(v, float) for k, v in data.items() if k != "t" or v.dtype.kind == "f"}
    fixed = {k: v for k, v in data.items() if k not in real}
    expected, slopes = jax.value_and_grad(lambda a: same({**a, **fixed}))(real)
    both = passes.loss_and_gradients(**data)
    loss, kept = passes.forward(**data)
    for value, gradients in (
        both,
        (loss, passes.backward(kept)),
        (loss, passes.backward({**kept})),
    ):
        np.testing.assert_allclose(value, expected, rtol=1e-9)
        assert list(gradients) == list(passes.bp)
        for name, gradient in gradients.items():
            assert gradient.shape == np.shape(data[name])
            np.testing.assert_allclose(gradient, slopes[name], rtol=1e-9, atol=1e-9)


def test_same_program_under_jax():
    loss, wrt, _ = perceptron()
    bp = sd.backprop(loss, wrt)
    data = data_for(Passes(bp), SIZES[0])
    expected, slopes = Passes(bp).loss_and_gradients(data)
    traced = Passes(bp, backend="jax")
    value, gradients = jax.jit(lambda a: traced.loss_and_gradients(a))(data)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    _, kept = traced.forward(data)
    later = traced.backward(kept)
    for name, slope in slopes.items():
        np.testing.assert_allclose(gradients[name], slope, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(later[name], slope, rtol=1e-9, atol=1e-12)


def test_large_logits():
    loss, wrt, _ = integer_labels()
    passes = Passes(sd.backprop(loss, wrt))
    data = {"x": np.diag([1e4, -1e4]), "W": np.eye(2), "t": np.array([1, 0])}
    loss, kept = passes.forward(data)
    for value, gradients in (passes.loss_and_gradients(data), (loss, passes.backward(kept))):
        assert value == pytest.approx(1e4 / 2)
        np.testing.assert_allclose(gradients["W"], [[5e3, -5e3], [0, 0]], atol=1e-9)


# ---------------------------------------------------------------- what is kept


def test_kept_is_what_the_adjoints_read(model):
    passes, _ = model
    data = data_for(passes, SIZES[0])
    _, kept = passes.forward(data)
    assert isinstance(kept, Kept)
    assert tuple(kept) == passes.kept == tuple(x.name for x in passes.bp.kept)
    for name in kept:
        if name in data:
            np.testing.assert_array_equal(kept[name], data[name])
    with pytest.raises(TypeError, match="item assignment"):
        kept["x"] = 0


def test_kept_values():
    loss, wrt, _ = perceptron()
    passes = Passes(sd.backprop(loss, wrt))
    data = data_for(passes, SIZES[1])
    _, kept = passes.forward(data)
    assert set(kept) == {"x", "y", "W1", "W2", "a1", "p"}
    a1 = np.tanh(data["x"] @ data["W1"] + data["b1"])
    e = np.exp(a1 @ data["W2"] + data["b2"])
    np.testing.assert_allclose(kept["a1"], a1, rtol=1e-12)
    np.testing.assert_allclose(kept["p"], e / e.sum(1, keepdims=True), rtol=1e-12)
    assert not passes.unnamed


class Values:
    """Numbers for what operations compute: equal where operations and operands are equal."""

    def __init__(self):
        self.numbers = {}
        self.from_data = set()

    def of(self, program, known):
        """The number of each register, and the numbers that are computed from data."""
        numbers, computed = [], set()
        for op in program.ops:
            if isinstance(op, Handed):
                numbers.append(known[op.name])
                continue
            inputs = tuple(numbers[r] for r in op.inputs)
            key = (str(op.moved(dict.fromkeys(op.inputs, 0))), op.axes, inputs)
            number = self.numbers.setdefault(key, len(self.numbers))
            numbers.append(number)
            if isinstance(op, Input) or not self.from_data.isdisjoint(inputs):
                self.from_data.add(number)
                if not isinstance(op, (Input, Entry)):
                    computed.add(number)
        return numbers, computed


def test_nothing_is_computed_twice(model):
    passes, _ = model
    pair = passes.pair
    values = Values()
    numbers, first = values.of(pair.forward, {})
    known = {x.name: numbers[x.register] for x in pair.forward.outputs}
    _, second = values.of(pair.backward, known)
    assert first
    assert second
    assert not first & second


def test_unnamed_values_are_handed_over():
    loss, wrt, _ = layer_norm()
    passes = Passes(sd.backprop(loss, wrt))
    assert passes.unnamed == ("1/sigma", "tanh(y[i])")
    assert "tanh" not in str(passes.pair.backward).replace("handed tanh", "")
    _, kept = passes.forward(data_for(passes, SIZES[0]))
    np.testing.assert_allclose(kept.unnamed["tanh(y[i])"], np.tanh(kept["y"]))


def test_a_size_that_no_kept_array_tells():
    x, y = sd.vector("x", n), sd.vector("y", n)
    passes = Passes(sd.backprop((x + 2 * y).sum(), [x, y]))
    loss, kept = passes.forward(x=[1.0, 2.0, 3.0], y=[0.0, 0.0, 1.0])
    assert (loss, dict(kept), kept.sizes) == (8.0, {}, {"n": 3})
    np.testing.assert_array_equal(passes.backward(kept)["y"], [2.0, 2.0, 2.0])
    np.testing.assert_array_equal(passes.backward({"n": 2})["x"], [1.0, 1.0])


def test_compiled_once_when_called():
    loss, wrt, _ = integer_labels()
    passes = Passes(sd.backprop(loss, wrt))
    assert not {"joint", "pair", "from_names"} & set(vars(passes))
    data = data_for(passes, SIZES[0])
    passes.forward(data)
    pair = passes.pair
    passes.forward(data)
    assert passes.pair is pair
    assert "from_names" not in vars(passes)


# ---------------------------------------------------------------- what a framework saves


def deep_perceptron(targets):
    """tanh, sigmoid and softmax with cross-entropy, one after the other."""
    x = sd.matrix("x", N, n)
    W1, b1 = sd.matrix("W", n, h, layer=1), sd.vector("b", h, layer=1)
    W2, b2 = sd.matrix("W", h, d, layer=2), sd.vector("b", d, layer=2)
    W3, b3 = sd.matrix("W", d, c, layer=3), sd.vector("b", c, layer=3)
    a1 = sd.let("a", sd.tanh(sd.let("z", x @ W1 + b1, layer=1)), layer=1)
    a2 = sd.let("a", sd.sigmoid(sd.let("z", a1 @ W2 + b2, layer=2)), layer=2)
    p = sd.let("p", sd.softmax(sd.let("z", a2 @ W3 + b3, layer=3)))
    loss = sd.let("L", sd.cross_entropy(targets, p).sum() / N)
    return Passes(sd.backprop(loss, [W1, b1, W2, b2, W3, b3]))


def saved_by_torch(torch, passes, data, cost):
    """The tensors that autograd saves for the same network, and the loss with its gradients."""
    leaves = {k: torch.tensor(v, requires_grad=k in passes.bp) for k, v in data.items()}
    saved = []
    with torch.autograd.graph.saved_tensors_hooks(
        lambda t: saved.append(t.detach().clone()) or t, lambda t: t
    ):
        a1 = torch.tanh(leaves["x"] @ leaves["W1"] + leaves["b1"])
        a2 = torch.sigmoid(a1 @ leaves["W2"] + leaves["b2"])
        loss = cost(a2 @ leaves["W3"] + leaves["b3"], leaves)
    loss.backward()
    slopes = {k: leaves[k].grad.numpy() for k in passes.bp}
    return [t.numpy() for t in saved], loss.item(), slopes


def name_of(array, named):
    """The name that has these values, transposed or not."""
    for name, value in named.items():
        if any(array.shape == v.shape and np.allclose(array, v) for v in (value, value.T)):
            return name
    return None


def test_kept_is_what_torch_saves():
    """With the graph written as in the model, the tape holds exactly the names in ``kept``."""
    torch = pytest.importorskip("torch")
    passes = deep_perceptron(sd.distribution("y", N, c))
    data = data_for(passes, SIZES[0])

    def cost(z, leaves):
        return -(leaves["y"] * torch.log(torch.softmax(z, 1))).sum() / len(z)

    saved, value, slopes = saved_by_torch(torch, passes, data, cost)
    loss, kept = passes.forward(data)
    found = [name_of(t, kept) for t in saved]
    assert set(found) == set(kept) == {"x", "a1", "W2", "a2", "W3", "p", "y"}
    assert not passes.unnamed
    assert value == pytest.approx(loss, rel=1e-12)
    for name, gradient in passes.backward(kept).items():
        np.testing.assert_allclose(gradient, slopes[name], rtol=1e-9, atol=1e-12)


def test_kept_against_the_fused_loss_of_torch():
    """Fused, torch saves log p where the derived adjoint p - y reads p: one array of that shape."""
    torch = pytest.importorskip("torch")
    passes = deep_perceptron(sd.labels("t", N, classes=c))
    data = data_for(passes, SIZES[0])

    def cost(z, leaves):
        return torch.nn.functional.cross_entropy(z, leaves["t"])

    saved, value, slopes = saved_by_torch(torch, passes, data, cost)
    loss, kept = passes.forward(data)
    log_p = np.log(kept["p"])
    found = [name_of(t, {**kept, "log p": log_p, "N": np.array(4.0)}) for t in saved]
    assert set(kept) - set(found) == {"p"}
    assert set(found) - set(kept) == {"log p", "N"}  # N: the sum of the class weights
    assert value == pytest.approx(loss, rel=1e-12)
    for name, gradient in passes.backward(kept).items():
        np.testing.assert_allclose(gradient, slopes[name], rtol=1e-9, atol=1e-12)


# ---------------------------------------------------------------- errors


def test_errors_name_the_array():
    loss, wrt, _ = perceptron()
    passes = Passes(sd.backprop(loss, wrt))
    data = data_for(passes, SIZES[0])
    with pytest.raises(DataError, match=r"W1 of shape \(n, h\) must have .* h = 4 from W2"):
        passes.loss_and_gradients({**data, "W2": np.ones((4, 2))})
    with pytest.raises(DataError, match=r"b1 of shape \(h,\)"):
        passes.forward({**data, "b1": np.ones(4)})
    with pytest.raises(DataError, match="missing: b1"):
        passes.forward({k: v for k, v in data.items() if k != "b1"})
    with pytest.raises(DataError, match="'a1' is defined by the model"):
        passes.forward({**data, "a1": np.ones((4, 5))})
    _, kept = passes.forward(data)
    with pytest.raises(DataError, match="missing: a1 of shape"):
        passes.backward({k: v for k, v in kept.items() if k != "a1"})
    with pytest.raises(DataError, match="what forward\\(\\) returned"):
        passes.backward(3)


def test_kept_of_another_pass():
    loss, wrt, _ = perceptron()
    first, second = (Passes(sd.backprop(loss, wrt)) for _ in range(2))
    data = data_for(first, SIZES[0])
    _, kept = first.forward(data)
    for name, gradient in first.backward(kept).items():
        np.testing.assert_allclose(second.backward(kept)[name], gradient, rtol=1e-12)


def test_an_array_may_bear_any_name():
    for name in ("self", "data", "kept", "bp"):
        bp = sd.backprop((sd.vector(name, n) ** 2).sum())
        loss, kept = bp.forward(**{name: [1.0, 2.0]})
        assert loss == 5
        assert bp.backward(kept)[name].tolist() == [2, 4]
        assert bp.lambdify()(**{name: [1.0, 2.0]})[0] == 5

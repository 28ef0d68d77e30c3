"""Random networks by free composition, against an interpreter of the same plan in `jax.numpy`.

A plan is a list of steps, each a name of a kind, the steps it reads, and what it needs besides.
One builder makes equations of it, the other numbers; they have nothing in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from random import Random
from typing import Any

import pytest

import symderiv as sd
from symderiv import losses
from symderiv.model.layers import (
    Activation,
    Attention,
    BatchNorm,
    Conv1d,
    Dense,
    Dropout,
    Embedding,
    LayerNorm,
    RMSNorm,
    Softmax,
)

jax = pytest.importorskip("jax")
jnp = jax.numpy

COUNT, CHECKED = 30, 11
SEQUENCES, SEQUENCES_CHECKED = 24, 3
EPS = 1e-5
WIDTHS = ("n", "m", "h", "c")
ACTIVATIONS = (
    "abs", "cos", "elu", "gelu", "leaky_relu", "relu", "sigmoid", "silu", "sin", "softplus", "tanh",
)  # fmt: skip
LOSSES = (
    "mean_squared_error",
    "mean_absolute_error",
    "huber",
    "binary_cross_entropy_with_logits",
    "hinge",
    "cross_entropy_with_logits",
    "cross_entropy",
    "kl_divergence",
)


@dataclass(frozen=True)
class Step:
    """One equation of a network: number k, what it is, which steps it reads, its width."""

    k: int
    kind: str
    reads: tuple[int, ...]
    width: str
    more: Any = None


@dataclass(frozen=True)
class Plan:
    """Steps after the input (number 0), the loss of the last, and what else the loss reads.

    Sequences have an axis T of positions before their features.
    """

    batched: bool
    sequence: bool
    input: str
    steps: tuple[Step, ...]
    loss: str
    smoothing: float
    aside: int | None
    penalised: bool

    @property
    def axes(self) -> tuple[str, ...]:
        return ("N",) * self.batched + ("T",) * self.sequence


def plan_of(seed: int, *, sequence: bool = False) -> Plan:
    """A network of 3 to 9 steps: of random depth, skips, shared weights, norms.

    Of sequences, one of 2 to 5 steps, with attention, convolution and embedding too.
    """
    random = Random(seed)
    batched = random.random() < 0.7
    widths = {0: random.choice(WIDTHS)}
    steps: list[Step] = []
    for k in range(1, (random.randint(2, 5) if sequence else random.randint(3, 9)) + 1):
        draw = _step_of_sequence if sequence else _step
        steps.append(draw(k, widths, steps, batched, random))
        widths[k] = steps[-1].width
    first = 1 if steps[0].kind == "embedding" else 0
    alike = [k for k in range(first, len(steps)) if widths[k] == widths[len(steps)]]
    return Plan(
        batched,
        sequence,
        widths[0],
        tuple(steps),
        random.choice(LOSSES),
        random.choice((0, 0.1)),
        random.choice(alike) if alike and random.random() < 0.4 else None,
        random.random() < 0.3,
    )


def _step(k: int, widths: dict[int, str], steps: list[Step], batched: bool, random: Random) -> Step:
    last = k - 1
    width = widths[last]
    pairs = [j for j in range(last) if widths[j] == width]
    shared = [s for s in steps if s.kind in ("dense", "matmul") and widths[s.reads[0]] == width]
    kinds = ["dense", "matmul", "activation", "activation", "norm", "softmax", "dropout"]
    kinds += ["skip", "skip", "gate"] * bool(pairs) + ["share", "share"] * bool(shared)
    kind = random.choice([x for x in kinds if k > 1 or x in ("dense", "matmul")])
    if kind == "share":
        other = random.choice(shared)
        return Step(k, "shared " + other.kind, (last,), other.width, other.k)
    if kind in ("dense", "matmul"):
        return Step(k, kind, (last,), random.choice(WIDTHS))
    if kind in ("skip", "gate"):
        return Step(k, kind, (last, random.choice(pairs)), width)
    if kind == "activation":
        return Step(k, kind, (last,), width, random.choice(ACTIVATIONS))
    if kind == "norm":
        norms = ("layer", "rms", "batch") if batched else ("layer", "rms")
        return Step(k, kind, (last,), width, (random.choice(norms), random.random() < 0.6))
    return Step(k, kind, (last,), width)


def _step_of_sequence(
    k: int, widths: dict[int, str], steps: list[Step], batched: bool, random: Random
) -> Step:
    """As `_step`, or what goes along the positions."""
    if k == 1 and random.random() < 0.5:
        return Step(k, "embedding", (0,), random.choice(WIDTHS))
    if k > 1 and random.random() < 0.5:
        usual = {j: w for j, w in widths.items() if j or steps[0].kind != "embedding"}
        return _step(k, {0: "", **usual}, steps, batched, random)
    if random.random() < 0.5:
        more = (random.choice((1, 2, 3)), random.random() < 0.7)
        return Step(k, "convolution", (k - 1,), random.choice(WIDTHS), more)
    heads = random.choice((1, 1, 2))
    project = heads == 2 or random.random() < 0.3
    width = widths[k - 1] if project else random.choice(WIDTHS)
    return Step(k, "attention", (k - 1,), width, (heads, random.random() < 0.5, project))


# ---------------------------------------------------------------- as equations


def as_equations(plan: Plan) -> Any:
    """The loss, by `let` and by layers called by hand."""
    sizes = {name: sd.dim(name) for name in (*WIDTHS, "N", "T", "V", "r")}
    batch = tuple(sizes[a] for a in plan.axes)
    values: list[Any] = [sd.tensor("x", *batch, sizes[plan.input])]
    if plan.steps[0].kind == "embedding":
        values = [sd.labels("s", *batch, classes=sizes["V"])]
    weights: list[Any] = []
    for step in plan.steps:
        values.append(_equation(step, values, sizes, weights))
    return sd.let("L", _cost(plan, values, batch, weights))


def _equation(step: Step, values: list[Any], sizes: Any, weights: list[Any]) -> Any:
    k, (x, *others) = step.k, [values[j] for j in step.reads]
    if step.kind in ("dense", "shared dense"):
        layer = Dense(sizes[step.width], layer=k, shares=step.more)
        weights += layer.parameters(x)[:1] if step.more is None else []
        return layer(x)
    if step.kind in ("embedding", "convolution", "attention"):
        layer = _along_positions(step, sizes)
        weights += [p for p in layer.parameters(x) if p.name.startswith("W")]
        return layer(x)
    if step.kind in ("matmul", "shared matmul"):
        own = step.more is None
        W = sd.matrix("W", x.shape[-1], sizes[step.width], layer=k if own else step.more)
        weights += [W] if own else []
        return sd.let("z", x @ W, layer=k)
    if step.kind == "skip":
        return sd.let("r", x + others[0], layer=k)
    if step.kind == "gate":
        return sd.let("g", x * others[0], layer=k)
    if step.kind == "norm":
        kind, affine = step.more
        norm = {"layer": LayerNorm, "rms": RMSNorm, "batch": BatchNorm}[kind]
        return norm(EPS, affine, layer=k)(x)
    plain = {"softmax": Softmax, "dropout": lambda layer: Dropout(0.25, layer=layer)}
    if step.kind in plain:
        return plain[step.kind](layer=k)(x)
    return Activation(step.more, layer=k)(x)


def _along_positions(step: Step, sizes: Any) -> Any:
    if step.kind == "embedding":
        return Embedding(sizes["V"], sizes[step.width], layer=step.k)
    if step.kind == "convolution":
        kernel, bias = step.more
        return Conv1d(kernel, sizes[step.width], padding="same", bias=bias, layer=step.k)
    heads, causal, project = step.more
    size = sizes["r"] if project else sizes[step.width]
    return Attention(size, heads, causal, project, layer=step.k)


def _cost(plan: Plan, values: list[Any], batch: tuple[Any, ...], weights: list[Any]) -> Any:
    out = values[-1]
    width = out.shape[-1]
    soft = plan.loss in ("cross_entropy", "kl_divergence")
    if plan.loss == "kl_divergence":
        target = sd.distribution("y", *batch, width)
    elif plan.loss.startswith("cross_entropy"):
        target = sd.labels("t", *batch, classes=width)
    else:
        target = sd.tensor("y", *batch, width)
    options = {"label_smoothing": plan.smoothing} if plan.loss.startswith("cross") else {}
    read = sd.let("q", sd.softmax(out)) if soft else out
    cost = getattr(losses, plan.loss)(target, read, **options)
    if plan.aside is not None:
        cost = cost + (values[plan.aside] * out).sum() / width
    if plan.penalised and weights:
        cost = cost + losses.l2_penalty(*weights, strength=0.5)
    return cost


# ---------------------------------------------------------------- as numbers


def as_numbers(plan: Plan) -> Any:
    """The loss of arrays by name, in `jax.numpy`."""

    def run(at: dict[str, Any]) -> Any:
        values = [at["s"] if plan.steps[0].kind == "embedding" else at["x"]]
        for step in plan.steps:
            values.append(_number(step, [values[j] for j in step.reads], at))
        return _number_cost(plan, values, at)

    return run


def _number(step: Step, read: list[Any], at: dict[str, Any]) -> Any:
    x, k = read[0], step.k
    if step.kind == "embedding":
        return at[f"E{k}"][x]
    if step.kind == "convolution":
        return _convolved(x, at[f"W{k}"]) + at.get(f"b{k}", 0.0)
    if step.kind == "attention":
        return _attended(x, *step.more[:2], [at.get(f"W_{a}{k}") for a in "QKVO"])
    if "dense" in step.kind or "matmul" in step.kind:
        of = k if step.more is None else step.more
        return x @ at[f"W{of}"] + (at[f"b{of}"] if "dense" in step.kind else 0.0)
    if step.kind == "skip":
        return x + read[1]
    if step.kind == "gate":
        return x * read[1]
    if step.kind == "norm":
        return _normed(step.more[0], x) * at.get(f"gamma{k}", 1.0) + at.get(f"beta{k}", 0.0)
    if step.kind == "softmax":
        return jnp.exp(x) / jnp.exp(x).sum(-1, keepdims=True)
    if step.kind == "dropout":
        return at[f"m{k}"] * x / 0.75
    if step.more == "gelu":
        return jax.nn.gelu(x, approximate=False)
    return getattr(jnp if step.more in ("abs", "cos", "sin", "tanh") else jax.nn, step.more)(x)


def _convolved(x: Any, kernel: Any) -> Any:
    """By the library's own convolution, which slides over batches of channels."""
    rows = x.reshape(-1, *x.shape[-2:])
    out = jax.lax.conv_general_dilated(
        rows, kernel, (1,), [((len(kernel) - 1) // 2, len(kernel) // 2)],
        dimension_numbers=("NWC", "WIO", "NWC"),
    )  # fmt: skip
    return out.reshape(*x.shape[:-1], kernel.shape[-1])


def _attended(x: Any, heads: int, causal: bool, weights: list[Any]) -> Any:
    """One head after the other."""
    out = []
    for head in range(heads):
        wq, wk, wv = (w[head] if heads > 1 else w for w in weights[:3])
        scores = (x @ wq) @ jnp.swapaxes(x @ wk, -1, -2) / sqrt(wq.shape[-1])
        if causal:
            scores = scores + jnp.triu(jnp.full(scores.shape[-2:], -1e30), 1)
        out.append(jax.nn.softmax(scores, axis=-1) @ (x @ wv))
    if weights[3] is None:
        return out[0]
    return sum(o @ (weights[3][h] if heads > 1 else weights[3]) for h, o in enumerate(out))


def _normed(kind: str, x: Any) -> Any:
    axis = tuple(range(x.ndim - 1)) if kind == "batch" else -1
    centred = x if kind == "rms" else x - x.mean(axis, keepdims=True)
    return centred / jnp.sqrt((centred**2).mean(axis, keepdims=True) + EPS)


def _number_cost(plan: Plan, values: list[Any], at: dict[str, Any]) -> Any:
    out = values[-1]
    cost = _number_loss(plan, out, at)
    if plan.aside is not None:
        cost = cost + (values[plan.aside] * out).sum() / out.shape[-1]
    if plan.penalised:
        cost = cost + 0.5 * sum((w**2).sum() for name, w in at.items() if name[0] == "W")
    return cost


def _number_loss(plan: Plan, o: Any, at: dict[str, Any]) -> Any:
    y, log_q = at.get("y"), jax.nn.log_softmax(o)
    if plan.loss.startswith("cross_entropy"):
        hot = jax.nn.one_hot(at["t"], o.shape[-1], dtype=o.dtype)
        hot = (1 - plan.smoothing) * hot + plan.smoothing / o.shape[-1]
        return -(hot * log_q).sum(-1).mean()
    if plan.loss == "kl_divergence":
        return (y * (jnp.log(y) - log_q)).sum(-1).mean()
    r = jnp.abs(o - y)
    return {
        "mean_squared_error": lambda: (r**2).mean(),
        "mean_absolute_error": lambda: r.mean(),
        "huber": lambda: jnp.where(r <= 1, r**2 / 2, r - 0.5).mean(),
        "binary_cross_entropy_with_logits": lambda: (jax.nn.softplus(o) - y * o).mean(),
        "hinge": lambda: jax.nn.relu(1 - y * o).mean(),
    }[plan.loss]()


# ---------------------------------------------------------------- tests


@pytest.mark.parametrize("seed", range(COUNT))
def test_gradients(seed, agrees):
    plan = plan_of(seed)
    agrees(as_equations(plan), as_numbers(plan))


def checked():
    """Ten are checked at once, the others are slow."""
    for seed in range(COUNT):
        marks = [pytest.mark.slow] if seed >= CHECKED else []
        yield pytest.param(seed, marks=marks)


@pytest.mark.parametrize("seed", list(checked()))
def test_every_step(seed):
    report = sd.backprop(as_equations(plan_of(seed))).check()
    assert report, report


def halved(given, random):
    """Weights of an even size, so that no softmax of scores is saturated: rounding is all else."""
    return {name: value / 2 for name, value in given.items() if name[0] in "WE"}


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_gradients_of_sequences(seed, agrees):
    plan = plan_of(seed, sequence=True)
    agrees(as_equations(plan), as_numbers(plan), change=halved)


def checked_sequences():
    for seed in range(SEQUENCES):
        marks = [pytest.mark.slow] if seed >= SEQUENCES_CHECKED else []
        yield pytest.param(seed, marks=marks)


@pytest.mark.parametrize("seed", list(checked_sequences()))
def test_every_step_of_sequences(seed):
    report = sd.backprop(as_equations(plan_of(seed, sequence=True))).check()
    assert report, report


def test_the_sequences_have_everything():
    plans = [plan_of(seed, sequence=True) for seed in range(SEQUENCES)]
    steps = [step for plan in plans for step in plan.steps]
    kinds = {step.kind for step in steps}
    assert kinds >= {"attention", "convolution", "embedding", "dense", "skip", "norm"}
    attention = [step.more for step in steps if step.kind == "attention"]
    assert {heads for heads, *_ in attention} == {1, 2}
    assert {causal for _, causal, _ in attention} == {True, False}
    assert {project for *_, project in attention} == {True, False}
    assert {step.more[0] for step in steps if step.kind == "convolution"} == {1, 2, 3}
    assert {plan.batched for plan in plans} == {True, False}


def test_the_plans_have_everything():
    plans = [plan_of(seed) for seed in range(COUNT)]
    kinds = {step.kind for plan in plans for step in plan.steps}
    assert kinds >= {"dense", "matmul", "shared dense", "skip", "gate", "softmax", "dropout"}
    found = {step.more for plan in plans for step in plan.steps}
    assert len(found.intersection(ACTIVATIONS)) >= 9
    assert {plan.loss for plan in plans} == set(LOSSES)
    norms = {step.more[0] for plan in plans for step in plan.steps if step.kind == "norm"}
    assert norms == {"layer", "rms", "batch"}
    assert {plan.batched for plan in plans} == {True, False}

"""Every loss: all gradients of the backward pass against `jax.grad`, and every step checked."""

import numpy as np
import pytest

import symderiv as sd
from symderiv import losses

jax = pytest.importorskip("jax")
jnp = jax.numpy

N, T, n, m, c = sd.dims("N T n m c")
EVEN = 0.1


def of_entries(name, f, *, only=None):
    """A loss entry by entry: of a scalar, of one example, of a batch."""
    for shape, label in (((), "scalar"), ((n,), "one"), ((N, n), "batch"), ((N, T, n), "deep")):
        y, o = sd.tensor("y", *shape), sd.tensor("o", *shape)
        yield f"{name} {label}", getattr(losses, name)(y, o), f, only


def mean_huber(edge):
    def cost(at):
        r = jnp.abs(at["o"] - at["y"])
        return jnp.where(r <= edge, r**2 / 2, edge * (r - edge / 2)).mean()

    return cost


def probable(given, random):
    """Probabilities where a loss wants them: outputs and targets inside (0, 1)."""
    return {k: random.uniform(0.1, 0.9, size=np.shape(given[k]) or None) for k in "yo"}


def positive(given, random):
    return {"o": random.uniform(0.1, 2.0, size=given["o"].shape)}


def binary(at):
    y, p = at["y"], at["o"]
    return -(y * jnp.log(p) + (1 - y) * jnp.log(1 - p)).mean()


def entry_cases():
    yield from of_entries("mean_squared_error", lambda at: ((at["o"] - at["y"]) ** 2).mean())
    yield from of_entries("mean_absolute_error", lambda at: jnp.abs(at["o"] - at["y"]).mean())
    yield from of_entries("huber", mean_huber(1.0))
    y, o = sd.matrix("y", N, n), sd.matrix("o", N, n)
    yield "huber 0.5", losses.huber(y, o, 0.5), mean_huber(0.5), None
    yield from of_entries("binary_cross_entropy", binary, only=probable)
    yield from of_entries(
        "binary_cross_entropy_with_logits",
        lambda at: (jax.nn.softplus(at["o"]) - at["y"] * at["o"]).mean(),
    )
    yield from of_entries("hinge", lambda at: jax.nn.relu(1 - at["y"] * at["o"]).mean())


def smoothed(at, share):
    o = at["o"]
    y = jax.nn.one_hot(at["t"], o.shape[-1], dtype=o.dtype) if "t" in at else at["y"]
    return (1 - share) * y + share / o.shape[-1]


def of_probabilities(share):
    """``-Σ y log p``, the mean over examples, for hard and soft targets."""
    return lambda at: -(smoothed(at, share) * jnp.log(at["o"])).sum(-1).mean()


def of_logits(share):
    """``log Σ e^z - (1 - ε) Σ y z - ε/n Σ z``: by y, it moves along with Σ y."""

    def cost(at):
        o = at["o"]
        y = jax.nn.one_hot(at["t"], o.shape[-1], dtype=o.dtype) if "t" in at else at["y"]
        score = (1 - share) * (y * o).sum(-1) + share * o.mean(-1)
        return (jax.nn.logsumexp(o, axis=-1) - score).mean()

    return cost


def class_cases():
    """One-hot targets, distributions and class numbers, with and without smoothing."""
    kinds = (
        ("cross_entropy", of_probabilities, positive),
        ("cross_entropy_with_logits", of_logits, None),
    )
    for name, by_hand, change in kinds:
        for shape, label in (((), "one"), ((N,), "batch"), ((N, T), "deep")):
            o = sd.tensor("o", *shape, c)
            targets = {
                "one-hot": sd.one_hot("y", *shape, c),
                "soft": sd.distribution("y", *shape, c),
                "class": sd.labels("t", *shape, classes=c),
            }
            for kind, target in targets.items():
                for share in (0, EVEN):
                    smooth = " smoothed" if share else ""
                    loss = getattr(losses, name)(target, o, label_smoothing=share)
                    yield f"{name} {kind}{smooth} {label}", loss, by_hand(share), change
    for shape, label in (((), "one"), ((N,), "batch")):
        y, o = sd.distribution("y", *shape, c), sd.tensor("o", *shape, c)

        def divergence(at):
            return (at["y"] * jnp.log(at["y"] / at["o"])).sum(-1).mean()

        yield f"kl_divergence {label}", losses.kl_divergence(y, o), divergence, positive


def penalty_cases():
    w, W, rate = sd.vector("w", n), sd.matrix("W", n, m), sd.scalar("rate")
    yield (
        "l1_penalty",
        losses.l1_penalty(w, W, strength=rate),
        lambda at: at["rate"] * (jnp.abs(at["w"]).sum() + jnp.abs(at["W"]).sum()),
        None,
    )
    yield (
        "l2_penalty",
        losses.l2_penalty(w, W, strength=rate),
        lambda at: at["rate"] * ((at["w"] ** 2).sum() + (at["W"] ** 2).sum()),
        None,
    )
    y = sd.vector("y", n)
    yield (
        "squares and a penalty",
        losses.mean_squared_error(y, w) + losses.l2_penalty(w, strength=0.5),
        lambda at: ((at["w"] - at["y"]) ** 2).mean() + 0.5 * (at["w"] ** 2).sum(),
        None,
    )


CASES = [*entry_cases(), *class_cases(), *penalty_cases()]


def cases(count):
    """The cases as parameters of a test; a third shape says what two have said."""
    for name, *given in CASES:
        marks = [pytest.mark.slow] if "deep" in name else []
        yield pytest.param(*given[:count], id=name, marks=marks)


@pytest.mark.parametrize(("loss", "by_hand", "change"), list(cases(3)))
def test_gradients(loss, by_hand, change, agrees):
    agrees(sd.let("L", loss), by_hand, change=change)


@pytest.mark.parametrize("loss", list(cases(1)))
def test_every_step(loss):
    report = sd.backprop(sd.let("L", loss)).check()
    assert report, report
    assert report.steps

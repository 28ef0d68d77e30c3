"""Backward passes against `jax.grad` in double precision, and their steps against the oracle."""

import numpy as np
import pytest

import symderiv as sd
from symderiv.core.model import Model, inputs
from symderiv.model.arrays import as_array

jax = pytest.importorskip("jax")

SIZES = (
    {"N": 4, "n": 3, "m": 2, "h": 5, "c": 4, "T": 5, "U": 6, "d": 3, "r": 2, "V": 6},
    {"N": 3, "n": 5, "m": 4, "h": 2, "c": 3, "T": 7, "U": 4, "d": 4, "r": 3, "V": 5},
)
TOLERANCE = 1e-9


def pytest_terminal_summary(terminalreporter):
    """The worst difference from JAX of each file."""
    found = {}
    for report in terminalreporter.stats.get("passed", []):
        for key, value in report.user_properties:
            if key == "worst":
                found.setdefault(report.location[0], []).append(value)
    for file, values in found.items():
        line = f"{file}: {len(values)} losses, worst difference from JAX {max(values):.1e}"
        terminalreporter.write_line(line)


def number(size, sizes):
    return int(size.subs({s: sizes[s.name] for s in size.free_symbols}))


def draw(label, sizes, random):
    """Random data for a declared name, by its kind."""
    shape = [number(s, sizes) for s in label.shape]
    spec = label.spec
    if spec.kind == "labels":
        return random.integers(number(spec.classes, sizes), size=shape or None)
    if spec.kind == "distribution":
        return random.dirichlet(np.ones(shape[-1]), size=shape[:-1] or None)
    if spec.kind == "one_hot":
        return np.eye(shape[-1])[random.integers(shape[-1], size=shape[:-1] or None)]
    values = random.normal(size=shape or None)
    return np.abs(values) + 0.1 if spec.positive else values


def apart(found, expected):
    """How far two arrays are apart, relative to the size of the larger entries."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    return float(np.max(np.abs(found - expected), initial=0) / max(1, np.max(np.abs(expected))))


@pytest.fixture
def agrees(request):
    """Compare a loss and the gradients of all its parameters and inputs with JAX.

    ``reference`` gives the loss from a dict of arrays by name; ``change`` alters the data drawn.
    """

    def compare(loss, reference, *, change=None, wrt=None):
        bp = sd.backprop(loss, wrt)
        f = bp.lambdify()
        labels = list(inputs(Model.of(as_array(loss).element)))
        worst = 0.0
        for seed, sizes in enumerate(SIZES):
            random = np.random.default_rng(seed)
            given = {x.name: draw(x, sizes, random) for x in labels}
            given |= change(given, random) if change else {}
            value, slopes = f(given)
            assert list(slopes) == list(bp)
            with jax.enable_x64(True):
                fixed = {k: jax.numpy.asarray(v) for k, v in given.items()}
                both = jax.jit(jax.value_and_grad(lambda part, rest=fixed: reference(rest | part)))
                expected, wanted = both({k: fixed[k] for k in slopes})
            errors = {"the loss": apart(value, expected)}
            errors |= {k: apart(slopes[k], wanted[k]) for k in slopes}
            assert all(e < TOLERANCE for e in errors.values()), errors
            worst = max(worst, *errors.values())
        request.node.user_properties.append(("worst", worst))
        return bp

    return compare


@pytest.fixture
def weighted():
    """A scalar that weighs every entry of an array, so that no gradient is special."""

    def scalar(output):
        out = as_array(output)
        return sd.let("L", (out * sd.tensor("omega", *out.shape)).sum())

    return scalar

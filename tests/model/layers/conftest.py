"""Values and gradients of models against JAX, in double precision, on random data."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import symderiv as sd
from symderiv.core.model import Model, inputs
from symderiv.model.arrays import Array, as_array, whole

jax = pytest.importorskip("jax")

SIZES = (
    {"N": 4, "n": 3, "m": 2, "h": 5, "c": 4, "T": 5, "U": 6, "d": 3, "r": 2, "V": 6},
    {"N": 2, "n": 6, "m": 4, "h": 2, "c": 3, "T": 7, "U": 5, "d": 4, "r": 3, "V": 5},
)


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
    return np.abs(values) if spec.positive else values


def agrees(model, expected, *, slopes=True, data=None):
    """The value of a model and, of its weighted sum, the gradient in every real name."""
    output = as_array(model)
    names = list(inputs(Model.of(output.element)))
    real = [x for x in names if x.spec.kind == "real"]
    weights = sd.tensor("weights", *output.shape)
    total = sd.let("total", (output * weights).sum() if output.shape else weights * model)
    value = sd.lambdify(model)
    gradients = {x.name: sd.lambdify(sd.gradient(total, whole(x))) for x in real if slopes}
    for seed, sizes in enumerate(SIZES):
        random = np.random.default_rng(seed)
        given = {x.name: draw(x, sizes, random) for x in names} | (data or {})
        w = random.normal(size=[number(s, sizes) for s in output.shape] or None)
        extra = dict(sizes.items())
        with jax.enable_x64(True):
            as_jax = {k: jax.numpy.asarray(v) for k, v in given.items()}
            assert_allclose(_call(value, given, extra), expected(as_jax), rtol=1e-9, atol=1e-12)

            def weighted(part, rest=as_jax, w=w):
                return (w * expected({**rest, **part})).sum()

            slope = jax.grad(weighted)({x.name: as_jax[x.name] for x in real}) if slopes else {}
        for name, f in gradients.items():
            found = _call(f, {**given, "weights": w}, extra)
            assert_allclose(found, slope[name], rtol=1e-9, atol=1e-11, err_msg=name)


def _call(f, given, sizes):
    """Only what the function asks for; sizes where no array tells them."""
    known = {k: v for k, v in given.items() if k in f.arrays}
    return f({**known, **{k: v for k, v in sizes.items() if k in f.signature.sizes}})


@pytest.fixture(name="agrees")
def agrees_fixture():
    return agrees


@pytest.fixture
def shown():
    """``name: right side`` of every equation that a model rests on."""

    def equations(model):
        found = Model.of(model.element if isinstance(model, Array) else model).equations
        return {label.name: str(definition.body) for label, definition in found}

    return equations

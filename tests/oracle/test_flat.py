"""A world with one entry shifted computes little anew, and gives what computing all would give.

The other side is a fresh world at a fresh point, in which that entry was set to the shifted number
and nothing is remembered.
"""

import pytest
import sympy as sp

import symderiv as sd
from symderiv import layers, losses
from symderiv.core.expr import Partial
from symderiv.core.model import Model, inputs
from symderiv.oracle import flat
from symderiv.oracle.closures import value
from symderiv.oracle.dimensions import dimensions
from symderiv.oracle.numeric import step
from symderiv.oracle.point import draw
from symderiv.oracle.world import World

N, n, m, h, w, c, k = sd.dims("N n m h w c k")
SHIFT = 1000 * step()


def mean_square(out):
    return sd.let("L", losses.mean_squared_error(sd.tensor("Y", *out.shape), out))


def convolutions(padding, kernel):
    x = sd.tensor("x", N, h, w, c)
    inner = layers.Activation("tanh", layer=1)(
        layers.Conv2d(kernel, 2, padding=padding, layer=1)(x)
    )
    return mean_square(layers.Conv2d(kernel, m, padding=padding, layer=2)(inner))


def classes():
    z, t = sd.matrix("z", N, n), sd.labels("t", N, classes=n)
    return sd.let("L", losses.cross_entropy_with_logits(t, z))


def cases():
    x = sd.vector("x", n)
    y = sd.let("y", sp.Piecewise((x[k] ** 2, x[k] > 0), (x[k], True)), (k, 1, n))
    return sd.let("L", (y * x.max()).sum())


MODELS = {
    "convolution": lambda: convolutions("valid", 2),
    "padded convolution": lambda: convolutions("same", 3),
    "embedding": lambda: mean_square(layers.Embedding(n, m)(sd.labels("t", N, classes=n))),
    "attention": lambda: mean_square(layers.Attention(m, causal=True)(sd.matrix("x", N, n))),
    "batch norm": lambda: mean_square(layers.BatchNorm()(sd.matrix("x", N, n))),
    "classes": classes,
    "cases": cases,
}


def sizes_of(loss):
    found = dimensions(Model.of(loss), [loss], [])
    return {s: 4 if s in (h, w) else (2, 3)[place % 2] for place, s in enumerate(found)}


def entries(loss, world):
    for label in inputs(Model.of(loss)):
        if label.spec.kind == "real":
            yield from ((label, at) for at in world.entries(label))


@pytest.mark.parametrize("name", MODELS)
def test_a_shift_gives_what_computing_all_anew_gives(name):
    loss = MODELS[name]()
    sizes = sizes_of(loss)
    first = World(draw(sizes, seed=3))
    value(loss, first, {})
    moved = 0
    for key in list(entries(loss, first))[::6]:
        shifted = value(loss, first.shift(key, SHIFT, downstream=True), {})
        other = World(draw(sizes, seed=3))
        other.point.values[key] = first.value(*key) + SHIFT
        expected = value(loss, other, {})
        assert abs(shifted - expected) < 1e-57 * (1 + abs(expected)), key
        moved += shifted != value(loss, first, {})
    assert moved


@pytest.mark.parametrize("name", ["convolution", "attention", "batch norm"])
def test_two_shifts_one_upon_the_other(name):
    loss = MODELS[name]()
    sizes = sizes_of(loss)
    first = World(draw(sizes, seed=4))
    keys = list(entries(loss, first))
    for a, b in zip(keys[::9], keys[1::9], strict=False):
        world = first.shift(a, SHIFT, downstream=True).shift(b, -SHIFT, downstream=True)
        other = World(draw(sizes, seed=4))
        other.point.values[a] = first.value(*a) + SHIFT
        other.point.values[b] = first.value(*b) - SHIFT
        expected = value(loss, other, {})
        assert abs(value(loss, world, {}) - expected) < 1e-57 * (1 + abs(expected))


def test_names_are_held_where_only_the_expression_moves():
    x = sd.vector("x", n)
    u = sd.let("u", x**2)
    i = sd.index("i")
    e = sp.Sum(u[i] * x[i], (i, 1, n))
    world = World(draw({n: 3}))
    slope = value(Partial(e, x[2]), world, {})
    assert abs(slope - world.value(u.label, (2,))) < 1e-40


def test_an_entry_rests_on_what_its_own_definition_reads():
    x, W = sd.matrix("x", N, n), sd.matrix("W", n, m)
    z = sd.let("z", x @ W)
    world = World(draw({N: 3, n: 2, m: 2})).shift((x.label, (1, 2)), SHIFT, downstream=True)
    assert flat.rests((z.label, (1, 1)), world)
    assert not flat.rests((z.label, (2, 1)), world)
    assert not flat.rests((W.label, (2, 1)), world)


def test_a_chain_of_a_thousand_names_is_no_recursion():
    x = sd.scalar("x")
    for layer in range(1000):
        x = sd.let("a", sd.tanh(x), layer=layer)
    first = World(draw({}))
    value(x, first, {})
    first_input = next(iter(inputs(Model.of(x))))
    moved = first.shift((first_input, ()), SHIFT, downstream=True)
    assert value(x, moved, {}) != value(x, first, {})

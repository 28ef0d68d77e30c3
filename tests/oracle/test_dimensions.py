"""Which symbols are sizes, and which sizes are tried."""

from sympy import IndexedBase, Integer, Sum, Tuple, symbols

import symderiv as sd
from symderiv.core.expr import InRange
from symderiv.core.model import Model
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.oracle.dimensions import dimensions, longest, loose, plan

n, m, c = symbols("n m c", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
z = Label("z", Spec((n, m + 1)))
t = Label("t", Spec((), kind="labels", classes=c))


def test_sizes_stand_in_shapes_limits_and_guards():
    x = IndexedBase("x")
    e = Sum(x[j], (j, 1, i), (i, 1, k))
    assert dimensions(Model.of(z.entry(i, j)), [z.entry(i, j)], []) == [m, n]
    assert dimensions(Model.of(t), [t], []) == [c]
    assert dimensions(Model(), [e], []) == [k]
    assert dimensions(Model(), [e], [Tuple(k, 1, n)]) == [n]
    assert dimensions(Model(), [InRange(i, Integer(1), n)], []) == [n]


def test_sizes_of_definitions():
    body = Sum(z.entry(i, j), (j, 1, k))
    a = Label("a", Spec((n,), definition=Definition((i,), body)))
    assert dimensions(Model.of(a.entry(i)), [a.entry(i)], []) == [k, m, n]


def test_loose_indices_take_the_range_of_their_axis():
    e = Sum(z.entry(i, j), (j, 1, m))
    assert loose(e, (), ()) == (Tuple(i, 1, n),)
    assert loose(z.entry(i, j), (i,), ()) == (Tuple(j, 1, m + 1),)
    assert loose(z.entry(t, n), (), (n,)) == ()


def test_the_plan_begins_at_one_and_then_tells_dimensions_apart():
    sizes = plan([n, m, c], 6, seed=0)
    assert sizes[0] == {n: 1, m: 1, c: 1}
    assert all(len(set(table.values())) == 3 for table in sizes[1:4])
    assert sizes == plan([n, m, c], 6, seed=0)
    assert plan([], 3, seed=0) == [{}, {}, {}]


def test_the_longest_size_of_a_deep_model():
    u = sd.vector("x", 7)
    for layer in range(2000):
        u = sd.let("u", 2 * u, layer=layer)
    loss = sd.let("L", u.sum())
    assert longest(Model.of(loss), [loss], []) == 7

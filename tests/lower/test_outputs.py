"""Several outputs in one program, names handed in, and programs cut into two."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from sympy import IndexedBase, Integer, Sum, Tuple, exp, log, symbols, tanh

from symderiv.core.errors import DataError, NameClash, SymderivError
from symderiv.core.expr import call, power
from symderiv.core.functions import sigmoid
from symderiv.core.symbols import Definition, Label, Spec
from symderiv.lower import lower, lower_all
from symderiv.lower.passes import lower_passes
from symderiv.lower.reading import Wanted

i, j, k, n, m = symbols("i j k n m", integer=True)
I, J = (Tuple(i, 1, n),), (Tuple(j, 1, m),)
X, W, T = Label("x", Spec((n,))), Label("W", Spec((n, m))), Label("t", Spec((m,)))
H = Label("h", Spec((m,), definition=Definition((j,), Sum(W.entry(k, j) * X.entry(k), (k, 1, n)))))
A = Label("a", Spec((m,), definition=Definition((j,), tanh(H.entry(j)))))
x, w, t, h, a = (label.entry for label in (X, W, T, H, A))
DATA = {"x": np.array([1.0, -2.0]), "W": np.array([[0.5, 1.0, 0.0], [1.0, 0.0, 3.0]])}


def test_values_and_shapes():
    outputs = {
        "loss": (Sum(a(k) ** 2, (k, 1, m)), ()),
        "slope": (2 * a(j) * (1 - a(j) ** 2), J),
        "outer": (x(i) * h(j), (*I, *J)),
        "turned": (x(i) * h(j), (*J, *I)),
    }
    f = lower_all(outputs)
    assert f.shapes == {"loss": (), "slope": (m,), "outer": (n, m), "turned": (m, n)}
    values = f(DATA)
    assert list(values) == list(outputs)
    for name, (e, indices) in outputs.items():
        np.testing.assert_array_equal(values[name], lower(e, indices=indices)(DATA))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(f))(DATA)["outer"], values["outer"])


def test_common_parts_once():
    f = lower_all({"a": (a(j), J), "b": (tanh(h(j)) + 1, J), "c": (Sum(a(j), (j, 1, m)), ())})
    listing = str(f.program)
    assert listing.count("tanh(") == 1
    assert listing.count("contract(") == 1
    assert listing.splitlines()[-3:-2] == ["return a = %5[j]  (j = 1..m)"]


def test_difference_has_one_form():
    """``z - m`` and ``z + (-m)`` are one operation."""
    total = lower_all({"a": (h(j) - t(j), J), "b": (-(t(j) - h(j)), J), "c": (-t(j), J)})
    assert str(total.program).count("subtract") <= 2
    assert "add" not in str(total.program)


def test_results_own_their_memory():
    f = lower_all({"one": (t(j), J), "two": (t(j), J), "spread": (x(i) + 0 * t(j), (*I, *J))})
    data = {"t": np.ones(3), "x": np.array([1.0, 2.0])}
    values = f(data)
    for value in values.values():
        np.add(value, 7, out=value)
    np.testing.assert_array_equal(data["t"], 1)
    np.testing.assert_array_equal(data["x"], [1, 2])
    np.testing.assert_array_equal(values["one"], values["two"])
    np.testing.assert_array_equal(values["spread"], [[8, 8, 8], [9, 9, 9]])


# ---------------------------------------------------------------- names handed in


def test_given_names_are_inputs():
    e = Sum(a(j) * t(j), (j, 1, m))
    f = lower_all({"e": (e, ())}, given=(A,))
    assert set(f.required) == {"t", "a"}
    assert set(f.arrays) == {"a", "t"}
    assert f(a=[1.0, 2.0], t=[3.0, 4.0]) == {"e": 11.0}
    with pytest.raises(DataError, match=r"t of shape \(m,\) must have shape .* m = 2 from a"):
        f(a=[1.0, 2.0], t=[3.0])
    with pytest.raises(DataError, match="'a' is defined by the model"):
        lower_all({"e": (e, ())})(a=[1.0], t=[1.0], **DATA)
    inner = lower_all({"e": (e, ())}, given=(H,))
    np.testing.assert_allclose(inner(h=[1.0, 2.0], t=[3.0, 4.0])["e"], np.tanh([1, 2]) @ [3, 4])


def test_definitions_of_given_names_are_not_read():
    """Where a is handed in, ``log a`` and ``1 - a`` do not go back to the argument of σ."""
    s = Label("s", Spec((m,), definition=Definition((j,), call(sigmoid, h(j)))))
    e = log(s.entry(j)) + (1 - s.entry(j))
    f = lower_all({"e": (e, J)}, given=(s,))
    assert f.required == ("s",)
    np.testing.assert_allclose(f(s=[0.5, 0.25])["e"], np.add(np.log([0.5, 0.25]), [0.5, 0.75]))
    whole = lower_all({"e": (e, J)})
    assert "softplus" in str(whole.program)


def test_errors():
    with pytest.raises(NameClash, match="an index occurs twice"):
        lower_all({"e": (x(i), (*I, *I))})
    with pytest.raises(SymderivError, match="no back end 'cobol'"):
        lower_all({"e": (x(i), I)}, backend="cobol")
    with pytest.raises(SymderivError, match="no back end 'cobol'"):
        lower_passes(Wanted("L", Sum(x(i), *I), ()), (), (), backend="cobol")
    assert lower_all({})() == {}


def test_plain_arrays_and_sizes_by_name():
    y = IndexedBase("y")
    f = lower_all({"s": (Sum(y[k], (k, 1, n)), ()), "n": (n + Integer(0), ())})
    assert f(y=[1.0, 2.0, 3.0]) == {"s": 6.0, "n": 3.0}
    g = lower_all({"n": (1 / n, I)})
    np.testing.assert_array_equal(g(n=2)["n"], [0.5, 0.5])


# ---------------------------------------------------------------- many equations


def chain(depth):
    label = X
    for layer in range(depth):
        definition = Definition((i,), tanh(label.entry(i)) + x(i))
        label = Label("a", Spec((n,), layer=str(layer), definition=definition))
    return label


def test_linear_in_the_number_of_equations():
    sizes = []
    for depth in (10, 20, 40):
        last = chain(depth)
        f = lower_all({"last": (last.entry(i), I), "twice": (2 * last.entry(i), I)})
        sizes.append(len(f.program.ops))
    assert sizes[2] - sizes[1] == 2 * (sizes[1] - sizes[0])
    expected = np.array([0.5, -1.0])
    for _ in range(40):
        expected = np.add(np.tanh(expected), [0.5, -1.0])
    np.testing.assert_allclose(f(x=[0.5, -1.0])["twice"], 2 * expected)


# ---------------------------------------------------------------- two programs


def test_what_both_need_is_handed_over():
    e = tanh(x(i))
    loss = Wanted("L", Sum(exp(e) * (e + 1) * x(i), *I), ())
    slope = Wanted("g", (e + 1) * exp(x(i)) + e, I)
    pair = lower_passes(loss, (X,), (slope,))
    assert "tanh(%" in str(pair.forward)
    assert "tanh(%" not in str(pair.backward)
    assert pair.names == ("x",)
    assert pair.unnamed == ("tanh(x[i])", "tanh(x[i]) + 1")
    v = np.array([1.0, 2.0])
    value, kept = pair.run_forward(None, {"x": v})
    np.testing.assert_allclose(value, (np.exp(np.tanh(v)) * (np.tanh(v) + 1) * v).sum())
    np.testing.assert_allclose(kept.unnamed["tanh(x[i])"], np.tanh(v))
    expected = (np.tanh(v) + 1) * np.exp(v) + np.tanh(v)
    np.testing.assert_allclose(pair.run_backward(kept)["g"], expected)


def test_kept_values_do_not_change_with_the_data():
    pair = lower_passes(Wanted("L", Sum(x(i) ** 2, *I), ()), (X,), (Wanted("g", 2 * x(i), I),))
    data = np.array([1.0, 2.0])
    _, kept = pair.run_forward(None, {"x": data})
    data[:] = 0
    np.testing.assert_array_equal(pair.run_backward(kept)["g"], [2.0, 4.0])


def test_transposed_and_constant_axes():
    """A kept name whose equation lacks an axis, and one that is read transposed."""
    b = Label("b", Spec((n, m), definition=Definition((i, j), tanh(x(i)))))
    c = Label("c", Spec((m, n), definition=Definition((j, i), power(w(i, j), Integer(3)))))
    loss = Wanted("L", Sum(b.entry(i, j) * c.entry(j, i), *I, *J), ())
    slopes = (
        Wanted("gb", c.entry(j, i), (*I, *J)),
        Wanted("gc", b.entry(i, j) * c.entry(j, i), (*J, *I)),
    )
    pair = lower_passes(loss, (b, c), slopes)
    value, kept = pair.run_forward(DATA, {})
    B, C = np.tanh(DATA["x"])[:, None] * np.ones(3), DATA["W"].T ** 3
    np.testing.assert_allclose(value, (B * C.T).sum())
    np.testing.assert_allclose(kept["b"], B)
    np.testing.assert_allclose(kept["c"], C)
    got = pair.run_backward(kept)
    np.testing.assert_allclose(got["gb"], C.T)
    np.testing.assert_allclose(got["gc"], (B * C.T).T)
    assert "tanh(%" not in str(pair.backward)
    assert "power" not in str(pair.backward)

"""Operators, broadcasting, products and reductions, against NumPy at small sizes."""

import pickle
from importlib.util import find_spec

import numpy as np
import pytest
import sympy
from numpy.testing import assert_allclose

from symderiv.core.binding import bound_letters
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.fingerprint import same
from symderiv.model import elementwise as sd
from symderiv.model.arrays import Array, as_array, as_expression
from symderiv.model.declare import dims, indices, matrix, scalar, tensor, vector
from symderiv.model.grid import broadcast

n, m, N = dims("n m N")
i, j, k, l = indices("i j k l")
x, y, b = vector("x", n), vector("y", n), vector("b", m)
W, X, U, T = matrix("W", n, m), matrix("X", N, n), matrix("U", m, N), tensor("T", N, n, m)
a = scalar("a")

CASES = {
    "add": lambda x, y, b, W, X, U, T, a: x + y,
    "scalars": lambda x, y, b, W, X, U, T, a: 2 * x - a * y + 1,
    "reflected": lambda x, y, b, W, X, U, T, a: 1 - x / a + a / (y * y + 1),
    "powers": lambda x, y, b, W, X, U, T, a: x**2 + 2**x - (y**2) ** 0.5,
    "negative": lambda x, y, b, W, X, U, T, a: -x - (y - x),
    "absolute": lambda x, y, b, W, X, U, T, a: abs(x) * abs(a),
    "rows": lambda x, y, b, W, X, U, T, a: W * b,
    "columns": lambda x, y, b, W, X, U, T, a: x[:, None] * W + b,
    "outer": lambda x, y, b, W, X, U, T, a: x[:, None] * b - 1,
    "batch": lambda x, y, b, W, X, U, T, a: T / (1 + W**2) - b,
    "third": lambda x, y, b, W, X, U, T, a: X[:, :, None] + T,
    "dot": lambda x, y, b, W, X, U, T, a: x @ y,
    "matvec": lambda x, y, b, W, X, U, T, a: W @ b,
    "vecmat": lambda x, y, b, W, X, U, T, a: x @ W + b,
    "matmat": lambda x, y, b, W, X, U, T, a: X @ W @ U,
    "batched": lambda x, y, b, W, X, U, T, a: T @ U,
    "batched left": lambda x, y, b, W, X, U, T, a: X @ T,
    "batched both": lambda x, y, b, W, X, U, T, a: T @ T.transpose(0, 2, 1),
    "batched vector": lambda x, y, b, W, X, U, T, a: T @ b,
    "transpose": lambda x, y, b, W, X, U, T, a: T.T,
    "gram": lambda x, y, b, W, X, U, T, a: (W.T @ W + W.T @ W).T,
    "sum": lambda x, y, b, W, X, U, T, a: T.sum(),
    "sum axis": lambda x, y, b, W, X, U, T, a: T.sum(axis=1),
    "sum axes": lambda x, y, b, W, X, U, T, a: T.sum(axis=(0, -1)),
    "sum keep": lambda x, y, b, W, X, U, T, a: T - T.sum(axis=1, keepdims=True),
    "mean": lambda x, y, b, W, X, U, T, a: X.mean(axis=0) + X.mean(),
    "max": lambda x, y, b, W, X, U, T, a: X.max(axis=-1) - X.min(axis=-1) + X.max(),
    "prod": lambda x, y, b, W, X, U, T, a: X.prod(axis=0) * x.prod(),
    "inner sums": lambda x, y, b, W, X, U, T, a: ((X @ W).sum(axis=0) * (X @ W)).sum(axis=1),
    "entry": lambda x, y, b, W, X, U, T, a: (W @ b) @ x * (x @ W),
}


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_numpy(name, env, evaluate):
    formula = CASES[name](x, y, b, W, X, U, T, a)
    expected = CASES[name](*(env[v] for v in ("x", "y", "b", "W", "X", "U", "T", "a")))
    assert_allclose(evaluate(formula, env), expected, rtol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_axes_and_bound_indices_have_letters_of_their_own(name):
    formula = as_array(CASES[name](x, y, b, W, X, U, T, a))
    assert bound_letters(formula.element).isdisjoint(v.name for v in formula.indices)


SPECS = [
    ("i,i->", "xx"),
    ("i,j->ij", "xb"),
    ("ij,j->i", "Wb"),
    ("ij,j", "Wb"),
    ("ij->ji", "W"),
    ("ni,ij,jk->nk", "XWU"),
    ("nij,ni->jn", "TX"),
    ("nij->", "T"),
    ("...ij,j->...i", "Tb"),
    ("n...,n...->...", "XX"),
    ("...i,...i", "TT"),
    ("ba,ca", "XX"),
    ("nij,nkj->nik", "TT"),
]


@pytest.mark.parametrize(("spec", "operands"), SPECS)
def test_einsum_agrees_with_numpy(spec, operands, env, evaluate):
    arrays = {"x": x, "b": b, "W": W, "X": X, "U": U, "T": T}
    formula = sd.einsum(spec, *(arrays[v] for v in operands))
    expected = np.einsum(spec, *(env[v] for v in operands))
    assert np.shape(evaluate(formula, env)) == expected.shape
    assert_allclose(evaluate(formula, env), expected, rtol=1e-12)


def test_einsum_takes_diagonals(evaluate):
    square = matrix("S", n, n)
    env = {"n": 3, "S": np.arange(9.0).reshape(3, 3)}
    assert evaluate(sd.einsum("ii->", square), env) == 12
    assert_allclose(evaluate(sd.einsum("ii->i", square), env), [0, 4, 8])


@pytest.mark.parametrize(
    ("spec", "operands"),
    [
        ("ij,j->i", (W, x)),
        ("ij", (x,)),
        ("ij,jk->ik", (W,)),
        ("i->j", (x,)),
        ("i->ii", (x,)),
        ("i1->i", (W,)),
        ("...i->i", (X,)),
    ],
)
def test_einsum_says_what_does_not_fit(spec, operands):
    with pytest.raises(ShapeError, match="einsum"):
        sd.einsum(spec, *operands)


SHAPES = [
    [(3,), (2, 3)],
    [(1,), (5,)],
    [(4, 1), (3,)],
    [(4, 1, 2), (3, 1)],
    [(), (2, 2)],
    [(3,), (4,)],
    [(2, 3), (3, 2)],
    [(1, 1), (1,)],
]


@pytest.mark.parametrize("shapes", SHAPES)
def test_broadcasting_is_numpys(shapes):
    symbolic = [tuple(map(sympy.Integer, shape)) for shape in shapes]
    try:
        expected = np.broadcast_shapes(*shapes)
    except ValueError:
        with pytest.raises(ShapeError):
            broadcast(symbolic, [])
    else:
        assert broadcast(symbolic, []) == expected


def test_a_mismatch_shows_both_shapes():
    with pytest.raises(
        ShapeError, match=r"x of shape \(n,\) and A of shape \(N, m\).*sizes n and m differ"
    ):
        x + matrix("A", N, m)
    with pytest.raises(ShapeError, match=r"W @ \w+, of shapes \(n, m\) and \(N, n\)"):
        W @ X
    with pytest.raises(ShapeError, match="two different symbols are called n"):
        x + vector("y", sympy.Symbol("n"))
    with pytest.raises(ShapeError, match="for a scalar write"):
        x @ a


def test_axes_are_checked():
    for axis in (2, -3, (0, 0), 0.5, "0"):
        with pytest.raises(ShapeError):
            W.sum(axis=axis)


@pytest.mark.parametrize(
    "left", [sympy.Symbol("s"), sympy.Integer(2), sympy.Rational(1, 2), sympy.pi, x.sum(), a + 1]
)
def test_sympy_on_the_left_leaves_the_work_to_the_array(left):
    for made in (left + x, left - x, left * x, left / x, left**x, left < x, left >= x):
        assert isinstance(made, Array)
        assert made.shape == (n,)
    assert same((left * y)[i], (y * left)[i])
    with pytest.raises(ShapeError):
        left @ x


def test_numbers_become_exact():
    assert (0.1 * x)[i] == x[i] / 10
    assert (np.float64(0.5) * x)[i] == x[i] / 2
    assert (x * np.int64(3))[i] == 3 * x[i]
    assert as_expression(np.float32(0.5)) == sympy.Rational(1, 2)
    assert (np.float64(2) < x)[i] == (x[i] > 2)


def test_nothing_is_evaluated():
    assert (x * (1 / x)).element.args == (x[i], 1 / x[i])
    assert sd.log(sd.exp(x)).element.func is sympy.log
    assert (x + x).element.args == (x[i], x[i])
    assert (x - x).element.args == (x[i], -x[i])


def test_entries_are_capture_free():
    p = sd.softmax(x)
    assert same(p[j], sympy.exp(x[j]) / sympy.Sum(sympy.exp(x[i]), (i, 1, n)))
    assert p[j].atoms(sympy.Sum) == {sympy.Sum(sympy.exp(x[i]), (i, 1, n))}
    assert p[j].free_symbols >= {j}
    row = X[i, :]
    assert row.indices == (j,)
    assert (row + x)[k].args == (X[i, k], x[k])
    assert (X[j, :] @ X.T)[i].has(X[j, k])


def test_indexing():
    assert T[i, j, k] == sympy.Indexed(T.label.base, i, j, k)
    assert T[i].shape == (n, m)
    assert T[..., k].shape == (N, n)
    assert T[:, 1][i, j] == T[i, 1, j]
    assert x[None, :].shape == (1, n)
    assert x[n] == x.label.base[n]
    assert x[2 * i - 1].args[1] == 2 * i - 1
    assert W.T[j, i] == W[i, j]
    assert (W.T).name is None
    assert W.T.T == W


def test_what_an_array_knows():
    assert (x.name, x.shape, x.ndim, x.indices) == ("x", (n,), 1, (i,))
    assert (x + 1).name is None
    assert (x + 1).label is None
    assert x.label.name == "x"
    assert repr(x) == "Array(x, shape=(n,))"
    assert repr(x * 2) == "Array(2*x[i], shape=(n,))"
    assert {x: 1, x + 1: 2}[x + 1] == 2
    assert x == vector("x", n)
    assert x != vector("x", m)
    assert x != a


def test_letters_avoid_every_name():
    z, w = vector("i", n), vector("k", sympy.Symbol("j", integer=True, positive=True))
    assert {v.name for v in z.indices}.isdisjoint({"i", "n"})
    outer = z[:, None] * w
    assert [v.name for v in outer.indices] == ["l", "m"]
    assert as_array(outer.sum(axis=0)).indices[0].name == "l"


def test_conditions_count_as_numbers(env, evaluate):
    assert_allclose(evaluate((x > 0) * y, env), (env["x"] > 0) * env["y"])
    assert evaluate((x >= y).sum(), env) == (env["x"] >= env["y"]).sum()


def test_concrete_sizes(evaluate):
    p = vector("p", 2)
    assert p.sum() == sympy.Sum(p[i], (i, 1, 2))
    assert evaluate(p @ p, {"p": np.array([3.0, 4.0])}) == 25
    assert (p * vector("q", 1)).shape == (2,)
    assert (p * vector("q", 1))[2] == p[2] * vector("q", 1)[1]


def test_plain_sympy_stays_in_reading_order():
    s = sympy.Symbol("s")
    assert as_expression(1 - s**2).args == (1, -(s**2))
    assert as_expression(sympy.log(s) * s).args == (s, sympy.log(s))
    assert as_expression(s**2 - 2 * s + 1).args == (s**2, -2 * s, 1)
    assert as_expression((s - a) ** 2).args[0].args == (s, -a)
    assert as_expression(1 - sympy.exp(-s)).args == (1, -sympy.exp(-s))
    assert as_expression(y[i] - x[i]).args == (y[i], -x[i])


def test_dividing_by_zero():
    with pytest.raises(ZeroDivisionError):
        x / 0


@pytest.mark.parametrize("bad", ["x", [1, 2], (1,), {1}, None, 1j, True, np.ones(3), object()])
def test_what_is_no_formula(bad):
    with pytest.raises(Unsupported):
        x + bad
    with pytest.raises(Unsupported):
        sd.exp(bad)


@pytest.mark.skipif(
    find_spec("symderiv.core.codec") is None,
    reason="labels are pickled by core's codec",
)
def test_pickling():
    assert pickle.loads(pickle.dumps(sd.softmax(x))) == sd.softmax(x)

"""Declared names: what is known about them, labels as indices, one-hot arrays, intermediates."""

import pytest
import sympy

from symderiv.core.errors import NameClash, ShapeError, Unsupported
from symderiv.core.fingerprint import same
from symderiv.core.model import Model
from symderiv.core.symbols import Label, label_of
from symderiv.model import elementwise as sd
from symderiv.model.declare import (
    dim,
    dims,
    distribution,
    index,
    indices,
    labels,
    matrix,
    one_hot,
    scalar,
    tensor,
    vector,
)
from symderiv.model.naming import is_positive, let

n, m, N = dims("n m N")
i, j, t = *indices("i, j"), labels("t", classes=n)
z = vector("z", n)


def test_sizes_and_indices_are_sympy_symbols():
    assert dim("n") == sympy.Symbol("n", integer=True, positive=True)
    assert index("i") == sympy.Symbol("i", integer=True)
    assert dims("n, m") == (n, m)


def test_a_scalar_is_a_sympy_symbol():
    a = scalar("a", positive=True)
    assert isinstance(a, sympy.Symbol)
    assert sympy.sqrt(a**2) == a
    assert sympy.diff(a**2, a) == 2 * a
    assert tensor("a", positive=True) == a
    assert scalar("a") != a


def test_kinds_and_assumptions():
    assert distribution("p", n)[i].is_nonnegative
    assert distribution("p", n, positive=True)[i].is_positive
    assert one_hot("y", n)[i].is_integer
    assert vector("s", n, positive=True)[i].is_positive
    assert labels("t", N)[i].is_integer
    assert z[i].is_real
    assert z[i].is_positive is None


def test_options_ride_on_the_label():
    spec = matrix("W", n, m, layer=2, latex=r"\mathbf W").label.spec
    assert (spec.layer, spec.latex, spec.shape) == ("2", r"\mathbf W", (n, m))


def test_labels_are_indices():
    assert z[t].args[1] == t
    many = labels("t", N, classes=n)
    assert matrix("Z", N, n)[i, many[i]].args[1:] == (i, many[i])
    assert vector("v", 5)[labels("u", classes=3)]
    assert vector("v", 5)[labels("u")]


def test_a_one_hot_array_knows_its_labels():
    assert one_hot("y", n, labels=t).label.spec.hot == t
    many = labels("t", N, classes=n)
    hot = one_hot("y", N, n, labels=many).label.spec.hot
    assert label_of(hot) == many.label
    assert Model.of(one_hot("y", n, labels=t)[i]).labels[0] == t
    with pytest.raises(Unsupported, match=r"sd\.labels"):
        one_hot("y", n, labels=z)


def test_let_names_an_array():
    p = let("p", sd.softmax(z))
    assert p.name == "p"
    assert p.shape == (n,)
    definition = p.label.spec.definition
    assert same(definition.at(j), sd.softmax(z)[j])
    assert p[j] == p.label.entry(j)


def test_let_names_a_scalar():
    s = let("s", z.sum())
    assert isinstance(s, Label)
    assert s.spec.definition.body == z.sum()
    assert s + 1 == 1 + s


def test_let_with_ranges():
    u = let("u", 2 * z[i] + z[j], (j, 1, n), (i, 1, n))
    assert u.shape == (n, n)
    assert u.label.spec.definition.at(i, j) == 2 * z[j] + z[i]


@pytest.mark.parametrize(
    ("expr", "limits", "word"),
    [
        (z[i] * 2, (), "free"),
        (matrix("A", n, m)[i, :], (), "free"),
        (z[i] * z[j], ((i, 1, n),), "index j"),
        (z[i], ((i, 0, n),), "begin at 1"),
        (z[i], ((i, n),), "written"),
        (z, ((i, 1, n),), "leave the ranges out"),
    ],
)
def test_let_says_which_index_has_no_range(expr, limits, word):
    with pytest.raises(ShapeError, match=word):
        let("u", expr, *limits)


def test_let_allows_labels_and_sizes_as_indices():
    assert let("u", z[t] + z[n])
    assert let("v", sd.logsumexp(z) - z[t] * n)


def test_definitions_tell_names_apart():
    assert let("u", z * 2) == let("u", 2 * z)
    assert let("u", z * 2) != let("u", z * 3)
    assert let("u", z.sum()) == let("u", sympy.Sum(z[j], (j, 1, n)))
    assert let("u", z.sum()).digest == let("u", sympy.Sum(z[j], (j, 1, n))).digest
    assert let("u", z) != vector("u", n)


def test_one_name_for_two_things_is_an_error():
    with pytest.raises(NameClash, match="'u'"):
        Model.of(let("u", z.sum()) + let("u", 2 * z.sum()))
    with pytest.raises(NameClash, match="'z'"):
        Model.of(z[i] + vector("z", m)[j])
    with pytest.raises(NameClash, match="plain SymPy name 'z'"):
        Model.of(z[i] + sympy.IndexedBase("z")[j])
    with pytest.raises(NameClash, match="'z'"):
        Model.of(z[i] * sympy.Symbol("z"))


def test_a_deep_model_is_built_in_a_line():
    h = z
    for depth in range(300):
        h = let(f"h{depth}", sd.tanh(h))
    assert len(Model.of(h[i]).labels) == 301


@pytest.mark.parametrize(
    ("expr", "positive"),
    [
        (sd.exp(z), True),
        (sd.softmax(z), True),
        (sd.sigmoid(z), True),
        (sd.exp(z).sum(), True),
        (sd.exp(z) * 2 + 1, True),
        (z, False),
        (sd.exp(z) - 1, False),
        (sd.log_softmax(z), False),
        (-sd.exp(z), False),
        (distribution("p", n), False),
        (vector("s", n, positive=True) / n, True),
    ],
)
def test_what_is_plainly_positive(expr, positive):
    assert is_positive(getattr(expr, "element", expr)) is positive
    named = let("u", expr)
    assert (named if isinstance(named, Label) else named.label).spec.positive is positive


def test_sizes_that_only_print_alike_make_different_arrays():
    plain = vector("z", sympy.Symbol("n"))
    assert plain.label != z.label
    with pytest.raises(NameClash, match="'z'"):
        Model.of(z[i] + plain[j])

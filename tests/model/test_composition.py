"""Generated compositions of array operations, with names that invite capture, against NumPy."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from symderiv.core.binding import bound_letters
from symderiv.core.fingerprint import same
from symderiv.model import elementwise as sd
from symderiv.model.arrays import Array, as_array
from symderiv.model.declare import dim, index, matrix, tensor, vector

SIZES = {dim("j"): 3, dim("l"): 2}  # sizes that bear the letters of indices
J, L = SIZES
SOURCES = [
    vector("i", J),
    vector("k", L),
    matrix("x", J, L),
    matrix("m", J, J),
    tensor("r", L, J, L),
]
RANDOM = np.random.default_rng(3)
ENV = {str(size): number for size, number in SIZES.items()}
ENV |= {a.name: RANDOM.uniform(0.2, 1, [SIZES[s] for s in a.shape]) for a in SOURCES}


def np_softmax(v, axis):
    e = np.exp(v)
    return e / e.sum(axis=axis, keepdims=True)


ONE = {
    "transpose": (lambda a: a.T, lambda v: v.T),
    "softmax": (lambda a: sd.softmax(a, 0), lambda v: np_softmax(v, 0)),
    "softmax last": (lambda a: sd.softmax(a), lambda v: np_softmax(v, -1)),
    "sum first": (lambda a: a.sum(axis=0), lambda v: v.sum(axis=0)),
    "sum last": (lambda a: a.sum(axis=-1), lambda v: v.sum(axis=-1)),
    "centre": (
        lambda a: a - a.mean(axis=-1, keepdims=True),
        lambda v: v - v.mean(axis=-1, keepdims=True),
    ),
    "largest": (lambda a: a.max(axis=0, keepdims=True), lambda v: v.max(axis=0, keepdims=True)),
    "new axis": (lambda a: a[:, None], lambda v: v[:, None]),
    "first": (lambda a: a[1], lambda v: v[0]),
    "gram": (lambda a: a @ a.T, lambda v: v @ v.T),
    "tanh": (lambda a: sd.tanh(2 * a) - 1, lambda v: np.tanh(2 * v) - 1),
}
TWO = {
    "add": (lambda a, b: a + b, np.add),
    "multiply": (lambda a, b: a * b, np.multiply),
    "matmul": (lambda a, b: a @ b, np.matmul),
    "divide": (lambda a, b: a / (b * b + 1), lambda u, v: u / (v * v + 1)),
}

programs = st.tuples(
    st.sampled_from(range(len(SOURCES))),
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(sorted(ONE))),
            st.tuples(st.sampled_from(sorted(TWO)), st.sampled_from(range(len(SOURCES)))),
        ),
        max_size=4,
    ),
)


def run(program):
    """The formula and its value; operations that NumPy refuses are left out, and so by us."""
    start, steps = program
    formula, value = SOURCES[start], ENV[SOURCES[start].name]
    for name, *others in steps:
        if not isinstance(formula, Array) or formula.ndim > 3:
            break
        symbolic, numeric = (ONE | TWO)[name]
        sources = [SOURCES[k] for k in others]
        try:
            after = numeric(value, *(ENV[s.name] for s in sources))
        except (ValueError, IndexError):
            continue
        formula, value = symbolic(formula, *sources), after
    return formula, value


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(programs)
def test_compositions_agree_with_numpy(evaluate, program):
    formula, value = run(program)
    assert_allclose(evaluate(formula, ENV), value, rtol=1e-9, atol=1e-12)


@settings(max_examples=200, deadline=None)
@given(programs)
def test_bound_indices_keep_away_from_axes(program):
    formula = as_array(run(program)[0])
    axes = [v.name for v in formula.indices]
    assert len(set(axes)) == len(axes)
    assert bound_letters(formula.element).isdisjoint(axes)


@settings(max_examples=200, deadline=None)
@given(programs, st.permutations("stuv"))
def test_entries_do_not_depend_on_letters(program, letters):
    formula = as_array(run(program)[0])
    there = [index(letter) for letter, _ in zip(letters, formula.shape, strict=False)]
    moved = formula.at(*there)
    back = Array(formula.shape, tuple(there), moved)
    assert same(back.at(*formula.indices), formula.element)

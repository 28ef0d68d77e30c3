"""Substitution and renaming against a dense evaluation: the value must not change."""

import pytest
from sympy import IndexedBase, Integer, Product, Sum, Symbol, Tuple, symbols

from symderiv.core.binding import free, fresh, names, rename_bound, subst
from symderiv.core.expr import MaxOver, Partial, bind, mul, nested, total
from symderiv.core.model import Model
from symderiv.core.symbols import Label, Spec
from symderiv.oracle.dense import evaluate, sample_point

i, j, k, l, n, m = symbols("i j k l n m", integer=True)
z = Label("z", Spec((n,)))
Z = z.entry

# (expression, its free indices); binders that share letters, and ranges that read an index
BINDERS_TO_TRY = [
    (total(Z(k), Tuple(k, 1, n)), ""),
    (total(mul(Z(k), Z(i)), Tuple(k, 1, n)), "i"),
    (total(Z(k), Tuple(k, 1, i), Tuple(i, 1, n)), ""),
    (total(mul(Z(k), Z(j)), Tuple(k, 1, i), Tuple(i, 1, j)), "j"),
    (nested(total(mul(Z(i), Z(j)), Tuple(i, 1, n)), (Tuple(i, 1, m),)), "j"),
    (total(Z(i), Tuple(i, 1, i)), "i"),
    (total(mul(Z(i), total(mul(Z(i), Z(j)), Tuple(i, 1, n))), Tuple(i, 1, n)), "j"),
    (bind(Product, Z(k), Tuple(k, 1, j)), "j"),
    (bind(MaxOver, mul(Z(k), Z(i)), Tuple(k, i, n)), "i"),
    (total(Z(i), Tuple(i, 1, n), Tuple(i, 1, m)), ""),
]


def value(e, **env):
    at = sample_point(Model.of(e), (), {n: 3, m: 2}, seed=3)
    return float(evaluate(e, at, {symbols(c, integer=True): v for c, v in env.items()}))


def shown(symbols_):
    return "".join(sorted(s.name for s in symbols_ if s not in (n, m)))


@pytest.mark.parametrize(("e", "expected"), BINDERS_TO_TRY, ids=str)
def test_free_indices(e, expected):
    assert shown(free(e)) == expected


@pytest.mark.parametrize("letter", "ijkl")
@pytest.mark.parametrize(("e", "letters"), BINDERS_TO_TRY, ids=str)
def test_substitution_captures_nothing(e, letters, letter):
    """For every free index, what is put in is read outside of every binder."""
    for old in letters:
        after = subst(e, {symbols(old, integer=True): symbols(letter, integer=True)})
        for place in (1, 2, 3):
            rest = {c: 2 for c in letters if c != old}
            if letter in rest:
                rest[letter] = place
            assert value(after, **{**rest, letter: place}) == value(e, **{**rest, old: place})


@pytest.mark.parametrize("avoid", ["i", "k", "ik", "ij", "ijkl"])
@pytest.mark.parametrize(("e", "letters"), BINDERS_TO_TRY, ids=str)
def test_renaming_keeps_the_value(e, letters, avoid):
    after = rename_bound(e, frozenset(avoid))
    env = dict.fromkeys(letters, 2)
    assert value(after, **env) == value(e, **env)
    outermost = {limit[0].name for limit in after.args[len(after.args) - len(e.args) + 1 :]}
    assert not outermost & set(avoid)


def test_a_renamed_index_is_renamed_in_the_ranges_that_read_it():
    triangle = total(Z(k), Tuple(k, 1, i), Tuple(i, 1, n))
    after = rename_bound(triangle, frozenset("i"))
    assert after == total(Z(k), Tuple(k, 1, j), Tuple(j, 1, n))
    shifted = subst(total(mul(Z(k), Z(l)), Tuple(k, 1, i), Tuple(i, 1, n)), {l: i})
    assert shown(free(shifted)) == "i"


def test_substitution_is_simultaneous():
    e = total(mul(Z(i), Z(j), Z(k)), Tuple(k, 1, n))
    assert subst(e, {i: j, j: i}) == total(mul(Z(j), Z(i), Z(k)), Tuple(k, 1, n))


def test_index_arithmetic_is_done():
    assert subst(Z(k + 1), {k: i - 1}) == Z(i)
    assert subst(Z(k + 1), {k: Integer(1)}) == Z(Integer(2))


def test_substitution_reaches_inert_derivatives():
    e = Partial(total(mul(Z(k), Z(j)), Tuple(k, 1, n)), Z(j))
    assert subst(e, {j: i}) == Partial(total(mul(Z(k), Z(i)), Tuple(k, 1, n)), Z(i))


def test_names_hold_arrays_and_free_scalars_but_no_bound_index():
    a = Symbol("a")
    e = Sum(a * IndexedBase("x")[k], (k, 1, n))
    assert {s.name for s in names(e)} == {"a", "x", "n"}


def test_fresh_letters_avoid_what_is_taken_and_never_run_out():
    taken = set()
    for _ in range(100):
        letter = fresh(taken).name
        assert letter not in taken
        taken.add(letter)
    assert fresh("", ("a", "b")).name == "a"

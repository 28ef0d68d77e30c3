"""Expressions, labels and derivations as data: back again, node for node."""

from __future__ import annotations

import copy
import json
import pickle
import random
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational, S, Symbol, Tuple

from symderiv.core.archive import derivation_from_data, derivation_to_data, step_ids
from symderiv.core.codec import Table, decode, encode
from symderiv.core.derivation import Derivation, Stage, Step
from symderiv.core.errors import DataError, Unsupported
from symderiv.core.expr import (
    Direct,
    InRange,
    MaxOver,
    Partial,
    Total,
    add,
    call,
    cases,
    delta,
    div,
    indicator,
    mul,
    neg,
    power,
    relation,
    total,
)
from symderiv.core.functions import relu
from symderiv.core.symbols import Definition, Label, Spec

N = Symbol("n", integer=True, positive=True)
I, J, K = (Symbol(c, integer=True) for c in "ijk")
X, Y = sp.symbols("x y")
RANGE = Tuple(K, 1, N)


def label_z() -> Label:
    return Label("z", Spec((N,)))


def label_p() -> Label:
    z = label_z()
    body = div(call(sp.exp, z.entry(I)), total(call(sp.exp, z.entry(J)), Tuple(J, S.One, N)))
    return Label("p", Spec((N,), definition=Definition((I,), body)))


def back(e: sp.Basic) -> sp.Basic:
    """Through JSON text and a fresh table."""
    table = Table()
    data = encode(e, table)
    text = json.dumps({"labels": table.to_data(), "e": data})
    read = json.loads(text)
    return decode(read["e"], Table.from_data(read["labels"]))


def shape(e: sp.Basic) -> object:
    """The tree as it stands: heads and arguments in order."""
    return (type(e).__name__, tuple(map(shape, e.args))) if e.args else e


f = sp.Function("f")
g = sp.Function("g", real=True)
z, p = label_z(), label_p()
EXPRESSIONS = [
    mul(X, power(X, S.NegativeOne)),
    add(S.One, neg(power(z.entry(I), Integer(2)))),
    add(Y, neg(X)),
    total(mul(p.entry(K), call(sp.log, p.entry(K))), RANGE),
    sp.Product(z.entry(K), RANGE),
    MaxOver(z.entry(K), RANGE),
    delta(K, I),
    InRange(add(I, S.One), S.One, N),
    indicator(relation(sp.StrictGreaterThan, z.entry(I), S.Zero)),
    cases((X, sp.And(X > 0, Y > 1)), (neg(X), sp.Or(X < 1, sp.Eq(X, Y))), (S.Zero, S.true)),
    Partial(call(sp.log, X), X),
    Total(p.entry(K), z.entry(I)),
    Direct(p.entry(K), z.entry(I)),
    call(relu, X),
    f(X, Y),
    g(X),
    f(X, Y).diff(X, 2, Y),
    f(X**2, Y).diff(X),
    sp.Max(X, Y, 3),
    sp.Min(X, Y),
    Rational(-7, 3),
    Integer(10) ** 60,
    sp.Float("0.1", 40),
    sp.Float(-1e-300),
    sp.Float(0),
    sp.pi * sp.E + sp.I,
    sp.oo,
    -sp.oo,
    sp.nan,
    sp.EulerGamma,
    sp.Indexed("w", I, 3),
    sp.IndexedBase("w", shape=(3, N))[I, J],
    Symbol("a&b", positive=True),
    sp.Dummy("t", real=True) + 1,
    sp.besselj(1, X) + sp.erf(X) + abs(X) + sp.floor(X),
    sp.Eq(total(z.entry(K), RANGE), S.One, evaluate=False),
    Tuple(I, 1, N),
    S.true,
]


@pytest.mark.parametrize("e", EXPRESSIONS, ids=str)
def test_round_trip_is_exact(e: sp.Basic) -> None:
    again = back(e)
    assert again == e
    assert hash(again) == hash(e)
    assert shape(again) == shape(e)
    assert getattr(again, "is_commutative", None) == getattr(e, "is_commutative", None)
    assert again.free_symbols == e.free_symbols


def test_nothing_is_evaluated_on_the_way_back() -> None:
    e = mul(X, power(X, S.NegativeOne), add(X, neg(X)))
    assert back(e).args == e.args


def random_expression(source: random.Random, depth: int) -> sp.Expr:
    if depth == 0:
        return source.choice([X, Y, z.entry(I), p.entry(K), Integer(source.randint(-5, 5)), N])
    parts = [random_expression(source, depth - 1) for _ in range(source.randint(2, 3))]
    return source.choice(
        [
            lambda: sp.Add(*parts, evaluate=False),
            lambda: sp.Mul(*parts, evaluate=False),
            lambda: total(parts[0], RANGE),
            lambda: call(sp.log, parts[0]),
            lambda: sp.Pow(parts[0], parts[1], evaluate=False),
            lambda: add(*parts),
            lambda: mul(*parts),
        ]
    )()


@given(st.integers(0, 10**9), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_random_round_trip(seed: int, depth: int) -> None:
    e = random_expression(random.Random(seed), depth)
    assert shape(back(e)) == shape(e)


def test_symbol_assumptions_survive() -> None:
    for known in ({}, {"real": True}, {"integer": True, "nonnegative": True}):
        again = back(Symbol("q", **known))
        assert again == Symbol("q", **known)
        assert again.assumptions0 == Symbol("q", **known).assumptions0


# ---------------------------------------------------------------- labels and pickles


FULL = Label(
    "W",
    Spec((N, Integer(3)), kind="one_hot", positive=True, layer="2", latex=r"\hat W", classes=N),
)


@pytest.mark.parametrize("label", [z, p, FULL, Label("a&b <x>", Spec())], ids=str)
@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_label_pickles(label: Label, protocol: int) -> None:
    again = pickle.loads(pickle.dumps(label, protocol))
    assert again == label
    assert hash(again) == hash(label)
    assert again.spec == label.spec
    assert again.assumptions0 == label.assumptions0
    assert copy.deepcopy(label) == label


def test_canonical_expressions_of_labels_pickle() -> None:
    e = p.entry(I) - z.entry(I) + sp.Sum(z.entry(K), RANGE)
    again = pickle.loads(pickle.dumps(e))
    assert again == e
    assert hash(again) == hash(e)
    assert copy.deepcopy(e) == e


def test_a_long_chain_of_definitions_pickles() -> None:
    name = Label("a0", Spec())
    for k in range(1000):
        name = Label(f"a{k + 1}", Spec(definition=Definition((), mul(X, name))))
    again = pickle.loads(pickle.dumps(name))
    assert again == name
    table = Table()
    encode(add(name, X), table)
    assert next(iter(table.labels)).startswith("a0#")
    assert len(Table.from_data(json.loads(json.dumps(table.to_data()))).labels) == 1001


# ---------------------------------------------------------------- what is refused


class Unknown(sp.Function):
    """A head that no table lists."""


def test_unknown_heads_are_refused() -> None:
    with pytest.raises(Unsupported, match="Unknown"):
        encode(Unknown(X), Table())
    with pytest.raises(Unsupported, match="MatrixSymbol"):
        encode(sp.MatrixSymbol("A", 2, 2), Table())


@pytest.mark.parametrize(
    "data",
    [
        None, 1.5, True, "x", [], {}, [1], ["__import__", "os"], ["Lambda", 1, 2], ["eval"],
        ["Symbol"], ["Symbol", 1, {}], ["Symbol", "x", {"real": 1}], ["Symbol", "x", {"a b": True}],
        ["Pow", 1], ["Label", "nobody"], ["Sum", 1], ["Sum", 1, 2], ["Sum", 1, ["Tuple", 1, 2, 3]],
        ["Rational", 1, 0], ["Rational", 1], ["Integer", "zz"], ["Float", 1, "0x1", 0, -5],
        ["Indexed"], ["Indexed", 1, 2], ["IndexedBase", 3], ["log", 1, 2, 3, 4], ["Function", 1],
    ],
    ids=repr,
)  # fmt: skip
def test_malformed_data_is_refused(data: object) -> None:
    with pytest.raises(DataError):
        decode(data, Table())


def test_deep_data_is_refused() -> None:
    data: object = 1
    for _ in range(100_000):
        data = ["exp", data]
    with pytest.raises(DataError, match="deep"):
        decode(data, Table())


@pytest.mark.parametrize(
    "record",
    [3, {}, {"name": 3}, {"name": "x", "kind": "evil"}, {"name": "x", "__class__": "y"}],
    ids=repr,
)
def test_malformed_labels_are_refused(record: object) -> None:
    with pytest.raises(DataError):
        Table.from_data({"x#1": record})


# ---------------------------------------------------------------- derivations


def small() -> Derivation:
    """∂(x·x)/∂x by hand, with a cited lemma."""
    goal = Partial(mul(X, X), X)
    middle = add(mul(Partial(X, X), X), mul(X, Partial(X, X)))
    end = mul(Integer(2), X)
    lemma = Derivation(
        Partial(X, X), (Step("diff.itself", (), Partial(X, X), S.One, 0),),
        (Stage("differentiate"),), (), (), S.One, S.One,
    )  # fmt: skip
    steps = (
        Step("diff.product", (), goal, middle, 0, about=(("u", X), ("v", X))),
        Step("chain.lemma", (0, 0), Partial(X, X), S.One, 1, lemmas=(lemma,)),
        Step("chain.lemma", (1, 1), Partial(X, X), S.One, 1, lemmas=(lemma,)),
        Step("collect", (), add(X, X), end, 2, provided=(sp.Eq(X, Y),)),
        Step("collect", (), add(X, X), end, 2),
    )
    stages = (Stage("differentiate"), Stage("lemmas"), Stage("collect", joined=True))
    return Derivation(goal, steps, stages, (sp.Eq(X, Y),), (Tuple(I, 1, N),), end, 2 * X)


def test_derivation_round_trip() -> None:
    first = derivation_to_data(small())
    again = derivation_from_data(json.loads(json.dumps(first)))
    assert again == small()
    assert derivation_to_data(again) == first


def test_what_a_step_is_about_is_read_from_an_object_too() -> None:
    data: Any = derivation_to_data(small())
    step = data["derivations"][-1]["steps"][0]
    assert [name for name, _ in step["about"]] == ["u", "v"]
    step["about"] = dict(step["about"])
    assert derivation_from_data(json.loads(json.dumps(data))) == small()


def test_step_ids_are_stable_and_unique() -> None:
    ids = step_ids(small().steps)
    assert len(set(ids)) == len(ids)
    assert ids == step_ids(small().steps)
    shorter = step_ids(small().steps[1:])
    assert shorter == ids[1:]


def test_a_deep_chain_of_lemmas_round_trips() -> None:
    lemma: tuple[Derivation, ...] = ()
    for k in range(1200):
        name = Symbol(f"x{k}")
        goal = Partial(name, X)
        step = Step("chain.lemma", (), goal, S.Zero, 0, lemmas=lemma)
        lemma = (Derivation(goal, (step,), (Stage("lemmas"),), (), (), S.Zero, S.Zero),)
    data = derivation_to_data(lemma[0])
    assert len(data["derivations"]) == 1200
    assert derivation_to_data(derivation_from_data(data)) == data


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d.update(format="x"), "no saved derivation"),
        (lambda d: d.update(version=99), "version 99"),
        (lambda d: d["derivations"][1]["steps"][0].pop("rule"), r"derivations\[1\].steps\[0\]"),
        (lambda d: d["derivations"][1]["steps"][1].update(lemmas=["no"]), "lemma 'no'"),
        (lambda d: d["derivations"][1]["steps"][0].update(stage=9), "no stage 9"),
        (lambda d: d["derivations"][1]["steps"][0].update(path=["a"]), "path"),
        (lambda d: d["derivations"][1].update(goal=["eval", 1]), "goal.*'eval'"),
        (lambda d: d["derivations"][1].pop("result"), "result"),
        (lambda d: d.update(derivations=[]), "no derivation"),
        (lambda d: d.update(derivations={}), "list"),
        (lambda d: d.update(derivations=[3]), "object"),
        (lambda d: d.update(labels=[1]), "labels"),
        (lambda d: d["derivations"][1]["steps"][0].update(about=3), "about should be a list"),
        (lambda d: d["derivations"][1]["steps"][0].update(about=[["u"]]), "about holds pairs"),
    ],
)
def test_malformed_derivations_name_the_place(change: object, told: str) -> None:
    data = json.loads(json.dumps(derivation_to_data(small())))
    change(data)  # type: ignore[operator]
    with pytest.raises(DataError, match=told):
        derivation_from_data(data)

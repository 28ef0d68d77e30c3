"""A derivation that is made by hand, with names as a test wants them."""

from __future__ import annotations

from sympy import Integer, S, StrictGreaterThan, Symbol, Tuple

from symderiv.core.derivation import Derivation, Stage, Step
from symderiv.core.expr import Direct, Partial, Total, add, cases, mul, relation
from symderiv.core.symbols import Definition, Label, Spec


def named(name: str, latex: str | None = None, layer: str | None = None) -> Derivation:
    """A small derivation, with a cited lemma, in which every name is the one given."""
    n = Symbol("n", integer=True, positive=True)
    i = Symbol("i", integer=True)
    x = Label(name, Spec((n,), latex=latex, layer=layer))
    body = mul(x.entry(i), x.entry(i))
    u = Label(name + "†", Spec((n,), definition=Definition((i,), body)))
    entry, of = x.entry(i), u.entry(i)
    goal = Total(of, entry)
    two = mul(Integer(2), entry)
    word = Symbol(name + "‡")
    positive = relation(StrictGreaterThan, entry, S.Zero)
    lemma = Derivation(
        Direct(of, entry), (Step("diff.power", (), Direct(of, entry), two, 0),),
        (Stage("differentiate"),), (), (Tuple(i, 1, n),), two, two,
    )  # fmt: skip
    last = cases((Partial(body, entry), positive), (word, S.true))
    steps = (
        Step("chain.lemma", (), goal, two, 0, lemmas=(lemma,)),
        Step(name, (), two, add(two, mul(S.NegativeOne, word)), 1),
        Step(
            "algebra.cancel", (), add(two, mul(S.NegativeOne, word)), last, 2,
            about=(("factor", word),),
        ),
    )  # fmt: skip
    return Derivation(
        goal, steps, (Stage("lemmas"), Stage("a"), Stage("b")),
        (positive,), (Tuple(i, 1, n),), last, two,
    )  # fmt: skip

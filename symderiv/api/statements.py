"""Statements about a result: case by case, at a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.api.derivation import Derivation
from symderiv.api.goals import aligned, subject
from symderiv.api.reach import replaced
from symderiv.api.rewriting import rewrite, unfold
from symderiv.core.canonical import canonical
from symderiv.core.derivation import Stage, Step
from symderiv.core.errors import Unsupported
from symderiv.core.expr import children, rebuild
from symderiv.core.messages import Sentence
from symderiv.core.scope import Scope
from symderiv.core.symbols import label_of
from symderiv.model.arrays import as_array
from symderiv.rules import TELLING_APART


def by_cases(derivation: Derivation) -> Derivation:
    """The derivation with a last step that tells equal indices from different ones.

    >>> import symderiv as sd
    >>> z, t = sd.vector("z", sd.dim("n")), sd.labels("t", classes=sd.dim("n"))
    >>> by_cases(sd.derive(z[t] ** 2 / 2, z)).result
    Piecewise((z[t], Eq(t, i)), (0, True))

    Raises `Unsupported` if the last line has no δ.
    """
    for name, apply in TELLING_APART.rules_for(derivation.last):
        made = apply(derivation.last, Scope())
        if made is not None:
            return _ended(derivation, name, made.after)
    raise Unsupported(
        Sentence("{last} has no δ whose cases could be told apart", last=derivation.last)
    )


def at_place(expr: Any, places: Mapping[Any, Any], *, to: Any = None) -> Derivation:
    """What an expression is where its names have certain values, by the definitions of these.

    ``places`` maps scalars and arrays to what `symderiv.let` made; arrays to arrays of their shape.

    >>> import symderiv as sd
    >>> x = sd.scalar("x")
    >>> slope = sd.derive(x * sd.exp(x), x)
    >>> at_place(slope, {x: sd.let("x", sd.exp(0) - 2)}).result
    0
    """
    of = subject(expr)
    moved = {label_of(as_array(x).element): as_array(there) for x, there in places.items()}
    element = _moved(of.element, moved)
    opened = unfold(element, *places.values())
    found = opened.then(rewrite(opened, to=to))
    if found.last.is_number and found.result != found.last:
        return _ended(found, "equal.arithmetic", found.result)
    return found


def claimed(left: Any, right: Any, *, given: Iterable[Basic] = ()) -> Derivation:
    """That two formulas are equal, as their author says; a check of it tests them by numbers.

    ``given`` are conditions under which it is claimed.

    >>> import symderiv as sd
    >>> z = sd.vector("z", sd.dim("n"))
    >>> claimed(sd.log(sd.softmax(z)), sd.log_softmax(z)).check().ok
    True

    Raises `ShapeError` if the shapes differ, `Unsupported` if both are written alike.
    """
    of = subject(left)
    other = aligned(of, subject(right))
    if of.element == other:
        raise Unsupported(
            Sentence("both sides are written alike, {other}; there is nothing to show", other=other)
        )
    step = Step("equal.claim", (), of.element, other, 0)
    end = canonical(other)
    return Derivation(of.element, (step,), (Stage("claim"),), tuple(given), of.indices, other, end)


def _ended(found: Derivation, rule: str, line: Expr) -> Derivation:
    """One more step, of the whole line."""
    _, _, stage = rule.partition(".")
    return replaced(
        found,
        steps=(*found.steps, Step(rule, (), found.last, line, len(found.stages))),
        stages=(*found.stages, Stage(stage)),
        last=line,
        result=canonical(line),
    )


def _moved(e: Expr, places: Mapping[Any, Any]) -> Expr:
    label = label_of(e)
    if label in places:
        there = places[label]
        return there.at(*e.args[1:]) if there.shape else there.element
    parts = children(e)
    return rebuild(e, tuple(_moved(x, places) for x in parts)) if parts else e

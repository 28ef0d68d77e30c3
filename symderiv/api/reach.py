"""Ending a derivation in the author's own form of the result."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from sympy import Expr, S

from symderiv.api.derivation import Derivation
from symderiv.core import derivation as record
from symderiv.core.canonical import canonical
from symderiv.core.derivation import Stage, Step
from symderiv.core.engine import Engine
from symderiv.core.errors import NotReached, ShapeError
from symderiv.core.expr import sub
from symderiv.core.fingerprint import same
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.scope import Scope
from symderiv.core.symbols import label_of
from symderiv.model.arrays import Array
from symderiv.model.plain import read
from symderiv.rules import COLLECTING, EXPANDING, STANDARD, UNFOLDING
from symderiv.rules.logarithms import unsplit


def reach(found: Derivation, to: Any, scope: Scope) -> Derivation:
    """The derivation with a last step to the author's form, which rules show to be equal.

    Raises `NotReached`, which carries ``found`` and says whether the two differ by numbers.
    """
    wanted = form(to, found)
    scope = replace(scope, model=Model.of(found.goal, found.last, wanted))
    found = _onward(found, wanted, scope)
    if wanted == found.last:
        return found
    lemma = proof(found.last, wanted, found, scope)
    if lemma is None:
        raise NotReached(_how_far(found, wanted), found)
    step = Step(
        "equal.form",
        (),
        found.last,
        wanted,
        len(found.stages),
        lemmas=lemma,
    )
    given = tuple(dict.fromkeys((*found.given, *(g for x in lemma for g in x.given))))
    return Derivation(
        found.goal,
        (*found.steps, step),
        (*found.stages, Stage("form")),
        given,
        found.indices,
        wanted,
        canonical(wanted),
    )


def _onward(found: Derivation, wanted: Expr, scope: Scope) -> Derivation:
    """Go on by the rules, which now know the names in the author's form, if they lead there."""
    if same(found.last, wanted):
        return found
    further = _rewrite(found.last, found, scope, ())
    if same(further.last, wanted):
        return found.then(further)
    return _expanded(found, wanted, scope)


def _expanded(found: Derivation, wanted: Expr, scope: Scope) -> Derivation:
    """Products and powers multiplied out, from where the rules have come to or from the start."""
    for start, before in ((found.goal, None), (found.last, found)):
        line = _multiplied(start, found, scope)
        if same(line.last, wanted):
            further = Derivation.of(line)
            return further if before is None else before.then(further)
    return found


def _multiplied(e: Expr, found: record.Derivation, scope: Scope) -> record.Derivation:
    return Engine(STANDARD, scope).apply(e, found.indices, (EXPANDING, COLLECTING))


def form(to: Any, found: record.Derivation) -> Expr:
    """The author's form at the free indices of the derivation."""
    if not isinstance(to, Array):
        return read(to)
    letters = [v for v, *_ in found.indices]
    sizes = tuple(high for _, _, high in found.indices)
    if to.shape != sizes:
        raise ShapeError(
            Sentence(
                "to= has shape {shape}, but the result has shape {sizes}",
                shape=to.shape,
                sizes=sizes,
            )
        )
    element: Expr = to.at(*letters)
    return element


def proof(
    a: Expr, b: Expr, found: record.Derivation, scope: Scope
) -> tuple[record.Derivation, ...] | None:
    """The lemmas that show ``a = b``: none if they differ in order only; None if no rule does."""
    if same(a, b):
        return ()
    short = _rewrite(b, found, scope, ())
    if same(short.last, a):
        return (short,)
    open_ = _multiplied(b, found, scope)
    if same(open_.last, a):
        return (open_,)
    for first in ((), (EXPANDING,), (COLLECTING, UNFOLDING), (COLLECTING, UNFOLDING, EXPANDING)):
        difference = _rewrite(sub(a, b), found, scope, first)
        if difference.last is S.Zero:
            return (difference,)
    return None


def _rewrite(
    e: Expr, found: record.Derivation, scope: Scope, first: tuple[Any, ...]
) -> record.Derivation:
    return Engine(STANDARD, scope).rewrite(e, found.indices, first)


def _how_far(found: Derivation, wanted: Expr) -> str:
    from symderiv.oracle.check import compare
    from symderiv.render.text import text

    report = compare(found.last, wanted, indices=found.indices, given=found.given)
    start = Sentence(
        "the rules end in {last}, not in {wanted}", last=text(found.last), wanted=text(wanted)
    )
    if report.ok:
        for logarithm, base in unsplit(found.last):
            return Sentence(
                "{start}; {logarithm} can only be split where {base} > 0, which does not follow "
                "from its declaration; if {name} is positive, declare it with {option}",
                start=start,
                logarithm=text(logarithm),
                base=text(base),
                name=label_of(base),
                option="positive=True",
            )
        return Sentence(
            "{start}; the two agree by numbers at every point tried ({points}), so the form is "
            "right but no rule reaches it",
            start=start,
            points=report.points,
        )
    example = report.counterexample
    said = example.sentence() if example else ""
    return Sentence("{start}; the two differ by numbers: {example}", start=start, example=said)


def replaced(derivation: record.Derivation, **values: Any) -> Derivation:
    """A copy with other fields."""
    old = {f.name: getattr(derivation, f.name) for f in fields(record.Derivation)}
    return Derivation(**{**old, **values})

"""Writing a derivation out at concrete sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sympy import Eq, Expr, Integer, KroneckerDelta, Symbol, Tuple

from symderiv.core.binding import names, subst
from symderiv.core.canonical import canonical
from symderiv.core.derivation import Derivation, Stage, Step
from symderiv.core.errors import DataError
from symderiv.core.expr import BINDERS, Partial, children, delta, rebuild, relation
from symderiv.core.messages import Sentence
from symderiv.core.scope import Scope
from symderiv.core.symbols import Label
from symderiv.rules import WRITING_OUT


def written_at(derivation: Derivation, sizes: Mapping[str, int]) -> Derivation:
    """Every line with concrete sizes, sums written out, one step for every line that changes."""
    mapping = _sizes(derivation, sizes)

    def at(e: Expr) -> Expr:
        return written(subst(e, mapping))

    goal = line = at(derivation.goal)
    steps: list[Step] = []
    stages: list[Stage] = []
    stage = -1
    for step, after in derivation.lines():
        new = at(after)
        if new != line:
            lemmas = tuple(written_at(lemma, sizes) for lemma in step.lemmas)
            if step.stage != stage:
                stage = step.stage
                stages.append(replace(derivation.stages[stage], joined=False))
            place = len(stages) - 1
            steps.append(Step(step.rule, (), line, new, place, step.about, step.provided, lemmas))
            line = new
    indices = tuple(
        Tuple(v, subst(a, mapping), subst(b, mapping)) for v, a, b in derivation.indices
    )
    facts = (subst(fact, mapping) for fact in derivation.given)
    return Derivation(
        goal,
        tuple(steps),
        tuple(stages),
        (*facts, *(relation(Eq, size, number) for size, number in mapping.items())),
        indices,
        line,
        canonical(line),
    )


def _sizes(derivation: Derivation, sizes: Mapping[str, Any]) -> dict[Symbol, Expr]:
    known: dict[str, Symbol] = {}
    for e in (derivation.goal, derivation.last, *derivation.indices):
        for s in names(e):
            known.setdefault(s.name, s)
    out: dict[Symbol, Expr] = {}
    for name, size in sizes.items():
        if name not in known or isinstance(known[name], Label):
            raise DataError(
                Sentence(
                    "{name} is no size of this derivation; known names: {names}",
                    name=name,
                    names=", ".join(sorted(known)),
                )
            )
        if not isinstance(size, int) or size < 1:
            raise DataError(
                Sentence(
                    "{name}={size}: a size is an integer of at least 1", name=name, size=repr(size)
                )
            )
        out[known[name]] = Integer(size)
    return out


def written(e: Expr) -> Expr:
    """Sums between numbers written out, deltas and ranges of numbers decided."""
    if isinstance(e, KroneckerDelta):
        return delta(*e.args)
    if isinstance(e, Partial):
        return Partial(written(e.what), e.by)
    rules = WRITING_OUT.rules_for(e) if isinstance(e, BINDERS) else ()
    for _, apply in rules:
        made = apply(e, Scope())
        if made is not None:
            return written(made.after)
    parts = children(e)
    if not parts:
        return e
    return rebuild(e, tuple(map(written, parts)))

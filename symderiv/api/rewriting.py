"""Equalities that are no derivatives: rewriting and unfolding."""

from __future__ import annotations

from typing import Any

from sympy import Expr, S, Tuple

from symderiv.api.derivation import Derivation
from symderiv.api.goals import Goal, letter_pool, subject
from symderiv.api.reach import reach
from symderiv.core.engine import Engine
from symderiv.core.errors import Unsupported
from symderiv.core.expr import Partial
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.phase import Phase
from symderiv.rules import (
    SELECTING,
    STANDARD,
    TAKING_LOGARITHMS,
    unfolding,
)

BUDGET = 100_000


def engine_for(
    e: Expr,
    indices: tuple[Tuple, ...] = (),
    facts: bool = True,
    letters: Any = None,
    budget: int = BUDGET,
) -> Engine:
    """An engine for equalities about an expression that are no derivatives."""
    goal = Goal(Partial(e, S.Zero), indices, Model.of(e))
    scope = goal.scope(letter_pool(letters), facts=facts, withheld=frozenset())
    return Engine(STANDARD, scope, budget=budget)


def rewrite(
    expr: Any, *, to: Any = None, facts: bool = True, letters: Any = None, budget: int = BUDGET
) -> Derivation:
    """Derive that an expression equals its short form, or the author's form ``to``.

    Logarithms of positive products are split, factors cancelled, deltas summed out, facts used.

    >>> import symderiv as sd
    >>> i = sd.index("i")
    >>> sd.rewrite(sd.log_softmax(sd.vector("z", 3))[i] - sd.vector("z", 3)[i]).result
    -log(Sum(exp(z[j]), (j, 1, 3)))
    """
    of = subject(expr)
    engine = engine_for(of.element, of.indices, facts, letters, budget)
    found = Derivation.of(engine.rewrite(of.element, of.indices, (TAKING_LOGARITHMS,)))
    return found if to is None else reach(found, to, engine.scope)


def unfold(expr: Any, *wanted: Any, letters: Any = None, budget: int = BUDGET) -> Derivation:
    """Derive what an expression is, by its definitions, one name after the other.

    ``wanted`` are the names (or arrays) to unfold; none means all. A one-hot array that was
    declared with its labels becomes a delta, which selects one term.

    >>> import symderiv as sd
    >>> n, k = sd.dim("n"), sd.index("k")
    >>> p = sd.let("p", sd.softmax(sd.vector("z", n)))
    >>> sd.unfold(p[k]).result
    exp(z[k])/Sum(exp(z[j]), (j, 1, n))
    """
    of = subject(expr)
    engine = engine_for(of.element, of.indices, True, letters, budget)
    chosen = {_name(x) for x in wanted}
    labels = engine.scope.model.labels
    unknown = chosen - {label.name for label in labels}
    if unknown:
        raise Unsupported(
            Sentence(
                "{names}: no such name in {expression}; it rests on {known}",
                names=", ".join(sorted(unknown)),
                expression=of.element,
                known=", ".join(x.name for x in labels) or Sentence("no declared name"),
            )
        )
    taken = [label for label in reversed(labels) if not chosen or label.name in chosen]
    encodings = [unfolding(label) for label in taken if label.spec.hot is not None]
    phases: list[Phase] = []
    for label in taken:
        if label.spec.definition is not None:
            phases += [unfolding(label), *encodings, SELECTING]
    phases += [*encodings, SELECTING]
    return Derivation.of(engine.apply(of.element, of.indices, tuple(phases)))


def _name(x: Any) -> str:
    return x if isinstance(x, str) else str(getattr(x, "name", x))

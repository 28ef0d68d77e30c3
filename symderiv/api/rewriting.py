"""Equalities that are no derivatives: rewriting, unfolding, evaluating, writing out at a size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Expr, Indexed, S, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.api.derivation import Derivation, Evaluation
from symderiv.api.goals import Goal, letter_pool, subject
from symderiv.api.reach import reach, replaced
from symderiv.api.sizes import written
from symderiv.core.binding import subst
from symderiv.core.canonical import canonical
from symderiv.core.derivation import Stage, Step
from symderiv.core.engine import Engine
from symderiv.core.errors import Unsupported
from symderiv.core.expr import Partial, children, rebuild, subexpressions
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.phase import Phase
from symderiv.rules import SELECTING, STANDARD, TAKING_LOGARITHMS, unfolding

DIGITS, MOST_SHOWN = 4, 3


def _engine(e: Expr, indices: tuple[Tuple, ...], facts: bool, letters: Any, budget: int) -> Engine:
    goal = Goal(Partial(e, S.Zero), indices, Model.of(e))
    scope = goal.scope(letter_pool(letters), facts=facts, withheld=frozenset())
    return Engine(STANDARD, scope, budget=budget)


def rewrite(
    expr: Any, *, to: Any = None, facts: bool = True, letters: Any = None, budget: int = 100_000
) -> Derivation:
    """Derive that an expression equals its short form, or the author's form ``to``.

    Logarithms of positive products are split, factors cancelled, deltas summed out, facts used.

    >>> import symderiv as sd
    >>> i = sd.index("i")
    >>> sd.rewrite(sd.log_softmax(sd.vector("z", 3))[i] - sd.vector("z", 3)[i]).result
    -log(Sum(exp(z[j]), (j, 1, 3)))
    """
    of = subject(expr)
    engine = _engine(of.element, of.indices, facts, letters, budget)
    found = Derivation.of(engine.rewrite(of.element, of.indices, (TAKING_LOGARITHMS,)))
    return found if to is None else reach(found, to, engine.scope)


def unfold(expr: Any, *wanted: Any, letters: Any = None, budget: int = 100_000) -> Derivation:
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
    engine = _engine(of.element, of.indices, True, letters, budget)
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


# ---------------------------------------------------------------- evaluating


def evaluate(expr: Any, values: Mapping[Any, Any]) -> Evaluation:
    """From the formula through the written-out sum and the values to an exact number.

    ``values`` maps arrays to nested lists of numbers (labels count from 0), scalars and sizes to
    numbers; keys are arrays, symbols, or names.

    >>> import symderiv as sd
    >>> p = sd.distribution("p", sd.dim("n"))
    >>> coin = sd.evaluate(sd.entropy(p), {p: ["1/2", "1/2"]})
    >>> coin.value, round(coin.decimal, 3)
    (log(2), 0.693)

    Raises `DataError` for values that are missing or do not fit.
    """
    from symderiv.api.values import Data

    of = subject(expr)
    if of.indices:
        raise Unsupported(
            Sentence(
                "evaluate() takes a scalar; {expression} has free indices {names}. Evaluate an "
                "entry, or sum",
                expression=of.element,
                names=", ".join(str(v) for v, *_ in of.indices),
            )
        )
    opened = unfold(expr)
    data = Data.of(values, Model.of(of.element), opened.last)
    sized = subst(opened.last, data.sizes)
    chain = _Chain(opened)
    chain.step("sum.write_out", written(sized))
    for about, line in _put_in(chain.line, data):
        chain.step("equal.value", line, about=about)
    value = data.finish(chain.line)
    chain.step("equal.arithmetic", value, about=_about(value))
    done = chain.close(data.facts())
    return Evaluation(*(getattr(done, f) for f in Evaluation.__match_args__))


def _about(value: Expr) -> tuple[tuple[str, Basic], ...]:
    """The decimal, for the reader of a value that is none."""
    return () if value.is_Integer else (("decimal", value.evalf(DIGITS)),)


def _put_in(line: Expr, data: Any) -> Iterator[tuple[tuple[tuple[str, Basic], ...], Expr]]:
    """All values at once: the line, with the entries named for the reader."""
    used: dict[Expr, Expr] = {}
    for e in subexpressions(line):
        if isinstance(e, (Indexed, Symbol)) and e not in used:
            used[e] = data.value(e)
    if used:
        shown = used.items() if len(used) <= MOST_SHOWN else ()
        about = tuple(pair for e, v in shown for pair in (("name", e), ("value", v)))
        yield about, _replaced(line, used)


def _replaced(e: Expr, values: dict[Expr, Expr]) -> Expr:
    if e in values:
        return values[e]
    parts = children(e)
    if not parts:
        return e
    return rebuild(e, tuple(_replaced(x, values) for x in parts))


class _Chain:
    """A derivation continued by whole-line steps."""

    def __init__(self, start: Derivation) -> None:
        self.steps, self.stages = list(start.steps), list(start.stages)
        self.start, self.line = start, start.last

    def step(self, rule: str, line: Expr, about: tuple[tuple[str, Basic], ...] = ()) -> None:
        if line == self.line:
            return
        self.steps.append(Step(rule, (), self.line, line, len(self.stages), about))
        self.stages.append(Stage(rule.partition(".")[2]))
        self.line = line

    def close(self, given: tuple[Basic, ...]) -> Derivation:
        return replaced(
            self.start,
            given=(*self.start.given, *given),
            steps=tuple(self.steps),
            stages=tuple(self.stages),
            last=self.line,
            result=canonical(self.line),
        )

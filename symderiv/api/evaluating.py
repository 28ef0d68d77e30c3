"""From a formula and numbers to an exact value, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sympy import (
    Eq,
    Expr,
    Function,
    Indexed,
    KroneckerDelta,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    log,
)
from sympy.core.basic import Basic

from symderiv.api.derivation import Derivation, Evaluation, moved
from symderiv.api.goals import subject
from symderiv.api.reach import replaced
from symderiv.api.rewriting import engine_for, unfold
from symderiv.api.sizes import written
from symderiv.core.binding import subst
from symderiv.core.canonical import canonical
from symderiv.core.derivation import Stage, Step
from symderiv.core.errors import Unsupported
from symderiv.core.expr import InRange, children, cost, rebuild, relation, subexpressions
from symderiv.core.fingerprint import same
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.phase import Phase
from symderiv.rules import CALCULATING, COMPARING

if TYPE_CHECKING:
    from symderiv.api.values import Data

DIGITS, MOST_DIGITS, MOST_SHOWN = 4, 24, 3


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
    _put_in(chain, data)
    _calculate(chain, data)
    done = chain.close(data.facts())
    return Evaluation(*(getattr(done, f) for f in Evaluation.__match_args__))


def _put_in(chain: _Chain, data: Data) -> None:
    """All values at once; terms with ``0 · log 0`` go before."""
    used: dict[Expr, Expr] = {}
    for e in subexpressions(chain.line):
        if isinstance(e, (Indexed, Symbol)) and e not in used:
            used[e] = data.value(e)
    gone: dict[Expr, Expr] = {}
    line = _without_nothing(chain.line, used, gone)
    _check_defined(line, used)
    chain.step("equal.no_chance", line, about=_facts(gone))
    read = frozenset(subexpressions(line))
    left = {e: v for e, v in used.items() if e in read}
    chain.step("equal.value", _replaced(line, left), about=_facts(left))


def _check_defined(line: Expr, values: dict[Expr, Expr]) -> None:
    """Refuse a line that reads a value which is not finite, even as a factor of 0."""
    from symderiv.api.values import is_infinite, no_value, refuse_huge

    seen: set[Expr] = set()
    todo = [line]
    while todo:
        e = todo.pop()
        if e in seen or isinstance(e, Piecewise) or _is_ruled_out(e, values):
            continue
        if isinstance(e, Pow):
            refuse_huge(_replaced(e, values))
        if isinstance(e, (Pow, Function)) and is_infinite(canonical(_replaced(e, values))):
            raise no_value(line)
        seen.add(e)
        todo += children(e)


def _is_ruled_out(e: Expr, values: dict[Expr, Expr]) -> bool:
    """Is it a product with a condition that does not hold? Its factors need not be defined."""
    guards = (f for f in e.args if isinstance(f, (Piecewise, KroneckerDelta, InRange)))
    return isinstance(e, Mul) and any(canonical(_replaced(f, values)) is S.Zero for f in guards)


def _facts(values: dict[Expr, Expr]) -> tuple[tuple[str, Basic], ...]:
    """``q_1 = 1/2`` for the reader, if they are few."""
    shown = values.items() if len(values) <= MOST_SHOWN else ()
    return tuple(("fact", relation(Eq, e, v)) for e, v in shown)


def _without_nothing(e: Expr, values: dict[Expr, Expr], gone: dict[Expr, Expr]) -> Expr:
    """The line without products of a 0, a logarithm of 0 and what is finite.

    ``gone`` takes up what is 0.
    """
    if isinstance(e, Mul):
        zeros = [f for f in e.args if values.get(f) is S.Zero]
        if zeros and _counts_as_nothing([f for f in e.args if f not in zeros], values):
            gone.update((f, S.Zero) for f in zeros)
            return S.Zero
    parts = children(e)
    return rebuild(e, tuple(_without_nothing(x, values, gone) for x in parts)) if parts else e


def _counts_as_nothing(others: Sequence[Expr], values: dict[Expr, Expr]) -> bool:
    """Is it one logarithm of 0, and beside it nothing but what is finite?"""
    rest = [f for f in others if not _is_log_of_zero(f, values)]
    return len(rest) == len(others) - 1 and all(
        canonical(_replaced(f, values)).is_finite for f in rest
    )


def _is_log_of_zero(e: Expr, values: dict[Expr, Expr]) -> bool:
    return isinstance(e, log) and canonical(_replaced(e.args[0], values)) is S.Zero


def _replaced(e: Expr, values: dict[Expr, Expr]) -> Expr:
    if e in values:
        return values[e]
    parts = children(e)
    if not parts:
        return e
    return rebuild(e, tuple(_replaced(x, values) for x in parts))


def _calculate(chain: _Chain, data: Data) -> None:
    """From a line of numbers to its value by named rules, as far as they lead."""
    chain.follow(chain.beyond(CALCULATING))
    value = data.finish(chain.line)
    for further in ((), *COMPARING):
        found = chain.beyond(further)
        if same(found.last, value):
            chain.follow(found)
            break
    shorter = cost(chain.line) <= cost(value) and chain.line.has(log)
    if not shorter and not _is_long(value) and not same(chain.line, value):
        chain.step("equal.arithmetic", value)
    if not value.is_Integer:
        decimal = value.evalf(DIGITS)
        exact = value.is_Rational and Rational(str(decimal)) == value
        chain.remark("exact" if exact else "decimal", decimal)


def _is_long(value: Expr) -> bool:
    """Has it a number of more digits than anyone reads?"""
    return any(max(abs(x.p), x.q) >= 10**MOST_DIGITS for x in value.atoms(Rational))


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

    def remark(self, name: str, value: Basic) -> None:
        """Something to be told with the last line; of a line that needs no step, it is the step."""
        if not self.steps:
            self.steps.append(Step(f"equal.{name}", (), self.line, self.line, 0))
            self.stages.append(Stage(name))
        *_, last = self.steps
        self.steps[-1] = replace(last, about=(*last.about, (name, value)))

    def beyond(self, phases: tuple[Phase, ...]) -> Derivation:
        """What these phases make of the line."""
        engine = engine_for(self.line)
        return Derivation.of(engine.apply(self.line, (), phases))

    def follow(self, further: Derivation) -> None:
        """Go on by a derivation that begins with this line."""
        shift = len(self.stages)
        self.steps += [moved(step, shift) for step in further.steps]
        self.stages += further.stages
        self.line = further.last

    def close(self, given: tuple[Basic, ...]) -> Derivation:
        return replaced(
            self.start,
            given=(*self.start.given, *given),
            steps=tuple(self.steps),
            stages=tuple(self.stages),
            last=self.line,
            result=canonical(self.line),
        )

"""The engine: the only code that applies rules, with a trace for documents and without for speed.

A derivation opens its goal (chain rule, definition), cites lemmas, differentiates from the outside
in, then runs the phases of simplification until none fires. What to apply and in what order is
data (`Strategy`); the engine knows no rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType
from typing import Any

from sympy import Expr, Tuple
from sympy.core.basic import Basic

from symderiv.core.binding import apart
from symderiv.core.canonical import canonical
from symderiv.core.derivation import Derivation, Path, Stage, Step
from symderiv.core.errors import BudgetExceeded, Unsupported
from symderiv.core.expr import (
    BINDERS,
    INERT,
    PARTIAL,
    Inert,
    Partial,
    Total,
    children,
    cost,
    mask,
    rebuild,
    relation,
    subexpressions,
)
from symderiv.core.fingerprint import fingerprint
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.core.phase import Phase
from symderiv.core.rule import Rewrite
from symderiv.core.scope import Scope, ranges_of
from symderiv.core.symbols import indices_of, label_of

ROUNDS = 50
Place = Any  # () at the root, (place of the parent, position) below: cheap to extend


@dataclass(frozen=True, slots=True)
class Strategy:
    """Which phases run when.

    A trial is some phases in turn; what the first one begins is kept only if the line, once it has
    come to rest, is no dearer than before.
    """

    open: Phase
    lemmas: Phase
    prepare: Phase
    differentiate: Phase
    simplify: tuple[Phase, ...]
    trials: tuple[tuple[Phase, ...], ...]
    finish: tuple[Phase, ...]


class Engine:
    """Derives goals of one model; lemmas are derived once and shared.

    ``known`` is what SymPy has made of subexpressions before (see `canonical`).
    """

    def __init__(
        self,
        strategy: Strategy,
        scope: Scope,
        *,
        trace: bool = True,
        budget: int = 100_000,
        known: Mapping[Basic, Expr] = MappingProxyType({}),
    ) -> None:
        self.strategy = strategy
        self.scope = replace(scope, lemma=self.lemma)
        self.trace = trace
        self.budget = budget
        self.known = known
        self.spent = 0
        self._lemmas: dict[tuple[Any, ...], Derivation] = {}

    def derive(self, goal: Expr, indices: tuple[Tuple, ...]) -> Derivation:
        """The derivation of an inert derivative, to its short form."""
        run = self._run(goal, indices)
        line = goal
        if not isinstance(goal, Partial):
            if isinstance(goal, Total):
                self._lemmas_of(goal)
            line = run.once(self.strategy.open, line)
            if mask(line) & INERT and not mask(line) & PARTIAL:
                line = run.sweep(self.strategy.lemmas, line)
        if mask(line) & PARTIAL:
            line = run.differentiate(line)
        return run.close(run.simplify(line))

    def cite(
        self, goal: Total, indices: tuple[Tuple, ...], put_in: Mapping[Basic, Derivation]
    ) -> Derivation:
        """A total derivative by its readers: their adjoints stay cited, but for ``put_in``.

        Its result is the last line as it reads.
        """
        run = self._run(goal, indices)

        def known(node: Inert) -> Derivation | None:
            return put_in.get(label_of(node.by)) if isinstance(node, Total) else self.lemma(node)

        run.scope = replace(run.scope, lemma=known)
        line = run.once(self.strategy.open, goal)
        if mask(line) & INERT and not mask(line) & PARTIAL:
            line = run.sweep(self.strategy.lemmas, line)
        if mask(line) & PARTIAL:
            line = run.differentiate(line)
        return run.close(run.simplify(line), finished=False)

    def rewrite(
        self, goal: Expr, indices: tuple[Tuple, ...], first: tuple[Phase, ...]
    ) -> Derivation:
        """A chain of equalities that is no derivative: some phases, then the short form."""
        run = self._run(goal, indices)
        line = goal
        for phase in first:
            line = run.sweep(phase, line)
        return run.close(run.simplify(line))

    def apply(
        self, goal: Expr, indices: tuple[Tuple, ...], phases: tuple[Phase, ...]
    ) -> Derivation:
        """A chain of equalities by these phases alone."""
        run = self._run(goal, indices)
        line = goal
        for phase in phases:
            line = run.sweep(phase, line)
        return run.close(line)

    def lemma(self, node: Inert) -> Derivation:
        """The derivation of an inert derivative at these (or, renamed, at other) indices."""
        indices = indices_of(node.what) + indices_of(node.by)
        ranges = ranges_of(node)
        generic = len(ranges) == len(indices) and all(v in ranges for v in indices)
        key = (type(node), label_of(node.what), label_of(node.by), None if generic else node)
        found = self._lemmas.get(key)
        if found is None:
            limits = tuple(Tuple(v, *bounds) for v, bounds in ranges.items())
            found = self._lemmas[key] = self.derive(node, limits)
        return found

    def _lemmas_of(self, goal: Total) -> None:
        """Adjoints from the output backwards, so that no lemma recurses into a deep chain."""
        out, x = label_of(goal.what), label_of(goal.by)
        if x is None or out == x:
            return
        wanted = self.scope.model.depends(x)
        for label, definition in reversed(self.scope.model.equations):
            if label in wanted and label not in (out, x):
                key = (Total, out, label, None)
                if key not in self._lemmas:
                    taken = self.scope.inside_of(goal)
                    indices = [taken.letter(v, *indices_of(goal.what)) for v in definition.indices]
                    self.lemma(Total(goal.what, label.entry(*indices)))

    def _run(self, goal: Expr, indices: tuple[Tuple, ...]) -> Run:
        ranges = {v: (low, high) for v, low, high in indices}
        scope = replace(
            self.scope,
            ranges={**ranges},
            written=frozenset(e for e in subexpressions(_inside(goal)) if e.is_Add),
        )
        return Run(self, goal, indices, scope)

    def charge(self, run: Run) -> None:
        """Count a rewrite; stop when the budget is spent."""
        self.spent += 1
        if self.spent > self.budget:
            raise BudgetExceeded(
                Sentence(
                    "the budget of {budget} steps ran out; `derivation` of this error holds what "
                    "was derived so far, `budget=` allows more",
                    budget=self.budget,
                ),
                run.so_far() if self.trace else None,
            )


def _inside(goal: Expr) -> Expr:
    return goal.what if isinstance(goal, Partial) else goal


class Run:
    """One chain of lines under construction."""

    def __init__(
        self, engine: Engine, goal: Expr, indices: tuple[Tuple, ...], scope: Scope
    ) -> None:
        self.engine = engine
        self.goal, self.indices, self.scope = goal, indices, scope
        self.line = goal
        self.records: list[tuple[str, Place, Expr, Rewrite, int]] = []
        self.relied: list[Basic] = []
        self.stages: list[Stage] = []
        self.normal: dict[str, dict[int, Expr]] = {}
        self.open_waves: int | None = None

    # ------------------------------------------------------------ phases

    def once(self, phase: Phase, line: Expr) -> Expr:
        """The first rule that fires at the root."""
        self._stage(phase.name)
        for name, apply in phase.rules_for(line):
            rewrite = apply(line, self.scope)
            if rewrite is not None:
                self._record(name, (), line, rewrite)
                self.line = rewrite.after
                return self.line
        return line

    def sweep(self, phase: Phase, line: Expr, place: Place = ()) -> Expr:
        """One pass of a phase over the whole line."""
        if not phase.concerns(line):
            return line
        self._stage(phase.name)
        if phase.by_name and not self.scope.model.defined_by(line):
            return line
        sweep = Sweep(self, phase)
        visit = sweep.up if phase.order == "up" else sweep.down
        line = visit(line, place, self.scope)
        if not place:
            self.line = line
        return line

    def differentiate(self, line: Expr) -> Expr:
        """Carry out every inert partial derivative in the line."""
        strategy = self.engine.strategy
        if isinstance(line, Partial) and strategy.prepare.concerns(line.what):
            prepared = self.sweep(strategy.prepare, line.what, ((), 0))
            line = self.line = line if prepared is line.what else Partial(prepared, line.by)
        self.open_waves = len(self.records)
        line = self.sweep(strategy.differentiate, line)
        self._waves()
        if mask(line) & PARTIAL:
            left = next(e for e in subexpressions(line) if isinstance(e, Partial))
            raise Unsupported(
                Sentence(
                    "no rule differentiates {type}: {what}. Write it with sums over an index, "
                    "elementwise functions, or a Function",
                    type=type(left.what).__name__,
                    what=left.what,
                )
            )
        return line

    def simplify(self, line: Expr) -> Expr:
        """Phases to a fixpoint, then the trials, then what is done last."""
        strategy = self.engine.strategy
        line = self._settle(line)
        for trial in strategy.trials:
            line = self._try(trial, line)
        for phase in strategy.finish:
            line = self.sweep(phase, line)
        return line

    def _settle(self, line: Expr) -> Expr:
        for _ in range(ROUNDS):
            before = line
            for phase in self.engine.strategy.simplify:
                line = self.sweep(phase, line)
            if line is before or line == before:
                return line
        raise BudgetExceeded(
            Sentence("the rules did not come to rest in {rounds} rounds", rounds=ROUNDS),
            self.close(line, finished=False) if self.engine.trace else None,
        )

    def _try(self, trial: tuple[Phase, ...], line: Expr) -> Expr:
        """Keep the trial and what follows from it only if the line gets no dearer."""
        if trial[0].by_name and not self.scope.model.readers:
            return line
        for _ in range(ROUNDS):
            records, stages, relied = len(self.records), len(self.stages), len(self.relied)
            begun = self.sweep(trial[0], line)
            if begun == line:
                return line
            for phase in trial[1:]:
                begun = self.sweep(phase, begun)
            settled = self._settle(begun)
            if settled == line or cost(settled) > cost(line):
                del self.records[records:], self.stages[stages:], self.relied[relied:]
                self.line = line
                return line
            line = settled
        return line

    # ------------------------------------------------------------ records

    def _stage(self, name: str) -> None:
        self.stages.append(_stage(name))

    def _record(
        self, name: str, place: Place, before: Expr, rewrite: Rewrite, wave: int = 0
    ) -> None:
        self.engine.charge(self)
        self.relied.extend(rewrite.provided)
        for lemma in rewrite.lemmas:
            self.relied.extend(lemma.given)
        if self.engine.trace:
            later = wave if self.open_waves is not None else 0  # only differentiation goes in waves
            self.records.append((name, place, before, rewrite, len(self.stages) - 1 + later))

    def _waves(self) -> None:
        """Order the steps of a differentiation from the outside in, one stage a wave."""
        start, self.open_waves = self.open_waves, None
        if start is None or not self.engine.trace:
            return
        tail = sorted(self.records[start:], key=lambda record: record[4])
        if not tail:
            return
        del self.records[start:]
        first = len(self.stages) - 1
        for number, (_, group) in enumerate(groupby(tail, key=lambda record: record[4])):
            if number:
                self.stages.append(Stage(self.stages[first].name, joined=True))
            self.records.extend((*record[:4], first + number) for record in group)

    def so_far(self) -> Derivation:
        """The record of a run that was stopped."""
        self._waves()
        stopped = self.close(self.goal, finished=False)
        last = self.goal
        for _, line in stopped.lines():
            last = line
        return replace(stopped, last=last, result=last)

    def close(self, line: Expr, *, finished: bool = True) -> Derivation:
        """The finished record."""
        steps = tuple(
            Step(name, _path(place), before, r.after, stage, r.about, r.provided, r.lemmas)
            for name, place, before, r, stage in self.records
        )
        given = {fingerprint(fact): fact for fact in map(self._fact, self.relied)}
        return Derivation(
            self.goal,
            steps,
            tuple(self.stages),
            tuple(given.values()),
            self.indices,
            line,
            canonical(line, self.engine.known) if finished else line,
        )

    def _fact(self, fact: Basic) -> Basic:
        """A condition as the whole derivation states it: no bound letter is one of its indices."""
        free_letters = frozenset(v.name for v, *_ in self.indices)
        return relation(type(fact), *(apart(side, free_letters) for side in fact.args))


class Sweep:
    """One pass of one phase.

    Nodes already normal are told by identity: equal nodes are mostly one object.
    """

    def __init__(self, run: Run, phase: Phase) -> None:
        self.run, self.phase = run, phase
        self.touches = phase.touches
        self.normal = run.normal.setdefault(phase.name, {})

    def up(self, node: Expr, place: Place, scope: Scope) -> Expr:
        """Children first; where a rule fires, its result is visited again."""
        if id(node) in self.normal:
            return node
        if not mask(node) & self.touches:
            self.normal[id(node)] = node
            return node
        node = self._parts(node, place, scope, 0)
        for name, apply in self.phase.rules_for(node):
            rewrite = apply(node, scope)
            if rewrite is not None:
                self.run._record(name, place, node, rewrite)
                return self.up(rewrite.after, place, scope)
        self.normal[id(node)] = node
        return node

    def down(self, node: Expr, place: Place, scope: Scope, wave: int = 0) -> Expr:
        """The node first, then the parts of what it became."""
        if not mask(node) & self.touches:
            return node
        for name, apply in self.phase.rules_for(node):
            rewrite = apply(node, scope)
            if rewrite is not None:
                open_ = bool(mask(rewrite.after) & PARTIAL)
                self.run._record(name, place, node, rewrite, wave if open_ else max(wave - 1, 0))
                return self.down(rewrite.after, place, scope, wave + 1)
        return self._parts(node, place, scope, wave)

    def _parts(self, node: Expr, place: Place, scope: Scope, wave: int) -> Expr:
        parts = children(node)
        if not parts:
            return node
        inner = scope.inside(node) if isinstance(node, BINDERS) else scope
        up = self.phase.order == "up"
        changed = None
        for k, part in enumerate(parts):
            new = (
                self.up(part, (place, k), inner) if up else self.down(part, (place, k), inner, wave)
            )
            if new is not part:
                if changed is None:
                    changed = list(parts)
                changed[k] = new
        return node if changed is None else rebuild(node, tuple(changed))


@memo
def _stage(name: str) -> Stage:
    return Stage(name)


def _path(place: Place) -> Path:
    out: list[int] = []
    while place:
        place, position = place
        out.append(position)
    return tuple(reversed(out))

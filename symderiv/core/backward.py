"""The backward pass: the adjoint of every name, from the output back, each cited by the next.

Reverse accumulation (Linnainmaa 1970; Griewank & Walther 2008, ch. 3). The adjoint of a name is
one line over the names that read it; adjoints stay named, so the whole pass is linear in the number
of equations. A name whose surroundings have the same shape as those of an earlier one takes over
that derivation under other names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr, Pow, S, Sum, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.core.binding import free, names
from symderiv.core.canonical import RelabelCanonical, canonical, may_be_renamed
from symderiv.core.derivation import Derivation
from symderiv.core.engine import Engine
from symderiv.core.expr import (
    BINDER,
    DELTA,
    RANGE,
    Direct,
    Total,
    cost,
    factors,
    mask,
    mul,
    subexpressions,
    terms,
)
from symderiv.core.memo import memo
from symderiv.core.model import Model
from symderiv.core.reads import reads_plainly
from symderiv.core.relabel import Relabel, declaration, skeleton
from symderiv.core.scope import Scope
from symderiv.core.symbols import Definition, Label, Spec, indices_of, label_of
from symderiv.core.template import Adjoint, Template, relabelled

_CITED = cost(Total(S.One, S.One))


@dataclass(frozen=True, slots=True)
class _Evaluated:
    """The result of the first adjoint of a family, and the names whose adjoints it cites.

    ``for_all`` says that the others have the same result under their names.
    """

    result: Expr
    adjoint: Adjoint
    cited: tuple[Symbol, ...]
    for_all: bool


class Backward:
    """The backward pass from an output to some names."""

    def __init__(self, engine: Engine, out: Expr, targets: Sequence[Symbol]) -> None:
        self.engine = engine
        self.out = out
        self.out_digest: bytes = getattr(label_of(out), "digest", b"")
        self.model = engine.scope.model
        self.letters = self.model.letters
        self.live = self._live(targets)
        self.adjoints: dict[Symbol, Adjoint] = {}
        self.cited: dict[Any, Template] = {}
        self.templates: dict[Any, Template] = {}
        self.made = 0
        self._engines: dict[Symbol, Engine] = {}  # what is tried shares their lemmas
        self.bars: dict[Label, Label] = {}
        self.barred: dict[Label, Label] = {}
        self.results: dict[Symbol, Expr] = {}
        self.evaluated: dict[int, _Evaluated] = {}
        self._moves: dict[Any, bool] = {}
        self._lone: dict[Symbol, bool] = {}
        top = label_of(out)
        self.order = tuple(x for x in reversed(self.model.labels) if x in self.live and x != top)
        for x in self.order:
            self.adjoints[x] = self._adjoint(x)

    # ------------------------------------------------------------ the names in between

    def _live(self, targets: Sequence[Symbol]) -> dict[Symbol, None]:
        """The names on some way from a target to the output; all of the model lies upstream."""
        found: dict[Symbol, None] = dict.fromkeys(targets)
        todo = list(targets)
        while todo:
            for reader in self.model.readers.get(todo.pop(), ()):
                if reader not in found:
                    found[reader] = None
                    todo.append(reader)
        return found

    def _is_read_for_one(self, x: Symbol) -> bool:
        """Does the definition of a name move with one live name only?"""
        known = self._lone.get(x)
        if known is None:
            known = self._lone[x] = self._moves_with_one(x)
        return known

    def _moves_with_one(self, x: Symbol) -> bool:
        definition = x.spec.definition if isinstance(x, Label) else None
        if definition is None:
            return False
        read = [s for s in names(definition.body) if s in self.live]
        if len(read) < 2:
            return len(read) == 1
        sure = sum(1 for s in read if reads_plainly(definition.body, s))
        return sure < 2 and sum(1 for s in read if self._moves_with(x, s)) == 1

    def _moves_with(self, u: Label, x: Label) -> bool:
        near = [u, *(s for s in _read_by(u) if s != u)]
        holes: dict[Symbol, int] = {}
        parts = []
        for label in near:
            shape, found = skeleton(label)
            parts.append((shape, tuple(holes.setdefault(s, len(holes)) for s in (label, *found))))
        key = (tuple(parts), holes.get(x))
        known = self._moves.get(key)
        if known is None:
            engine = self._engine_for(near)
            first, _ = self._goal(u, engine.scope)
            entry = first.by
            second, _ = self._goal(x, engine.scope.inside_of(entry))
            slope = engine.lemma(Direct(entry, second.by)).last
            known = self._moves[key] = slope is not S.Zero
        return known

    def _readers(self, x: Symbol) -> list[Label]:
        return [r for r in self.model.readers.get(x, ()) if r in self.live]

    # ------------------------------------------------------------ one adjoint

    def _adjoint(self, x: Label) -> Adjoint:
        """First every reader's adjoint is cited; then those are put in that make it shorter."""
        near = self._surroundings(x)
        shape, holes = self._shape(x, near)
        template = self.cited.get(shape)
        if template is None:
            template = self.cited[shape] = self._cite(x, near, tuple(holes))
        groups = self._groups(x)
        if groups:
            key = (shape, self._marks_of_readers(x, holes))
            shorter = self.templates.get(key)
            if shorter is None:
                cited = Adjoint(template, template.under(tuple(holes)))
                shorter = self._put_in(x, near, cited, groups, tuple(holes))
                self.templates[key] = shorter
            template = shorter
        return Adjoint(template, template.under(tuple(holes)))

    def _surroundings(self, x: Label) -> list[Label]:
        """The names whose definitions the rules may read: readers, and what these read."""
        readers = self._readers(x)
        near = dict.fromkeys([x, *readers])
        for reader in readers:
            near.update(dict.fromkeys(_read_by(reader)))
        return list(near)

    def _shape(self, x: Label, near: list[Label]) -> tuple[Any, dict[Symbol, int]]:
        """The shape of the surroundings, and the names and sizes that fill it.

        A definition belongs to it only if the engine may meet it (see `_engine_for`).
        """
        holes: dict[Symbol, int] = {}
        top = label_of(self.out)
        parts: list[Any] = []
        readers, inside = set(self._readers(x)), set(near)
        for label in near:
            met = label in self.live and not inside.isdisjoint(_read_by(label))
            shape, found = skeleton(label) if met else declaration(label)
            places = tuple([holes.setdefault(s, len(holes)) for s in (label, *found)])
            parts.append((shape, met, places, label in readers, label == top))
        return (x.spec.definition is None, tuple(parts)), holes

    def _marks_of_readers(self, x: Label, holes: dict[Symbol, int]) -> Any:
        """What may be put in for the readers; its names are further holes."""
        readers = [r for r in self._readers(x) if self._is_candidate(r)]
        return tuple((holes[r], self._marks(r, holes)) for r in readers)

    def _marks(self, reader: Symbol, holes: dict[Symbol, int]) -> Any:
        """Which derivation an adjoint has, and those of the statistics that it cites."""
        known = self.adjoints[reader]
        marks = tuple(holes.setdefault(s, len(holes)) for s in known.holes)
        cited = [
            (self.adjoints[s].template.number, self._is_read_for_one(s))
            for s in _cited(known.last)
            if self._is_closed(s)
        ]
        return known.template.number, marks, self._is_read_for_one(reader), tuple(cited)

    def _cite(self, x: Label, near: list[Label], holes: tuple[Symbol, ...]) -> Template:
        """Derive the adjoint, the adjoints of all readers cited."""
        engine = self._engines[x] = self._engine_for(near)
        return self._template(engine.cite(*self._goal(x, engine.scope), {}), holes)

    def _put_in(
        self,
        x: Label,
        near: list[Label],
        cited: Adjoint,
        groups: list[list[Symbol]],
        holes: tuple[Symbol, ...],
    ) -> Template:
        """Put in the adjoints of readers where that reads shorter.

        Statistics (sums over an axis that the name lacks) are put in all or none.
        """
        engine = self._engines.get(x) or self._engine_for(near)
        goal, indices = self._goal(x, engine.scope)
        best, line = None, cited.last
        chosen: dict[Symbol, Derivation] = {}
        for group in groups:
            if self._stands_apart(group, line, engine.scope.model):
                continue
            more = {reader: self.derivation(reader) for reader in group}
            trial = engine.cite(goal, indices, {**chosen, **more})
            saved = sum(cost(d.last) + 2 for r, d in more.items() if self._is_read_for_one(r))
            if cost(trial.last) < cost(line) + saved:
                best, line, chosen = trial, trial.last, {**chosen, **more}
        return cited.template if best is None else self._template(best, holes)

    def _stands_apart(self, group: list[Symbol], line: Expr, model: Model) -> bool:
        """Is an adjoint cited as a factor of a product (or sum of one) that shares no name with it?

        Nothing cancels there, no definition nearby can be met in what would be put in, and as the
        other factors and each of its terms carry the indices of the sum, no sum is parted from it.
        """
        if len(group) != 1 or self._is_read_for_one(group[0]):
            return False
        body, limits = (line.args[0], line.args[1:]) if isinstance(line, Sum) else (line, ())
        rest = [f for f in factors(body) if not _cites(f, group[0])]
        adjoint = self.adjoints[group[0]]
        within = adjoint.last
        letters = free(adjoint.template.derivation.goal)
        read = names(within) - letters
        return (
            len(rest) == len(factors(body)) - 1
            and not any(mask(f) & BINDER for f in rest)
            and read.isdisjoint(names(mul(*rest)))
            and free(mul(*rest)).issuperset(limit[0] for limit in limits)
            and not (limits and mask(within) & (DELTA | RANGE))
            and not (limits and any(letters - free(t) for t in terms(within)))
            and cost(within) >= _CITED
            and not any(model.readers.get(s) for s in read)
        )

    def _template(self, derivation: Derivation, holes: tuple[Symbol, ...]) -> Template:
        self.made += 1
        line, axes = derivation.last, len(indices_of(derivation.goal.args[1]))
        statistic = bool(mask(line) & BINDER)
        closed = _is_closed(line, axes)
        return Template(derivation, holes, self.made, closed, statistic, _divides(line))

    def _groups(self, x: Label) -> list[list[Symbol]]:
        """Adjoints that may be written into the line: plain ones singly, statistics together."""
        readers: list[Symbol] = [r for r in self._readers(x) if self._is_candidate(r)]
        plain = [r for r in readers if not self._is_statistic(r)]
        statistics = [r for r in readers if self._is_statistic(r)]
        for r in readers:  # and what these cite
            cited = _cited(self.adjoints[r].last)
            statistics += [c for c in cited if self._is_closed(c) and self._is_statistic(c)]
        groups = [[r] for r in plain]
        return [*groups, list(dict.fromkeys(statistics))] if statistics else groups

    def _is_candidate(self, x: Symbol) -> bool:
        return self._is_closed(x) and (self._is_statistic(x) or self._may_shorten(x))

    def _is_closed(self, x: Symbol) -> bool:
        return x in self.adjoints and self.adjoints[x].template.closed

    def _may_shorten(self, x: Symbol) -> bool:
        """Could the adjoint cancel in a reader's line, or is it wanted in one line only?"""
        return self.adjoints[x].template.divides or self._is_read_for_one(x)

    def _is_statistic(self, x: Symbol) -> bool:
        return self.adjoints[x].template.statistic

    def _engine_for(self, near: list[Label]) -> Engine:
        """An engine whose rules meet these names, and live definitions that read them."""
        inside = set(near)
        readers = {
            s: tuple(r for r in found if r in inside and r in self.live)
            for s, found in ((s, self.model.readers.get(s, ())) for s in near)
        }
        scope = replace(self.engine.scope, model=Model(tuple(near), readers))
        return Engine(
            self.engine.strategy, scope, trace=self.engine.trace, budget=self.engine.budget
        )

    def _goal(self, x: Label, scope: Scope) -> tuple[Total, tuple[Tuple, ...]]:
        """``∂L/∂x_i`` with letters of its own."""
        definition = x.spec.definition
        letters: list[Symbol] = []
        for axis in range(len(x.shape)):
            wanted = definition.indices[axis] if definition else None
            made = (
                scope.fresh(self.out, *letters)
                if wanted is None
                else scope.letter(wanted, self.out, *letters)
            )
            letters.append(made)
        limits = tuple(Tuple(v, 1, size) for v, size in zip(letters, x.shape, strict=True))
        return Total(self.out, x.entry(*letters)), limits

    # ------------------------------------------------------------ what is read

    def derivation(self, x: Symbol) -> Derivation:
        """The derivation of a name's adjoint, built when it is read."""
        adjoint = self.adjoints[x]
        found = relabelled(adjoint.template.derivation, adjoint.relabel)
        result = self.results.get(x)
        if result is None:
            result = adjoint.relabel(canonical(adjoint.template.derivation.last))
        return replace(found, result=result)

    def result(self, x: Symbol) -> Expr:
        """The adjoint as SymPy's own expression, other adjoints as arrays with a bar."""
        while x not in self.results:
            name = self.order[len(self.results)]
            self.results[name] = self._result(self.adjoints[name])
        return self.results[x]

    def _result(self, adjoint: Adjoint) -> Expr:
        """SymPy evaluates one adjoint of a family; the others take that over under their names."""
        first = self.evaluated.get(adjoint.template.number)
        if first is not None and first.for_all:
            return RelabelCanonical(self._between(first, adjoint))(first.result)
        line = adjoint.template.derivation.last
        result = canonical(_WithBars(self, adjoint.relabel)(line))
        if first is None:
            evaluated = _Evaluated(result, adjoint, tuple(_cited(line)), may_be_renamed(result))
            self.evaluated[adjoint.template.number] = evaluated
        return result

    def _between(self, first: _Evaluated, adjoint: Adjoint) -> dict[Symbol, Symbol]:
        """From the names of the adjoint evaluated first, and their bars, to those of another."""
        mapping = dict(zip(first.adjoint.holes, adjoint.holes, strict=True))
        for cited in first.cited:
            before, now = first.adjoint.relabel(cited), adjoint.relabel(cited)
            mapping[self.bar(before)] = self.bar(now)
        return mapping

    def goal(self, x: Symbol) -> Total:
        """``∂L/∂x``, the left side."""
        adjoint = self.adjoints[x]
        found: Total = adjoint.relabel(adjoint.template.derivation.goal)
        return found

    def indices(self, x: Symbol) -> tuple[Expr, ...]:
        """The letters of ``∂L/∂x``, which are those of the whole family."""
        return indices_of(self.adjoints[x].template.derivation.goal.args[1])

    def of_bar(self, bar: Label) -> Label:
        """The name of which a label is the adjoint."""
        return self.barred[bar]

    def bar(self, x: Label) -> Label:
        """The adjoint of a name as a name, defined by its result."""
        made = self.bars.get(x)
        if made is None:
            spec = Spec(
                shape=x.shape,
                layer=x.spec.layer,
                latex=x.spec.latex,
                bar=(self.out_digest + x.digest).hex() + self._apart(x),
                definition=Definition(self.indices(x), self.result(x)),
            )
            made = self.bars[x] = Label(x.stem, spec)
            self.barred[made] = x
        return made

    def _apart(self, x: Label) -> str:
        """Underscores that keep SymPy's name of an adjoint apart from the model's names."""
        more = ""
        while f"{x.name}_bar{more}" in self.letters:
            more += "_"
        return more


class _WithBars(Relabel):
    """Puts in other names, and arrays with a bar for inert adjoints."""

    def __init__(self, backward: Backward, names: Relabel) -> None:
        super().__init__(names.mapping)
        self.backward = backward
        self.changes = True

    def _make(self, e: Basic) -> Basic:
        if isinstance(e, Total):
            label = label_of(e.by)
            label = self.mapping.get(label, label)
            assert isinstance(label, Label)
            return self.backward.bar(label).entry(*map(self, indices_of(e.by)))
        return super()._make(e)


def _is_closed(line: Expr, axes: int) -> bool:
    """May the adjoint be written into its readers: free of sums, or a statistic?"""
    present = mask(line)
    if present & RANGE:
        return False
    if not present & BINDER:
        return True
    return all(len(indices_of(e.by)) > axes for e in _totals(line))


def _cites(e: Expr, x: Symbol) -> bool:
    """Is this the adjoint of a name, at distinct indices?"""
    if not isinstance(e, Total) or label_of(e.by) != x:
        return False
    indices = indices_of(e.by)
    return len(set(indices)) == len(indices) and all(isinstance(v, Symbol) for v in indices)


def _divides(line: Expr) -> bool:
    """Does the line divide by a name?"""
    return any(
        isinstance(e, Pow) and e.args[1].is_negative and _reads_a_name(e.args[0])
        for e in subexpressions(line)
    )


def _reads_a_name(e: Expr) -> bool:
    return any(isinstance(s, Label) for s in names(e))


def _totals(line: Expr) -> list[Total]:
    return [e for e in subexpressions(line) if isinstance(e, Total)]


def _cited(line: Expr) -> list[Symbol]:
    """The names whose adjoints a line cites."""
    found = (label_of(e.by) for e in _totals(line))
    return list(dict.fromkeys(s for s in found if s is not None))


@memo
def _read_by(label: Label) -> tuple[Label, ...]:
    """The declared names that a definition reads, in the order in which it reads them."""
    definition = label.spec.definition
    read = names(definition.body) if definition else ()
    return tuple(s for s in skeleton(label)[1] if s in read and isinstance(s, Label))

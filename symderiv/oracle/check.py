"""Testing a derivation by numbers at several sizes: steps, lemmas, both ends, the matrix form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from sympy import Eq, Expr, Float, Indexed, Integer, Number, Rational, Sum, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation
from symderiv.core.errors import Unsupported
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.symbols import Label, indices_of, label_of
from symderiv.oracle.claim import PLACES, Claim, Failure, Guard, Outcome, examine, places
from symderiv.oracle.closures import integer, program
from symderiv.oracle.cost import ENOUGH, MOST, SMALL, fewer, work
from symderiv.oracle.dimensions import dimensions, least_sizes, longest, loose, plan
from symderiv.oracle.forms import forms
from symderiv.oracle.numeric import DIGITS, DomainError, RangeError, digits
from symderiv.oracle.point import STYLES, draw
from symderiv.oracle.replay import Link, replay
from symderiv.oracle.report import Counterexample, Report, StepEvidence
from symderiv.oracle.smallest import smallest
from symderiv.oracle.wording import EQUALITY, NO_PLACE
from symderiv.oracle.world import World

Progress = Callable[[int, int], None]
ATTEMPTS = len(STYLES)
MOST_ENTRIES = 2_000
"""The largest size, given as a number, that is checked."""
MANY_ENTRIES, FEW_PLACES = 50, 3
"""Beyond so many, each step is tested at fewer places."""


def check_derivation(
    derivation: Derivation,
    *,
    seed: int = 0,
    points: int = 3,
    tolerance: float | None = None,
    progress: Progress | None = None,
) -> Report:
    """Test every step of a derivation and of its lemmas, and the goal against the result.

    The matrix form that is told after the last line is tested too, as a step ``matrix.form``.

    Args:
        derivation: What to test.
        seed: The same seed gives the same report in every process.
        points: At how many choices of sizes and numbers each step is tested; the first has all
            sizes 1, in the others different dimensions have different sizes. Three times as many
            where there are no sizes.
        tolerance: Values count as equal whose difference is at most this much of the larger of
            them and 1. If None, they have to agree in fifty digits, or a third of the sixty where
            a derivative is taken numerically; where they do not, both are computed again with
            twice and four times the digits, and what parts them has to fall as rounding does.
        progress: Called with the number of derivations done and their number.

    Returns:
        A report that is true when everything held.

    Example:
        >>> from sympy import S
        >>> x = Symbol("x")
        >>> wrong = Derivation(x, (), (), (), (), S.One, S.One)
        >>> bool(check_derivation(wrong))
        False
    """
    return check_derivations(
        (derivation,), seed=seed, points=points, tolerance=tolerance, progress=progress
    )


def check_derivations(
    derivations: Iterable[Derivation],
    *,
    in_pass: bool = False,
    seed: int = 0,
    points: int = 3,
    tolerance: float | None = None,
    progress: Progress | None = None,
) -> Report:
    """As `check_derivation`, of several: they share the numbers, and a lemma is tested once.

    ``in_pass`` says that they are told as one backward pass, where every adjoint has a matrix form.
    """
    derivations = list(derivations)
    chain = _with_lemmas(derivations)
    rows = {id(d): list(forms(d, in_pass=in_pass)) for d in derivations}
    everything = [e for d in chain for e in _expressions(d)]
    everything += [link.after for links in rows.values() for link in links]
    limits = [limit for d in chain for limit in d.indices]
    tester = _Tester(everything, limits, seed, points, tolerance)
    tester.fix_sizes(fact for d in chain for fact in d.given)
    evidence: list[StepEvidence] = []
    for number, one in enumerate(chain, 1):
        tester.impose([f for f in one.given if _is_plain(f) or _is_value(f)])
        links = replay(one, tester.loose((one.goal, one.last, one.result), one.indices))
        evidence.extend(tester.test(link, one.goal) for link in (*links, *rows.get(id(one), ())))
        if progress:
            progress(number, len(chain))
    return tester.report(evidence)


def _first_shown(reports: list[Report]) -> Counterexample | None:
    """That of the first report which found something wrong, else of one that could not test."""
    shown = [r for r in reports if r.counterexample]
    wrong = [r for r in shown if r.is_wrong]
    return next((r.counterexample for r in (*wrong, *shown)), None)


def compare(
    a: Expr,
    b: Expr,
    *,
    indices: Iterable[Tuple] = (),
    given: Iterable[Basic] = (),
    seed: int = 0,
    points: int = 4,
    tolerance: float | None = None,
) -> Report:
    """Are two expressions equal by value at every place of their free indices?

    Args:
        a: The one expression.
        b: The other.
        indices: Free indices with their ranges, ``(i, 1, n)``; an index of a declared array that is
            not listed takes the range of its axis.
        given: Inequalities restrict the places; equations ``Σ_k x_k = c`` and ``name = expression``
            are imposed on the numbers.
        seed: The same seed gives the same report.
        points: At how many choices of sizes and numbers; three times as many without sizes.
        tolerance: Values count as equal whose difference is at most this much of the larger of
            them and 1. If None, they have to agree as in `check_derivation`, at twice the digits.

    Example:
        >>> from sympy import exp, log
        >>> x = Symbol("x", real=True)
        >>> bool(compare(log(exp(x)), x)), bool(compare(x**2, x))
        (True, False)
    """
    a, b, *given = map(_decimal, (a, b, *given))
    indices = tuple(indices)
    tester = _Tester([a, b, *given], indices, seed, points, tolerance, 2 * DIGITS)
    tester.impose([f for f in given if isinstance(f, Eq)])
    scope = (*indices, *tester.loose((a, b), indices))
    claim = Claim(EQUALITY, a, b, scope, tuple(given))
    return tester.report([tester.test(Link(EQUALITY, 0, a, b, (claim,)), a)])


def _affordable(cost: int, turns: int, places: int) -> tuple[int, int]:
    """At how many choices of numbers, and at how many places of each, a check does not take long.

    Raises:
        Unsupported: where a few places are too many.
    """
    tries = list(fewer(turns, places))
    few = next((x for x in tries if cost * x[0] * x[1] <= ENOUGH), tries[-1])
    if cost * few[0] * few[1] > MOST:
        raise Unsupported(
            Sentence(
                "a check by numbers at these sizes would take too long; give the sizes names, such "
                "as n, and small ones are tried"
            )
        )
    return few


def _decimal(e: Any) -> Any:
    """The same, each float as the decimal number that it shows: what a user writes is exact."""
    return e.xreplace({x: Rational(str(x)) for x in e.atoms(Float)})


class _Tester:
    """Tests claims in worlds that all claims share, so that names are computed once a world."""

    def __init__(
        self,
        expressions: list[Basic],
        limits: Iterable[Tuple],
        seed: int,
        points: int,
        tolerance: float | None,
        digits: int = DIGITS,
    ) -> None:
        self.model = Model.of(*expressions)
        limits = list(limits)
        entries = longest(self.model, expressions, limits)
        if entries > MOST_ENTRIES:
            raise Unsupported(
                Sentence(
                    "a check by numbers at a size of {entries} would take too long (at most "
                    "{most}); give the size a name, such as n, and small sizes are tried",
                    entries=f"{entries:,}",
                    most=f"{MOST_ENTRIES:,}",
                )
            )
        long = entries > MANY_ENTRIES
        self.dims = dimensions(self.model, expressions, limits)
        self.seed = seed
        self.tolerance = tolerance
        self.digits = digits
        self.least = least_sizes(self.dims, expressions)
        turns = 3 * points if not self.dims and not long else points
        self.places = FEW_PLACES if long else PLACES
        if entries > SMALL:
            turns, self.places = _affordable(work(self.model, expressions), turns, self.places)
        self.plan = plan(self.dims, turns, seed, self.least)
        self.facts: tuple[Basic, ...] = ()
        self.worlds: dict[tuple[int, tuple[Basic, ...]], list[World | None]] = {}
        self.counterexample: Counterexample | None = None
        self.untested: Counterexample | None = None

    def impose(self, facts: Iterable[Basic]) -> None:
        """From now on, numbers are drawn so that these equations hold."""
        self.facts = tuple(facts)

    def fix_sizes(self, facts: Iterable[Basic]) -> None:
        """Try no other sizes than those that facts such as ``n = 2`` give."""
        fixed = {
            f.args[0]: int(f.args[1]) for f in facts if _is_value(f) and f.args[0] in self.dims
        }
        self.plan = [{**sizes, **fixed} for sizes in self.plan]

    def loose(self, expressions: Iterable[Basic], indices: Iterable[Tuple]) -> tuple[Tuple, ...]:
        """Indices that expressions use without declaring them."""
        known = {v for v, _, _ in indices}
        found = (limit for e in expressions for limit in loose(e, known, self.dims))
        return tuple({limit[0]: limit for limit in found}.values())

    def test(self, link: Link, goal: Expr) -> StepEvidence:
        """Test what one step claims."""
        with digits(self.digits):
            return self._test(link, goal)

    def _test(self, link: Link, goal: Expr) -> StepEvidence:
        points, worst, wrong, untested = 0, 0.0, None, None
        if link.problem:
            wrong = Counterexample(link.rule, link.before, link.after, problem=link.problem)
        for claim in link.claims:
            outcome = self._run(claim)
            points += outcome.points
            worst = max(worst, outcome.worst)
            if outcome.failure and wrong is None:
                wrong = self._explain(claim, outcome.failure)
            elif not outcome.points and untested is None:
                untested = self._untestable(claim)
        self.counterexample = self.counterexample or wrong
        self.untested = self.untested or untested
        ok = wrong is None and untested is None
        tested = ok or wrong is not None
        return StepEvidence(link.rule, link.stage, points, worst, ok, goal, tested)

    def _run(self, claim: Claim) -> Outcome:
        """Test at every choice of sizes, up to the first failure.

        A place that no guard lets through at these sizes is tested without them, so a claim about
        it can be confirmed, but not refuted.
        """
        whole = self._at_all_sizes(claim, guarded=True)
        if whole.points or whole.failure or not any(isinstance(x, Guard) for x in claim.scope):
            return whole
        open_ = self._at_all_sizes(claim, guarded=False)
        return whole if open_.failure else open_

    def _at_all_sizes(self, claim: Claim, *, guarded: bool) -> Outcome:
        whole = Outcome()
        for turn in range(len(self.plan)):
            self._at_sizes(claim, turn, whole, guarded=guarded)
            if whole.failure:
                break
        return whole

    def _at_sizes(self, claim: Claim, turn: int, whole: Outcome, *, guarded: bool) -> None:
        """Test at one choice of sizes; draw again while no place has real values."""
        for attempt in range(ATTEMPTS):
            world = self._world(turn, attempt)
            if world is None:
                continue
            try:
                if next(places(claim.scope, world, {}, guarded=False), None) is None:
                    return  # an empty range
                outcome = examine(claim, world, self.tolerance, guarded=guarded, limit=self.places)
            except (DomainError, RangeError):
                continue
            whole.points += outcome.points
            whole.worst = max(whole.worst, outcome.worst)
            whole.failure = outcome.failure
            if outcome.failure or outcome.points:
                return

    def _world(self, turn: int, attempt: int) -> World | None:
        """The world of that attempt; None where the facts cannot be made to hold."""
        made = self.worlds.setdefault((turn, self.facts), [])
        if len(made) <= attempt:
            style = STYLES[(attempt - turn % 2) % len(STYLES)]  # every other turn begins far out
            world = World(draw(self.plan[turn], self.seed + turn + 1000 * attempt, style))
            try:
                made.append(world.prepared(partial(_hold_all, self.facts)))
            except (DomainError, RangeError):
                made.append(None)
        return made[attempt]

    def _untestable(self, claim: Claim) -> Counterexample:
        problem = Sentence(NO_PLACE, left=claim.left, right=claim.right)
        return Counterexample(claim.rule, claim.left, claim.right, problem=problem)

    def _explain(self, claim: Claim, failure: Failure) -> Counterexample:
        if self.counterexample is not None:
            return self.counterexample  # only the first is shown
        prepare = partial(_hold_all, self.facts)
        return smallest(claim, failure, self.least, self.seed, self.tolerance, prepare)

    def report(self, evidence: list[StepEvidence]) -> Report:
        """The outcome of all tests so far."""
        return Report(
            all(e.ok for e in evidence),
            sum(not e.is_end for e in evidence),
            sum(e.points for e in evidence),
            max((e.worst for e in evidence), default=0.0),
            self.counterexample or self.untested,
            self.seed,
            tuple(evidence),
            tuple(dict.fromkeys(map(_named, self.plan))),
        )


def _named(sizes: dict[Symbol, int]) -> tuple[tuple[str, int], ...]:
    return tuple((size.name, number) for size, number in sizes.items())


def _with_lemmas(derivations: Iterable[Derivation]) -> list[Derivation]:
    """Every derivation that is cited, each once, before the one that cites it."""
    seen: set[int] = set()
    told: dict[tuple[Expr, Expr], list[Derivation]] = {}
    out: list[Derivation] = []
    todo = [(derivation, False) for derivation in reversed(list(derivations))]
    while todo:
        one, done = todo.pop()
        if done:
            alike = told.setdefault((one.goal, one.last), [])
            if one not in alike:
                alike.append(one)
                out.append(one)
        elif id(one) not in seen:
            seen.add(id(one))
            todo.append((one, True))
            todo.extend((x, False) for step in reversed(one.steps) for x in reversed(step.lemmas))
    return out


def _expressions(d: Derivation) -> Iterator[Basic]:
    yield from (d.goal, d.last, d.result, *d.given)
    for step in d.steps:
        yield from (step.redex, step.contractum, *step.provided)


# ---------------------------------------------------------------- facts about plain names


def _is_plain(fact: Basic) -> bool:
    """An equation about names that are not declared, so that nothing makes it true by itself."""
    return isinstance(fact, Eq) and not any(isinstance(x, Label) for x in fact.atoms(Symbol))


def _is_value(fact: Basic) -> bool:
    """``n = 2`` or ``p_1 = 1/2``: the number of a size, a scalar or an entry."""
    if not isinstance(fact, Eq) or not isinstance(fact.args[1], Number):
        return False
    name = fact.args[0]
    return _is_name(name) and all(isinstance(at, Integer) for at in indices_of(name))


def _hold_all(facts: Iterable[Basic], world: World) -> None:
    for fact in facts:
        _hold(fact, world)


def _hold(fact: Basic, world: World) -> None:
    """Set numbers so that ``Σ_k x_k = c`` or ``name = expression`` is true."""
    left, right = fact.args
    for env in places(loose(fact, (), world.point.sizes), world, {}, every=True):
        if isinstance(left, Sum) and isinstance(left.args[0], Indexed) and len(left.args) == 2:
            entry = left.args[0]
            v, low, high = left.args[1]
            span = range(integer(low)(world, env), integer(high)(world, env) + 1)
            inside = [{**env, v: k} for k in span]
            ratio = program(right)(world, env) / program(left)(world, env)
            new = {_key(entry, world, e): program(entry)(world, e) * ratio for e in inside}
            world.point.values.update(new)
        elif _is_name(left):
            world.point.values[_key(left, world, env)] = program(right)(world, env)
        elif _is_name(right):
            world.point.values[_key(right, world, env)] = program(left)(world, env)
        world.clear()


def _is_name(e: Basic) -> bool:
    return isinstance(e, (Symbol, Indexed))


def _key(entry: Expr, world: World, env: dict[Symbol, int]) -> tuple[Symbol, tuple[int, ...]]:
    name = label_of(entry)
    assert name is not None
    return name, tuple(integer(x)(world, env) for x in indices_of(entry))

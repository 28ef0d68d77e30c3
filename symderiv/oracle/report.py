"""What a check says: a report, its evidence for each step, and a counterexample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from sympy import Expr, Float, Integer, Rational
from sympy.core.basic import Basic

from symderiv.core.messages import printed
from symderiv.document.blocks import Evidence, Words
from symderiv.document.messages import told
from symderiv.document.words import spoken
from symderiv.oracle import wording
from symderiv.oracle.numeric import Real, mpf

LEFT_BY_ROUNDING = mpf(10) ** -100
Plain = int | float | Fraction


@dataclass(frozen=True, slots=True)
class StepEvidence:
    """How one step stood the test: at how many places, with what worst relative error.

    ``goal`` is the left side of the derivation that the step belongs to; ``tested`` is false where
    nothing speaks against the step, and no place was found to test it.
    """

    rule: str
    stage: int
    points: int
    worst: float
    ok: bool
    goal: Expr
    tested: bool = True

    @property
    def is_end(self) -> bool:
        """Is it of a whole derivation, its goal or its result?"""
        return self.rule in wording.ENDS


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Sizes and numbers at which ``redex`` and ``contractum`` differ.

    ``left`` and ``right`` are their values; None where there is no real number. ``problem`` says
    in words what is wrong where no two numbers can. ``names`` are what sizes, indices and values
    belong to, in their order, as formulas have them. ``apart`` is the difference of the values,
    which floats may be too coarse to show.
    """

    rule: str
    redex: Basic
    contractum: Basic
    sizes: tuple[tuple[str, int], ...] = ()
    indices: tuple[tuple[str, int], ...] = ()
    values: tuple[tuple[str, Plain], ...] = ()
    left: float | None = None
    right: float | None = None
    problem: str = ""
    names: tuple[Basic, ...] = ()
    apart: float | None = None

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, language: str = "en") -> str:
        """What differs where, in a language."""
        return in_text(self.sentence(), language)

    def sentence(self) -> str:
        """What differs where, to be told in any language and notation."""
        given = [*self.sizes, *self.indices, *self.values]
        names: Iterable[str | Basic] = self.names or (name for name, _ in given)
        shown = (_short(value) for _, value in given)
        return wording.at(list(zip(names, shown, strict=True)), self._problem())

    def _problem(self) -> str:
        if self.problem:
            return self.problem
        left, right = (None if x is None else _long(x) for x in (self.left, self.right))
        apart = None if left != right or self.apart is None else _long(self.apart, 6)
        return wording.differ(self.redex, left, self.contractum, right, apart)


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check; true when everything held.

    Attributes:
        ok: Whether every step held.
        steps: How many steps were tested, those of lemmas and matrix forms included: as many as
            full detail tells. Both ends of each derivation are tested too, and are no steps.
        points: At how many places values were compared, those of the ends included.
        worst: The worst relative error of all comparisons that held.
        counterexample: The smallest one found for the first step that is wrong, or else why the
            first step that was not tested was not; else None.
        seed: The seed; the same seed gives the same report.
        evidence: One entry a step, and one for each end.
        sizes: The sizes that were tried.
    """

    ok: bool
    steps: int
    points: int
    worst: float
    counterexample: Counterexample | None
    seed: int
    evidence: tuple[StepEvidence, ...] = ()
    sizes: tuple[tuple[tuple[str, int], ...], ...] = ()

    def __bool__(self) -> bool:
        return self.ok

    @property
    def is_wrong(self) -> bool:
        """Did a step fail a test? A report can also be not ok because a step was not tested."""
        return any(step.tested and not step.ok for step in self.evidence)

    def proofs(self) -> dict[Expr, tuple[Evidence, ...]]:
        """What was found of each step, by the left side of the derivation that it belongs to."""
        found: dict[Expr, tuple[Evidence, ...]] = {}
        for step in self.evidence:
            wrong = step.tested and not step.ok
            proof = Evidence(step.ok, step.points, step.worst, self.sizes, wrong)
            found[step.goal] = (*found.get(step.goal, ()), proof)
        return found

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, language: str = "en") -> str:
        """The outcome in a sentence; where a step is wrong, its counterexample on the next line.

        >>> Report(ok=True, steps=1, points=8, worst=0.0, counterexample=None, seed=0).to_text()
        'ok: 1 step, 8 comparisons, worst error 0 (seed 0)'
        """
        if self.ok:
            return wording.passed(self.steps, self.points, self.worst, self.seed, language)
        return in_text(self.sentence("\n  "), language)

    def sentence(self, gap: str = "; ") -> str:
        """What is wrong, to be told in any language and notation; of a report that is not ok.

        ``gap`` stands before the counterexample.
        """
        shown = self.counterexample.sentence() if self.counterexample else ""
        return wording.joined(self._head(), gap, shown)

    def _head(self) -> str:
        at, bad = next(
            (k, s) for k, s in enumerate(self.evidence) if not s.ok and s.tested is self.is_wrong
        )
        number = 1 + sum(not s.is_end for s in self.evidence[:at])
        found = self.counterexample
        if found is not None and bad.rule in wording.CLAIMS:
            return wording.refuted(wrong=self.is_wrong, left=found.redex, right=found.contractum)
        return wording.failed(
            wrong=self.is_wrong, number=number, steps=self.steps, rule=bad.rule, goal=bad.goal
        )

    def verdict(self, language: str = "en") -> str:
        """The outcome in a sentence, as a document tells it below a derivation.

        >>> Report(ok=True, steps=1, points=8, worst=0.0, counterexample=None, seed=0).verdict()
        'Every step was tested with numbers: 1 step, 8 comparisons, worst error 0.'
        """
        return self._confirmed(language) if self.ok else in_text(self.sentence(), language)

    def words(self, language: str = "en") -> Words:
        """The verdict with its expressions, to be printed in the notation of a document."""
        return (self._confirmed(language),) if self.ok else spoken(self.sentence(), language)

    def _confirmed(self, language: str) -> str:
        return wording.confirmed(self.steps, self.points, self.worst, language)


def in_text(said: str, language: str = "en") -> str:
    """A sentence in a language, its expressions in Unicode text."""
    from symderiv.render.text import text

    return told(printed(said, partial(text, language=language)), language)


def plain(value: Real) -> Plain:
    """A number as a reader would write it: an integer, a simple fraction, or a float."""
    if isinstance(value, int):
        return value
    near = Fraction(float(value)).limit_denominator(10000)
    if abs(mpf(near.numerator) / near.denominator - value) < mpf(10) ** -40:
        return int(near) if near.denominator == 1 else near
    return float(value)


def shortened(value: Real, beside: Real | None = None) -> float:
    """A value as a float; what only rounding left, beside a larger value, is 0."""
    left = 0 if beside is None else abs(beside) * LEFT_BY_ROUNDING
    return 0.0 if abs(value) < left else float(value)


def _short(value: Plain) -> Expr:
    """``0.25`` for what ends, ``1/3`` for what does not."""
    if isinstance(value, Fraction):
        ends = 10000 % value.denominator == 0
        return Float(f"{float(value):g}") if ends else Rational(value.numerator, value.denominator)
    return _number(f"{value:.6g}" if isinstance(value, float) else str(value))


def _long(value: float, digits: int = 12) -> Expr:
    return _number(f"{value:.{digits}g}")


def _number(digits: str) -> Expr:
    return Integer(digits) if digits.removeprefix("-").isdigit() else Float(digits)

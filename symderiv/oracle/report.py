"""What a check says: a report, its evidence for each step, and a counterexample."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sympy import Expr, sstr
from sympy.core.basic import Basic

from symderiv.document.blocks import Evidence
from symderiv.document.messages import told
from symderiv.oracle import wording
from symderiv.oracle.numeric import DIGITS, Real, mpf

LEFT_BY_ROUNDING = mpf(10) ** (5 - DIGITS)
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


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Sizes and numbers at which ``redex`` and ``contractum`` differ.

    ``left`` and ``right`` are their values; None where there is no real number. ``problem`` says
    in words what is wrong where no two numbers can.
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

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, language: str = "en") -> str:
        """What differs where, in a language."""
        return told(self.sentence(), language)

    def sentence(self) -> str:
        """What differs where, to be told in any language."""
        given = [f"{name} = {value}" for name, value in (*self.sizes, *self.indices)]
        given += [f"{name} = {shown(value)}" for name, value in self.values]
        return wording.at(given, self._problem())

    def _problem(self) -> str:
        if self.problem:
            return self.problem
        sides = written(self.redex), _number(self.left), written(self.contractum)
        return wording.differ(*sides, _number(self.right))


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check; true when everything held.

    Attributes:
        ok: Whether every step held.
        steps: How many steps were tested, those of lemmas and the ends included.
        points: At how many places values were compared.
        worst: The worst relative error of all comparisons that held.
        counterexample: The smallest one found for the first step that is wrong, or else why the
            first step that was not tested was not; else None.
        seed: The seed; the same seed gives the same report.
        evidence: One entry a step.
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
            proof = Evidence(step.ok, step.points, step.worst, self.sizes)
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
        return told(self.sentence("\n  "), language)

    def sentence(self, gap: str = " ") -> str:
        """What is wrong, to be told in any language; of a report that is not ok.

        ``gap`` stands before the counterexample.
        """
        number, bad = next(
            (k, s) for k, s in enumerate(self.evidence, 1) if not s.ok and s.tested is self.is_wrong
        )
        head = wording.failed(
            wrong=self.is_wrong,
            number=number,
            steps=self.steps,
            rule=bad.rule,
            goal=written(bad.goal),
        )
        shown = self.counterexample.sentence() if self.counterexample else ""
        return wording.joined(head, gap, shown)

    def verdict(self, language: str = "en") -> str:
        """The outcome as a document tells it below a derivation.

        >>> Report(ok=True, steps=1, points=8, worst=0.0, counterexample=None, seed=0).verdict()
        'Every step was tested with numbers: 1 step, 8 comparisons, worst error 0.'
        """
        if not self.ok:
            return self.to_text(language)
        return wording.confirmed(self.steps, self.points, self.worst, language)


def written(e: Basic) -> str:
    """The expression as text, in the order in which it was written."""
    return str(sstr(e, order="none"))


def plain(value: Real) -> Plain:
    """A number as a reader would write it: an integer, a simple fraction, or a float."""
    if isinstance(value, int):
        return value
    near = Fraction(float(value)).limit_denominator(10000)
    if abs(mpf(near.numerator) / near.denominator - value) < mpf(10) ** -40:
        return int(near) if near.denominator == 1 else near
    return float(value)


def shortened(value: Real) -> float:
    """A value as a float; what only rounding left is 0."""
    return 0.0 if abs(value) < LEFT_BY_ROUNDING else float(value)


def shown(value: Plain) -> str:
    """``0.25`` for what ends, ``1/3`` for what does not."""
    if isinstance(value, Fraction) and 10000 % value.denominator == 0:
        return f"{float(value):g}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"

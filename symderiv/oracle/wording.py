"""The words of a report, in the languages of the catalogues."""

from __future__ import annotations

from collections.abc import Sequence

from sympy.core.basic import Basic

from symderiv.core.messages import N_, NN_, Sentence
from symderiv.document.messages import count, phrase
from symderiv.document.narrate import rule_named

OK = N_("ok: {tally} (seed {seed})")
CONFIRMED = N_("Every step was tested with numbers: {tally}.")
CONFIRMED_ENDS = N_("Tested with numbers: {tally}.")
TALLY = N_("{steps}, {comparisons}, worst error {worst}")
TALLY_OF_ENDS = N_("{comparisons}, worst error {worst}")
"""Where nothing was to be done, there is no step."""
WRONG = N_("wrong: step {number} of {steps}, “{rule}”, in the derivation of {goal}")
NOT_TESTED = N_("not tested: step {number} of {steps}, “{rule}”, in the derivation of {goal}")
END_WRONG = N_("wrong: “{rule}”, in the derivation of {goal}")
END_NOT_TESTED = N_("not tested: “{rule}”, in the derivation of {goal}")
CLAIM_WRONG = N_("wrong: the claim {left} = {right}")
CLAIM_NOT_TESTED = N_("not tested: the claim {left} = {right}")
STEPS = NN_("{number} step", "{number} steps")
COMPARISONS = NN_("{number} comparison", "{number} comparisons")

AT = N_("at {values}: {told}")
DIFFER = N_("{left} is {value}, but {right} is {other}")
DIFFER_BY = N_("{left} is {value}, but {right} is {other}; they differ by {apart}")
NO_NUMBER = N_("no real number")

NO_PLACE = N_("no place was found where {left} = {right} can be tested")
FALSE_FACT = N_("the fact {fact} is false: {left} is not {right}")
OUTSIDE = N_("{entry} is outside the range of {name}")
OTHER_AXES = N_("{name} has {axes} axes, and {indices} indices here")
CANNOT = N_("{expression}: {reason}")
ENDS_ELSEWHERE = N_("the steps end in {line}, not in the last line {last}")
NO_NODE = N_("the line {line} has no node at the path {path}")
NO_EXPRESSION = N_("the node {node} at the path {path} is not an expression")
OTHER_NODE = N_("at the path {path} stands {node}, not {redex}")

LAST_LINE = N_("last line")
GOAL_IS_LAST = N_("goal = last line")
LAST_IS_RESULT = N_("last line = result")
EQUALITY = N_("equality")
ENDS = (LAST_LINE, GOAL_IS_LAST, LAST_IS_RESULT)
"""What is tested of a whole derivation; no line tells it, so it is no step."""
CLAIM = "equal.claim"
CLAIMS = (CLAIM, EQUALITY)
TITLES = {
    "matrix.form": N_("In matrix form"),
    "matrix.example": N_("As a sum over the examples"),
    "matrix.shape": N_("The shape of the matrix form"),
}
"""What steps are called that no rule of a derivation makes."""
JOINED = "{head}{gap}{example}"


def passed(steps: int, points: int, worst: float, seed: int, language: str = "en") -> str:
    """``ok: 37 steps, 370 comparisons, worst error 1.3e-27 (seed 0)``."""
    told = tally(steps, points, worst, language)
    return phrase(OK, language, tally=told, seed=str(seed))


def confirmed(steps: int, points: int, worst: float, language: str = "en") -> str:
    """``Every step was tested with numbers: 37 steps, …``, for who reads and cannot test again."""
    message = CONFIRMED if steps else CONFIRMED_ENDS
    return phrase(message, language, tally=tally(steps, points, worst, language))


def tally(steps: int, points: int, worst: float, language: str = "en") -> str:
    """``37 steps, 370 comparisons, worst error 1.3e-27``."""
    return phrase(
        TALLY if steps else TALLY_OF_ENDS,
        language,
        steps=count(STEPS, steps, language),
        comparisons=count(COMPARISONS, points, language),
        worst=f"{worst:.1e}" if worst else "0",
    )


def failed(*, wrong: bool, number: int, steps: int, rule: str, goal: Basic) -> Sentence:
    """``wrong: step 3 of 7, “A delta selects one term”, in the derivation of …``."""
    if rule in ENDS:
        message = END_WRONG if wrong else END_NOT_TESTED
    else:
        message = WRONG if wrong else NOT_TESTED
    return Sentence(message, number=number, steps=steps, rule=called(rule), goal=goal)


def refuted(*, wrong: bool, left: Basic, right: Basic) -> Sentence:
    """``wrong: the claim |x| = x``."""
    return Sentence(CLAIM_WRONG if wrong else CLAIM_NOT_TESTED, left=left, right=right)


def called(rule: str) -> Sentence:
    """The title of a rule; its name where it has none."""
    known = rule_named(rule)
    return Sentence(known.title if known else TITLES.get(rule, rule))


def joined(head: str, gap: str, example: str) -> Sentence:
    """What is wrong, and where it shows."""
    return Sentence(JOINED, head=head, gap=gap, example=example)


def at(values: Sequence[tuple[str | Basic, Basic]], told: str) -> str:
    """``at n = 1, x = 2: …``; what is told alone where there are no values."""
    pairs = ", ".join(f"{{name{k}}} = {{value{k}}}" for k in range(len(values)))
    parts = {f"name{k}": name for k, (name, _) in enumerate(values)}
    parts |= {f"value{k}": value for k, (_, value) in enumerate(values)}
    return Sentence(AT, values=Sentence(pairs, **parts), told=told) if values else told


def differ(
    left: Basic,
    value: Basic | None,
    right: Basic,
    other: Basic | None,
    apart: Basic | None = None,
) -> Sentence:
    """``x**2 is 4, but 2*x is 6``; a value that is None says that there is no real number.

    ``apart`` is how far two values are apart whose first digits are the same.
    """
    if apart is not None:
        sides = {"left": left, "value": value, "right": right, "other": other}
        return Sentence(DIFFER_BY, apart=apart, **sides)
    none = Sentence(NO_NUMBER)
    values = {"value": none if value is None else value, "other": none if other is None else other}
    return Sentence(DIFFER, left=left, right=right, **values)

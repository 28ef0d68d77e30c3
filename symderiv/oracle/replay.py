"""A derivation read once more, step by step: what each step claims, and whether the steps join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr, Mul, Piecewise, S, Tuple
from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation, Path, Step, at, replace_at, tidy
from symderiv.core.expr import BINDERS, Inert
from symderiv.core.fingerprint import same
from symderiv.core.messages import Sentence
from symderiv.oracle.claim import Claim, Guard
from symderiv.oracle.nodes import is_guard
from symderiv.oracle.wording import (
    ENDS_ELSEWHERE,
    GOAL_IS_LAST,
    LAST_IS_RESULT,
    LAST_LINE,
    NO_EXPRESSION,
    NO_NODE,
    OTHER_NODE,
)

Scope = tuple[Tuple | Guard, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What one step of a derivation claims; ``problem`` where it does not join the line before."""

    rule: str
    stage: int
    before: Expr
    after: Expr
    claims: tuple[Claim, ...] = ()
    problem: str = ""


def replay(derivation: Derivation, loose: tuple[Tuple, ...] = ()) -> Iterator[Link]:
    """Every step of a derivation and its two ends, as claims to be tested.

    ``loose`` are indices that the derivation uses without declaring them.
    """
    scope: Scope = (*derivation.indices, *loose)
    given = tuple(derivation.given)
    line, stage = derivation.goal, 0
    for step in derivation.steps:
        if step.stage != stage:
            stage = step.stage
            line = line if _is_joined(derivation, stage) else tidy(line)
        problem = _join(line, step)
        if problem:
            yield Link(step.rule, step.stage, step.redex, step.contractum, (), problem)
            return
        claims = _claims(line, step, scope, given)
        yield Link(step.rule, step.stage, step.redex, step.contractum, claims)
        line = replace_at(line, step.path, step.contractum)
    goal, last, result = derivation.goal, derivation.last, derivation.result
    if not same(tidy(line), tidy(last)):
        problem = Sentence(ENDS_ELSEWHERE, line=tidy(line), last=last)
        yield Link(LAST_LINE, stage, tidy(line), last, (), problem)
    whole = Claim(GOAL_IS_LAST, goal, last, scope, given)
    yield Link(whole.rule, stage, goal, last, (whole,))
    canonical = Claim(LAST_IS_RESULT, last, result, scope, given)
    yield Link(canonical.rule, stage, last, result, (canonical,))


def _is_joined(derivation: Derivation, stage: int) -> bool:
    return stage < len(derivation.stages) and derivation.stages[stage].joined


def _join(line: Expr, step: Step) -> str:
    """What is wrong with the place of a step; empty if the redex stands there."""
    path = str(step.path)
    try:
        node = at(line, step.path)
    except (IndexError, TypeError):
        return Sentence(NO_NODE, line=line, path=path)
    if not isinstance(node, Expr):
        return Sentence(NO_EXPRESSION, node=node, path=path)
    if not same(tidy(node), tidy(step.redex)):
        node, redex = tidy(node), step.redex
        return Sentence(OTHER_NODE, path=path, node=node, redex=redex)
    return ""


def _claims(line: Expr, step: Step, scope: Scope, given: tuple[Basic, ...]) -> tuple[Claim, ...]:
    """Equal values at the place; and, inside a derivative, an equal derivative."""
    provided = (*given, *step.provided)
    inner, inert = _scope_at(line, step.path)
    out = [Claim(step.rule, step.redex, step.contractum, (*scope, *inner), provided)]
    if inert is not None:
        before = at(line, step.path[:inert])
        after = replace_at(before, step.path[inert:], step.contractum)
        outer, _ = _scope_at(line, step.path[:inert])
        out.append(Claim(step.rule, before, after, (*scope, *outer), given))
    return tuple(out)


def _scope_at(line: Expr, path: Path) -> tuple[Scope, int | None]:
    """The limits and guards along a path, and the depth of the outermost derivative on it."""
    scope: list[Tuple | Guard] = []
    inert: int | None = None
    node: Basic = line
    for depth, position in enumerate(path):
        if isinstance(node, BINDERS) and position == 0:
            scope.extend(reversed(node.args[1:]))
        elif isinstance(node, Mul):
            scope.extend(Guard(x) for k, x in enumerate(node.args) if k != position and is_guard(x))
        elif isinstance(node, Piecewise):
            scope.extend(Guard(branch.args[1], False) for branch in node.args[:position])
            if node.args[position].args[1] is not S.true:
                scope.append(Guard(node.args[position].args[1]))
        elif isinstance(node, Inert) and inert is None:
            inert = depth
        node = node.args[position]
    return tuple(scope), inert

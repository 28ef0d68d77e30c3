"""Conditions: relations between numbers, and their combinations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sympy.core.basic import Basic
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or

from symderiv.core.errors import Unsupported
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.oracle.closures import CLOSE, Env, always, program
from symderiv.oracle.numeric import Real

if TYPE_CHECKING:
    from symderiv.oracle.world import World


@memo
def condition(e: Basic) -> Callable[[World, Env], bool]:
    """The closure of a condition."""
    if isinstance(e, (BooleanTrue, BooleanFalse)):
        value = bool(e)
        return always(value)
    if isinstance(e, Relational):
        holds = _RELATIONS[e.rel_op]
        left, right = program(e.args[0]), program(e.args[1])
        return lambda w, env: holds(left(w, env), right(w, env))
    if isinstance(e, (And, Or, Not)):
        parts = [condition(x) for x in e.args]
        if isinstance(e, And):
            return lambda w, env: all(p(w, env) for p in parts)
        if isinstance(e, Or):
            return lambda w, env: any(p(w, env) for p in parts)
        return lambda w, env: not parts[0](w, env)
    raise Unsupported(
        Sentence(
            "{expression} of type {kind} is not a condition that is known here",
            expression=e,
            kind=type(e).__name__,
        )
    )


def near(a: Real, b: Real) -> bool:
    """Equal up to the rounding of sixty digits."""
    if isinstance(a, int) and isinstance(b, int):
        return a == b
    return bool(abs(a - b) <= CLOSE * (1 + abs(a)))


_RELATIONS: dict[str, Callable[[Real, Real], bool]] = {
    "<": lambda a, b: bool(a < b),
    ">": lambda a, b: bool(a > b),
    "<=": lambda a, b: bool(a <= b),
    ">=": lambda a, b: bool(a >= b),
    "==": near,
    "!=": lambda a, b: not near(a, b),
}

"""Are two values equal, or is what parts them more than rounding and numerical derivatives leave?

Two sides that agree in nearly all digits are equal. Where they do not, rounding may be to blame:
a difference of large operands, or what amplifies one, loses digits, and how many is not known. So
both sides are computed again with more digits, up to eight times as many. What rounding or the step
of a numerical derivative leaves falls with the digits by many orders of magnitude; what is false
stays. No magnitude has to be guessed for this, and a small difference of small values is as wrong
as a large one of large values.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Derivative, Expr, Float
from sympy.core.basic import Basic

from symderiv.core.expr import Inert
from symderiv.core.memo import memo
from symderiv.core.symbols import Label
from symderiv.oracle.closures import Env, value
from symderiv.oracle.numeric import CTX, Real, digits, mpf
from symderiv.oracle.world import World, rests_on

SPARE = 8
"""So many of the last digits may be lost to rounding before more digits are asked."""
FALLEN = mpf(10) ** -20
"""What rounding leaves falls at least so far when the digits are doubled once more."""
RESOLVED = mpf(10) ** -50
"""A larger difference that does not fall is no rounding; a smaller one gets the most digits."""
FLOOR = mpf(10) ** -300
"""What ``1 - sigmoid(700)`` rounds to 0: beyond all digits that are tried."""
FLOATS = mpf(10) ** -12
"""A float in a derivation is known to fifteen digits, and rules compute with it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values, and whether they are equal."""

    left: Real
    right: Real
    equal: bool = False

    @property
    def apart(self) -> Real:
        """The difference."""
        return abs(self.left - self.right)

    @property
    def error(self) -> float:
        """The difference, relative to the larger of the values and 1."""
        return float(self.apart / (1 + max(abs(self.left), abs(self.right))))


def compared(
    sides: tuple[Expr, Expr],
    values: tuple[Real, Real],
    world: World,
    env: Env,
    tolerance: float | None = None,
) -> Compared:
    """Are the two sides, which have these values in a first world, equal there?

    Args:
        sides: The two sides.
        values: Their values.
        world: The world of the values.
        env: The values of the indices.
        tolerance: Equal are values whose difference is at most this much of the larger of them and
            1; if None, values that differ by no more than rounding and numerical derivatives leave.

    Raises:
        DomainError: With more digits one of the sides has no finite real value, so that it has
            none here.
    """
    found = Compared(*values)
    if tolerance is None and any(map(has_floats, sides)):
        tolerance = float(FLOATS)
    if tolerance is not None:
        return Compared(*values, found.error <= tolerance)
    slopes = any(map(has_slopes, sides))
    if _is_near(found, slopes=slopes):
        return Compared(*values, True)
    return _with_more_digits(found, sides, world, env, slopes=slopes)


def _with_more_digits(
    found: Compared, sides: tuple[Expr, Expr], world: World, env: Env, *, slopes: bool
) -> Compared:
    begin, fell = CTX.dps, False
    for times in (2, 4, 8):
        with digits(times * begin):
            finer = world.with_digits(times * begin)
            before, found = found, Compared(*(value(side, finer, env) for side in sides))
            if _is_near(found, slopes=slopes):
                return Compared(found.left, found.right, True)
        again, fell = fell, found.apart <= before.apart * FALLEN
        if again and fell:
            return Compared(found.left, found.right, True)
        if times > 2 and found.apart > max(RESOLVED, before.apart / 1000):
            return found
    return Compared(found.left, found.right, fell or bool(found.apart <= FLOOR))


def _is_near(found: Compared, *, slopes: bool) -> bool:
    """Do the values agree in nearly all digits; in a third of them, with numerical derivatives?"""
    if found.left == found.right:
        return True
    agreeing = CTX.dps // 3 if slopes else CTX.dps - SPARE
    larger = max(abs(found.left), abs(found.right))
    return bool(found.apart <= larger * mpf(10) ** -agreeing)


@memo
def has_slopes(e: Basic) -> bool:
    """Is a derivative in an expression, or in a definition that it rests on?"""
    return any(part.has(Inert, Derivative) for part in _parts(e))


@memo
def has_floats(e: Basic) -> bool:
    """Is a float in an expression, or in a definition that it rests on?"""
    return any(part.has(Float) for part in _parts(e))


def _parts(e: Basic) -> list[Basic]:
    labels = (name for name in rests_on(e) if isinstance(name, Label))
    return [e, *(x.spec.definition.body for x in labels if x.spec.definition is not None)]

"""The numbers of the oracle: sixty digits or more, and what each function means in them.

Nothing here knows a rule: every function is the textbook definition, written a second time.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from mpmath.ctx_mp import MPContext
from sympy import Float, Function
from sympy.core.basic import Basic

from symderiv.core.memo import memo, memo_of
from symderiv.core.messages import Sentence

DIGITS = 60
CTX = MPContext()
CTX.dps = DIGITS
mpf = CTX.mpf
Real = Any  # an mpf, or an int where the value is exact

INFINITY = CTX.inf
ZERO, ONE, HALF = mpf(0), mpf(1), mpf(1) / 2
LOSS = mpf(10) ** -12
KINK = mpf(10) ** -5
HUGE = 10**7  # e^x has then four million digits before the point
JUMP = mpf(10) ** 12


@contextmanager
def digits(count: int) -> Iterator[None]:
    """Compute with so many digits."""
    before = CTX.dps
    CTX.dps = count
    try:
        yield
    finally:
        CTX.dps = before


@memo_of(16)
def _power_of_ten(count: int, exponent: int) -> Real:
    with digits(count):
        return mpf(10) ** exponent


def step() -> Real:
    """The step of a numerical derivative, ``10**-15`` at sixty digits.

    The fourth root of the rounding: a central difference is then wrong by its square, which is half
    of the digits, and loses a quarter of them to rounding.
    """
    return _power_of_ten(CTX.dps, -(CTX.dps // 4))


class DomainError(ArithmeticError):
    """The value is not a finite real number here: log of a negative, or division by zero."""


class PoleError(DomainError):
    """The value is infinite or undefined at this very point: division by zero, log 0."""


class KinkError(PoleError):
    """The two one-sided slopes differ here."""


class RangeError(LookupError):
    """An entry was read outside the range of its axis."""

    def __init__(self, told: Sentence) -> None:
        super().__init__(told)
        self.told = told


def real(value: Any) -> Real:
    """The value, if it is real; a complex one leaves the domain."""
    if isinstance(value, (int, mpf)):
        return value
    if isinstance(value, CTX.mpc):
        if value.imag:
            raise DomainError("the value is not real")
        return value.real
    return mpf(value)


def finite(value: Real) -> Real:
    """The value, if it is a finite number."""
    if isinstance(value, int) or CTX.isfinite(value):
        return value
    raise PoleError("the value is not finite")


def power(base: Real, exponent: Real) -> Real:
    """``base ** exponent`` over the reals."""
    if abs(exponent) > HUGE:
        raise PoleError("too large an exponent")
    whole = int(exponent) if isinstance(exponent, int) or CTX.isint(exponent) else None
    if not base and exponent < 0:
        raise PoleError("division by zero")
    if not base:
        return int(not exponent)
    if whole is not None:
        exact = isinstance(base, int) and 0 <= whole <= 64
        return base**whole if exact else mpf(base) ** whole
    if base < 0:
        raise DomainError("a power of a negative number")
    return mpf(base) ** exponent


def log(x: Real) -> Real:
    """The natural logarithm; log 0 = -oo, which a factor 0 takes away again."""
    if x > 0:
        return CTX.log(x)
    if not x:
        return -INFINITY
    raise DomainError("log of a negative number")


def slope_between(ahead: Real, behind: Real, middle: Real) -> Real:
    """The central difference; `KinkError` when the one-sided ones disagree or digits are lost."""
    by = step()
    rounding = _power_of_ten(CTX.dps, -CTX.dps)
    lost = max(abs(ahead), abs(behind), abs(middle)) * rounding / by
    if lost > LOSS:
        raise KinkError("a value is too large for its slope to have enough digits")
    forward, backward = finite(ahead - middle) / by, finite(middle - behind) / by
    slope = (forward + backward) / 2
    if abs(forward - backward) > KINK * (1 + abs(slope)) or abs(slope) > JUMP:
        raise KinkError("the two one-sided slopes differ here")
    return slope


def _sign(x: Real) -> int:
    return int(x > 0) - int(x < 0)


def _softplus(x: Real) -> Real:
    return CTX.log(1 + CTX.exp(x))


def _heaviside(x: Real, at_zero: Real = HALF) -> Real:
    return at_zero if not x else int(x > 0)


def _log(x: Real, base: Real = None) -> Real:
    return log(x) if base is None else log(x) / log(base)


TABLE: dict[str, Callable[..., Real]] = {
    "log": _log,
    "Abs": abs,
    "sign": _sign,
    "Heaviside": _heaviside,
    "Max": max,
    "Min": min,
    "sigmoid": lambda x: 1 / (1 + CTX.exp(-mpf(x))),
    "relu": lambda x: max(x, 0),
    "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
    "elu": lambda x, scale: x if x > 0 else scale * (CTX.exp(x) - 1),
    "softplus": _softplus,
    "gelu": lambda x: x * (1 + CTX.erf(x / CTX.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + CTX.exp(-mpf(x))),
    "re": lambda x: x,
    "im": lambda _: 0,
    "conjugate": lambda x: x,
    "floor": lambda x: int(CTX.floor(x)),
    "ceiling": lambda x: int(CTX.ceil(x)),
    "Mod": lambda x, y: x - y * int(CTX.floor(mpf(x) / y)),
    "sinc": lambda x: CTX.sin(x) / x if x else ONE,
    "LambertW": lambda x, branch=0: CTX.lambertw(x, branch),
    "polygamma": lambda order, x: CTX.psi(int(order), x),
}
_ANY_SIZE = frozenset(("log", "Abs", "sign", "Heaviside", "relu", "leaky_relu", "re"))
_ELEMENTARY = """
    exp sin cos tan cot sec csc sinh cosh tanh coth sech csch asin acos atan acot asec acsc
    asinh acosh atanh acoth asech acsch atan2 erf erfc erfi erfinv gamma loggamma digamma
    factorial binomial beta zeta besselj bessely besseli besselk expint
"""
_SAME_NAME = frozenset(re.findall(r"\w+", _ELEMENTARY))


@memo
def meaning(head: type) -> Callable[..., Real]:
    """What a function means in numbers; by its name, else through SymPy's own ``evalf``."""
    name = head.__name__
    if name in TABLE:
        return _guarded(TABLE[name], bounded=name not in _ANY_SIZE)
    if name in _SAME_NAME:
        return _guarded(getattr(CTX, name))
    return _guarded(_by_evalf(head))


@memo
def is_opaque(head: type) -> bool:
    """A class of functions of which nothing is known, not even a derivative.

    >>> from sympy import Function, sin
    >>> is_opaque(type("f", (Function,), {})), is_opaque(sin)
    (True, False)
    """
    if head.__name__ in TABLE or head.__name__ in _SAME_NAME or hasattr(head, "_imp_"):
        return False
    if not issubclass(head, Function) or hasattr(CTX, head.__name__):
        return False
    own = (part for part in head.__mro__[: head.__mro__.index(Function)])
    return not any(
        method in vars(part) for part in own for method in ("eval", "fdiff", "_eval_evalf")
    )


def _guarded(function: Callable[..., Real], *, bounded: bool = True) -> Callable[..., Real]:
    def run(*args: Real) -> Real:
        if bounded and any(abs(x) > HUGE for x in args):
            raise PoleError("too large an argument")
        try:
            return real(function(*args))
        except ZeroDivisionError:
            raise PoleError("division by zero") from None
        except (ValueError, OverflowError, CTX.NoConvergence) as error:
            raise PoleError(str(error)) from None

    return run


def _by_evalf(head: type) -> Callable[..., Real]:
    def run(*args: Real) -> Real:
        made: Basic = head(*(Float(mpf(x), CTX.dps) for x in args))
        return constant(made)

    return run


def constant(e: Basic) -> Real:
    """The value of an expression without names, by SymPy."""
    value = e.evalf(CTX.dps)
    if not value.is_Number or not value.is_finite:
        raise DomainError(f"{e} has no finite real value")
    return mpf(value._to_mpmath(CTX.prec))


class Smooth:
    """A random smooth function standing for an undefined ``f(x, y, …)``.

    ``c + Σ_r a_r sin(b_r · x + c_r)``: each partial derivative of any order is exact, a shift of
    the phase by a quarter turn.
    """

    __slots__ = ("offset", "waves")

    def __init__(self, name: str, arity: int, seed: str, offset: int) -> None:
        draw = random.Random(f"{seed}|function {name}/{arity}")  # noqa: S311
        self.offset = offset
        self.waves = [
            (
                mpf(draw.randint(300, 900)) / 1000,
                [mpf(draw.choice((-1, 1)) * draw.randint(300, 1300)) / 1000 for _ in range(arity)],
                mpf(draw.randint(-1500, 1500)) / 1000,
            )
            for _ in range(3)
        ]

    def __call__(self, args: Sequence[Real], orders: Sequence[int] = ()) -> Real:
        """The value, or the partial derivative of the given orders."""
        times = sum(orders)
        out = ZERO if times else mpf(self.offset)
        for height, slopes, phase in self.waves:
            angle = phase + times * CTX.pi / 2
            for slope, x in zip(slopes, args, strict=True):
                angle = angle + slope * x
            wave = height * CTX.sin(angle)
            for slope, order in zip(slopes, orders, strict=False):
                wave = wave * slope**order
            out = out + wave
        return out

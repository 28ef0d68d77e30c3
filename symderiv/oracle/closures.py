"""An expression as a tree of closures ``(world, indices) -> number``, made once per expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import reduce
from operator import mul as times
from typing import TYPE_CHECKING, Any

from sympy import Add, Indexed, Integer, Mul, Rational, Symbol
from sympy.core.basic import Basic

from symderiv.core.binding import free
from symderiv.core.errors import Unsupported
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.oracle.numeric import CTX, PoleError, Real, finite, mpf

if TYPE_CHECKING:
    from symderiv.oracle.world import World

Env = dict[Symbol, Any]
Program = Callable[["World", Env], Real]
Limits = tuple[tuple[Symbol, Program, Program], ...]
CLOSE = mpf(10) ** -40


def value(e: Basic, w: World, env: Env) -> Real:
    """The finite number that an expression is in a world."""
    return finite(program(e)(w, env))


def always(value: Any) -> Program:
    """The closure of a constant."""

    def run(_world: World, _env: Env) -> Any:
        return value

    return run


@memo
def program(e: Basic) -> Program:
    """The closure of an expression.

    Raises:
        Unsupported: For a node that has no meaning at concrete sizes.
    """
    from symderiv.oracle.nodes import MAKERS

    for head in type(e).__mro__:
        make = MAKERS.get(head)
        if make is not None:
            return make(e)
    raise Unsupported(
        Sentence(
            "{expression} of type {kind} has no numerical meaning here",
            expression=e,
            kind=type(e).__name__,
        )
    )


@memo
def integer(e: Basic) -> Callable[[World, Env], int]:
    """The closure of an index or a size: an exact integer."""
    if isinstance(e, Integer):
        value = int(e)
        return always(value)
    exact = _exact(e)
    letter = e if isinstance(e, Symbol) else None

    def run(w: World, env: Env) -> int:
        found = None if letter is None else env.get(letter)
        if found is None:
            found = exact(w, env)
        if isinstance(found, int):
            return found
        if isinstance(found, Fraction):
            if found.denominator == 1:
                return int(found)
        elif CTX.isfinite(found) and abs(found - CTX.nint(found)) < CLOSE:
            return int(CTX.nint(found))
        raise PoleError(f"the index {e} is not an integer")

    return run


def _exact(e: Basic) -> Program:
    if isinstance(e, Integer):
        number = int(e)
        return always(number)
    if isinstance(e, Rational):
        fraction = Fraction(int(e.p), int(e.q))
        return always(fraction)
    if isinstance(e, (Add, Mul)):
        parts = [_exact(x) for x in e.args]
        if isinstance(e, Add):
            return lambda w, env: sum([p(w, env) for p in parts])
        return lambda w, env: reduce(times, (p(w, env) for p in parts))
    return program(e)


def key_of(e: Any) -> Callable[[World, Env], tuple[Symbol, tuple[int, ...]]]:
    """Which entry ``x[i]`` or which scalar is meant."""
    if isinstance(e, Symbol):
        return always((e, ()))
    if not isinstance(e, Indexed):
        raise Unsupported(
            Sentence(
                "{expression} is not a name or an entry, so nothing can be differentiated by it",
                expression=e,
            )
        )
    name = e.args[0].args[0]
    places = [integer(x) for x in e.args[1:]]
    return lambda w, env: (name, tuple([p(w, env) for p in places]))


def limits_of(e: Any) -> Limits:
    """The limits, the outermost first."""
    return tuple((v, integer(low), integer(high)) for v, low, high in reversed(e.args[1:]))


def walk(limits: Limits, w: World, env: Env) -> Iterator[Env]:
    """Every assignment of the indices; the dictionary is only valid until the next one."""
    (v, low, high), rest = limits[0], limits[1:]
    inner = dict(env)
    for value in range(low(w, env), high(w, env) + 1):
        inner[v] = value
        if rest:
            yield from walk(rest, w, inner)
        else:
            yield inner


def remembered(e: Basic, run: Program) -> Program:
    """Look the value up by the indices that the node depends on.

    A shift of a name that the node does not rest on leaves its value as it is.
    """
    from symderiv.oracle.world import rests_on

    order, read = tuple(sorted(free(e), key=str)), rests_on(e)

    def find(w: World, env: Env) -> Real:
        while w.parent is not None and w.key is not None and w.key[0] not in read:
            w = w.parent
        key = (run, *[env.get(s) for s in order])
        found = w.cache.get(key)
        if found is None:
            found = w.cache[key] = run(w, env)
        return found

    return find

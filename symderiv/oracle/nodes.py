"""What each kind of node means: one maker of closures for each, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sympy import (
    Add,
    Derivative,
    Float,
    Function,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Number,
    NumberSymbol,
    Piecewise,
    Pow,
    Product,
    Rational,
    S,
    Subs,
    Sum,
    Symbol,
    log,
)
from sympy.core.basic import Basic
from sympy.core.function import AppliedUndef

from symderiv.core.expr import Along, Direct, InRange, MaxOver, MinOver, Partial, Total
from symderiv.core.symbols import Label
from symderiv.oracle.closures import (
    Env,
    Program,
    always,
    integer,
    limits_of,
    program,
    remembered,
    walk,
)
from symderiv.oracle.conditions import condition
from symderiv.oracle.flat import flat
from symderiv.oracle.numeric import (
    CTX,
    INFINITY,
    PoleError,
    Real,
    constant,
    is_opaque,
    meaning,
    mpf,
    power,
)
from symderiv.oracle.slopes import along, derivative, direct, partial, subs, total, undefined
from symderiv.oracle.world import World


def _integer(e: Any) -> Program:
    value = int(e)
    return always(value)


def _number(e: Any) -> Program:
    if e is S.Infinity or e is S.NegativeInfinity:
        bound = INFINITY if e is S.Infinity else -INFINITY
        return always(bound)
    known: dict[int, Real] = {}

    def run(_world: World, _env: Env) -> Real:
        found = known.get(CTX.dps)
        if found is None:
            found = known[CTX.dps] = _rounded(e)
        return found

    return run


def _rounded(e: Any) -> Real:
    """A number to the digits that are computed with."""
    if isinstance(e, Rational):
        return mpf(int(e.p)) / int(e.q)
    return mpf(e._to_mpmath(CTX.prec)) if isinstance(e, Float) else constant(e)


def _symbol(e: Any) -> Program:
    def run(w: World, env: Env) -> Real:
        found = env.get(e)
        if found is None:
            found = w.point.sizes.get(e)
        return w.value(e, ()) if found is None else found

    return run


def _indexed(e: Any) -> Program:
    base = e.args[0]
    name = base.args[0]
    where = None if isinstance(name, Label) else base
    places = [integer(x) for x in e.args[1:]]
    if len(places) == 1:
        place = places[0]
        return lambda w, env: w.value(name, (place(w, env),), where)
    return lambda w, env: w.value(name, tuple([p(w, env) for p in places]), where)


def _delta(e: Any) -> Program:
    a, b = map(integer, e.args[:2])
    return lambda w, env: int(a(w, env) == b(w, env))


def _in_range(e: Any) -> Program:
    place, low, high = map(integer, e.args)
    return lambda w, env: int(low(w, env) <= place(w, env) <= high(w, env))


def _add(e: Any) -> Program:
    first, *rest = map(program, e.args)

    def run(w: World, env: Env) -> Real:
        out = first(w, env)
        for part in rest:
            out = out + part(w, env)
        return out

    return run


def is_guard(e: Basic) -> bool:
    """A factor that is tested before the others are read: they may be out of range."""
    if isinstance(e, Piecewise):
        return len(e.args) == 2 and e.args[0].args[0] is S.One and e.args[1].args[0] is S.Zero
    return isinstance(e, (KroneckerDelta, InRange))


def factors_of(e: Any) -> list[Basic]:
    """The factors of a product, those of products in it too."""
    return [f for x in e.args for f in (factors_of(x) if isinstance(x, Mul) else [x])]


def _mul(e: Any) -> Program:
    parts = factors_of(e)
    guards = [program(x) for x in parts if is_guard(x)]
    others = [x for x in parts if not is_guard(x)]
    runs, weights = [program(x) for x in others], [weight_of(x, others) for x in others]

    def run(w: World, env: Env) -> Real:
        for guard in guards:
            if not guard(w, env):
                return 0
        return multiplied(runs, weights, w, env)

    return run


def weight_of(e: Any, factors: Sequence[Basic]) -> int | None:
    """Which of the factors beside the logarithm of a product is one of the product itself."""
    inside = factors_of(e.args[0]) if isinstance(e, log) and e.args[0].is_Mul else ()
    return next((k for k, f in enumerate(factors) if f in inside), None)


def multiplied(
    parts: Sequence[Callable[..., Real]], weights: Sequence[int | None], *at: Any
) -> Real:
    """The product of some factors, with 0 log 0 = 0 and q log (q/p) = 0 where q = p = 0."""
    out: Real = 1
    zero = False
    for part, weight in zip(parts, weights, strict=True):
        try:
            value = part(*at)
        except PoleError:
            if weight is None or parts[weight](*at):
                raise
            continue
        if value:
            out = out * value
        else:
            zero = True
    return 0 if zero else out


def _pow(e: Any) -> Program:
    base, exponent = e.args
    if base is S.Exp1:
        return _call(power_of(e), (exponent,))
    return _call(power_of(e), (base,) if exponent is S.NegativeOne else (base, exponent))


def power_of(e: Any) -> Callable[..., Real]:
    """A power as a function of base and exponent; of one of them for ``e**x`` and ``1/x``."""
    base, exponent = e.args
    if base is S.Exp1:
        return meaning(_exp)
    return reciprocal if exponent is S.NegativeOne else power


def reciprocal(value: Real) -> Real:
    """``1 / value``."""
    if not value:
        raise PoleError("division by zero")
    return 1 / mpf(value) if isinstance(value, int) else 1 / value


def _call(function: Callable[..., Real], args: tuple[Basic, ...]) -> Program:
    parts = [program(x) for x in args]
    if len(parts) == 1:
        part = parts[0]
        return lambda w, env: function(part(w, env))
    return lambda w, env: function(*[p(w, env) for p in parts])


class _exp:  # noqa: N801  # stands for the function of that name
    """``exp``."""


_exp.__name__ = "exp"


def _function(e: Any) -> Program:
    function = function_of(e)
    return _call(function, e.args) if function else undefined(e)


def function_of(e: Any) -> Callable[..., Real] | None:
    """What a function means in numbers; None for one of which nothing is known."""
    if isinstance(e, (Max, Min)):
        return max if isinstance(e, Max) else min
    return None if is_opaque(type(e)) else meaning(type(e))


def _extreme(pick: Callable[..., Real]) -> Callable[[Any], Program]:
    return lambda e: _call(pick, e.args)


def _binder(fold: Callable[[Iterator[Real]], Real]) -> Callable[[Any], Program]:
    def make(e: Any) -> Program:
        body, limits = program(e.args[0]), limits_of(e)

        def run(w: World, env: Env) -> Real:
            if w.parent is not None and isinstance(e, Sum):
                return flat(e, w, env).run(w)
            return fold(body(w, inner) for inner in walk(limits, w, env))

        return remembered(e, run)

    return make


def _product(values: Iterator[Real]) -> Real:
    out: Real = 1
    for value in values:
        out = out * value
    return out


def _extremum(pick: Callable[..., Real]) -> Callable[[Iterator[Real]], Real]:
    def fold(values: Iterator[Real]) -> Real:
        found = list(values)
        if not found:
            raise PoleError("an extremum over no entries")
        return pick(found)

    return fold


def _piecewise(e: Any) -> Program:
    branches = [(condition(c), program(x)) for x, c in (b.args for b in e.args)]

    def run(w: World, env: Env) -> Real:
        for holds, value in branches:
            if holds(w, env):
                return value(w, env)
        raise PoleError("no case applies")

    return run


MAKERS: dict[type, Callable[[Any], Program]] = {
    Integer: _integer,
    Number: _number,
    NumberSymbol: _number,
    Symbol: _symbol,
    Indexed: _indexed,
    KroneckerDelta: _delta,
    InRange: _in_range,
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    Sum: _binder(sum),
    Product: _binder(_product),
    MaxOver: _binder(_extremum(max)),
    MinOver: _binder(_extremum(min)),
    Max: _extreme(max),
    Min: _extreme(min),
    Piecewise: _piecewise,
    Partial: partial,
    Total: total,
    Along: along,
    Direct: direct,
    AppliedUndef: undefined,
    Derivative: derivative,
    Subs: subs,
    Function: _function,
}

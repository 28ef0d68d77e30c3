"""Derivatives by differences: the inert heads, and SymPy's own ``Derivative`` and ``Subs``."""

from __future__ import annotations

from typing import Any

from sympy import Function, Indexed, Symbol
from sympy.core.basic import Basic
from sympy.core.function import AppliedUndef

from symderiv.core.symbols import Label
from symderiv.oracle.closures import (
    Env,
    Limits,
    Program,
    integer,
    key_of,
    program,
    remembered,
    walk,
)
from symderiv.oracle.numeric import Real, is_opaque, slope_between, step
from symderiv.oracle.world import World


def partial(e: Any) -> Program:
    """The expression is perturbed, every other name is held."""
    return _slope(e, program(e.args[0]), downstream=False)


def total(e: Any) -> Program:
    """The expression is perturbed, and every name that rests on the entry follows."""
    return _slope(e, program(e.args[0]), downstream=True)


def along(e: Any) -> Program:
    """All variables move at once, each along its direction, and every name that rests on them."""
    what = program(e.args[0])
    moves = [(key_of(x), program(u), _ranges(limits)) for x, u, *limits in e.args[1]]

    def run(w: World, env: Env) -> Real:
        def moved(by_step: Real) -> Real:
            world = w
            for where, by, limits in moves:
                for inner in walk(limits, w, env) if limits else (env,):
                    world = world.shift(where(w, inner), by_step * by(w, inner), downstream=True)
            return what(world, env)

        return slope_between(moved(step()), moved(-step()), moved(0))

    return remembered(e, run)


def _ranges(limits: list[Any]) -> Limits:
    return tuple((v, integer(low), integer(high)) for v, low, high in limits)


def direct(e: Any) -> Program:
    """The right side that defines a name is perturbed, every other name is held."""
    what = e.args[0]
    name = what.args[0].args[0] if isinstance(what, Indexed) else what
    if not isinstance(name, Label) or name.spec.definition is None:
        return partial(e)
    definition, where = name.spec.definition, key_of(what)
    body = program(definition.body)

    def right_side(w: World, env: Env) -> Real:
        _, at = where(w, env)
        w.check_range(name, at)
        return body(w, dict(zip(definition.indices, at, strict=True)))

    return _slope(e, right_side, downstream=False)


def _slope(e: Any, what: Program, *, downstream: bool) -> Program:
    where = key_of(e.args[1])

    def run(w: World, env: Env) -> Real:
        return w.slope(lambda world: what(world, env), where(w, env), downstream=downstream)

    return remembered(e, run)


def undefined(e: Any) -> Program:
    """A random smooth function stands for an undefined one."""
    name, arity = type(e).__name__, len(e.args)
    parts = [program(x) for x in e.args]
    return lambda w, env: w.point.function(name, arity)([p(w, env) for p in parts])


def derivative(e: Any) -> Program:
    """SymPy's own ``Derivative``: exact by an argument of an undefined function, else by steps."""
    what, counts = e.args[0], [(v, int(n)) for v, n in e.args[1:]]
    unknown = isinstance(what, AppliedUndef) or is_opaque(type(what))
    if unknown and all(_is_argument(v, what) for v, _ in counts):
        return _wave_derivative(what, dict(counts))
    run = program(what)
    for v, n in counts:
        for _ in range(n):
            run = _slope_by(run, v)
    return run


def _is_argument(v: Basic, what: Any) -> bool:
    """Is ``v`` one argument as it stands, and in no other?"""
    return isinstance(v, (Symbol, Function)) and [x for x in what.args if x.has(v)] == [v]


def _wave_derivative(what: Any, counts: dict[Basic, int]) -> Program:
    name, arity = type(what).__name__, len(what.args)
    orders = [counts.get(x, 0) for x in what.args]
    parts = [program(x) for x in what.args]
    return lambda w, env: w.point.function(name, arity)([p(w, env) for p in parts], orders)


def _slope_by(what: Program, v: Basic) -> Program:
    where = key_of(v)

    def run(w: World, env: Env) -> Real:
        if v not in env:
            return w.slope(lambda world: what(world, env), where(w, env), downstream=False)
        middle = env[v]
        values = (what(w, {**env, v: middle + by}) for by in (step(), -step(), 0))
        return slope_between(*values)

    return run


def subs(e: Any) -> Program:
    """The body, with names standing for numbers."""
    body, variables = program(e.args[0]), e.args[1]
    values = [program(x) for x in e.args[2]]
    return lambda w, env: body(
        w, {**env, **{v: p(w, env) for v, p in zip(variables, values, strict=True)}}
    )

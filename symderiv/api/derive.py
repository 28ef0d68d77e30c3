"""derive and its kin: one engine, with and without the trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, overload

from sympy import Eq, Expr, Symbol, Tuple

from symderiv.api.derivation import Derivation
from symderiv.api.goals import (
    Goal,
    Letters,
    check_facts,
    goal_of,
    letter_pool,
    made_up,
    named,
    shape_error,
    subject,
    variable,
)
from symderiv.api.reach import reach
from symderiv.core import derivation as record
from symderiv.core.engine import Engine
from symderiv.core.errors import BudgetExceeded, ShapeError, Unsupported
from symderiv.core.expr import Along
from symderiv.core.memo import memo_of
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.symbols import Label, indices_of, label_of
from symderiv.model.arrays import Array
from symderiv.model.grid import show
from symderiv.model.plain import originals, read
from symderiv.rules import STANDARD

BUDGET = 100_000


@memo_of(256)
def _derived(
    goal: Goal, letters: Letters, facts: bool, withheld: frozenset[Symbol], trace: bool, budget: int
) -> record.Derivation:
    scope = goal.scope(letters, facts=facts, withheld=withheld)
    engine = Engine(STANDARD, scope, trace=trace, budget=budget, known=originals(goal.source))
    try:
        return engine.derive(goal.inert, goal.indices)
    except BudgetExceeded as error:
        if error.derivation is not None:
            error.derivation = Derivation.of(error.derivation)
        raise


@overload
def derive(
    expr: Any,
    wrt: Array | Label,
    *,
    to: Any = None,
    facts: bool = True,
    letters: Any = None,
    name: str = "",
    budget: int = BUDGET,
) -> Derivation: ...
@overload
def derive(
    expr: Any,
    wrt: list[Any] | tuple[Any, ...],
    *,
    facts: bool = True,
    letters: Any = None,
    name: str = "",
    budget: int = BUDGET,
) -> dict[Any, Derivation]: ...
@overload
def derive(
    expr: Any,
    wrt: Any,
    *,
    to: Any = None,
    facts: bool = True,
    letters: Any = None,
    name: str = "",
    budget: int = BUDGET,
) -> Derivation: ...
def derive(
    expr: Any,
    wrt: Any,
    *,
    to: Any = None,
    facts: bool = True,
    letters: Any = None,
    name: str = "",
    budget: int = BUDGET,
) -> Any:
    """Derive ``∂expr/∂wrt`` step by step, to the short form that a textbook prints.

    ``wrt`` is a declared array, an entry (``z[i]``; an index that is free in both is one axis), a
    scalar symbol, or a list of these, which gives a dict. ``to`` is the author's own form of the
    result. ``facts=False`` keeps sums such as ``Σ_k y_k`` of a distribution. ``letters`` is the
    pool of index letters, such as ``"abc"``; ``name`` what an expression without a name is called
    where the chain rule speaks of it. Jacobians are numerator layout, ``J_ij = ∂f_i/∂x_j``.

    Raises `FactError` if ``expr`` is a derivation that rests on a fact about ``wrt``,
    `NotReached` if ``to`` is not reached, `BudgetExceeded` if ``budget`` rewrites do not suffice.

    >>> import symderiv as sd
    >>> n, i = sd.dim("n"), sd.index("i")
    >>> z, y = sd.vector("z", n), sd.distribution("y", n)
    >>> p = sd.let("p", sd.softmax(z))
    >>> L = sd.let("L", sd.cross_entropy(y, p))
    >>> sd.derive(L, z).result == p[i] - y[i]
    True
    """
    if isinstance(wrt, (list, tuple)):
        if to is not None:
            raise Unsupported(Sentence("to= needs a single variable, not a list"))
        options = {"facts": facts, "letters": letters, "name": name, "budget": budget}
        return {x: derive(expr, x, **options) for x in wrt}
    goal = goal_of(expr, wrt, letter_pool(letters), name)
    found = _traced(_derived(goal, letter_pool(letters), facts, frozenset(), True, budget), expr)
    return (
        found if to is None else reach(found, to, goal.scope((), facts=facts, withheld=frozenset()))
    )


def _traced(found: record.Derivation, source: Any) -> Derivation:
    """A result that continues another derivation rests on that one's facts too."""
    made = Derivation.of(found)
    if isinstance(source, (Derivation, Array)) and source.given:
        given = tuple(dict.fromkeys((*source.given, *found.given)))
        values = {**{k: getattr(found, k) for k in _FIELDS}, "given": given}
        return Derivation(**values)
    return made


_FIELDS = ("goal", "steps", "stages", "given", "indices", "last", "result")


def _result(
    expr: Any, wrt: Any, *, facts: bool, letters: Any, withheld: frozenset[Symbol] = frozenset()
) -> record.Derivation:
    pool = letter_pool(letters)
    return _derived(goal_of(expr, wrt, pool), pool, facts, withheld, False, BUDGET)


def _shaped(found: record.Derivation, wrt: Any, expr: Any) -> Any:
    """An array if the caller handed in arrays, an expression if entries."""
    wanted = isinstance(expr, Array) or isinstance(wrt, Array)
    if not wanted or not found.indices:
        return found.result
    shape = tuple(high for _, _, high in found.indices)
    facts = tuple(fact for fact in found.given if isinstance(fact, Eq))
    return Array(shape, tuple(v for v, *_ in found.indices), found.result, facts)


def gradient(expr: Any, wrt: Any, *, facts: bool = True, letters: Any = None) -> Any:
    """The gradient of a scalar, without the trace: an array of the variable's shape.

    An entry ``z[i]`` or a scalar symbol gives a SymPy expression; a list gives a dict.

    >>> import symderiv as sd
    >>> x = sd.vector("x", sd.dim("n"))
    >>> sd.gradient(x @ x, x)
    Array(2*x[i], shape=(n,))
    """
    if isinstance(wrt, (list, tuple)):
        return {x: gradient(expr, x, facts=facts, letters=letters) for x in wrt}
    found = _result(expr, wrt, facts=facts, letters=letters)
    own = wrt.ndim if isinstance(wrt, Array) else len(found.indices)
    if isinstance(expr, Array) or len(found.indices) > own:
        raise shape_error(expr, Tuple(*(v for v, *_ in found.indices[: len(found.indices) - own])))
    return _shaped(found, wrt, expr)


def jacobian(expr: Any, wrt: Any, *, facts: bool = True, letters: Any = None) -> Any:
    """``J_ij = ∂f_i/∂x_j``: the axes of the expression, then those of the variable.

    >>> import symderiv as sd
    >>> x = sd.vector("x", sd.dim("n"))
    >>> sd.jacobian(sd.exp(x), x)
    Array(exp(x[i])*KroneckerDelta(i, j), shape=(n, n))
    """
    if isinstance(wrt, (list, tuple)):
        return {x: jacobian(expr, x, facts=facts, letters=letters) for x in wrt}
    return _shaped(_result(expr, wrt, facts=facts, letters=letters), wrt, expr)


def hessian(expr: Any, wrt: Any, *, facts: bool = True, letters: Any = None) -> Any:
    """``H_ij = ∂²f/∂x_i∂x_j`` of a scalar, an array of shape ``x.shape + x.shape``.

    Facts about the variable are used only after the second ∂.

    >>> import symderiv as sd
    >>> x = sd.vector("x", sd.dim("n"))
    >>> sd.hessian(x @ x, x)
    Array(2*KroneckerDelta(i, j), shape=(n, n))
    """
    of = subject(expr)
    x = variable(wrt, of, letter_pool(letters))
    held = frozenset(s for s in (label_of(x.element),) if s is not None)
    first = _result(expr, wrt, facts=facts, letters=letters, withheld=held)
    grad = _shaped(first, wrt, expr)
    return jacobian(grad, wrt, facts=facts, letters=letters)


def value_and_gradient(expr: Any, wrt: Any, *, facts: bool = True, letters: Any = None) -> Any:
    """``(expression, gradient)``, as `gradient` gives it.

    >>> import symderiv as sd
    >>> x = sd.scalar("x")
    >>> sd.value_and_gradient(x**2, x)
    (x**2, 2*x)
    """
    value = expr.result if isinstance(expr, Derivation) else expr
    return value, gradient(expr, wrt, facts=facts, letters=letters)


def directional(
    expr: Any,
    directions: Mapping[Any, Any],
    *,
    facts: bool = True,
    letters: Any = None,
    budget: int = BUDGET,
) -> Derivation:
    """The derivative of a scalar along a direction, ``Σ_i ∂f/∂x_i u_i``, each term a step.

    ``directions`` maps every variable that moves to how it moves: an array to an array (or a
    number), a scalar to an expression. With ``dx`` for the directions it is the total
    differential.

    >>> import symderiv as sd
    >>> x, y, w = sd.scalar("x"), sd.scalar("y"), sd.scalar("w")
    >>> sd.directional(x**2 + 3 * y + w, {x: 1, y: -1, w: 0}).result
    2*x - 3
    """
    of = subject(expr)
    pool = letter_pool(letters)
    pairs = []
    for x, u in directions.items():
        by = variable(x, of, pool)
        move = _component(u, x, indices_of(by.element) if isinstance(x, Array) else ())
        pairs.append(Tuple(by.element, move, *by.indices))
    if not pairs:
        raise Unsupported(Sentence("directional() needs at least one variable that moves"))
    moving = [pair.args[0] for pair in pairs]
    for x in moving:
        check_facts(expr, x)
    rest = (*moving, *(pair.args[1] for pair in pairs))
    what = named(of, Model.of(of.element, *rest))
    model = Model.of(what, *rest)
    goal = Goal(Along(what, Tuple(*pairs)), of.indices, model, made_up=made_up(what, of))
    return Derivation.of(_derived(goal, pool, facts, frozenset(), True, budget))


def _component(u: Any, x: Any, indices: tuple[Expr, ...]) -> Expr:
    if not isinstance(u, Array):
        return read(u)
    if not isinstance(x, Array) or u.shape != x.shape:
        raise ShapeError(
            Sentence(
                "the direction {u} of shape {shape} does not have the shape {other} of {x}; "
                "hand in one of that shape, or a number",
                u=repr(u),
                shape=show(u.shape),
                other=show(getattr(x, "shape", ())),
                x=repr(x),
            )
        )
    return u[indices]

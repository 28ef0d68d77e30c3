"""How the heads other than sums, products and powers are printed."""

from __future__ import annotations

from sympy import (
    Abs,
    And,
    Derivative,
    Expr,
    Function,
    IndexedBase,
    KroneckerDelta,
    Max,
    Min,
    Not,
    Or,
    Piecewise,
    Product,
    S,
    Subs,
    Sum,
    Symbol,
    Tuple,
    ceiling,
    exp,
    floor,
)
from sympy.core.basic import Basic
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from symderiv.core.binding import free
from symderiv.core.expr import Direct, Inert, InRange, MaxOver, MinOver, Partial, Total
from symderiv.core.model import through
from symderiv.core.symbols import Label, Shape, indices_of, label_of
from symderiv.document.messages import N_, translate
from symderiv.render.notation.arithmetic import bare, term_under_sign
from symderiv.render.notation.style import Level, Piece
from symderiv.render.notation.walk import Notation, prints

BARE = frozenset(
    (
        *("sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot"),
        *("sinh", "cosh", "tanh", "coth", "asinh", "acosh", "atanh"),
    )
)
BINDER_SIGNS = {Sum: "sum", Product: "prod", MaxOver: "max", MinOver: "min"}
COMPARISONS = {
    "Equality": "=", "Unequality": "≠", "LessThan": "≤", "StrictLessThan": "<",
    "GreaterThan": "≥", "StrictGreaterThan": ">",
}  # fmt: skip
IF, OTHERWISE = N_("if {condition}"), N_("otherwise")
TRUE, FALSE, UNDEFINED = N_("true"), N_("false"), N_("undefined")


# ---------------------------------------------------------------- binders


@prints(*BINDER_SIGNS)
def binder(to: Notation, e: Expr) -> Piece:
    """``Σ_k body``, the outermost sign first."""
    sign = to.style.symbols[BINDER_SIGNS[type(e)]]
    signs = [
        to.style.binder(
            sign, to(v), to.index(low), to.index(high), is_full(e.args[0], v, low, high)
        )
        for v, low, high in reversed(e.args[1:])
    ]
    body = term_under_sign(to, e.args[0])
    text = " ".join([*signs, body.text])
    return Piece(text, Level.PRODUCT, to.style.brackets(text))


def is_full(body: Expr, v: Symbol, low: Expr, high: Expr) -> bool:
    """Does the index run over the whole axis of every array that it counts in the body?"""
    sizes = set(_axes(body, v))
    return low == 1 and sizes == {high}


def _axes(e: Basic, v: Symbol) -> list[Expr]:
    if v not in free(e):
        return []
    label = label_of(e)
    if label is not None and e.args:
        shape = label.shape if isinstance(label, Label) else e.args[0].shape or ()
        found = [size for size, at in zip(shape, indices_of(e), strict=False) if at == v]
        return found + [size for at in indices_of(e) if at != v for size in _axes(at, v)]
    return [size for part in e.args for size in _axes(part, v)]


# ---------------------------------------------------------------- deltas and conditions


@prints(KroneckerDelta)
def delta(to: Notation, e: KroneckerDelta) -> Piece:
    """``δ_ki``, its indices as they were written."""
    return Piece(to.style.below(to.style.symbols["delta"], to.subscripts(e.args[:2])))


@prints(InRange)
def in_range(to: Notation, e: InRange) -> Piece:
    """``[1 ≤ j ≤ n]``."""
    le = to.style.symbols["≤"]
    index, low, high = map(to.index, e.args)
    return Piece(to.style.brackets(f"{low} {le} {index} {le} {high}", "["))


@prints(Piecewise)
def piecewise(to: Notation, e: Piecewise) -> Piece:
    """Cases; an indicator as ``[z_i > 0]``."""
    branches = [tuple(pair.args) for pair in e.args]
    if len(branches) == 2 and branches[1] == (S.Zero, S.true) and branches[0][0] == 1:
        return Piece(to.style.brackets(to(branches[0][1]), "["))
    rows = []
    for value, condition in branches:
        if condition == S.true:
            rows.append((to(value), to.style.word(translate(OTHERWISE, to.language))))
        else:
            rows.append((to(value), _if(to, condition)))
    return to.style.cases(rows)


def _if(to: Notation, condition: Basic) -> str:
    before, after = translate(IF, to.language).split("{condition}")
    words = [to.style.word(part) if part else "" for part in (before, after)]
    return words[0] + to(condition) + words[1]


@prints(Relational)
def comparison(to: Notation, e: Relational) -> Piece:
    """``a < b``."""
    sign = COMPARISONS[type(e).__name__]
    sign = to.style.symbols.get(sign, sign)
    return Piece(f"{to(e.args[0])} {sign} {to(e.args[1])}", Level.SUM)


@prints(And, Or)
def connective(to: Notation, e: Basic) -> Piece:
    """``a ∧ b``."""
    sign = to.style.symbols["and" if isinstance(e, And) else "or"]
    parts = [
        to.style.brackets(to(part)) if isinstance(part, (And, Or)) else to(part) for part in e.args
    ]
    return Piece(f" {sign} ".join(parts), Level.SUM)


@prints(Not)
def negation(to: Notation, e: Basic) -> Piece:
    """``¬(a = b)``."""
    return Piece(to.style.symbols["not"] + to.style.brackets(to(e.args[0])), Level.PRODUCT)


@prints(BooleanTrue, BooleanFalse)
def truth(to: Notation, e: Basic) -> Piece:
    """A condition that always, or never, holds."""
    return Piece(to.style.word(translate(TRUE if e == S.true else FALSE, to.language)))


@prints(type(S.NaN))
def undefined(to: Notation, e: Basic) -> Piece:
    """What is no number."""
    del e
    return Piece(to.style.word(translate(UNDEFINED, to.language)))


@prints(Tuple)
def tuple_(to: Notation, e: Tuple) -> Piece:
    """``(a, b)``; a range ``(i, 1, n)`` as ``i = 1…n``."""
    if len(e.args) == 3 and isinstance(e.args[0], Symbol):
        return Piece(
            f"{to(e.args[0])} = {to.style.range(to.index(e.args[1]), to.index(e.args[2]))}"
        )
    return Piece(to.style.brackets(", ".join(map(to, e.args))))


@prints(Shape)
def shape(to: Notation, e: Shape) -> Piece:
    """``n × m``; ``n`` for a vector."""
    sides = [to.wrap(to.piece(size), Level.PRODUCT).text for size in e.args]
    return Piece(f" {to.style.symbols['×']} ".join(sides), Level.PRODUCT)


@prints(IndexedBase)
def array(to: Notation, e: IndexedBase) -> Piece:
    """An array as a whole."""
    return to.piece(e.args[0])


# ---------------------------------------------------------------- functions


@prints(Function)
def function(to: Notation, e: Function) -> Piece:
    """``sin x``, ``σ(x)``, ``f(x, y)``."""
    name = to.style.function(type(e).__name__)
    if type(e).__name__ in BARE and not isinstance(e, AppliedUndef):
        return bare(to, name, e.args[0])
    return Piece(to.style.applied(name, ", ".join(map(to, e.args))))


@prints(Max, Min)
def extremum(to: Notation, e: Expr) -> Piece:
    """``max(a, b)``."""
    name = to.style.symbols["max" if isinstance(e, Max) else "min"]
    return Piece(to.style.applied(name, ", ".join(map(to, e.args))))


@prints(exp)
def exponential(to: Notation, e: exp) -> Piece:
    """``e^x``."""
    return to.style.exponential(to.piece(e.args[0]))


@prints(Abs, floor, ceiling)
def bars(to: Notation, e: Expr) -> Piece:
    """``|x|``, ``⌊x⌋``, ``⌈x⌉``."""
    kind = "|" if isinstance(e, Abs) else "⌊" if isinstance(e, floor) else "⌈"
    return Piece(to.style.brackets(to(e.args[0]), kind))


# ---------------------------------------------------------------- derivatives


@prints(Partial)
def partial(to: Notation, e: Partial) -> Piece:
    """``∂/∂x [e]``, or ``∂e/∂x`` where e is short."""
    what = to.piece(e.what)
    below = [(to(e.by), 1)]
    if what.level is Level.ATOM and not isinstance(e.what, (Piecewise, InRange)):
        return to.style.derivative(_sign(to), what.text, below)
    return to.style.operator(_sign(to), below, what.text)


@prints(Total)
def total(to: Notation, e: Inert) -> Piece:
    """``∂L/∂x``, or ``x̄``."""
    label = label_of(e.by)
    if to.bar and label is not None:
        declared = isinstance(label, Label)
        name, layer = (label.stem, label.spec.layer) if declared else (label.name, None)
        return to.style.bar(name, to.subscripts(indices_of(e.by)), layer)
    return _quotient(to, e)


@prints(Direct)
def direct(to: Notation, e: Direct) -> Piece:
    """``∂u/∂x`` of the right side of u, saying what is held where x moves it too."""
    piece = _quotient(to, e)
    u, x = label_of(e.what), label_of(e.by)
    between = through(u, x) if isinstance(u, Label) and x is not None else ()
    return to.style.where(piece, ", ".join(map(to, between))) if between else piece


def _quotient(to: Notation, e: Inert) -> Piece:
    what = to.piece(e.what)
    below = [(to(e.by), 1)]
    if what.level is not Level.ATOM:
        return to.style.operator(_sign(to), below, what.text)
    return to.style.derivative(_sign(to), what.text, below)


@prints(Derivative)
def derivative(to: Notation, e: Derivative) -> Piece:
    """``∂²f(x, y)/∂x∂y``."""
    what = to.piece(e.args[0])
    below = [(to(v), int(times)) for v, times in e.args[1:]]
    if what.level is Level.ATOM:
        return to.style.derivative(_sign(to), what.text, below)
    return to.style.operator(_sign(to), below, what.text)


@prints(Subs)
def subs(to: Notation, e: Subs) -> Piece:
    """An expression at a point."""
    pairs = [f"{to(v)} = {to(at)}" for v, at in zip(e.args[1], e.args[2], strict=True)]
    return to.style.where(to.piece(e.args[0]), ", ".join(pairs))


def _sign(to: Notation) -> str:
    return "d" if to.upright else to.style.symbols["∂"]

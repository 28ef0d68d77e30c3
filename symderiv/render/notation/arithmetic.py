"""How names, numbers, sums, products, powers and logarithms are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import (
    Add,
    Expr,
    Function,
    Indexed,
    Integer,
    Mul,
    Number,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    log,
    preorder_traversal,
)
from sympy.core.basic import Basic
from sympy.core.numbers import NumberSymbol

from symderiv.core.expr import power
from symderiv.core.symbols import Label
from symderiv.render.notation.style import Level, Piece
from symderiv.render.notation.walk import Notation, in_reading_order, prints

# ---------------------------------------------------------------- names and numbers


@prints(Symbol)
def symbol(to: Notation, e: Symbol) -> Piece:
    """A scalar or an index."""
    spec = e.spec if isinstance(e, Label) else None
    if spec is None:
        return to.style.name(e.name)
    if spec.bar:
        return to.style.bar(e.stem, (), spec.layer)
    return to.style.name(e.stem, spec.latex, spec.layer)


@prints(Indexed)
def entry(to: Notation, e: Indexed) -> Piece:
    """An entry of an array."""
    label = e.args[0].args[0]
    spec = label.spec if isinstance(label, Label) else None
    indices = to.subscripts(e.args[1:])
    if spec is None:
        return to.style.entry(label.name, indices)
    if spec.bar:
        return to.style.bar(label.stem, indices, spec.layer)
    return to.style.entry(label.stem, indices, spec.latex, spec.layer)


@prints(Number)
def number(to: Notation, e: Number) -> Piece:
    """A number; a negative one has a sign in front."""
    if not e.is_extended_negative:
        return to.style.number(e)
    return _negative(to, to.style.number(-e))


@prints(NumberSymbol, type(S.ImaginaryUnit), type(S.ComplexInfinity))
def constant(to: Notation, e: Basic) -> Piece:
    """π, e and their kin."""
    return Piece(to.style.symbols.get(str(e), str(e)))


# ---------------------------------------------------------------- sums


@prints(Add)
def add(to: Notation, e: Add) -> Piece:
    """``a − b + c``."""
    out: list[str] = []
    for term in (in_reading_order(e) if _counts(e) else e).args:
        sign = "+"
        if out and _is_negative(term):
            sign, piece = to.style.minus, _positive(to, term)
        else:
            piece = to.piece(term)
        piece = to.wrap(piece, Level.PRODUCT if out else Level.NEGATIVE)
        out += [to.style.infix(sign), piece.text] if out else [piece.text]
    return Piece("".join(out), Level.SUM)


def _counts(e: Add) -> bool:
    """Is it arithmetic of indices and sizes?"""
    return all(
        isinstance(part, (Add, Mul, Integer))
        or (isinstance(part, Symbol) and bool(part.is_integer) and not isinstance(part, Label))
        for part in preorder_traversal(e)
    )


def _is_negative(e: Basic) -> bool:
    """Does it print with a minus in front?"""
    lead = e.args[0] if isinstance(e, Mul) else e
    return isinstance(lead, Number) and bool(lead.is_extended_negative)


def _positive(to: Notation, e: Basic) -> Piece:
    """A negative term without its sign."""
    if isinstance(e, Number):
        return to.style.number(-e)
    return _product(to, -e.args[0], e.args[1:])


def _negative(to: Notation, piece: Piece) -> Piece:
    piece = to.wrap(piece, Level.PRODUCT)
    closed = None if piece.closed is None else to.style.minus + piece.closed
    return Piece(to.style.minus + piece.text, Level.NEGATIVE, closed, slashed=piece.slashed)


# ---------------------------------------------------------------- products


@prints(Mul)
def mul(to: Notation, e: Mul) -> Piece:
    """``−2 a b/c``."""
    if _is_negative(e):
        return _negative(to, _positive(to, e))
    if isinstance(e.args[0], Number):
        return _product(to, e.args[0], e.args[1:])
    return _product(to, S.One, e.args)


def term_under_sign(to: Notation, e: Basic) -> Piece:
    """What stands behind a Σ: a product, whose leading minus keeps to its first fraction."""
    if isinstance(e, Mul) and _is_negative(e):
        pieces = _factors(to, -e.args[0], e.args[1:])
        first = pieces[0]
        if len(pieces) > 1 and (first.slashed or first.level is Level.FRACTION):
            pieces[0] = Piece(to.style.brackets(to.style.minus + first.text))
            return _join(to, pieces, dots=first.slashed)
    return to.wrap(to.piece(e), Level.PRODUCT)


def _product(to: Notation, coefficient: Number, factors: Sequence[Expr]) -> Piece:
    pieces = _factors(to, coefficient, factors)
    return pieces[0] if len(pieces) == 1 else _join(to, pieces)


def _factors(to: Notation, coefficient: Number, factors: Sequence[Expr]) -> list[Piece]:
    """The factors as printed, each fraction one piece."""
    out: list[Piece] = []
    for above, below in _with_coefficient(to, coefficient, _groups(to, factors)):
        if below:
            out.append(to.style.fraction(_row(to, above), _row(to, below)))
        else:
            out.extend(above)
    return out or [to.style.number(S.One)]


Group = tuple[list[Piece], list[Piece]]


def _groups(to: Notation, factors: Sequence[Expr]) -> list[Group]:
    """Fractions from left to right: a negative power divides what stands before it."""
    out: list[Group] = []
    todo = list(factors)
    while todo:
        factor = todo.pop(0)
        base = _log_base(factor, todo[0]) if todo else None
        if base is not None:
            todo.pop(0)
            inside = factor if isinstance(factor, log) else None
            piece = to.piece(inside) if inside is None else logarithm(to, inside, base)
            _above(out, piece)
        elif isinstance(factor, Pow) and _is_below(factor):
            if not out:
                out.append(([], []))
            out[-1][1].append(to.piece(power(factor.args[0], -factor.args[1])))
        else:
            _above(out, to.piece(factor))
    return out


def _above(groups: list[Group], piece: Piece) -> None:
    if not groups or groups[-1][1]:
        groups.append(([], []))
    groups[-1][0].append(piece)


def _is_below(e: Pow) -> bool:
    return isinstance(e.args[1], Number) and bool(e.args[1].is_extended_negative)


def _log_base(a: Expr, b: Expr) -> Integer | None:
    """The base where ``log x · 1/log 2`` is a logarithm to the base 2."""
    if not isinstance(a, log) or isinstance(a.args[0], Number):
        return None
    if isinstance(b, Pow) and b.args[1] == -1 and isinstance(b.args[0], log):
        base = b.args[0].args[0]
        return base if isinstance(base, Integer) and base > 1 else None
    return None


def _with_coefficient(to: Notation, coefficient: Number, groups: list[Group]) -> list[Group]:
    """The number in front joins the first fraction, or stands alone."""
    if coefficient == 1:
        return groups
    if not coefficient.is_Rational or isinstance(coefficient, Integer):
        groups[0][0].insert(0, to.style.number(coefficient))
        return groups
    up, down = to.style.number(Integer(coefficient.p)), to.style.number(Integer(coefficient.q))
    above, below = groups[0]
    alone = len(groups) == 1 and len(above) == 1 and above[0].level >= Level.POWER
    if below or (to.style.slash and alone and above[0].closed is None):
        below.insert(0, down)
        if coefficient.p != 1:
            above.insert(0, up)
        return groups
    return [([up], [down]), *groups]


def _row(to: Notation, pieces: list[Piece]) -> Piece:
    """A numerator or denominator."""
    if not pieces:
        return to.style.number(S.One)
    return pieces[0] if len(pieces) == 1 else _join(to, pieces)


def _join(to: Notation, pieces: Sequence[Piece], *, dots: bool = False) -> Piece:
    """Factors side by side; all but the last are closed."""
    done = ""
    left: Piece | None = None
    for position, factor in enumerate(pieces):
        piece = to.wrap(factor, Level.PRODUCT)
        gap = to.style.times(replace(left, slashed=left.slashed or dots), piece) if left else ""
        if position == len(pieces) - 1:
            closed = done + gap + piece.shut
            slashed = any(p.slashed for p in pieces)
            return Piece(done + gap + piece.text, Level.PRODUCT, closed, slashed=slashed)
        done += gap + piece.shut
        left, dots = piece, dots and position < 1
    raise ValueError("no factors")


# ---------------------------------------------------------------- powers and logarithms


@prints(Pow)
def pow_(to: Notation, e: Pow) -> Piece:
    """A power, a root, or a fraction."""
    base, exponent = e.args
    if base is S.Exp1:
        return to.style.exponential(to.piece(exponent))
    if _is_below(e):
        return _product(to, S.One, (e,))
    if exponent == S.Half:
        return to.style.root(to.piece(base))
    piece = to.piece(base)
    if piece.mark:
        piece = Piece(to.style.brackets(piece.text))
    return to.style.power(to.wrap(piece, Level.ATOM).text, to.piece(exponent))


@prints(log)
def log_(to: Notation, e: Function) -> Piece:
    """``log x``."""
    return logarithm(to, e, None)


def logarithm(to: Notation, e: Function, base: Integer | None) -> Piece:
    """``log x`` or ``log_2 x``."""
    name = to.style.function("log")
    if base is not None:
        name = to.style.below(name, [to(base)])
    return bare(to, name, e.args[0])


def bare(to: Notation, name: str, argument: Basic) -> Piece:
    """A function whose simple argument needs no brackets: ``log p_i``."""
    piece = to.piece(argument)
    closed = to.style.applied(name, piece.text)
    simple = piece.level in (Level.ATOM, Level.FRACTION) or isinstance(argument, (Sum, Product))
    if not simple:
        return Piece(closed)
    return Piece(f"{name} {piece.text}", Level.POWER, closed)

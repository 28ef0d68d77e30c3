r"""How matrix forms are printed: ``Xᵀ Z̄``, ``(Z̄ Wᵀ) ⊙ (1 − A ⊙ A)``, ``diag(p) − p pᵀ``.

A product of matrices within ``⊙``, or the other way round, always has brackets; ``⊙`` binds tighter
than ``+``. A number within a sum stands for the matrix with that number in every place; a function
of a matrix, and a power with ``⊙``, are taken entry by entry.
"""

from __future__ import annotations

from itertools import pairwise

from sympy import Expr, S

from symderiv.core.symbols import Label
from symderiv.matrices import form as m
from symderiv.matrices.build import is_negative, scaled
from symderiv.render.notation.style import Level, Piece
from symderiv.render.notation.walk import Notation, prints

SQUARE = S(2)

# ---------------------------------------------------------------- leaves


@prints(m.Name)
def name(to: Notation, e: m.Name) -> Piece:
    """``X``, ``X̄``, or row b of X as ``X_b``."""
    spec = e.label.spec if isinstance(e.label, Label) else None
    stem = e.label.stem if isinstance(e.label, Label) else e.label.name
    latex, layer = (None, None) if spec is None else (spec.latex, spec.layer)
    held = list(e.held)
    while held and held[-1] is None:
        held.pop()
    places = ["·" if place is None else to(place) for place in held]
    if e.of is None and not (spec and spec.bar):
        return to.style.entry(stem, places, latex, layer)
    return to.style.bar(stem, places, layer)


@prints(m.Scalar)
def scalar(to: Notation, e: m.Scalar) -> Piece:
    """A number."""
    return to.piece(e.value)


@prints(m.Ones)
def ones(to: Notation, e: m.Ones) -> Piece:
    """The column of ones."""
    del e
    return Piece(to.style.symbols["ones"])


@prints(m.Identity)
def identity(to: Notation, e: m.Identity) -> Piece:
    """The unit matrix, ``I_n``."""
    return Piece(to.style.below("I", [to(e.size)]))


@prints(m.Unit)
def unit(to: Notation, e: m.Unit) -> Piece:
    """The column with a single 1, ``e_t``."""
    return Piece(to.style.below(to.style.symbols["unit"], [to(e.at)]))


@prints(m.Fill)
def fill(to: Notation, e: m.Fill) -> Piece:
    """``c 1 1ᵀ``; zero as it is."""
    if e.value == m.Scalar(S.Zero):
        return to.piece(S.Zero)
    rows, columns = m.Ones(e.size[0]), m.Transpose(m.Ones(e.size[1]))
    if columns.is_scalar:
        return to.piece(scaled([e.value], rows))
    both = m.MatMul((rows, columns)) if not rows.is_scalar else columns
    return to.piece(scaled([e.value], both))


# ---------------------------------------------------------------- products


@prints(m.Transpose)
def transpose(to: Notation, e: m.Transpose) -> Piece:
    """``Xᵀ``."""
    piece = _base(to, e.arg)
    return Piece(piece.text + to.style.symbols["⊤"], Level.POWER, mark=True)


def _base(to: Notation, e: m.MatrixForm) -> Piece:
    """What a superscript stands at."""
    piece = to.piece(e)
    return Piece(to.style.brackets(piece.text)) if piece.mark else to.wrap(piece, Level.ATOM)


@prints(m.MatMul)
def matmul(to: Notation, e: m.MatMul) -> Piece:
    """``A B``."""
    pieces = [to.wrap(to.piece(factor), Level.POWER) for factor in e.factors]
    text = pieces[0].text
    for left, right in pairwise(pieces):
        text += _gap(to, left, right) + right.text
    return Piece(text, Level.PRODUCT)


def _gap(to: Notation, left: Piece, right: Piece) -> str:
    """What stands between two factors; the ones are no digit that a number could run into."""
    plain = right.text.startswith(to.style.symbols["ones"]) and not left.slashed
    return " " if plain else to.style.times(left, right)


@prints(m.Hadamard)
def hadamard(to: Notation, e: m.Hadamard) -> Piece:
    """``A ⊙ B``; ``A ⊘ B`` where B divides entry by entry, read from the left."""
    return _entrywise(to, [part for factor in e.factors for part in _twice(factor)])


def _entrywise(to: Notation, factors: list[m.MatrixForm]) -> Piece:
    text = ""
    for factor in factors:
        divides = bool(text) and isinstance(factor, m.Power) and factor.exponent == -1
        written = factor.parts[0] if divides else factor
        sign = to.style.symbols["⊘" if divides else "⊙"]
        piece = to.wrap(to.piece(written), Level.POWER)
        text += to.style.infix(sign) + piece.text if text else piece.text
    return Piece(text, Level.PRODUCT)


def _twice(e: m.MatrixForm) -> list[m.MatrixForm]:
    """A square entry by entry as two factors, if it is one of a name."""
    if isinstance(e, m.Power) and e.exponent == SQUARE and isinstance(e.base, m.Name):
        return [e.base, e.base]
    return [e]


@prints(m.Power)
def power(to: Notation, e: m.Power) -> Piece:
    """``A ⊙ A``; ``A^{⊙3}``; of a number as usual."""
    exponent = to.piece(e.exponent)
    if e.is_scalar:
        if e.exponent == S.Half:
            return to.style.root(to.piece(e.base))
        return to.style.power(_base(to, e.base).text, exponent)
    factors = _twice(e)
    if len(factors) > 1:
        return _entrywise(to, factors)
    sign = to.style.symbols["⊙"]
    gap = " " if sign.startswith("\\") else ""
    raised = Piece(sign + gap + exponent.text, Level.PRODUCT)
    return to.style.power(_base(to, e.base).text, raised)


@prints(m.Scale)
def scale(to: Notation, e: m.Scale) -> Piece:
    """``2/N · A``, ``−A``, ``A/(1ᵀ x)``."""
    if is_negative(e):
        return Piece(to.style.minus + to.wrap(_positive(to, e), Level.PRODUCT).text, Level.NEGATIVE)
    if isinstance(e.factor, m.Power) and e.factor.exponent.is_negative:
        below = _raised(e.factor.base, -e.factor.exponent)
        return to.style.fraction(to.piece(e.arg), to.piece(below))
    factor = to.piece(e.factor)
    factor = to.wrap(factor, Level.PRODUCT if isinstance(e.factor, m.Scalar) else Level.POWER)
    arg = to.piece(e.arg)
    if not isinstance(e.arg, (m.MatMul, m.Scale, m.SumOver)):
        arg = to.wrap(arg, Level.POWER)
    return Piece(factor.shut + _gap(to, factor, arg) + arg.text, Level.PRODUCT)


def _raised(base: m.MatrixForm, exponent: Expr) -> m.MatrixForm:
    return base if exponent is S.One else m.Power(base, exponent)


# ---------------------------------------------------------------- sums


@prints(m.SumOver)
def sum_over(to: Notation, e: m.SumOver) -> Piece:
    """``Σ_b x_b z_bᵀ``."""
    sign = to.style.symbols["sum"]
    sign = to.style.binder(sign, to(e.index), to(S.One), to(e.size), full=True)
    text = f"{sign} {to.wrap(to.piece(e.arg), Level.PRODUCT).text}"
    return Piece(text, Level.PRODUCT, to.style.brackets(text))


@prints(m.Add)
def add(to: Notation, e: m.Add) -> Piece:
    """``A − B + 1``."""
    text = ""
    for term in e.terms:
        negative = is_negative(term)
        piece = _positive(to, term) if negative else _term(to, term)
        sign = to.style.minus if negative else "+"
        written = to.wrap(piece, Level.PRODUCT).text
        if text:
            text += to.style.infix(sign) + written
        else:
            text = sign + written if negative else written
    return Piece(text, Level.SUM)


def _term(to: Notation, e: m.MatrixForm) -> Piece:
    """A term of a sum, or an argument of a function: a number may stand for a whole matrix."""
    if isinstance(e, m.Fill) and isinstance(e.value, m.Scalar) and e.value.value.is_Number:
        return to.piece(e.value)
    return to.piece(e)


def _positive(to: Notation, e: m.MatrixForm) -> Piece:
    """A negative form without its sign."""
    return _term(to, scaled([m.Scalar(S.NegativeOne)], e))


# ---------------------------------------------------------------- functions


@prints(m.Diag)
def diag(to: Notation, e: m.Diag) -> Piece:
    """``diag(p)``."""
    return Piece(to.style.applied(to.style.symbols["diag"], to(e.arg)))


@prints(m.Trace)
def trace(to: Notation, e: m.Trace) -> Piece:
    """``tr(A B)``."""
    return Piece(to.style.applied(to.style.symbols["tr"], to(e.arg)))


@prints(m.Apply)
def apply(to: Notation, e: m.Apply) -> Piece:
    """``tanh(Z)``."""
    key = e.function.lower()
    name = to.style.symbols.get(key) if key in ("max", "min", "exp", "abs") else None
    arguments = ", ".join(_term(to, arg).text for arg in e.args)
    return Piece(to.style.applied(name or to.style.function(e.function), arguments))


@prints(m.Indicator)
def indicator(to: Notation, e: m.Indicator) -> Piece:
    """``[Z > 0]``."""
    sign = to.style.symbols[e.relation]
    left, right = (_term(to, part).text for part in e.parts)
    return Piece(to.style.brackets(f"{left} {sign} {right}", "["))

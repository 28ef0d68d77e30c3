"""Constructors that keep matrix expressions short: flat products, transposes at the leaves."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import S

from symderiv.core import expr as core
from symderiv.matrices.form import (
    Add,
    Diag,
    Fill,
    Hadamard,
    Identity,
    MatMul,
    MatrixForm,
    Ones,
    Power,
    Scalar,
    Scale,
    SumOver,
    Trace,
    Transpose,
)

SQUARE = S(2)


def cost(form: MatrixForm) -> int:
    """How long a form reads."""
    inside = sum(map(cost, form.parts))
    if isinstance(form, (MatMul, Scale, Fill)):
        return inside
    if isinstance(form, (Add, Hadamard)):
        return inside + len(form.parts) - 1
    return inside + (1 if isinstance(form, (Ones, Transpose, Scalar, Power)) else 2)


def transpose(form: MatrixForm) -> MatrixForm:
    """The transpose, written with as few signs as possible."""
    if form.is_scalar or isinstance(form, (Identity, Diag)):
        return form
    if isinstance(form, Transpose):
        return form.arg
    if isinstance(form, MatMul):
        return MatMul(tuple(transpose(f) for f in reversed(form.factors)))
    if isinstance(form, Scale):
        return scale(form.factor, transpose(form.arg))
    if isinstance(form, Fill):
        return Fill(form.value, (form.size[1], form.size[0]))
    if isinstance(form, SumOver):
        return SumOver(form.index, form.size, transpose(form.arg))
    if isinstance(form, (Add, Hadamard)):
        inside = type(form)(tuple(map(transpose, form.parts)))
        if cost(inside) <= cost(form):
            return inside
    return Transpose(form)


def matmul(*factors: MatrixForm) -> MatrixForm:
    """A product; unit matrices fall away, numbers go in front."""
    scalars: list[MatrixForm] = []
    flat: list[MatrixForm] = []
    for factor in factors:
        bare = factor
        while isinstance(bare, Scale):
            scalars.append(bare.factor)
            bare = bare.arg
        flat.extend(bare.factors if isinstance(bare, MatMul) else (bare,))
    kept = [f for f in flat if not isinstance(f, Identity)] or flat[:1]
    made = kept[0] if len(kept) == 1 else MatMul(tuple(kept))
    return scaled(scalars, made)


def hadamard(factors: Sequence[MatrixForm]) -> MatrixForm:
    """A product entry by entry; numbers go in front, and no reciprocal does."""
    scalars: list[MatrixForm] = []
    flat: list[MatrixForm] = []
    for factor in factors:
        bare = factor
        while isinstance(bare, Scale):
            scalars.append(bare.factor)
            bare = bare.arg
        if isinstance(bare, Fill):
            scalars.append(bare.value)
        else:
            flat.extend(bare.factors if isinstance(bare, Hadamard) else (bare,))
    if not flat:
        return Fill(scaled(scalars, Scalar(S.One)), factors[0].shape)
    first = next((k for k, f in enumerate(flat) if not _is_reciprocal(f)), 0)
    flat.insert(0, flat.pop(first))
    return scaled(scalars, flat[0] if len(flat) == 1 else Hadamard(tuple(flat)))


def _is_reciprocal(form: MatrixForm) -> bool:
    return isinstance(form, Power) and form.exponent is S.NegativeOne


def plus(terms: Sequence[MatrixForm]) -> MatrixForm:
    """A sum, a negative term not in front."""
    flat: list[MatrixForm] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Add) else (term,))
    first = next((k for k, term in enumerate(flat) if not is_negative(term)), 0)
    flat.insert(0, flat.pop(first))
    return flat[0] if len(flat) == 1 else Add(tuple(flat))


def is_negative(form: MatrixForm) -> bool:
    """Does it print with a minus in front?"""
    if isinstance(form, Scale):
        return is_negative(form.factor)
    if isinstance(form, Fill):
        return is_negative(form.value)
    return isinstance(form, Scalar) and core.is_negative(form.value)


def scale(factor: MatrixForm, arg: MatrixForm) -> MatrixForm:
    """A number times a form; plain numbers are multiplied and stand in front."""
    return scaled([factor], arg)


def scaled(factors: Sequence[MatrixForm], arg: MatrixForm) -> MatrixForm:
    """Several numbers times a form: the plain ones as one, those made of arrays after it."""
    number, made = S.One, []
    todo = list(factors)
    while isinstance(arg, Scale):
        todo.append(arg.factor)
        arg = arg.arg
    if isinstance(arg, Fill):
        return Fill(scaled(todo, arg.value), arg.size)
    if isinstance(arg, Scalar):
        todo.append(arg)
    while todo:
        part = todo.pop(0)
        if isinstance(part, Scale):
            todo[:0] = [part.factor, part.arg]
        elif isinstance(part, Fill):
            todo.insert(0, part.value)
        elif isinstance(part, Scalar):
            number = core.mul(number, part.value)
        else:
            made.append(part)
    if number is S.Zero:
        return Scalar(number) if arg.is_scalar else Fill(Scalar(number), arg.shape)
    if isinstance(arg, Scalar):
        if not made:
            return Scalar(number)
        arg = made.pop()
    for part in reversed(made):
        arg = Scale(part, arg)
    return arg if number is S.One else Scale(Scalar(number), arg)


def dot(vectors: Sequence[MatrixForm]) -> MatrixForm:
    """The sum of a product of columns, entry by entry: ``xᵀ y``."""
    scalars, parts = [], []
    for column in _entrywise(vectors):
        part = column
        while isinstance(part, Scale):
            scalars.append(part.factor)
            part = part.arg
        parts.append(part)
    if len(parts) == 1:
        of = _diagonal_of(parts[0])
        made = Trace(of) if of else matmul(Transpose(Ones(parts[0].shape[0])), parts[0])
        return scaled(scalars, made)
    left, right = hadamard(parts[:-1]), parts[-1]
    ways = (matmul(transpose(left), right), matmul(transpose(right), left))
    return scaled(scalars, min(ways, key=cost))


def trace(left: MatrixForm, right: MatrixForm) -> MatrixForm:
    """The sum over both axes of two matrices multiplied entry by entry."""
    ways = (matmul(left, transpose(right)), matmul(transpose(left), right))
    made = min(ways, key=cost)
    scalars = []
    while isinstance(made, Scale):
        scalars.append(made.factor)
        made = made.arg
    return scaled(scalars, Trace(made))


def diagonal(of: MatrixForm) -> MatrixForm:
    """The diagonal of a square matrix as a column: ``(A ⊙ I) 1``."""
    size = of.shape[0]
    return matmul(Hadamard((of, Identity(size))), Ones(size))


def _diagonal_of(column: MatrixForm) -> MatrixForm | None:
    match column:
        case MatMul((Hadamard((square, Identity())), Ones())):
            return square
    return None


def _entrywise(columns: Sequence[MatrixForm]) -> list[MatrixForm]:
    out: list[MatrixForm] = []
    for column in columns:
        if isinstance(column, Hadamard):
            out += _entrywise(column.factors)
        elif isinstance(column, Power) and column.exponent == SQUARE:
            out += [column.base, column.base]
        else:
            out.append(column)
    return out

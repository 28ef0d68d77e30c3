r"""Matrix expressions: an immutable tree in which every node has rows and columns.

Conventions. Every form is a matrix of ``shape = (rows, columns)``; a vector is a column ``(n, 1)``
and a scalar is ``(1, 1)``. Where an axis counts examples, rows are examples. An array of one axis
is the column of its entries; of an array of more axes some indices may be held (``X_b`` is row b
of X, read as a column). A node whose parts do not fit is refused with a `ShapeError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from sympy import Expr, S, Symbol

from symderiv.core.errors import ShapeError
from symderiv.core.messages import N_, Sentence

Shape = tuple[Expr, Expr]
Relation = Literal["<", "≤", ">", "≥", "=", "≠"]
SCALAR: Shape = (S.One, S.One)


@dataclass(frozen=True, slots=True)
class MatrixForm:
    """Any matrix expression; ``shape`` is ``(rows, columns)``."""

    shape: Shape = field(init=False, repr=False)

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        """The forms that this one is made of."""
        return ()

    @property
    def is_scalar(self) -> bool:
        """Is it one number?"""
        return self.shape == SCALAR

    def _settle(self, rows: Expr, columns: Expr) -> None:
        object.__setattr__(self, "shape", (rows, columns))


@dataclass(frozen=True, slots=True)
class Name(MatrixForm):
    """An array as a whole, or the part of it that is left when some indices are held.

    ``axes`` has one item for each axis of the array: its size, and the index that is held there
    or None. With ``of`` it is the adjoint: the derivative of that scalar by the array.
    """

    label: Symbol
    axes: tuple[tuple[Expr, Expr | None], ...] = ()
    of: Expr | None = None

    def __post_init__(self) -> None:
        sizes = [size for size, held in self.axes if held is None]
        if len(sizes) > 2:
            raise ShapeError(
                Sentence(
                    "{label} has {axes} axes; a matrix has two at most",
                    label=self.label,
                    axes=len(sizes),
                )
            )
        self._settle(*[*sizes, S.One, S.One][:2])

    @property
    def key(self) -> str:
        """The name under which `evaluate` looks for the array: ``z``, or ``∂L/∂z``."""
        return self.label.name if self.of is None else f"∂{self.of}/∂{self.label.name}"

    @property
    def held(self) -> tuple[Expr | None, ...]:
        """The held index of each axis, None where the axis is whole."""
        return tuple(held for _, held in self.axes)


@dataclass(frozen=True, slots=True)
class Scalar(MatrixForm):
    """A number, or a formula of numbers, sizes and scalar names without entries: ``2/N``."""

    value: Expr

    def __post_init__(self) -> None:
        self._settle(*SCALAR)


@dataclass(frozen=True, slots=True)
class Ones(MatrixForm):
    """The column of ones."""

    size: Expr

    def __post_init__(self) -> None:
        self._settle(self.size, S.One)


@dataclass(frozen=True, slots=True)
class Identity(MatrixForm):
    """The unit matrix."""

    size: Expr

    def __post_init__(self) -> None:
        self._settle(self.size, self.size)


@dataclass(frozen=True, slots=True)
class Unit(MatrixForm):
    """The column with 1 in one place, ``at``, and 0 elsewhere."""

    size: Expr
    at: Expr

    def __post_init__(self) -> None:
        self._settle(self.size, S.One)


@dataclass(frozen=True, slots=True)
class SumOver(MatrixForm):
    """The sum of the forms of all examples: ``Σ_b x_b z_bᵀ``, b from 1 to ``size``."""

    index: Symbol
    size: Expr
    arg: MatrixForm

    def __post_init__(self) -> None:
        self._settle(*self.arg.shape)

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return (self.arg,)


@dataclass(frozen=True, slots=True)
class Fill(MatrixForm):
    """A matrix with one number in every place; within a sum it is written as that number."""

    value: MatrixForm
    size: Shape

    def __post_init__(self) -> None:
        _needs(self.value.is_scalar, N_("a number to fill a matrix with"), self.value)
        self._settle(*self.size)

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return (self.value,)


@dataclass(frozen=True, slots=True)
class Transpose(MatrixForm):
    """Rows and columns exchanged."""

    arg: MatrixForm

    def __post_init__(self) -> None:
        self._settle(*reversed(self.arg.shape))

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return (self.arg,)


@dataclass(frozen=True, slots=True)
class MatMul(MatrixForm):
    """A product of matrices."""

    factors: tuple[MatrixForm, ...]

    def __post_init__(self) -> None:
        _needs(len(self.factors) > 1, N_("two factors or more"), *self.factors)
        for left, right in zip(self.factors, self.factors[1:], strict=False):
            _needs(left.shape[1] == right.shape[0], N_("as many columns as rows"), left, right)
        self._settle(self.factors[0].shape[0], self.factors[-1].shape[1])

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return self.factors


@dataclass(frozen=True, slots=True)
class Hadamard(MatrixForm):
    """A product entry by entry."""

    factors: tuple[MatrixForm, ...]

    def __post_init__(self) -> None:
        _needs(len(self.factors) > 1, N_("two factors or more"), *self.factors)
        self._settle(*_common(self.factors))

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return self.factors


@dataclass(frozen=True, slots=True)
class Add(MatrixForm):
    """A sum of matrices of one shape."""

    terms: tuple[MatrixForm, ...]

    def __post_init__(self) -> None:
        _needs(len(self.terms) > 1, N_("two terms or more"), *self.terms)
        self._settle(*_common(self.terms))

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return self.terms


@dataclass(frozen=True, slots=True)
class Scale(MatrixForm):
    """A number times a matrix."""

    factor: MatrixForm
    arg: MatrixForm

    def __post_init__(self) -> None:
        _needs(self.factor.is_scalar, N_("a number in front"), self.factor)
        self._settle(*self.arg.shape)

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return (self.factor, self.arg)


@dataclass(frozen=True, slots=True)
class Diag(MatrixForm):
    """The diagonal matrix with a column on its diagonal."""

    arg: MatrixForm

    def __post_init__(self) -> None:
        _needs(self.arg.shape[1] == 1, N_("a column"), self.arg)
        self._settle(self.arg.shape[0], self.arg.shape[0])

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return (self.arg,)


@dataclass(frozen=True, slots=True)
class Trace(MatrixForm):
    """The sum of the diagonal of a square matrix."""

    arg: MatrixForm

    def __post_init__(self) -> None:
        _needs(self.arg.shape[0] == self.arg.shape[1], N_("a square matrix"), self.arg)
        self._settle(*SCALAR)

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return (self.arg,)


@dataclass(frozen=True, slots=True)
class Apply(MatrixForm):
    """A function applied to every entry; of several matrices of one shape, entry by entry."""

    function: str
    args: tuple[MatrixForm, ...]

    def __post_init__(self) -> None:
        self._settle(*_common(self.args))

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return self.args


@dataclass(frozen=True, slots=True)
class Power(MatrixForm):
    """Every entry raised to a power, which is a number or a formula of scalars."""

    base: MatrixForm
    exponent: Expr

    def __post_init__(self) -> None:
        self._settle(*self.base.shape)

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return (self.base,)


@dataclass(frozen=True, slots=True)
class Indicator(MatrixForm):
    """1 in the places where a comparison of entries holds, 0 elsewhere."""

    relation: Relation
    left: MatrixForm
    right: MatrixForm

    def __post_init__(self) -> None:
        self._settle(*_common((self.left, self.right)))

    @property
    def parts(self) -> tuple[MatrixForm, ...]:
        return (self.left, self.right)


def leaves(form: MatrixForm) -> Iterator[MatrixForm]:
    """The names and other forms without parts, in reading order."""
    todo = [form]
    while todo:
        at = todo.pop()
        if not at.parts:
            yield at
        todo.extend(reversed(at.parts))


def show(shape: tuple[Expr, ...]) -> str:
    """``(n, m)``."""
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def _common(parts: tuple[MatrixForm, ...]) -> Shape:
    _needs(all(part.shape == parts[0].shape for part in parts), N_("one shape"), *parts)
    return parts[0].shape


def _needs(fits: bool, what: str, *parts: MatrixForm) -> None:
    if not fits:
        shapes = ", ".join(show(part.shape) for part in parts)
        raise ShapeError(
            Sentence("expected {what}, given {shapes}", what=Sentence(what), shapes=shapes)
        )

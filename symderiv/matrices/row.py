"""The rows in matrix form that follow the last line of an adjoint: ``W̄ = Xᵀ Z̄``.

Whoever tells such rows and whoever checks them ask here, so what is told is what is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr, Symbol, Tuple

from symderiv.core.expr import Partial, Total, subexpressions
from symderiv.core.symbols import Label, label_of
from symderiv.matrices.batch import batch_size, is_alone, letters_over
from symderiv.matrices.convert import matrix_form
from symderiv.matrices.form import MatrixForm, Name, Power, Scalar, leaves


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """``left = right``: an adjoint as a whole, or that of one example, and its matrix form.

    ``axes`` are the indices of its rows and columns. ``example`` is the index of the example that a
    row is about; ``by_example`` is true where the form is made of examples, one or all of them.
    """

    left: Name
    right: MatrixForm
    axes: tuple[Symbol, ...]
    example: Tuple | None = None
    by_example: bool = False

    @property
    def sizes(self) -> tuple[Expr, ...]:
        """The shape of the left side as an array, with no axis for the example."""
        return tuple(size for size, held in self.left.axes if held is None)


def matrix_rows(
    goal: Expr, last: Expr, indices: tuple[Tuple, ...], *, in_pass: bool = False
) -> Iterator[MatrixRow]:
    """The rows of a derivation from its goal to its last line, if it has any.

    First that of the whole batch; then that of one example, or the sum over all of them, where
    there are examples (see `batch_size`) and it is not the same but for their index.

    Args:
        goal: The derivative that was asked for.
        last: The last line, in index form.
        indices: The free indices with their ranges.
        in_pass: Whether it is told as part of a backward pass. By itself only a derivation that
            cites an adjoint has such rows.
    """
    if not isinstance(goal, (Partial, Total)):
        return  # no derivative, so nothing whose shape it could have
    if not in_pass and not any(isinstance(e, Total) for e in subexpressions(last)):
        return
    of, by = label_of(goal.args[0]), label_of(goal.args[1])
    if not isinstance(of, Label) or not isinstance(by, Label):
        return  # without a name, what is derived has no adjoint to call by one
    whole = matrix_form(last, indices)
    if whole is not None and _is_worth_telling(whole):
        yield MatrixRow(_named(goal, by), whole, tuple(v for v, *_ in indices))
    one = _by_example(goal, last, indices, by)
    if one is not None and not (whole is not None and _alike(one.right, whole)):
        yield one


def _by_example(goal: Expr, last: Expr, indices: tuple[Tuple, ...], by: Label) -> MatrixRow | None:
    """The row of one example, or of the sum over the examples."""
    size = batch_size(goal.args[0]) if label_of(goal.args[0]) is not None else None
    if size is None or is_alone(by, size, goal.args[0]):
        return None
    example = indices[0] if by.shape and by.shape[0] == size else None
    aside = (*(() if example is None else (example[0],)), *letters_over(size, last))
    form = matrix_form(last, indices, batch=aside) if aside else None
    if form is None or not _is_worth_telling(form):
        return None
    axes = tuple(v for v, *_ in indices if v not in aside)
    left = _named(goal, by, None if example is None else example[0])
    return MatrixRow(left, form, axes, example, by_example=True)


def _named(goal: Expr, by: Label, example: Symbol | None = None) -> Name:
    held = (example, *[None] * len(by.shape))
    axes = tuple((size, held[k]) for k, size in enumerate(by.shape))
    return Name(by, axes, of=label_of(goal.args[0]))


def _is_worth_telling(form: MatrixForm) -> bool:
    return not all(leaf.is_scalar for leaf in leaves(form))


def _alike(a: MatrixForm, b: MatrixForm) -> bool:
    """Are two forms built alike, whatever indices are held and whatever the sizes are?"""
    if type(a) is not type(b) or len(a.parts) != len(b.parts):
        return False
    if isinstance(a, Name) and isinstance(b, Name):
        return (a.label, a.of) == (b.label, b.of)
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return bool(a.value == b.value)
    if isinstance(a, Power) and isinstance(b, Power) and a.exponent != b.exponent:
        return False
    return all(map(_alike, a.parts, b.parts))

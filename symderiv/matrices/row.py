"""The row in matrix form that follows the last line of an adjoint: ``W̄ = Xᵀ Z̄``.

Whoever tells such rows and whoever checks them ask here, so what is told is what is checked.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Tuple

from symderiv.core.expr import Total, subexpressions
from symderiv.core.symbols import Label, label_of
from symderiv.matrices.convert import matrix_form
from symderiv.matrices.form import MatrixForm, Name, leaves


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """``left = right``: an adjoint as a whole, and its matrix form."""

    left: Name
    right: MatrixForm


def matrix_row(
    goal: Expr, last: Expr, indices: tuple[Tuple, ...], *, in_pass: bool = False
) -> MatrixRow | None:
    """The row of a derivation from its goal to its last line; None if it has none.

    Args:
        goal: The derivative that was asked for.
        last: The last line, in index form.
        indices: The free indices with their ranges.
        in_pass: Whether it is told as part of a backward pass. By itself only a derivation that
            cites an adjoint has such a row.
    """
    if not in_pass and not any(isinstance(e, Total) for e in subexpressions(last)):
        return None
    by = label_of(goal.args[1])
    if not isinstance(by, Label):
        return None
    form = matrix_form(last, indices)
    if form is None or all(leaf.is_scalar for leaf in leaves(form)):
        return None
    axes = tuple((size, None) for size in by.shape)
    return MatrixRow(Name(by, axes, of=label_of(goal.args[0])), form)

"""Shapes and the layout of Jacobians, stated.

A scalar's gradient has the shape of the variable. The Jacobian of a vector by a vector is in
numerator layout, ``J_ij = ∂f_i/∂x_j``, or transposed in denominator layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sympy import Expr, IndexedBase, Symbol

from symderiv.core.expr import Inert
from symderiv.core.messages import N_
from symderiv.core.symbols import Label, indices_of, label_of
from symderiv.matrices.build import transpose
from symderiv.matrices.form import MatrixForm, Name, leaves

Layout = Literal["numerator", "denominator"]

COLUMN = N_("a column in matrix notation")
OF_VARIABLE = N_("shape of the variable")
OF_FUNCTION = N_("shape of what is differentiated")
NUMERATOR = N_("numerator layout: a row for each entry of the numerator")
DENOMINATOR = N_("denominator layout: a row for each entry of the denominator")


@dataclass(frozen=True, slots=True)
class ShapeLine:
    """The shape of one array, or of ``∂what/∂by``; ``note`` is a message that says how to read it.

    Of an array, ``what`` is its name as a form; of a derivative, both are symbols.
    """

    what: Name | Symbol
    shape: tuple[Expr, ...]
    note: str = ""
    by: Symbol | None = None


def in_layout(form: MatrixForm, goal: Inert, layout: Layout = "numerator") -> MatrixForm:
    """The matrix form of a derivative, in a layout.

    Only a Jacobian, of a vector by a vector, is transposed; a scalar's gradient stays as it is.

    >>> from sympy import IndexedBase, Symbol
    >>> from symderiv.core.expr import Total
    >>> i, j, n, m = map(Symbol, "ijnm")
    >>> goal = Total(IndexedBase("f")[i], IndexedBase("x")[j])
    >>> form = Name(Symbol("J"), ((n, None), (m, None)))
    >>> in_layout(form, goal).shape, in_layout(form, goal, "denominator").shape
    ((n, m), (m, n))
    """
    if layout not in ("numerator", "denominator"):
        raise ValueError(f"layout is 'numerator' or 'denominator', not {layout!r}")
    jacobian = bool(indices_of(goal.what) and indices_of(goal.by))
    return transpose(form) if jacobian and layout == "denominator" else form


def shapes(
    goal: Inert, form: MatrixForm | None = None, layout: Layout = "numerator"
) -> tuple[ShapeLine, ...]:
    """The shape of the variable, of every array that the form reads, and of the derivative.

    The form and the derivative are those after `in_layout`.
    """
    what, by = label_of(goal.what), label_of(goal.by)
    if what is None or by is None:
        raise ValueError(f"{goal} is not the derivative of a name by a name; name it by let()")
    arrays = {Name(by, _axes(goal.by)): None}
    for leaf in leaves(form) if form is not None else ():
        if isinstance(leaf, Name):
            arrays[leaf] = None
    lines = [_of_array(name) for name in arrays]
    return (*lines, _of_derivative(goal, what, by, layout))


def _of_array(name: Name) -> ShapeLine:
    whole = tuple(size for size, held in name.axes if held is None)
    return ShapeLine(name, whole, COLUMN if len(whole) == 1 else "")


def _of_derivative(goal: Inert, what: Symbol, by: Symbol, layout: Layout) -> ShapeLine:
    above, below = _shape(goal.what), _shape(goal.by)
    if not above:
        return ShapeLine(what, below, OF_VARIABLE, by)
    if not below:
        return ShapeLine(what, above, OF_FUNCTION, by)
    if layout == "denominator":
        return ShapeLine(what, (*below, *above), DENOMINATOR, by)
    return ShapeLine(what, (*above, *below), NUMERATOR, by)


def _shape(entry: Expr) -> tuple[Expr, ...]:
    label = label_of(entry)
    if isinstance(label, Label):
        return label.shape
    base = entry.args[0] if entry.args else None
    if not isinstance(base, IndexedBase):
        return ()
    if base.shape is None:
        raise ValueError(f"{entry} has no known shape; declare the array {base}")
    return tuple(base.shape)


def _axes(entry: Expr) -> tuple[tuple[Expr, None], ...]:
    return tuple((size, None) for size in _shape(entry))

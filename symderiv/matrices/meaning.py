"""What a matrix form means, entry by entry: back to index form, by the definition of each node.

It shares nothing with the search for a form, so that the one can be held against the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sympy
from sympy import Expr, IndexedBase, S, Tuple

from symderiv.core import functions
from symderiv.core.binding import fresh, letters_in
from symderiv.core.expr import (
    Total,
    add,
    call,
    delta,
    entry,
    indicator,
    mul,
    power,
    relation,
    total,
)
from symderiv.core.symbols import Label
from symderiv.matrices.form import (
    Add,
    Apply,
    Diag,
    Fill,
    Hadamard,
    Identity,
    Indicator,
    MatMul,
    MatrixForm,
    Name,
    Ones,
    Power,
    Relation,
    Scalar,
    Scale,
    SumOver,
    Trace,
    Transpose,
    Unit,
)

RELATIONS: dict[Relation, type] = {
    "<": sympy.StrictLessThan, "≤": sympy.LessThan, ">": sympy.StrictGreaterThan,
    "≥": sympy.GreaterThan, "=": sympy.Equality, "≠": sympy.Unequality,
}  # fmt: skip
_ACTIVATIONS: dict[str, type] = {head.__name__: head for head in functions.ACTIVATIONS}


def entry_of(form: MatrixForm, row: Expr = S.One, column: Expr = S.One) -> Expr:
    """The entry of a matrix form in a row and a column, in index form.

    Example:
        >>> from sympy import Symbol, symbols
        >>> i, n, m = symbols("i n m", integer=True)
        >>> W, x = Name(Symbol("W"), ((n, None), (m, None))), Name(Symbol("x"), ((m, None),))
        >>> entry_of(MatMul((W, x)), i)
        Sum(W[i, j]*x[j], (j, 1, m))
    """
    places = letters_in(row) | letters_in(column)
    return _Place(row, column, _letters(form) | places).entry(form)


@dataclass(frozen=True, slots=True)
class _Place:
    """A row and a column, and the letters that no sum may take."""

    row: Expr
    column: Expr
    taken: frozenset[str]

    def entry(self, form: MatrixForm) -> Expr:
        return _ENTRIES[type(form)](self, form)

    def at(self, row: Expr, column: Expr) -> _Place:
        return replace(self, row=row, column=column)

    def all(self, forms: tuple[MatrixForm, ...]) -> list[Expr]:
        return [self.entry(form) for form in forms]

    # ------------------------------------------------------------ by kind of node

    def name(self, form: Name) -> Expr:
        whole = iter((self.row, self.column))
        places = [next(whole) if held is None else held for held in form.held]
        read: Expr = form.label
        if places:
            base = read.base if isinstance(read, Label) else IndexedBase(read)
            read = entry(base, *places)
        return read if form.of is None else Total(form.of, read)

    def product(self, form: MatMul) -> Expr:
        """Summed over the columns of every factor but the last."""
        joints: list[Expr] = []
        limits: list[Tuple] = []
        taken = self.taken
        for factor in form.factors[:-1]:
            size = factor.shape[1]
            if size == 1:
                joints.append(S.One)
                continue
            letter = fresh(taken)
            taken |= {letter.name}
            joints.append(letter)
            limits.append(Tuple(letter, 1, size))
        rows, columns = (self.row, *joints), (*joints, self.column)
        inside = replace(self, taken=taken)
        parts = zip(form.factors, rows, columns, strict=True)
        return total(mul(*(inside.at(r, c).entry(factor) for factor, r, c in parts)), *limits)

    def trace(self, form: Trace) -> Expr:
        letter = fresh(self.taken)
        inside = _Place(letter, letter, self.taken | {letter.name})
        return total(inside.entry(form.arg), Tuple(letter, 1, form.arg.shape[0]))

    def diag(self, form: Diag) -> Expr:
        return mul(delta(self.row, self.column), self.at(self.row, S.One).entry(form.arg))

    def indicator(self, form: Indicator) -> Expr:
        return indicator(relation(RELATIONS[form.relation], *self.all(form.parts)))


def _scaled(at: _Place, form: Scale) -> Expr:
    return mul(at.at(S.One, S.One).entry(form.factor), at.entry(form.arg))


def _head(name: str) -> type:
    head: type = _ACTIVATIONS.get(name) or getattr(sympy, name)
    return head


_ENTRIES: dict[type, Callable[[_Place, Any], Expr]] = {
    Name: _Place.name,
    Scalar: lambda at, form: form.value,
    Ones: lambda at, form: S.One,
    Identity: lambda at, form: delta(at.row, at.column),
    Unit: lambda at, form: delta(at.row, form.at),
    Fill: lambda at, form: at.at(S.One, S.One).entry(form.value),
    Transpose: lambda at, form: at.at(at.column, at.row).entry(form.arg),
    MatMul: _Place.product,
    Hadamard: lambda at, form: mul(*at.all(form.factors)),
    Add: lambda at, form: add(*at.all(form.terms)),
    Scale: _scaled,
    Diag: _Place.diag,
    Trace: _Place.trace,
    SumOver: lambda at, form: total(at.entry(form.arg), Tuple(form.index, 1, form.size)),
    Apply: lambda at, form: call(_head(form.function), *at.all(form.args)),
    Power: lambda at, form: power(at.entry(form.base), form.exponent),
    Indicator: _Place.indicator,
}


def _letters(form: MatrixForm) -> frozenset[str]:
    """Every name that a form reads, holds or binds."""
    found: set[str] = set()
    todo = [form]
    while todo:
        at = todo.pop()
        todo.extend(at.parts)
        if isinstance(at, Name):
            found |= {at.label.name}.union(*(letters_in(e) for axis in at.axes for e in axis if e))
        elif isinstance(at, SumOver):
            found |= letters_in(at.index) | letters_in(at.size)
        elif isinstance(at, Scalar):
            found |= letters_in(at.value)
        elif isinstance(at, Unit):
            found |= letters_in(at.at)
        elif isinstance(at, Power):
            found |= letters_in(at.exponent)
        found |= letters_in(at.shape[0]) | letters_in(at.shape[1])
    return frozenset(found)

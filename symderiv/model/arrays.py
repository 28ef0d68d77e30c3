"""`Array`: what a user holds; index notation with NumPy's operators.

An array is its shape and the entry at canonical indices. Operators build entries as they were
written; a result without axes is a plain SymPy expression.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from sympy import (
    Abs,
    Expr,
    GreaterThan,
    Indexed,
    LessThan,
    Product,
    StrictGreaterThan,
    StrictLessThan,
    Sum,
    Symbol,
)
from sympy.core.basic import Basic

from symderiv.core.errors import Unsupported
from symderiv.core.expr import (
    MaxOver,
    MinOver,
    add,
    call,
    indicator,
    mul,
    neg,
    relation,
    sub,
)
from symderiv.core.messages import N_, Sentence
from symderiv.core.symbols import Label, label_of
from symderiv.model.contraction import matmul
from symderiv.model.entries import divide, inverse, raised
from symderiv.model.grid import Grid, combine, positions, reduce, show, transpose, with_indices
from symderiv.model.indexing import pick
from symderiv.model.plain import is_condition, read
from symderiv.model.refusal import Refusing

Axis = int | Sequence[int] | None


class Array(Refusing, Grid):
    """An array of formulas: ``indices ↦ element`` over ``shape``.

    Supports ``+ - * / **``, unary minus, ``abs``, comparisons (``<`` and its kin give conditions
    for `where`), ``@``, indexing from 1, and NumPy's broadcasting. ``==`` compares the formulas
    themselves, so arrays may be keys of a dict.

    >>> from symderiv.model.declare import dim, index, vector
    >>> n, i = dim("n"), index("i")
    >>> x, y = vector("x", n), vector("y", n)
    >>> (2 * x - y)[i]
    2*x[i] - y[i]
    >>> (x @ y) / n
    Sum(x[i]*y[i], (i, 1, n))/n
    """

    __slots__ = ()
    _op_priority: ClassVar[float] = 20.0  # SymPy's operators leave the work to the array's
    is_Matrix: ClassVar[bool] = False  # noqa: N815
    is_MatrixLike: ClassVar[bool] = False  # noqa: N815

    # ------------------------------------------------------------ what it is

    @property
    def label(self) -> Label | None:
        """The label of a declared array or of one named by `let`; None for a composite one."""
        e = self.element
        label = label_of(e)
        whole = isinstance(e, Indexed) and e.args[1:] == self.indices
        return label if whole and isinstance(label, Label) else None

    @property
    def name(self) -> str | None:
        """The name of a declared array or of one named by `let`; None for a composite one."""
        return self.label.stem if self.label else None

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def T(self) -> Array:  # noqa: N802
        """The transpose: all axes in reverse order."""
        return _array(transpose(self, range(self.ndim - 1, -1, -1)))

    def transpose(self, *axes: int) -> Array:
        """The axes in another order, reversed if none is given; counted from 0."""
        order = axes or tuple(range(self.ndim - 1, -1, -1))
        if len(positions(self, order)) != self.ndim:
            raise Unsupported(
                Sentence(
                    "transpose{axes} must name each axis of {shape} once",
                    axes=axes,
                    shape=show(self.shape),
                )
            )
        return _array(transpose(self, [a % self.ndim for a in order]))

    def __repr__(self) -> str:
        return f"Array({self.name or self.element}, shape={show(self.shape)})"

    def __getitem__(self, key: Any) -> Any:
        """``t[i, j]`` is an entry; fewer indices, ``:``, ``...`` or None leave an array.

        Raises `ShapeError` for too many indices and for an index that is surely out of range.
        """
        return unwrap(pick(self, key, self.name or "the array"))

    # ------------------------------------------------------------ operators

    def __neg__(self) -> Any:
        return elementwise(neg, self)

    def __pos__(self) -> Array:
        return self

    def __abs__(self) -> Any:
        return elementwise(lambda x: call(Abs, x), self)

    def __add__(self, other: Any) -> Any:
        return elementwise(add, self, other, what=N_("add"))

    def __radd__(self, other: Any) -> Any:
        return elementwise(add, other, self, what=N_("add"))

    def __sub__(self, other: Any) -> Any:
        return elementwise(sub, self, other, what=N_("subtract"))

    def __rsub__(self, other: Any) -> Any:
        return elementwise(sub, other, self, what=N_("subtract"))

    def __mul__(self, other: Any) -> Any:
        return elementwise(mul, self, other, what=N_("multiply"))

    def __rmul__(self, other: Any) -> Any:
        return elementwise(mul, other, self, what=N_("multiply"))

    def __truediv__(self, other: Any) -> Any:
        return elementwise(divide, self, other, what=N_("divide"))

    def __rtruediv__(self, other: Any) -> Any:
        return elementwise(divide, other, self, what=N_("divide"))

    def __pow__(self, other: Any) -> Any:
        return elementwise(raised, self, other, what=N_("raise"))

    def __rpow__(self, other: Any) -> Any:
        return elementwise(raised, other, self, what=N_("raise"))

    def __matmul__(self, other: Any) -> Any:
        return unwrap(matmul(self, as_array(other)))

    def __rmatmul__(self, other: Any) -> Any:
        return unwrap(matmul(as_array(other), self))

    def __lt__(self, other: Any) -> Any:
        return compare(StrictLessThan, self, other)

    def __le__(self, other: Any) -> Any:
        return compare(LessThan, self, other)

    def __gt__(self, other: Any) -> Any:
        return compare(StrictGreaterThan, self, other)

    def __ge__(self, other: Any) -> Any:
        return compare(GreaterThan, self, other)

    # ------------------------------------------------------------ over axes

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Any:
        """``Σ`` over all axes, or over some (counted from 0, or from -1 back)."""
        return self._over(Sum, axis, keepdims)

    def prod(self, axis: Axis = None, keepdims: bool = False) -> Any:
        """``Π`` over all axes, or over some."""
        return self._over(Product, axis, keepdims)

    def max(self, axis: Axis = None, keepdims: bool = False) -> Any:
        """The largest entry over all axes, or over some."""
        return self._over(MaxOver, axis, keepdims)

    def min(self, axis: Axis = None, keepdims: bool = False) -> Any:
        """The smallest entry over all axes, or over some."""
        return self._over(MinOver, axis, keepdims)

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Any:
        """The average over all axes, or over some: ``1/n Σ``."""
        count = mul(*(self.shape[k] for k in positions(self, axis)))
        whole = as_array(self.sum(axis, keepdims))
        return elementwise(lambda x: mul(inverse(count), x), whole)

    def _over(self, head: type, axis: Axis, keepdims: bool) -> Any:
        return unwrap(reduce(head, _numeric(self), axis, keepdims))

    def __reduce__(self) -> tuple[Any, ...]:
        from symderiv.core.codec import Table, encode

        table = Table()
        element = encode(self.element, table)
        parts = [[encode(e, table) for e in part] for part in (self.shape, self.indices)]
        return _unpickled, (table.to_data(), *parts, element)


# ---------------------------------------------------------------- in and out


def _array(g: Grid) -> Array:
    return Array(g.shape, g.indices, g.element, g.given)


def _unpickled(labels: Any, shape: list[Any], indices: list[Any], element: Any) -> Array:
    """An array as it was written; SymPy's own pickles would put its terms in another order."""
    from symderiv.core.codec import Table, decode

    table = Table.from_data(labels)
    sizes, axes = (tuple(decode(e, table) for e in part) for part in (shape, indices))
    return Array(sizes, axes, decode(element, table))


def unwrap(g: Grid) -> Any:
    """An `Array`; without axes, its entry."""
    return _array(g) if g.shape else g.element


def whole(label: Label) -> Any:
    """The array of a label, or the scalar that it is."""
    places = tuple(Symbol(f"\x00{k}", integer=True) for k in range(len(label.shape)))
    return unwrap(with_indices(label.shape, places, label.entry(*places)))


def as_array(obj: Any) -> Array:
    """What a user hands in as an `Array`; expressions and numbers get the shape ``()``.

    Raises `Unsupported`, with what to write instead, for matrices, lists, text and so on.
    """
    if isinstance(obj, Array):
        return obj
    if isinstance(obj, Label) and obj.shape:
        return _array(whole(obj))
    return Array((), (), read(obj))


def as_expression(obj: Any) -> Expr:
    """What a user hands in as an as-written expression; of an array, the entry at its indices."""
    return as_array(obj).element


def _numeric(a: Array) -> Array:
    """A condition as a number: 1 where it holds, else 0."""
    if is_condition(a.element):
        return Array(a.shape, a.indices, indicator(a.element), a.given)
    return a


def elementwise(build: Callable[..., Expr], *operands: Any, what: str = "combine") -> Any:
    """``build`` on the entries of the broadcast operands."""
    return unwrap(combine(build, *(_numeric(as_array(x)) for x in operands), what=what))


def compare(head: type, a: Any, b: Any) -> Any:
    """An array of conditions."""
    return elementwise(lambda x, y: relation(head, x, y), a, b, what=N_("compare"))


def condition_of(e: Basic) -> Basic:
    """A condition as it is; a number is no condition."""
    if not is_condition(e):
        raise Unsupported(Sentence("{e} is no condition; write a comparison such as z > 0", e=e))
    return e

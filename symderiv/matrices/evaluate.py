"""What a matrix form is worth in NumPy. It knows nothing of index forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Add as SumOf
from sympy import Expr, Indexed, Mul, Number, Pow, Symbol
from sympy.core.numbers import NumberSymbol

from symderiv.core import functions
from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence
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
    Scalar,
    Scale,
    SumOver,
    Trace,
    Transpose,
    Unit,
    leaves,
    show,
)

Floats = npt.NDArray[np.float64]
Function = Callable[..., Any]

_FUNCTIONS: dict[str, Function] = {
    "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh,
    "tanh": np.tanh, "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh,
    "Abs": np.abs, "sign": np.sign, "floor": np.floor, "ceiling": np.ceil,
    "Max": lambda *args: reduce(np.maximum, args), "Min": lambda *args: reduce(np.minimum, args),
    **{head.__name__: head._imp_ for head in functions.ACTIVATIONS},
}  # fmt: skip
_RELATIONS: dict[str, Function] = {
    "<": np.less, "≤": np.less_equal, ">": np.greater, "≥": np.greater_equal,
    "=": np.equal, "≠": np.not_equal,
}  # fmt: skip


def evaluate(
    form: MatrixForm,
    arrays: Mapping[str, npt.ArrayLike],
    sizes: Mapping[Symbol, int] | None = None,
) -> Floats:
    """The matrix that a form is, for these arrays; vectors are columns, numbers are 1 by 1.

    Args:
        form: The form.
        arrays: Arrays and scalars by name, with all their axes; adjoints by `Name.key`.
        sizes: Sizes that no array tells, and the values of held indices, counted from 1.

    Raises:
        DataError: An array is missing, or its shape does not fit.

    Example:
        >>> from sympy import Symbol
        >>> n = Symbol("n")
        >>> x = Name(Symbol("x"), ((n, None),))
        >>> evaluate(MatMul((Transpose(x), x)), {"x": [3, 4]}).item()
        25.0
    """
    known = dict(sizes or {})
    for leaf in leaves(form):
        if isinstance(leaf, Name) and leaf.axes:
            _read_sizes(leaf, _array(leaf, arrays), known)
    return _Evaluator(arrays, known).value(form)


def _array(name: Name, arrays: Mapping[str, npt.ArrayLike]) -> Floats:
    if name.key not in arrays:
        raise DataError(Sentence("no array for {name}; hand one in by that name", name=name.key))
    array: Floats = np.asarray(arrays[name.key], dtype=float)
    return array


def _read_sizes(name: Name, array: Floats, known: dict[Symbol, int]) -> None:
    expected = tuple(size for size, _ in name.axes)
    if array.ndim != len(expected):
        raise DataError(
            Sentence(
                "{name}: expected shape {expected}, given {shape}",
                name=name.key,
                expected=show(expected),
                shape=array.shape,
            )
        )
    for size, actual in zip(expected, array.shape, strict=True):
        if isinstance(size, Symbol):
            wanted = known.setdefault(size, actual)
        else:
            value = size.subs(known)
            wanted = int(value) if value.is_Integer else actual
        if wanted != actual:
            raise DataError(
                Sentence(
                    "{name}: expected shape {expected} with {size} = {wanted}, given {shape}",
                    name=name.key,
                    expected=show(expected),
                    size=size,
                    wanted=wanted,
                    shape=array.shape,
                )
            )


@dataclass(frozen=True, slots=True)
class _Evaluator:
    arrays: Mapping[str, npt.ArrayLike]
    sizes: Mapping[Symbol, int]

    def value(self, form: MatrixForm) -> Floats:
        return _VALUES[type(form)](self, form)

    def size(self, e: Expr) -> int:
        found = e.subs(self.sizes)
        if not found.is_Integer:
            raise DataError(
                Sentence(
                    "the size or index {size} is not known; hand it in as {option}",
                    size=e,
                    option=f"sizes={{{e}: …}}",
                )
            )
        return int(found)

    def number(self, e: Expr) -> float:
        """A formula of numbers, sizes and scalar names."""
        if isinstance(e, (Number, NumberSymbol)):
            return float(e)
        if isinstance(e, Symbol):
            if e.name in self.arrays:
                return float(np.asarray(self.arrays[e.name]))
            return float(self.size(e))
        if isinstance(e, Indexed):
            raise DataError(Sentence("{expression} is an entry and no scalar", expression=e))
        args = [self.number(x) for x in e.args]
        if isinstance(e, SumOf):
            return sum(args)
        if isinstance(e, Mul):
            return float(np.prod(args))
        if isinstance(e, Pow):
            return float(np.power(args[0], args[1]))
        return float(_function(type(e).__name__)(*args))

    def name(self, form: Name) -> Floats:
        array = _array(form, self.arrays)
        places: list[int | slice] = []
        for size, at in form.axes:
            place = slice(None) if at is None else self.size(at) - 1
            if isinstance(place, int) and not 0 <= place < self.size(size):
                raise DataError(
                    Sentence(
                        "{name}: the index {at} = {place} is out of 1…{size}",
                        name=form.key,
                        at=at,
                        place=place + 1,
                        size=size,
                    )
                )
            places.append(place)
        return np.reshape(array[tuple(places)], [self.size(s) for s in form.shape])

    def filled(self, form: Fill) -> Floats:
        shape = [self.size(s) for s in form.shape]
        return np.full(shape, self.value(form.value).item())

    def unit(self, form: Unit) -> Floats:
        places = np.arange(1, self.size(form.size) + 1)
        column: Floats = np.where(places == self.size(form.at), 1.0, 0.0)[:, None]
        return column

    def sum_over(self, form: SumOver) -> Floats:
        sums = np.zeros([self.size(s) for s in form.shape])
        for example in range(1, self.size(form.size) + 1):
            sums += replace(self, sizes={**self.sizes, form.index: example}).value(form.arg)
        return sums

    def trace(self, form: Trace) -> Floats:
        return np.reshape(np.trace(self.value(form.arg)), (1, 1))

    def all(self, forms: tuple[MatrixForm, ...]) -> list[Floats]:
        return [self.value(form) for form in forms]


def _times(a: Floats, b: Floats) -> Floats:
    """A product entry by entry, where 0 times anything is 0 as in ``0 log 0``."""
    product: Floats = np.where((a == 0) | (b == 0), 0.0, a * b)
    return product


def _matmul(a: Floats, b: Floats) -> Floats:
    if np.isfinite(a).all() and np.isfinite(b).all():
        return a @ b
    product: Floats = _times(a[:, :, None], b[None, :, :]).sum(axis=1)
    return product


def _function(name: str) -> Function:
    if name == "erf":
        import math

        return np.vectorize(math.erf, otypes=[float])
    return _FUNCTIONS[name]


_VALUES: dict[type, Callable[[_Evaluator, Any], Floats]] = {
    Name: _Evaluator.name,
    Scalar: lambda to, form: np.full((1, 1), to.number(form.value)),
    Ones: lambda to, form: np.ones((to.size(form.size), 1)),
    Identity: lambda to, form: np.eye(to.size(form.size)),
    Fill: _Evaluator.filled,
    Transpose: lambda to, form: to.value(form.arg).T,
    MatMul: lambda to, form: reduce(_matmul, to.all(form.factors)),
    Hadamard: lambda to, form: reduce(_times, to.all(form.factors)),
    Add: lambda to, form: reduce(np.add, to.all(form.terms)),
    Scale: lambda to, form: _times(to.value(form.factor), to.value(form.arg)),
    Diag: lambda to, form: np.diag(to.value(form.arg)[:, 0]),
    Trace: _Evaluator.trace,
    Unit: _Evaluator.unit,
    SumOver: _Evaluator.sum_over,
    Apply: lambda to, form: np.asarray(_function(form.function)(*to.all(form.args))),
    Power: lambda to, form: np.power(to.value(form.base), to.number(form.exponent)),
    Indicator: lambda to, form: _RELATIONS[form.relation](*to.all(form.parts)).astype(float),
}

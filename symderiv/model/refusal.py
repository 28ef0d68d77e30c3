"""What an array is not: neither a sequence, nor a number, nor an object of SymPy or NumPy.

Without these methods, ``list(z)`` would count for ever, and ``np.exp(z)`` fail without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from sympy import Expr, SympifyError

from symderiv.core.errors import Unsupported
from symderiv.core.messages import N_, Sentence
from symderiv.model.grid import show


class NotAnExpression(Unsupported, SympifyError):
    """An array where SymPy or NumPy expects one of their own objects."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.expr = None
        self.base_exc = None

    def __str__(self) -> str:
        return str(self.args[0])


class Refusing:
    """Clear refusals for a class that has a ``name`` and a ``shape``."""

    __slots__ = ()
    shape: tuple[Expr, ...]

    @property
    def name(self) -> str | None:
        """How messages call it."""
        raise NotImplementedError

    def _refuse(self, what: str) -> NoReturn:
        who = self.name or Sentence("this array")
        raise NotAnExpression(
            Sentence(
                "{who} is an array of formulas of shape {shape}: {what}",
                who=who,
                shape=show(self.shape),
                what=Sentence(what),
            )
        )

    def _sympy_(self) -> NoReturn:
        self._refuse(
            N_(
                "SymPy cannot take it whole; write sd.exp(z), sd.log(z), z.sum(), … "
                "or hand SymPy an entry, z[i]"
            )
        )

    def __iter__(self) -> Iterator[Any]:
        self._refuse(N_("it cannot be iterated; write z.sum(), or sympy.Sum(z[i], (i, 1, n))"))

    def __len__(self) -> int:  # noqa: PLE0303
        self._refuse(N_("it has no len(); its sizes are z.shape"))

    def __bool__(self) -> bool:  # noqa: PLE0304
        self._refuse(N_("it is neither true nor false; conditions go into sd.where(z > 0, a, b)"))

    def __float__(self) -> float:
        self._refuse(N_("it has no number; lambdify it, or write sd.exp(z) for math.exp(z)"))

    def __contains__(self, item: object) -> bool:
        self._refuse(N_("'in' asks nothing of it"))

    def __array__(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse(N_("NumPy cannot hold it; lambdify it, and call that with numbers"))

    def __array_function__(self, func: Any, *args: Any) -> NoReturn:
        name = getattr(func, "__name__", "that function")
        self._refuse(f"write sd.{name}(z) or z.{name}() instead of np.{name}(z), where it exists")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        operator = _UFUNCS.get(ufunc.__name__)
        if operator is None or method != "__call__" or len(inputs) != 2:
            self._refuse(f"write sd.{ufunc.__name__}(z) instead of np.{ufunc.__name__}(z)")
        left, right = inputs
        if isinstance(left, Refusing):
            return getattr(left, f"__{operator}__")(right)
        return getattr(right, f"__{_REFLECTED.get(operator, 'r' + operator)}__")(left)


_UFUNCS = {
    "add": "add",
    "subtract": "sub",
    "multiply": "mul",
    "divide": "truediv",
    "power": "pow",
    "matmul": "matmul",
    "less": "lt",
    "less_equal": "le",
    "greater": "gt",
    "greater_equal": "ge",
    "equal": "eq",
    "not_equal": "ne",
}
_REFLECTED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}

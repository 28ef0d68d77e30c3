"""The elementwise operations of array programs, on any module that has NumPy's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symderiv.lower import errorfunction

Value = Any  # an array of the back end, or a Python number where there are no axes
PLAIN = (bool, int, float)
MOST_INTEGER = 2**31

NAMES: tuple[str, ...] = (
    *("add", "subtract", "negative", "divide", "exp", "log", "absolute", "sign", "floor", "ceil"),
    *("mod", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "arctan2", "sinh", "cosh", "tanh"),
    *("arcsinh", "arccosh", "arctanh", "maximum", "minimum", "heaviside", "where", "equal"),
    *("not_equal", "less", "less_equal", "greater", "greater_equal"),
    *("logical_and", "logical_or", "logical_not"),
)


def functions(xp: Any) -> Mapping[str, Callable[..., Value]]:
    """The elementwise operations by name, on one array module."""
    root_half = 0.5**0.5

    def power(x: Value, y: Value) -> Value:
        if isinstance(y, PLAIN):
            if y == -1:
                return _inverse(xp, x)
            if y == 2:
                return x * x
            if y in (0.5, -0.5):
                root = xp.sqrt(x)
                return root if y > 0 else _inverse(xp, root)
            if 0 < y < MOST_INTEGER and y == int(y):
                y = int(y)
        return xp.power(float(x) if isinstance(x, PLAIN) else x, y)

    def sigmoid(x: Value) -> Value:
        small = xp.exp(-xp.abs(x))
        return xp.where(xp.asarray(x) >= 0, 1.0, small) / (1.0 + small)

    table: dict[str, Callable[..., Value]] = {name: getattr(xp, name) for name in NAMES}
    return table | {
        "power": power,
        "sigmoid": sigmoid,
        "softplus": lambda x: xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.abs(x))),
        "relu": lambda x: xp.maximum(x, 0),
        "erf": lambda x: errorfunction.erf(xp, x),
        "erfc": lambda x: errorfunction.erfc(xp, x),
        "gelu": lambda x: 0.5 * x * errorfunction.erfc(xp, -x * root_half),
        "finite_or_zero": lambda x: xp.where(xp.isfinite(x), x, xp.zeros_like(x)),
        "integer": lambda x: xp.rint(x).astype(int),
    }


def _inverse(xp: Any, x: Value) -> Value:
    return xp.divide(1.0, x)

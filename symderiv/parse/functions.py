"""The table of functions that a text may call. What is not in it cannot be called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

import sympy
from sympy import Eq, Expr, Ne, Product, Sum

from symderiv.core.errors import Unsupported
from symderiv.core.expr import MaxOver, MinOver, call, delta
from symderiv.core.messages import N_, Sentence
from symderiv.model import elementwise, information
from symderiv.model.arrays import Array, as_array
from symderiv.model.arrays import elementwise as over_entries

BINDERS: dict[str, type] = {"Sum": Sum, "Product": Product, "Max": MaxOver, "Min": MinOver}
CONSTANTS: dict[str, Expr] = {"pi": sympy.pi, "π": sympy.pi}
RELATIONS: dict[str, type] = {
    "<": sympy.StrictLessThan,
    "<=": sympy.LessThan,
    ">": sympy.StrictGreaterThan,
    ">=": sympy.GreaterThan,
    "==": Eq,
    "!=": Ne,
}


ONE, MANY = N_("1 argument"), N_("{count} arguments")


@dataclass(frozen=True, slots=True)
class Known:
    """A function with the number of arguments that it takes, and the options it understands."""

    apply: Callable[..., Any]
    least: int = 1
    most: int = 1
    options: tuple[str, ...] = ()

    @property
    def arguments(self) -> str:
        """The number of arguments, for messages."""
        if self.least < self.most:
            return Sentence("{least} to {most} arguments", least=self.least, most=self.most)
        return Sentence(ONE if self.most == 1 else MANY, count=self.most)


@cache
def functions() -> dict[str, Known]:
    """Every function by name.

    >>> functions()["where"].arguments
    '3 arguments'
    """
    return {**_elementwise(), **_over_axes(), **_information()}


def _elementwise() -> dict[str, Known]:
    own = (
        *("exp", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh"),
        *("sigmoid", "relu", "softplus", "gelu", "silu"),
    )
    table = {name: Known(getattr(elementwise, name)) for name in own}
    table |= {name: Known(_of_sympy(head)) for name, head in _SYMPY.items()}
    table["abs"] = Known(elementwise.abs_)
    table["log"] = Known(elementwise.log, 1, 2, ("base",))
    table["ln"] = Known(elementwise.log)
    table["leaky_relu"] = Known(elementwise.leaky_relu, 1, 2, ("slope",))
    table["elu"] = Known(elementwise.elu, 1, 2, ("alpha",))
    table["maximum"] = Known(elementwise.maximum, 2, 2)
    table["minimum"] = Known(elementwise.minimum, 2, 2)
    table["where"] = Known(elementwise.where, 3, 3)
    table["delta"] = table["KroneckerDelta"] = Known(_delta, 2, 2)
    return table


_SYMPY: dict[str, type] = {
    name: getattr(sympy, name)
    for name in (
        *("cot", "sec", "csc", "asin", "acos", "atan", "acot"),
        *("coth", "sech", "csch", "asinh", "acosh", "atanh", "acoth"),
        *("erf", "erfc", "sign"),
    )
}


def _of_sympy(head: type) -> Callable[[Any], Any]:
    return lambda x: over_entries(lambda e: call(head, e), x)


def _delta(a: Any, b: Any) -> Expr:
    for index in (a, b):
        if isinstance(index, Array) or not isinstance(index, Expr) or index.is_integer is False:
            raise Unsupported(
                Sentence("delta takes two indices, such as delta(i, j), not {index}", index=index)
            )
    return delta(a, b)


def _over_axes() -> dict[str, Known]:
    axis = ("axis",)
    kept = ("axis", "keepdims")
    return {
        "softmax": Known(elementwise.softmax, options=axis),
        "log_softmax": Known(elementwise.log_softmax, options=axis),
        "logsumexp": Known(elementwise.logsumexp, options=kept),
        "sum": Known(_reduction("sum"), options=kept),
        "prod": Known(_reduction("prod"), options=kept),
        "mean": Known(_reduction("mean"), options=kept),
        "max": Known(_extremum("max", elementwise.maximum), 1, 20, kept),
        "min": Known(_extremum("min", elementwise.minimum), 1, 20, kept),
        "transpose": Known(_transpose),
    }


def _reduction(name: str) -> Callable[..., Any]:
    def over(x: Any, **options: Any) -> Any:
        array = as_array(x)
        if not array.shape:
            raise Unsupported(
                Sentence("{name} runs over the axes of an array; {x} is a scalar", name=name, x=x)
            )
        return getattr(array, name)(**options)

    return over


def _extremum(name: str, of_two: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    over = _reduction(name)

    def extremum(*values: Any, **options: Any) -> Any:
        if len(values) == 1:
            return over(*values, **options)
        if options:
            raise Unsupported(Sentence("{name} of several values has no axis", name=name))
        return reduce(of_two, values)

    return extremum


def _transpose(x: Any) -> Any:
    return as_array(x).T


def _information() -> dict[str, Known]:
    one = (
        *("self_information", "entropy", "perplexity", "joint_entropy"),
        *("conditional_entropy", "mutual_information", "binary_entropy"),
    )
    two = ("cross_entropy", "kl_divergence", "js_divergence", "binary_cross_entropy")
    base = ("base",)
    table = {name: Known(getattr(information, name), 1, 1, base) for name in one}
    table |= {name: Known(getattr(information, name), 2, 2, base) for name in two}
    logits = information.binary_cross_entropy_with_logits
    return table | {"binary_cross_entropy_with_logits": Known(logits, 2, 2)}

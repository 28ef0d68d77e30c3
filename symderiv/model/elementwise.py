"""Functions of arrays, SymPy expressions and numbers, entry by entry; softmax and its kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Abs as SympyAbs
from sympy import E, Expr, Max, Min, Number, Rational, S
from sympy import cos as sympy_cos
from sympy import cosh as sympy_cosh
from sympy import exp as sympy_exp
from sympy import log as sympy_log
from sympy import sin as sympy_sin
from sympy import sinh as sympy_sinh
from sympy import tan as sympy_tan
from sympy import tanh as sympy_tanh

from symderiv.core import functions as known
from symderiv.core.errors import Unsupported
from symderiv.core.expr import call, cases, mul, power
from symderiv.core.messages import Sentence
from symderiv.model.arrays import (
    Array,
    Axis,
    as_array,
    as_expression,
    condition_of,
    elementwise,
    unwrap,
)
from symderiv.model.contraction import einsum as _einsum
from symderiv.model.grid import combine


def _function(head: type, name: str, text: str) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        return elementwise(lambda e: call(head, e), x)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{text}, entry by entry; of an array, a SymPy expression or a number."
    return function


exp = _function(sympy_exp, "exp", "``e^x``")
sin = _function(sympy_sin, "sin", "The sine")
cos = _function(sympy_cos, "cos", "The cosine")
tan = _function(sympy_tan, "tan", "The tangent")
sinh = _function(sympy_sinh, "sinh", "The hyperbolic sine")
cosh = _function(sympy_cosh, "cosh", "The hyperbolic cosine")
tanh = _function(sympy_tanh, "tanh", "The hyperbolic tangent")
abs_ = _function(SympyAbs, "abs", "The absolute value")
sigmoid = _function(known.sigmoid, "sigmoid", "``1/(1 + e^-x)``")
relu = _function(known.relu, "relu", "``max(x, 0)``")
softplus = _function(known.softplus, "softplus", "``log(1 + e^x)``")
gelu = _function(known.gelu, "gelu", "``x/2 (1 + erf(x/√2))``")
silu = _function(known.silu, "silu", "``x sigmoid(x)``")


def sqrt(x: Any) -> Any:
    """``√x``, entry by entry."""
    return elementwise(lambda e: power(e, Rational(1, 2)), x)


def log_entry(e: Expr, base: Any = None) -> Expr:
    """``log e``, or ``log e / log base``."""
    if base is None:
        return call(sympy_log, e)
    b = as_expression(base)
    if b is E:
        return call(sympy_log, e)
    if (isinstance(b, Number) and (b <= 0 or b is S.One)) or b.is_positive is False:
        raise Unsupported(
            Sentence("log has no base {base}; a base is positive and not 1", base=base)
        )
    return mul(call(sympy_log, e), power(call(sympy_log, b), S.NegativeOne))


def log(x: Any, base: Any = None) -> Any:
    """The natural logarithm, or the one to a base, entry by entry.

    >>> from sympy.abc import a
    >>> log(a, 2)
    log(a)/log(2)
    """
    return elementwise(lambda e: log_entry(e, base), x)


def leaky_relu(x: Any, slope: Any = 0.01) -> Any:
    """``x`` where ``x > 0``, else ``slope x``, entry by entry."""
    return elementwise(lambda e, s: call(known.leaky_relu, e, s), x, slope)


def elu(x: Any, alpha: Any = 1) -> Any:
    """``x`` where ``x > 0``, else ``alpha (e^x - 1)``, entry by entry."""
    return elementwise(lambda e, a: call(known.elu, e, a), x, alpha)


def _extremum(head: type) -> Callable[[Expr, Expr], Expr]:
    def build(a: Expr, b: Expr) -> Expr:
        if a == b:
            return a
        made = Expr.__new__(head, a, b)
        made._argset = frozenset((a, b))
        return made

    return build


def maximum(a: Any, b: Any) -> Any:
    """The larger of two, entry by entry."""
    return elementwise(_extremum(Max), a, b)


def minimum(a: Any, b: Any) -> Any:
    """The smaller of two, entry by entry."""
    return elementwise(_extremum(Min), a, b)


def where(condition: Any, a: Any, b: Any) -> Any:
    """``a`` where the condition holds, else ``b``, entry by entry.

    >>> from symderiv.model.declare import dim, index, vector
    >>> z, i = vector("z", dim("n")), index("i")
    >>> where(z > 0, z, 0)[i]
    Piecewise((z[i], z[i] > 0), (0, True))
    """
    test = as_array(condition)
    condition_of(test.element)

    def build(c: Any, x: Expr, y: Expr) -> Expr:
        return cases((x, c), (y, S.true))

    return unwrap(combine(build, test, as_array(a), as_array(b)))


def einsum(subscripts: str, *arrays: Any) -> Any:
    """NumPy's ``einsum``: products summed over every index that the output lacks.

    >>> from symderiv.model.declare import dims, index, matrix, vector
    >>> n, m = dims("n m")
    >>> einsum("ij,j->i", matrix("W", n, m), vector("x", m))[index("i")]
    Sum(W[i, j]*x[j], (j, 1, m))
    """
    return unwrap(_einsum(subscripts, [as_array(x) for x in arrays]))


# ---------------------------------------------------------------- softmax


def _needs_axes(z: Any, name: str) -> Array:
    array = as_array(z)
    if not array.shape:
        raise Unsupported(
            Sentence(
                "{name} runs over an axis; {expression} is a scalar",
                name=name,
                expression=array.element,
            )
        )
    return array


def softmax(z: Any, axis: Axis = -1) -> Any:
    """``e^{z_i} / Σ_j e^{z_j}`` over an axis, the last one by default.

    >>> from symderiv.model.declare import dim, index, vector
    >>> softmax(vector("z", dim("n")))[index("i")]
    exp(z[i])/Sum(exp(z[j]), (j, 1, n))
    """
    powers = exp(_needs_axes(z, "softmax"))
    return powers / powers.sum(axis, keepdims=True)


def logsumexp(z: Any, axis: Axis = -1, keepdims: bool = False) -> Any:
    """``log Σ_j e^{z_j}`` over an axis, the last one by default."""
    return log(exp(_needs_axes(z, "logsumexp")).sum(axis, keepdims))


def log_softmax(z: Any, axis: Axis = -1) -> Any:
    """``z_i - log Σ_j e^{z_j}`` over an axis, the last one by default."""
    array = _needs_axes(z, "log_softmax")
    return array - logsumexp(array, axis, keepdims=True)


__all__ = [
    "abs_",
    "cos",
    "cosh",
    "einsum",
    "elu",
    "exp",
    "gelu",
    "leaky_relu",
    "log",
    "log_softmax",
    "logsumexp",
    "maximum",
    "minimum",
    "relu",
    "sigmoid",
    "silu",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "sqrt",
    "tan",
    "tanh",
    "where",
]

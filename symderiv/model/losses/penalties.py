"""Penalties on parameters, to be added to a loss."""

from __future__ import annotations

from typing import Any

from symderiv.core.errors import Unsupported
from symderiv.core.expr import add
from symderiv.core.messages import Sentence
from symderiv.model.arrays import Array, as_array, as_expression
from symderiv.model.elementwise import abs_


def l1_penalty(*arrays: Any, strength: Any = 1) -> Any:
    """``λ Σ |w|`` over every entry of some arrays.

    >>> from symderiv.model.declare import dim, scalar, vector
    >>> l1_penalty(vector("w", dim("n")), strength=scalar("lambda"))
    lambda*Sum(Abs(w[i]), (i, 1, n))
    """
    return _over(arrays, strength, abs_)


def l2_penalty(*arrays: Any, strength: Any = 1) -> Any:
    """``λ Σ w²`` over every entry of some arrays.

    >>> from symderiv.model.declare import dim, scalar, vector
    >>> l2_penalty(vector("w", dim("n")), strength=scalar("lambda"))
    lambda*Sum(w[i]**2, (i, 1, n))
    """
    return _over(arrays, strength, lambda w: w**2)


def _over(arrays: tuple[Any, ...], strength: Any, of: Any) -> Any:
    if not arrays:
        raise Unsupported(Sentence("a penalty needs the arrays that it is for: l2_penalty(W, …)"))
    totals = (_total(of(as_array(w))) for w in arrays)
    return as_expression(as_array(strength) * as_array(add(*totals)))


def _total(values: Any) -> Any:
    return values.sum() if isinstance(values, Array) else values

"""Formulas as NumPy functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symderiv.api.derivation import Derivation
from symderiv.api.goals import subject
from symderiv.core.model import Model

if TYPE_CHECKING:
    from symderiv.lower.function import CompiledFunction


def lambdify(expr: Any, *, backend: str = "numpy") -> CompiledFunction:
    """A vectorised function of an expression, an array of formulas, or a derivation's result.

    It is called with arrays by name, ``f(z=…, y=…)``, or with one dict for names that are
    keywords of Python. Sizes are taken from the shapes.

    >>> import symderiv as sd
    >>> x = sd.vector("x", sd.dim("n"))
    >>> float(sd.lambdify(x @ x)(x=[3.0, 4.0]))
    25.0
    """
    if isinstance(expr, Derivation):
        return expr.lambdify(backend)
    from symderiv.lower import lower

    of = subject(expr)
    return lower(of.element, indices=of.indices, model=Model.of(of.element), backend=backend)

"""Formulas as NumPy functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symderiv.api.derivation import Derivation
from symderiv.api.goals import subject
from symderiv.core.errors import Unsupported
from symderiv.core.messages import Sentence
from symderiv.core.model import Model

if TYPE_CHECKING:
    from symderiv.lower.function import CompiledFunction
    from symderiv.oracle.report import Report


def check(derivation: Any, *, seed: int = 0, **options: Any) -> Report:
    """Test every step of a derivation, lemmas too, by numbers; see `Derivation.check`.

    ``derivation`` may be a whole `Backprop`.

    >>> import symderiv as sd
    >>> x = sd.scalar("x")
    >>> sd.check(sd.derive(x**2, x)).ok
    True
    """
    if not hasattr(derivation, "check"):
        raise Unsupported(
            Sentence("check() takes a derivation, not {kind}", kind=type(derivation).__name__)
        )
    report: Report = derivation.check(seed=seed, **options)
    return report


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

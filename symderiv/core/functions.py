"""Activation functions as SymPy functions: never evaluated on symbols, each with its definition.

SymPy may differentiate, evaluate and lambdify them like its own functions. The laws of their
derivatives that a derivation cites stand in a table of rules; here is only what they mean.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Dummy,
    Expr,
    Function,
    Rational,
    S,
    StrictGreaterThan,
    erf,
    exp,
    log,
)

from symderiv.core.expr import add, call, cases, div, mul, neg, power, relation, sub

HALF = Rational(1, 2)


class Activation(Function):
    """A function with a definition in elementary functions."""

    @classmethod
    def eval(cls, *args: Expr) -> None:
        """Nothing evaluates by itself; `definition` and ``doit`` unfold."""

    @classmethod
    def formula(cls, *args: Expr) -> Expr:
        """The defining expression, as written."""
        raise NotImplementedError

    def definition(self) -> Expr:
        """The defining expression at this argument, as written.

        >>> from sympy.abc import x
        >>> silu(x).definition()
        x*sigmoid(x)
        """
        return self.formula(*self.args)

    def doit(self, **hints: Any) -> Expr:
        """The definition, evaluated by SymPy.

        >>> sigmoid(0).doit()
        1/2
        """
        return self.definition().doit(**hints)

    def fdiff(self, argindex: int = 1) -> Expr:
        """The derivative of the definition in one argument, for SymPy's ``diff``."""
        places = [Dummy(f"x{k}", real=True) for k in range(len(self.args))]
        slope = self.formula(*places).doit().diff(places[argindex - 1])
        return slope.xreplace(dict(zip(places, self.args, strict=True)))

    def _eval_evalf(self, prec: int) -> Expr:
        return self.definition().doit().evalf(n=max(15, int(prec * 0.30103)))

    def _eval_is_extended_real(self) -> bool | None:
        return True if all(a.is_extended_real for a in self.args) else None

    def _eval_is_finite(self) -> bool | None:
        return True if all(a.is_finite for a in self.args) else None

    def _eval_is_positive(self) -> bool | None:
        return None


class _Positive(Activation):
    """An activation whose values are positive."""

    def _eval_is_positive(self) -> bool | None:
        return True if all(a.is_real for a in self.args) else None


class sigmoid(_Positive):  # noqa: N801
    """``1 / (1 + e^-x)``, the logistic function.

    >>> from sympy.abc import x
    >>> sigmoid(x).doit()
    1/(1 + exp(-x))
    """

    nargs = 1

    @classmethod
    def formula(cls, x: Expr) -> Expr:
        """``1 / (1 + e^-x)``."""
        return power(add(S.One, call(exp, neg(x))), S.NegativeOne)

    @staticmethod
    def _imp_(x: Any) -> Any:
        import numpy as np

        return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(x)))


class relu(Activation):  # noqa: N801
    """``max(x, 0)``, the rectified linear unit.

    >>> relu(-3).doit(), relu(2).doit()
    (0, 2)
    """

    nargs = 1

    @classmethod
    def formula(cls, x: Expr) -> Expr:
        """``x`` where ``x > 0``, else 0."""
        return cases((x, relation(StrictGreaterThan, x, S.Zero)), (S.Zero, S.true))

    @staticmethod
    def _imp_(x: Any) -> Any:
        import numpy as np

        return np.maximum(x, 0)


class leaky_relu(Activation):  # noqa: N801
    """``x`` where ``x > 0``, else ``slope x``.

    >>> from sympy import Rational
    >>> leaky_relu(-3, Rational(1, 10)).doit()
    -3/10
    """

    nargs = 2

    @classmethod
    def formula(cls, x: Expr, slope: Expr) -> Expr:
        """``x`` where ``x > 0``, else ``slope x``."""
        return cases((x, relation(StrictGreaterThan, x, S.Zero)), (mul(slope, x), S.true))

    @staticmethod
    def _imp_(x: Any, slope: Any) -> Any:
        import numpy as np

        return np.where(np.asarray(x) > 0, x, np.multiply(slope, x))


class elu(Activation):  # noqa: N801
    """``x`` where ``x > 0``, else ``alpha (e^x - 1)``: the exponential linear unit.

    >>> elu(0, 1).doit()
    0
    """

    nargs = 2

    @classmethod
    def formula(cls, x: Expr, alpha: Expr) -> Expr:
        """``x`` where ``x > 0``, else ``alpha (e^x - 1)``."""
        below = mul(alpha, sub(call(exp, x), S.One))
        return cases((x, relation(StrictGreaterThan, x, S.Zero)), (below, S.true))

    @staticmethod
    def _imp_(x: Any, alpha: Any) -> Any:
        import numpy as np

        x = np.asarray(x)
        return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


class softplus(_Positive):  # noqa: N801
    """``log(1 + e^x)``, whose derivative is the sigmoid.

    >>> softplus(0).doit()
    log(2)
    """

    nargs = 1

    @classmethod
    def formula(cls, x: Expr) -> Expr:
        """``log(1 + e^x)``."""
        return call(log, add(S.One, call(exp, x)))

    @staticmethod
    def _imp_(x: Any) -> Any:
        import numpy as np

        return np.logaddexp(0, x)


class gelu(Activation):  # noqa: N801
    """``x Φ(x)`` with the normal distribution function Φ, exact by ``erf`` (Hendrycks 2016).

    >>> gelu(0).doit()
    0
    """

    nargs = 1

    @classmethod
    def formula(cls, x: Expr) -> Expr:
        """``x/2 (1 + erf(x / √2))``."""
        argument = div(x, power(S(2), HALF))
        return mul(HALF, x, add(S.One, call(erf, argument)))

    @staticmethod
    def _imp_(x: Any) -> Any:
        import math

        import numpy as np

        x = np.asarray(x)
        error = np.vectorize(math.erf, otypes=[float])(x / math.sqrt(2))
        return 0.5 * x * (1.0 + error)


class silu(Activation):  # noqa: N801
    """``x sigmoid(x)``, also called swish.

    >>> silu(0).doit()
    0
    """

    nargs = 1

    @classmethod
    def formula(cls, x: Expr) -> Expr:
        """``x sigmoid(x)``."""
        return mul(x, call(sigmoid, x))

    @staticmethod
    def _imp_(x: Any) -> Any:
        return x * sigmoid._imp_(x)


ACTIVATIONS: tuple[type[Activation], ...] = (
    sigmoid,
    relu,
    leaky_relu,
    elu,
    softplus,
    gelu,
    silu,
)

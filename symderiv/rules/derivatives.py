"""The derivatives of known functions: one line a function.

Source: any table of derivatives, e.g. Abramowitz & Stegun (1964), chs. 4 and 7; the activations
follow from their definitions (Hendrycks & Gimpel 2016 for GELU, Elfwing et al. 2018 for SiLU).
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy import Expr, S

from symderiv.core import functions as F
from symderiv.core.expr import add, call, cases, div, mul, neg, power, relation, sub

ONE, TWO, HALF = S.One, sp.Integer(2), S.Half


def _normal_density(u: Expr) -> Expr:
    return mul(power(mul(TWO, sp.pi), -HALF), call(sp.exp, mul(-HALF, power(u, TWO))))


def _normal_cdf(u: Expr) -> Expr:
    return mul(HALF, add(ONE, call(sp.erf, div(u, power(TWO, HALF)))))


Law = Callable[..., Expr | tuple[Expr, ...]]

# f(u) -> f'(u): one line a function. ``f`` is the node itself, so e^u is its own derivative.
DERIVATIVES: dict[type, Law] = {
    sp.exp: lambda f, u: f,
    sp.log: lambda f, u: power(u, -ONE),
    sp.sin: lambda f, u: call(sp.cos, u),
    sp.cos: lambda f, u: neg(call(sp.sin, u)),
    sp.tan: lambda f, u: add(ONE, power(f, TWO)),
    sp.cot: lambda f, u: sub(-ONE, power(f, TWO)),
    sp.sec: lambda f, u: mul(f, call(sp.tan, u)),
    sp.csc: lambda f, u: neg(mul(f, call(sp.cot, u))),
    sp.asin: lambda f, u: power(sub(ONE, power(u, TWO)), -HALF),
    sp.acos: lambda f, u: neg(power(sub(ONE, power(u, TWO)), -HALF)),
    sp.atan: lambda f, u: power(add(ONE, power(u, TWO)), -ONE),
    sp.acot: lambda f, u: neg(power(add(ONE, power(u, TWO)), -ONE)),
    sp.sinh: lambda f, u: call(sp.cosh, u),
    sp.cosh: lambda f, u: call(sp.sinh, u),
    sp.tanh: lambda f, u: sub(ONE, power(f, TWO)),
    sp.coth: lambda f, u: sub(ONE, power(f, TWO)),
    sp.sech: lambda f, u: neg(mul(f, call(sp.tanh, u))),
    sp.csch: lambda f, u: neg(mul(f, call(sp.coth, u))),
    sp.asinh: lambda f, u: power(add(ONE, power(u, TWO)), -HALF),
    sp.acosh: lambda f, u: mul(power(sub(u, ONE), -HALF), power(add(u, ONE), -HALF)),
    sp.atanh: lambda f, u: power(sub(ONE, power(u, TWO)), -ONE),
    sp.acoth: lambda f, u: power(sub(ONE, power(u, TWO)), -ONE),
    sp.erf: lambda f, u: mul(TWO, power(sp.pi, -HALF), call(sp.exp, neg(power(u, TWO)))),
    sp.erfc: lambda f, u: mul(-TWO, power(sp.pi, -HALF), call(sp.exp, neg(power(u, TWO)))),
    sp.gamma: lambda f, u: mul(f, call(sp.digamma, u)),
    sp.loggamma: lambda f, u: call(sp.digamma, u),
    sp.LambertW: lambda f, u: div(f, mul(u, add(ONE, f))),
    F.sigmoid: lambda f, u: mul(f, sub(ONE, f)),
    F.softplus: lambda f, u: call(F.sigmoid, u),
    F.silu: lambda f, u: mul(call(F.sigmoid, u), add(ONE, mul(u, sub(ONE, call(F.sigmoid, u))))),
    F.gelu: lambda f, u: add(_normal_cdf(u), mul(u, _normal_density(u))),
}


def _by_sign(u: Expr, above: Expr, below: Expr) -> Expr:
    return cases((above, relation(sp.Gt, u, S.Zero)), (below, S.true))


def _zero(*args: Expr) -> Expr:
    return S.Zero


# The same for functions with a kink or a jump, with the value that is taken there.
AT_THE_KINK: dict[type, tuple[Law, Law]] = {
    sp.Abs: (lambda f, u: call(sp.sign, u), _zero),
    sp.sign: (_zero, _zero),
    sp.Heaviside: (_zero, _zero),
    sp.floor: (_zero, _zero),
    sp.ceiling: (_zero, _zero),
    F.relu: (lambda f, u: _by_sign(u, ONE, S.Zero), _zero),
    F.leaky_relu: (
        lambda f, u, a: (_by_sign(u, ONE, a), _by_sign(u, S.Zero, u)),
        lambda u, a: a,
    ),
    F.elu: (
        lambda f, u, a: (
            _by_sign(u, ONE, mul(a, call(sp.exp, u))),
            _by_sign(u, S.Zero, sub(call(sp.exp, u), ONE)),
        ),
        lambda u, a: a,
    ),
}

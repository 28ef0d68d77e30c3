"""Laws of logarithms and exponentials."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from sympy import Add, Expr, Mul, Pow, S

from symderiv.core.expr import (
    add,
    base_and_exponent,
    call,
    coefficient,
    factors,
    is_negative,
    mul,
    neg,
    power,
    subexpressions,
    terms,
)
from symderiv.core.messages import N_
from symderiv.core.rule import Rewrite, RuleSet, rule, when
from symderiv.core.scope import Scope
from symderiv.core.symbols import label_of
from symderiv.rules.algebra import collect, order, positive


def _split_logarithm(node: Expr) -> tuple[Expr, tuple[Expr, ...]] | None:
    """The logarithms of the positive factors, and the exponents that these had."""
    parts = [base_and_exponent(f) for f in factors(node.args[0])]
    if len(parts) == 1 and parts[0][1] is S.One:
        return None
    if not all(positive(b) and x.is_real for b, x in parts):
        return None
    spread = add(*(mul(x, call(sp.log, b)) for b, x in parts))
    return spread, tuple(x for _, x in parts)


@rule(
    "log.product",
    N_("Logarithm of a product"),
    head=sp.log,
    law=r"\log (f g) = \log f + \log g,\quad f, g > 0",
    note=N_("logarithm of a product of positive factors"),
)
def log_product(node: Expr, scope: Scope) -> Rewrite | None:
    """Where every factor is known to be positive.

    >>> x, y = sp.Symbol("x", positive=True), sp.Symbol("y", real=True)
    >>> log_product.apply(call(sp.log, mul(x, call(sp.exp, y))), Scope()).after
    log(x) + log(exp(y))
    """
    split = _split_logarithm(node)
    if split is None or len(split[1]) == 1 or any(map(is_negative, split[1])):
        return None
    return Rewrite(split[0])


@rule(
    "log.quotient",
    N_("Logarithm of a quotient"),
    head=sp.log,
    law=r"\log \frac{f}{g} = \log f - \log g,\quad f, g > 0",
    note=N_("logarithm of a quotient of positive factors"),
)
def log_quotient(node: Expr, scope: Scope) -> Rewrite | None:
    """Where every factor, above and below, is known to be positive.

    >>> x, y = sp.symbols("x y", positive=True)
    >>> log_quotient.apply(call(sp.log, x / y), Scope()).after
    log(x) - log(y)
    """
    split = _split_logarithm(node)
    if split is None or not any(map(is_negative, split[1])):
        return None
    return Rewrite(split[0])


@rule(
    "log.power",
    N_("Logarithm of a power"),
    head=sp.log,
    law=r"\log f^{a} = a \log f,\quad f > 0",
    note=N_("logarithm of a power with a positive base"),
)
def log_power(node: Expr, scope: Scope) -> Rewrite | None:
    """Where the base is known to be positive and the exponent is real.

    >>> x, a = sp.Symbol("x", positive=True), sp.Symbol("a", real=True)
    >>> log_power.apply(call(sp.log, x**a), Scope()).after
    a*log(x)
    """
    split = _split_logarithm(node)
    if split is None or len(split[1]) > 1 or is_negative(split[1][0]):
        return None
    return Rewrite(split[0])


@rule(
    "log.weighted",
    N_("Logarithm of a quotient, by its weight"),
    head=Mul,
    law=r"q \log \frac{q}{p} = q\, (\log q - \log p),\quad q \ge 0,\ p > 0,\ 0 \log 0 = 0",
    note=N_("logarithm of a quotient; where {entry} is 0, so are both sides"),
)
def log_weighted(node: Mul, scope: Scope) -> Rewrite | None:
    """Where the weight is the one factor that may be 0, the others positive.

    >>> q, p = sp.Symbol("q", nonnegative=True), sp.Symbol("p", positive=True)
    >>> log_weighted.apply(mul(q, call(sp.log, mul(q, power(p, -S.One)))), Scope()).after.args[
    ...     1
    ... ].args
    (log(q), -log(p))
    """
    for k, f in enumerate(node.args):
        if isinstance(f, sp.log):
            parts = [base_and_exponent(x) for x in factors(f.args[0])]
            doubtful = [(b, x) for b, x in parts if not (positive(b) and x.is_real)]
            if len(parts) > 1 and len(doubtful) == 1 and _is_weight(*doubtful[0], node):
                apart = add(*(mul(x, call(sp.log, b)) for b, x in parts))
                after = mul(*node.args[:k], apart, *node.args[k + 1 :])
                return Rewrite(after, (("entry", doubtful[0][0]),))
    return None


def unsplit(e: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Logarithms of products in an expression with a name in each that may be 0 or negative."""
    for f in subexpressions(e):
        if isinstance(f, sp.log):
            bases = [b for b, _ in map(base_and_exponent, factors(f.args[0]))]
            doubtful = [b for b in bases if label_of(b) is not None and not positive(b)]
            if len(bases) > 1 and doubtful:
                yield f, doubtful[-1]


def _is_weight(base: Expr, exponent: Expr, node: Mul) -> bool:
    """Is the product 0 wherever the logarithm of the power is infinite?"""
    return bool(base.is_nonnegative and exponent.is_positive) and base in node.args


@rule(
    "log.exp",
    N_("Logarithm of an exponential"),
    head=sp.log,
    law=r"\log e^{u} = u",
)
def log_exp(node: Expr, scope: Scope) -> Rewrite | None:
    """For a real exponent.

    >>> x = sp.Symbol("x", real=True)
    >>> log_exp.apply(call(sp.log, call(sp.exp, x)), Scope()).after
    x
    """
    inner = node.args[0]
    if isinstance(inner, sp.exp) and inner.args[0].is_real:
        return Rewrite(inner.args[0])
    return None


@rule(
    "log.reciprocal",
    N_("Logarithm of a reciprocal"),
    head=sp.log,
    law=r"\log \frac{1}{q} = -\log q",
)
def log_reciprocal(node: Expr, scope: Scope) -> Rewrite | None:
    """For a whole number q.

    >>> log_reciprocal.apply(call(sp.log, sp.Rational(1, 2)), Scope()).after
    -log(2)
    """
    inner = node.args[0]
    if isinstance(inner, sp.Rational) and inner.p == 1 and inner.q > 1:
        return Rewrite(neg(call(sp.log, sp.Integer(inner.q))))
    return None


@rule(
    "log.primes",
    N_("Logarithm of a number, by its prime factors"),
    head=sp.log,
    law=r"\log 12 = 2 \log 2 + \log 3",
)
def log_primes(node: Expr, scope: Scope) -> Rewrite | None:
    """For a positive rational number with small prime factors.

    >>> log_primes.apply(call(sp.log, sp.Rational(3, 4)), Scope()).after
    -2*log(2) + log(3)
    """
    inner = node.args[0]
    if not (isinstance(inner, sp.Rational) and inner.is_positive):
        return None
    found = sp.factorrat(inner, limit=MOST_PRIME)
    if found in ({}, {inner: 1}) or any(abs(prime) > MOST_PRIME for prime in found):
        return None
    powers = (mul(sp.Integer(e), call(sp.log, sp.Integer(p))) for p, e in sorted(found.items()))
    return Rewrite(add(*powers))


MOST_PRIME = 10_000


@rule(
    "log.one",
    N_("The logarithm of 1 is 0"),
    head=sp.log,
    law=r"\log 1 = 0",
)
def log_one(node: Expr, scope: Scope) -> Rewrite | None:
    """
    >>> log_one.apply(call(sp.log, S.One), Scope()).after
    0
    """
    return Rewrite(S.Zero) if node.args[0] is S.One else None


@rule(
    "log.join",
    N_("A difference of logarithms is the logarithm of a quotient"),
    head=Add,
    law=r"\log a + \log b - \log c = \log \frac{a b}{c}",
)
def log_join(node: Add, scope: Scope) -> Rewrite | None:
    """For positive numbers.

    >>> log_join.apply(
    ...     add(call(sp.log, sp.Integer(6)), neg(call(sp.log, sp.Integer(2)))), Scope()
    ... ).after
    log(3)
    """
    parts = [coefficient(t) for t in node.args]
    shares = {abs(c) for c, _ in parts}
    signs = {bool(c > 0) for c, _ in parts}
    if len(shares) > 1 or len(signs) < 2 or not all(_is_numeric(e) for _, e in parts):
        return None
    (share,) = shares
    inside = mul(*(power(e.args[0], c / share) for c, e in parts))
    return Rewrite(mul(share, call(sp.log, inside)))


def _is_numeric(e: Expr) -> bool:
    """Is it the logarithm of a positive number?"""
    return isinstance(e, sp.log) and bool(e.args[0].is_Rational and e.args[0].is_positive)


@rule(
    "exp.zero",
    N_("The exponential of 0 is 1"),
    head=sp.exp,
    law=r"e^{0} = 1",
)
def exp_zero(node: Expr, scope: Scope) -> Rewrite | None:
    """
    >>> exp_zero.apply(call(sp.exp, S.Zero), Scope()).after
    1
    """
    return Rewrite(S.One) if node.args[0] is S.Zero else None


@rule(
    "exp.power",
    N_("Power of an exponential"),
    head=Pow,
    law=r"(e^{u})^{c} = e^{c u}",
)
def exp_power(node: Pow, scope: Scope) -> Rewrite | None:
    """For a number c and a real exponent u.

    >>> x = sp.Symbol("x", real=True)
    >>> exp_power.apply(power(call(sp.exp, x), -S.One), Scope()).after
    exp(-x)
    """
    base, c = node.args
    if not isinstance(base, sp.exp) or not c.is_Number or not base.args[0].is_real:
        return None
    inner = base.args[0]
    return Rewrite(call(sp.exp, add(*(mul(c, t) for t in terms(inner)))))


@rule(
    "exp.product",
    N_("Product of exponentials"),
    head=Mul,
    law=r"e^{u} e^{v} = e^{u + v}",
)
def exp_product(node: Mul, scope: Scope) -> Rewrite | None:
    """
    >>> x, y = sp.symbols("x y")
    >>> exp_product.apply(mul(call(sp.exp, x), y, call(sp.exp, -x)), Scope()).after
    y
    """
    exponents = [f.args[0] for f in node.args if isinstance(f, sp.exp)]
    if len(exponents) < 2:
        return None
    together = add(*exponents)
    collected = collect.apply(together, scope) if isinstance(together, Add) else None
    exponent = collected.after if collected else together
    one = S.One if exponent is S.Zero else call(sp.exp, exponent)
    rest = [f for f in node.args if not isinstance(f, sp.exp)]
    return Rewrite(mul(*rest, one))


EXPONENTIALS = RuleSet("exponentials", (exp_power, exp_product))


def _has_exponential(logarithm: Expr) -> bool:
    return any(isinstance(base_and_exponent(f)[0], sp.exp) for f in factors(logarithm.args[0]))


SPLITTING = (log_power, log_quotient, log_product, log_weighted)
LOGARITHMS = RuleSet("logarithms", (log_exp, log_reciprocal, *SPLITTING))
PRIMES = RuleSet("primes", (log_primes,))
LOGARITHMS_OF_EXPONENTIALS = RuleSet(
    "logarithms",
    (log_exp, *(when(law, _has_exponential) for law in (log_power, log_quotient, log_product))),
)
NUMBERS = RuleSet("logarithms of numbers", (exp_zero, log_one, log_exp, log_reciprocal, order))
QUOTIENT = RuleSet("quotient", (log_join,))

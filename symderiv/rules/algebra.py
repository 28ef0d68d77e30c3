"""Laws of products, powers and sums: cancel, collect, factor, signs."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp
from sympy import Add, Expr, KroneckerDelta, Mul, Number, Pow, S

from symderiv.core.expr import (
    MINUS_ONE,
    add,
    base_and_exponent,
    coefficient,
    cost,
    factors,
    is_negative,
    mul,
    neg,
    power,
    total,
)
from symderiv.core.fingerprint import fingerprint
from symderiv.core.memo import memo
from symderiv.core.messages import N_
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope

MOST_TOLD = 4
"""Of more factors that cancel at once it is only told that they do."""
Powers = list[tuple[Expr, Expr]]


def opened(e: Expr) -> tuple[Expr, Powers]:
    """``number, [(base, exponent), …]`` of a product; integer powers of products are opened."""
    number: Expr = S.One
    out: Powers = []
    todo: list[tuple[Expr, Expr]] = [(e, S.One)]
    while todo:
        f, x = todo.pop()
        if isinstance(f, Number) and x.is_Integer and not (f is S.Zero and x < 0):
            number = number * f**x
        elif isinstance(f, Mul) and x.is_Integer:
            todo.extend((g, x) for g in reversed(f.args))
        elif isinstance(f, Pow) and f.args[1].is_Number and x.is_Integer:
            todo.append((f.args[0], f.args[1] * x))
        else:
            out.append((f, x))
    return number, out


def merged(powers: Powers) -> dict[bytes, tuple[Expr, Expr]]:
    """Powers by base, exponents added; those that cancel keep the exponent 0."""
    out: dict[bytes, tuple[Expr, Expr]] = {}
    for base, x in powers:
        key = fingerprint(base)
        if key in out:
            first, y = out[key]
            out[key] = (first, x + y if x.is_Number and y.is_Number else add(x, y))
        else:
            out[key] = (base, x)
    return out


def monomial(e: Expr) -> tuple[Expr, dict[bytes, tuple[Expr, Expr]]]:
    """A term as number and merged powers, without those that cancel."""
    number, powers = opened(e)
    return number, {k: bx for k, bx in merged(powers).items() if bx[1] is not S.Zero}


def from_powers(number: Expr, powers: Iterable[tuple[Expr, Expr]]) -> Expr:
    """The inverse of `monomial`."""
    return mul(number, *(power(base, x) for base, x in powers))


@rule(
    "algebra.cancel",
    N_("Cancel equal factors"),
    head=[Mul, Pow],
    law=r"f \cdot \frac{1}{f} = 1",
    note=N_("cancel {factor}"),
)
def cancel(node: Expr, scope: Scope) -> Rewrite | None:
    """A factor meets its inverse; other equal bases are gathered in passing.

    >>> from symderiv.core.expr import div
    >>> x, y = sp.symbols("x y")
    >>> cancel.apply(mul(x, y, power(x, S.NegativeOne)), Scope()).after
    y
    """
    if _looks_merged(node):
        return None
    number, parts = opened(node)
    together = merged(parts)
    above, below = _signs(parts, positive=True), _signs(parts, positive=False)
    met = [base for key, (base, _) in together.items() if key in above and key in below]
    if not met:
        return None
    after = from_powers(number, together.values())
    told = met if len(met) <= MOST_TOLD else ()
    return Rewrite(after, tuple(("factor", base) for base in told))


def _signs(parts: Powers, *, positive: bool) -> set[bytes]:
    """The bases that have an exponent of that sign."""
    return {fingerprint(b) for b, x in parts if x.is_Number and bool(x > 0) is positive}


@memo
def _looks_merged(node: Expr) -> bool:
    """No two bases can be equal and nothing is to be opened (by type and fingerprint)."""
    keys: set[bytes] = set()
    for f in factors(node):
        base, x = base_and_exponent(f)
        if isinstance(base, (Mul, Pow)) and x.is_Integer and x is not S.One:
            return False
        key = fingerprint(base)
        if key in keys:
            return False
        keys.add(key)
    return True


@rule(
    "algebra.powers",
    N_("Powers of one base"),
    head=Mul,
    law=r"f^a f^b = f^{a+b}",
)
def powers(node: Expr, scope: Scope) -> Rewrite | None:
    """
    >>> x, y = sp.symbols("x y")
    >>> powers.apply(mul(x, y, x), Scope()).after
    x**2*y
    """
    if _looks_merged(node):
        return None
    number, parts = opened(node)
    after = from_powers(number, merged(parts).values())
    return None if after == node else Rewrite(after)


@rule(
    "algebra.power_of_product",
    N_("Power of a product or quotient"),
    head=Pow,
    law=r"(f g)^n = f^n g^n,\quad (f^a)^n = f^{a n}",
)
def power_of_product(node: Pow, scope: Scope) -> Rewrite | None:
    """
    >>> x, y = sp.symbols("x y")
    >>> power_of_product.apply(power(mul(x, y), sp.Integer(2)), Scope()).after
    x**2*y**2
    """
    return powers.apply(node, scope)


@rule(
    "algebra.delta_power",
    N_("A delta is 0 or 1"),
    head=Pow,
    law=r"\delta_{ij}^2 = \delta_{ij}",
)
def delta_power(node: Pow, scope: Scope) -> Rewrite | None:
    """
    >>> i, j = sp.symbols("i j")
    >>> delta_power.apply(power(sp.KroneckerDelta(i, j), sp.Integer(2)), Scope()).after
    KroneckerDelta(i, j)
    """
    base, x = node.args
    if isinstance(base, KroneckerDelta) and x.is_Integer and x > 0:
        return Rewrite(base)
    return None


@rule(
    "algebra.sign",
    N_("The minus goes to every term"),
    head=Mul,
    law=r"-(f - g) = g - f",
)
def sign(node: Mul, scope: Scope) -> Rewrite | None:
    """
    >>> x, y = sp.symbols("x y")
    >>> sign.apply(mul(MINUS_ONE, add(x, y)), Scope()).after
    -x - y
    """
    if len(node.args) == 2 and node.args[0] is MINUS_ONE and isinstance(node.args[1], Add):
        return Rewrite(add(*sorted(map(neg, node.args[1].args), key=is_negative)))
    return None


@rule(
    "algebra.flip",
    N_("Swap the sign of a difference"),
    head=Mul,
    law=r"-(f - g)\, h = (g - f)\, h",
)
def flip(node: Mul, scope: Scope) -> Rewrite | None:
    """Used last, so that a difference that bears a name is known by it first.

    >>> x, y, z = sp.symbols("x y z")
    >>> flip.apply(mul(MINUS_ONE, add(x, neg(y)), z), Scope()).after
    z*(-x + y)
    """
    if not is_negative(node):
        return None
    for k, g in enumerate(node.args):
        if isinstance(g, Add) and _is_backwards(g) and g not in scope.written:
            turned = add(*sorted(map(neg, g.args), key=is_negative))
            return Rewrite(mul(-node.args[0], *node.args[1:k], turned, *node.args[k + 1 :]))
        if isinstance(g, sp.Sum):
            inner = mul(MINUS_ONE, g.args[0])
            turned_inside = flip.apply(inner, scope) if isinstance(inner, Mul) else None
            if turned_inside is not None and not is_negative(turned_inside.after):
                swapped = total(turned_inside.after, *g.args[1:])
                return Rewrite(mul(-node.args[0], *node.args[1:k], swapped, *node.args[k + 1 :]))
    return None


def _is_backwards(g: Add) -> bool:
    """Would the other sign read better? ``1 - a`` reads as it is."""
    return any(map(is_negative, g.args)) and not isinstance(g.args[0], Number)


@rule(
    "algebra.order",
    N_("Positive terms first"),
    head=Add,
    law=r"-f + g = g - f",
)
def order(node: Add, scope: Scope) -> Rewrite | None:
    """
    >>> x, y = sp.symbols("x y")
    >>> order.apply(add(neg(x), y), Scope()).after.args
    (y, -x)
    """
    if is_negative(node.args[0]) and not all(map(is_negative, node.args)):
        return Rewrite(add(*sorted(node.args, key=is_negative)))
    return None


@rule(
    "algebra.numbers",
    N_("Add the numbers"),
    head=Add,
    law=r"1 + \frac{1}{2} = \frac{3}{2}",
)
def numbers(node: Add, scope: Scope) -> Rewrite | None:
    """Where no other terms are alike.

    >>> x = sp.Symbol("x")
    >>> numbers.apply(add(S.One, x, S.One), Scope()).after
    x + 2
    """
    first, *others = [k for k, t in enumerate(node.args) if isinstance(t, Number)] or [0]
    rests = [fingerprint(coefficient(t)[1]) for t in node.args if not isinstance(t, Number)]
    if not others or len(set(rests)) < len(rests):
        return None
    whole = sum((t for t in node.args if isinstance(t, Number)), S.Zero)
    kept = ((k, t) for k, t in enumerate(node.args) if k not in others)
    return Rewrite(add(*(whole if k == first else t for k, t in kept)))


@rule(
    "algebra.collect",
    N_("Collect like terms"),
    head=Add,
    law=r"a f + b f = (a + b) f",
)
def collect(node: Add, scope: Scope) -> Rewrite | None:
    """
    >>> x, y = sp.symbols("x y")
    >>> collect.apply(add(x, y, neg(x)), Scope()).after
    y
    """
    found: dict[bytes, list[Expr]] = {}
    rests: dict[bytes, Expr] = {}
    for term in node.args:
        number, rest = coefficient(term)
        key = fingerprint(rest)
        rests.setdefault(key, rest)
        found.setdefault(key, []).append(number)
    if len(found) == len(node.args):
        return None
    return Rewrite(add(*(mul(sum(found[k], S.Zero), rests[k]) for k in found)))


@rule(
    "algebra.factor",
    N_("Factor out what all terms share"),
    head=Add,
    law=r"f g + f h = f (g + h)",
    note=N_("factor out {factor}"),
)
def factor(node: Add, scope: Scope) -> Rewrite | None:
    """Only where the line reads no longer than before.

    >>> p, q = sp.symbols("p q")
    >>> factor.apply(add(mul(p, q), neg(mul(p, p))), Scope()).after
    p*(-p + q)
    """
    parts = [monomial(t) for t in node.args]
    numbers = [number for number, _ in parts]
    common = _common_powers([powers for _, powers in parts])
    number = _common_number(numbers)
    if not common and abs(number) == 1:
        return None
    inside = [
        from_powers(
            c / number,
            ((b, x - common[k][1] if k in common else x) for k, (b, x) in powers.items()),
        )
        for c, powers in parts
    ]
    outside = from_powers(number, common.values())
    after = mul(*factors(outside), add(*inside))
    if cost(after) > cost(node):
        return None
    return Rewrite(after, (("factor", outside),))


def _common_powers(
    parts: list[dict[bytes, tuple[Expr, Expr]]],
) -> dict[bytes, tuple[Expr, Expr]]:
    common = {}
    for key, (base, _) in parts[0].items():
        exponents = [powers[key][1] if key in powers else S.Zero for powers in parts]
        if all(x.is_Number for x in exponents):
            if all(x > 0 for x in exponents):
                common[key] = (base, min(exponents))
            elif all(x < 0 and x == exponents[0] for x in exponents):
                common[key] = (base, exponents[0])
    return common


def _common_number(numbers: list[Expr]) -> Expr:
    first = abs(numbers[0])
    if any(abs(c) != first for c in numbers):
        return S.One
    all_negative = all(c < 0 for c in numbers)
    if first == 1 and not all_negative:
        return S.One
    return -first if all_negative else first


def positive(e: Expr) -> bool:
    """Is the value certainly above 0, from declarations alone?"""
    if isinstance(e, sp.exp):
        return bool(e.args[0].is_real)
    if isinstance(e, (sp.Sum, sp.Product)):
        return positive(e.args[0])
    if isinstance(e, (Add, Mul)):
        return all(map(positive, e.args))
    if isinstance(e, Pow):
        return positive(e.args[0]) and bool(e.args[1].is_real)
    return bool(e.is_positive)


def nonzero(e: Expr) -> bool:
    """Is the value certainly not 0, from declarations alone?"""
    return bool(e.is_nonzero) or positive(e)


CANCEL = RuleSet("cancel", (cancel, powers, power_of_product, delta_power))
COLLECT = RuleSet("collect", (numbers, collect, sign, order))
FACTOR = RuleSet("factor", (factor, order))
SIGNS = RuleSet("signs", (flip, order))

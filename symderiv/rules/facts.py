"""Facts: what is known of a declared array, or follows from the definition of a name.

A fact about T may be used only after every ∂/∂T: the engine applies these rules to lines in which
no derivative is left.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Eq, Expr, Indexed, Mul, Number, S, Sum, Symbol, Tuple

from symderiv.core.binding import free, subst
from symderiv.core.expr import base_and_exponent, factors, mul, power, relation, total
from symderiv.core.fingerprint import same
from symderiv.core.memo import memo
from symderiv.core.messages import N_
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope
from symderiv.core.symbols import Label, label_of
from symderiv.rules.algebra import nonzero
from symderiv.rules.match import match


def sums_to_one(entry: Expr, v: Symbol, low: Expr, high: Expr) -> bool:
    """Is ``Σ_v entry = 1``, because the array was declared (or defined) a distribution?"""
    label = label_of(entry)
    if not isinstance(entry, Indexed) or not isinstance(label, Label):
        return False
    *leading, last = entry.args[1:]
    if last != v or any(v in free(x) for x in leading):
        return False
    if low is not S.One or high != label.shape[-1]:
        return False
    return label.spec.kind in ("distribution", "one_hot") or _is_normalised(label)


def _is_normalised(label: Label) -> bool:
    """Is the name defined as ``f_k / Σ_m f_m``?"""
    definition = label.spec.definition
    if definition is None or not definition.indices or not isinstance(definition.body, Mul):
        return False
    last = definition.indices[-1]
    below = [f for f in definition.body.args if base_and_exponent(f)[1] is S.NegativeOne]
    for f in below:
        denominator = f.args[0]
        if isinstance(denominator, Sum) and len(denominator.args) == 2:
            above = mul(*(g for g in definition.body.args if g is not f))
            whole = total(above, Tuple(last, S.One, label.shape[-1]))
            if same(whole, denominator):
                return True
    return False


def is_fact(node: Expr, scope: Scope) -> bool:
    """Could `sum_to_one` or `defined_sum` rewrite this sum?"""
    return isinstance(node, Sum) and (
        _one(node, scope) is not None or next(_defined(node, scope), None) is not None
    )


def _one(node: Sum, scope: Scope) -> Rewrite | None:
    if not scope.facts:
        return None
    entry, *limits = node.args
    for limit in limits:
        v, low, high = limit
        others = [x for x in limits if x is not limit]
        if label_of(entry) in scope.withheld:
            return None
        if sums_to_one(entry, v, low, high) and not any(v in free(x) for x in others):
            alone = total(entry, limit)
            fact = relation(Eq, alone, S.One)
            return Rewrite(total(S.One, *others), (("fact", fact),), (fact,))
    return None


@rule(
    "fact.one",
    N_("Probabilities add up to 1"),
    head=Sum,
    law=r"\sum_k y_k = 1",
    note=N_("{fact}"),
)
def sum_to_one(node: Sum, scope: Scope) -> Rewrite | None:
    """Of a distribution, of a one-hot array, and of what is divided by its own sum."""
    return _one(node, scope)


def _defined(node: Sum, scope: Scope) -> Iterator[Rewrite]:
    for label, definition in scope.model.defined_by(node):
        backwards = None if label in scope.withheld else _backwards(label)
        if backwards is None:
            continue
        pattern, value = backwards
        found = match(pattern, definition.indices, node)
        if found is not None:
            entry = label.entry(*definition.indices)
            yield Rewrite(subst(value, found), (("name", subst(entry, found)),))


@memo
def _backwards(label: Label) -> tuple[Expr, Expr] | None:
    """A definition ``u = c Σ f`` read backwards: ``Σ f = u / c``."""
    definition = label.spec.definition
    parts = factors(definition.body) if definition else ()
    sums = [f for f in parts if isinstance(f, Sum)]
    rest = [f for f in parts if not isinstance(f, Sum)]
    if definition is None or len(sums) != 1 or not all(map(_is_divisor, rest)):
        return None
    entry = label.entry(*definition.indices)
    return sums[0], mul(entry, *(power(b, -x) for b, x in map(base_and_exponent, rest)))


def _is_divisor(e: Expr) -> bool:
    """A power of a name or number by which one may divide."""
    base, x = base_and_exponent(e)
    plain = bool(x.is_Number) and isinstance(base, (Symbol, Number, Indexed))
    return plain and bool(x < 0 or nonzero(base))


@rule(
    "fact.defined_sum",
    N_("A sum that bears a name"),
    head=Sum,
    law=r"\mu = \frac{\sum_i x_i}{n} \;\Rightarrow\; \sum_i x_i = n \mu",
    note=N_("definition of {name}"),
)
def defined_sum(node: Sum, scope: Scope) -> Rewrite | None:
    """The definition of a name, read backwards."""
    return next(_defined(node, scope), None)


FACTS = RuleSet("facts", (sum_to_one, defined_sum))

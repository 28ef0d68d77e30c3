"""Steps that lead to a form which the author gave, or to numbers."""

from __future__ import annotations

from sympy import Expr, Indexed, Symbol

from symderiv.core.messages import N_
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope


@rule(
    "equal.form",
    N_("The author's form"),
    head=Expr,
    law=r"a - b = 0 \;\Rightarrow\; a = b",
)
def form(node: Expr, scope: Scope) -> Rewrite | None:
    """Made by ``derive(…, to=…)``; the lemma that the step cites shows that both are equal."""
    return None


@rule(
    "equal.value",
    N_("Put in the values"),
    head=[Indexed, Symbol],
    law=r"p_1 = \tfrac{1}{2}",
    note=N_("{fact}"),
)
def value(node: Expr, scope: Scope) -> Rewrite | None:
    """Made by ``evaluate``, which knows the values."""
    return None


@rule(
    "equal.arithmetic",
    N_("Calculate"),
    head=Expr,
    law=r"\tfrac{1}{2} + \tfrac{1}{2} = 1",
)
def arithmetic(node: Expr, scope: Scope) -> Rewrite | None:
    """Exact arithmetic; a logarithm of a number stays."""
    return None


@rule(
    "equal.no_chance",
    N_("What cannot happen adds nothing"),
    head=Expr,
    law=r"0 \cdot \log 0 = 0",
    note=N_("{fact}, so its term counts as 0"),
)
def no_chance(node: Expr, scope: Scope) -> Rewrite | None:
    """Made by ``evaluate`` where a probability is 0."""
    return None


@rule(
    "equal.decimal",
    N_("As a decimal"),
    head=Expr,
    law=r"\log 2 \approx 0.693",
    note=N_("about {decimal}"),
)
def decimal(node: Expr, scope: Scope) -> Rewrite | None:
    """Told with the last step of ``evaluate``, whatever its rule."""
    return None


@rule(
    "equal.size",
    N_("The same step, written out"),
    head=Expr,
    law=r"\sum_{i=1}^{n} f_i = f_1 + f_2 + f_3 \text{ for } n = 3",
)
def size(node: Expr, scope: Scope) -> Rewrite | None:
    """Made by ``Derivation.at``."""
    return None


@rule(
    "equal.claim",
    N_("As the author claims"),
    head=Expr,
    law=r"a = b \text{ at every place that was tried}",
)
def claim(node: Expr, scope: Scope) -> Rewrite | None:
    """Made by ``claimed``; no rule shows it, numbers can refute it."""
    return None


EQUAL = RuleSet("equal", (form, no_chance, value, arithmetic, decimal, size, claim))

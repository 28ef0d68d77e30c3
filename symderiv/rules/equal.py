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
    """The lemma that the step cites shows that both forms are equal."""
    return None


@rule(
    "equal.value",
    N_("Put in the values"),
    head=[Indexed, Symbol],
    law=r"p_1 = \frac{1}{2}",
    note=N_("{fact}"),
)
def value(node: Expr, scope: Scope) -> Rewrite | None:
    """A name is replaced by the number that it was given."""
    return None


@rule(
    "equal.arithmetic",
    N_("Calculate"),
    head=Expr,
    law=r"\frac{3}{2} \left( \frac{1}{2} - \frac{1}{6} \right) = \frac{1}{2}",
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
    """Where a probability is 0."""
    return None


@rule(
    "equal.decimal",
    N_("As a decimal"),
    head=Expr,
    law=r"\log 2 \approx 0.693",
    note=N_("about {decimal}"),
)
def decimal(node: Expr, scope: Scope) -> Rewrite | None:
    """The exact value, rounded."""
    return None


@rule(
    "equal.exact",
    N_("As an exact decimal"),
    head=Expr,
    law=r"\frac{1}{4} = 0.25",
    note=N_("that is {exact}"),
)
def exact_decimal(node: Expr, scope: Scope) -> Rewrite | None:
    """The exact value itself: its decimal ends."""
    return None


@rule(
    "equal.size",
    N_("The same step, written out"),
    head=Expr,
    law=r"\sum_{i=1}^{n} f_i = f_1 + f_2 + f_3 \text{ for } n = 3",
)
def size(node: Expr, scope: Scope) -> Rewrite | None:
    """For one size, every term of a sum is written."""
    return None


@rule(
    "equal.claim",
    N_("As the author claims"),
    head=Expr,
    law=r"a = b \text{ at every place that was tried}",
)
def claim(node: Expr, scope: Scope) -> Rewrite | None:
    """No rule shows it; numbers could refute it."""
    return None


EQUAL = RuleSet("equal", (form, no_chance, value, arithmetic, decimal, exact_decimal, size, claim))

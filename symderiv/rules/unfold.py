"""Names and definitions, in both directions."""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Mul, Number, S, Sum, Symbol

from symderiv.core.binding import free, subst
from symderiv.core.expr import add, base_and_exponent, delta, mul, neg, power
from symderiv.core.functions import Activation
from symderiv.core.memo import memo
from symderiv.core.messages import N_
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope
from symderiv.core.symbols import Definition, Label, indices_of, label_of
from symderiv.rules.algebra import Powers, from_powers, merged, monomial, nonzero, positive
from symderiv.rules.match import Binding, match


def _is_plain(e: Expr) -> bool:
    return isinstance(e, (Symbol, Number, Indexed))


@memo
def _shape_of(label: Label) -> tuple[Expr, Powers] | None:
    """The definition's body as a monomial, if it is one worth recognising."""
    definition = label.spec.definition
    if definition is None or isinstance(definition.body, (Add, Number, Symbol, Indexed, Sum)):
        return None
    number, powers = monomial(definition.body)
    bases = list(powers.values())
    if not bases or not all(x.is_Number for _, x in bases):
        return None
    if not set(definition.indices) <= free(definition.body):
        return None
    return number, bases


@rule(
    "name.again",
    N_("A subexpression bears a name"),
    head=Expr,
    law=r"p_k = \frac{e^{z_k}}{S} \;\Rightarrow\; \frac{e^{z_k}}{S} = p_k",
    note=N_("definition of {name}"),
)
def again(node: Expr, scope: Scope) -> Rewrite | None:
    """The right side of a definition, met as a whole or as part of a product, is called by name."""
    if _is_plain(node) or isinstance(node, Add):
        return None
    for label, definition in scope.model.defined_by(node):
        shape = _shape_of(label)
        if shape is None or label in scope.withheld:
            continue
        if len(shape[1]) == 1:
            after = _single(node, label, definition, shape)
        else:
            after = _part_of_product(node, label, definition, shape)
        if after is not None:
            new, entry = after
            return Rewrite(new, (("name", entry),))
    return None


def _single(
    node: Expr, label: Label, definition: Definition, shape: tuple[Expr, Powers]
) -> tuple[Expr, Expr] | None:
    """``u = c b**x``: ``b**y = (u/c)**(y/x)``; a root of u has the sign of b only where b > 0."""
    number, ((b, x),) = shape
    base, y = base_and_exponent(node)
    if not y.is_Number or _is_plain(b):
        return None
    found = match(b, definition.indices, base)
    if found is None and base is not node:
        base, y = node, S.One
        found = match(b, definition.indices, base)
    if found is None or not ((y / x).is_Integer or positive(b)):
        return None
    entry = subst(label.entry(*definition.indices), found)
    return power(mul(entry, power(number, S.NegativeOne)), y / x), entry


def _part_of_product(
    node: Expr, label: Label, definition: Definition, shape: tuple[Expr, Powers]
) -> tuple[Expr, Expr] | None:
    """Every factor of the definition is there: take them out and write the name."""
    if not isinstance(node, Mul):
        return None
    number, wanted = shape
    have_number, have = monomial(node)
    if len(have) < len(wanted):
        return None
    lead, lead_exponent = next(((b, x) for b, x in wanted if not isinstance(b, Sum)), wanted[0])
    for key, (base, y) in have.items():
        found = match(lead, definition.indices, base)
        if found is None or not (y / lead_exponent).is_Number or y / lead_exponent < 1:
            continue
        taken = _taken(wanted, found, have)
        if taken is None:
            continue
        entry = subst(label.entry(*definition.indices), found)
        rest = [
            (entry, S.One) if k == key and step == 0 else (b, e - taken.get(k, S.Zero))
            for k, (b, e) in have.items()
            for step in ((0, 1) if k == key else (1,))
        ]
        return from_powers(have_number / number, merged(rest).values()), entry
    return None


def _taken(
    wanted: Powers, found: Binding, have: dict[bytes, tuple[Expr, Expr]]
) -> dict[bytes, Expr] | None:
    out: dict[bytes, Expr] = {}
    for b, x in wanted:
        key = next(iter(monomial(subst(b, found))[1]), None)
        if key is None or key not in have:
            return None
        ratio = have[key][1] / x
        if not ratio.is_Number or ratio < 1:
            return None
        out[key] = x
    return out


@rule(
    "name.solved",
    N_("A definition solved for one of its factors"),
    head=Expr,
    law=r"\hat{x}_i = \frac{x_i - \mu}{\sigma} \;\Rightarrow\; x_i - \mu = \sigma \hat{x}_i",
    note=N_("definition of {name}"),
)
def solved(node: Expr, scope: Scope) -> Rewrite | None:
    """Where the other factors of the definition are not 0."""
    if _is_plain(node):
        return None
    for label, definition in scope.model.defined_by(node):
        shape = _shape_of(label)
        if shape is None or label in scope.withheld:
            continue
        number, bases = shape
        inside = _solved_inside(node, label, definition, shape)
        if inside is not None:
            return inside
        composite = [(b, x) for b, x in bases if not _is_plain(b)]
        if (
            len(bases) < 2
            or len(composite) != 1
            or isinstance(composite[0][0], Sum)
            or composite[0][1] != 1
        ):
            continue
        b = composite[0][0]
        if not all(f is b or x < 0 or nonzero(f) for f, x in bases):
            continue
        found = match(b, definition.indices, node)
        if found is None:
            continue
        entry = label.entry(*definition.indices)
        rest = (power(f, -x) for f, x in bases if f is not b)
        inverse = mul(S.One / number, *rest, entry)
        return Rewrite(subst(inverse, found), (("name", subst(entry, found)),))
    return None


def _solved_inside(
    node: Expr, label: Label, definition: Definition, shape: tuple[Expr, Powers]
) -> Rewrite | None:
    """``u = (k + f)**-1`` solved for the composite term: ``f = 1/u - k``."""
    number, bases = shape
    if number is not S.One or len(bases) != 1 or bases[0][1] is not S.NegativeOne:
        return None
    base = bases[0][0]
    if not isinstance(base, Add):
        return None
    composite = [t for t in base.args if not _is_plain(t)]
    if len(composite) != 1 or isinstance(composite[0], Sum):
        return None
    found = match(composite[0], definition.indices, node)
    if found is None:
        return None
    entry = subst(label.entry(*definition.indices), found)
    rest = [neg(t) for t in base.args if t is not composite[0]]
    return Rewrite(add(power(entry, S.NegativeOne), *rest), (("name", entry),))


@rule(
    "unfold.definition",
    N_("Put in the definition"),
    head=[Indexed, Symbol],
    law=r"u_k = f_k",
    note=N_("definition of {name}"),
)
def unfold_definition(node: Expr, scope: Scope) -> Rewrite | None:
    """A name is replaced by the formula that it stands for."""
    label = label_of(node)
    if not isinstance(label, Label) or label.spec.definition is None:
        return None
    return Rewrite(label.spec.definition.at(*indices_of(node)), (("name", node),))


@rule(
    "unfold.one_hot",
    N_("A one-hot array is 1 at its class and 0 elsewhere"),
    head=Indexed,
    law=r"y_k = \delta_{k t}",
    note=N_("{name} is 1 for {class_} and 0 for every other class"),
)
def unfold_one_hot(node: Indexed, scope: Scope) -> Rewrite | None:
    """Of a one-hot array that encodes given labels."""
    label = label_of(node)
    if not isinstance(label, Label) or label.spec.hot is None:
        return None
    *leading, last = indices_of(node)
    places = {Symbol(f"\x00{k}", integer=True): v for k, v in enumerate(leading)}
    hot = subst(label.spec.hot, places)
    return Rewrite(delta(last, hot), (("name", node), ("class_", hot)))


NAMES = RuleSet("names", (again,))
SOLVED = RuleSet("solved", (again, solved))


@rule(
    "unfold.function",
    N_("A function of a number, by its definition"),
    head=Activation,
    law=r"\sigma(x) = \frac{1}{1 + e^{-x}}",
    note=N_("definition of {function}"),
)
def unfold_function(node: Expr, scope: Scope) -> Rewrite | None:
    """Only where the argument is a number; for a name, the function is the shorter form."""
    if not isinstance(node, Activation) or not all(x.is_number for x in node.args):
        return None
    return Rewrite(node.definition(), (("function", node),))


UNFOLD = RuleSet("unfold", (unfold_one_hot, unfold_definition))
FUNCTIONS_OF_NUMBERS = RuleSet("functions of numbers", (unfold_function,))

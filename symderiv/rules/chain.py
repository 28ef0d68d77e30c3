"""The chain rule through named intermediates: every path adds up.

Source: Rumelhart, Hinton & Williams (1986).
"""

from __future__ import annotations

from sympy import Expr, S, Symbol, Tuple

from symderiv.core.binding import apart, letters_in, subst
from symderiv.core.expr import Along, Direct, Inert, Partial, Total, add, delta, mul, total
from symderiv.core.messages import N_
from symderiv.core.rule import Rewrite, RuleSet, rule
from symderiv.core.scope import Scope
from symderiv.core.symbols import Label, indices_of, label_of


def defining(u: Expr) -> Expr | None:
    """The right side that defines an entry, at its indices."""
    label = label_of(u)
    if not isinstance(label, Label) or label.spec.definition is None:
        return None
    return label.spec.definition.at(*indices_of(u))


def readers(node: Total, scope: Scope) -> tuple[Label, ...]:
    """The names on which ``node.what`` rests whose definition reads ``node.by``."""
    read = label_of(node.by)
    return scope.model.readers.get(read, ()) if read is not None else ()


@rule(
    "chain.itself",
    N_("Entries of one array by each other"),
    head=Total,
    law=r"\frac{\partial u_k}{\partial u_i} = \delta_{ki}",
)
def itself(node: Total, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import IndexedBase, symbols
    >>> z, (i, k) = IndexedBase("z"), symbols("i k")
    >>> itself.apply(Total(z[k], z[i]), Scope()).after
    KroneckerDelta(k, i)
    """
    out, x = node.what, node.by
    if label_of(out) != label_of(x):
        return None
    return Rewrite(mul(*(delta(a, b) for a, b in zip(indices_of(out), indices_of(x), strict=True))))


@rule(
    "chain.definition",
    N_("The derivative of a name is that of its definition"),
    head=[Direct, Total],
    law=r"\frac{\partial u}{\partial x} = \frac{\partial f(x)}{\partial x} \text{ for } u = f(x)",
    note=N_("definition of {name}"),
)
def definition(node: Inert, scope: Scope) -> Rewrite | None:
    """Where x reaches the name through no other name, or the others are held."""
    body = defining(node.what)
    if body is None:
        return None
    if isinstance(node, Total) and any(r != label_of(node.what) for r in readers(node, scope)):
        return None
    used = scope.avoid.union(letters_in(node), (v.name for v in scope.ranges))
    return Rewrite(Partial(apart(body, used), node.by), (("name", node.what),))


@rule(
    "chain.paths",
    N_("Chain rule: the influence through every component adds up"),
    head=Total,
    law=r"\frac{\partial L}{\partial x}"
    r" = \sum_k \frac{\partial L}{\partial u_k} \frac{\partial u_k}{\partial x}",
    note=N_("chain rule through {through:each}"),
)
def paths(node: Total, scope: Scope) -> Rewrite | None:
    """One sum for every quantity in which x stands, over its components, and the direct path."""
    out, x = node.what, node.by
    terms: list[Expr] = []
    about: list[tuple[str, Expr]] = []
    seen: list[Expr] = [node]
    for reader in readers(node, scope):
        if reader == label_of(out):
            terms.append(Direct(out, x))
            continue
        indices, limits = _component(reader, seen, scope)
        u = reader.entry(*indices)
        seen.append(u)
        terms.append(total(mul(Total(out, u), Direct(u, x)), *limits))
        about.append(("through", u))
    return Rewrite(add(*terms), tuple(about)) if terms else Rewrite(S.Zero)


def _component(reader: Label, seen: list[Expr], scope: Scope) -> tuple[list[Symbol], list[Tuple]]:
    """Fresh indices over all components of a name, with their ranges, the last outermost."""
    indices: list[Symbol] = []
    limits = []
    wanted = reader.spec.definition.indices if reader.spec.definition else ()
    for preferred, size in zip(wanted, reader.shape, strict=True):
        v = scope.letter(preferred, *seen, *indices)
        indices.append(v)
        limits.append(Tuple(v, S.One, size))
    return indices, limits[::-1]


@rule(
    "chain.along",
    N_("A directional derivative adds up what every variable contributes"),
    head=Along,
    law=r"\left. dL \right|_{dx = u} = \sum_i \frac{\partial L}{\partial x_i} u_i",
)
def along(node: Along, scope: Scope) -> Rewrite | None:
    """
    >>> from sympy import symbols
    >>> f, x, y = symbols("f x y")
    >>> along.apply(Along(f, Tuple(Tuple(x, S.One), Tuple(y, -S.One))), Scope()).after
    Total(f, x) - Total(f, y)
    """
    terms = [total(mul(Total(node.what, x), u), *limits) for x, u, *limits in node.by]
    return Rewrite(add(*terms))


@rule(
    "chain.lemma",
    N_("Put in a derivative found before"),
    head=[Total, Direct],
    law=r"a = b \;\Rightarrow\; f(a) = f(b)",
    note=N_("by lemma {lemma}"),
)
def lemma(node: Inert, scope: Scope) -> Rewrite | None:
    """The lemma is cited, with the indices that stand here."""
    cited = scope.lemma(node) if scope.lemma is not None else None
    if cited is None:
        return None
    letters = cited.goal.args[0].args[1:] + cited.goal.args[1].args[1:]
    here = indices_of(node.what) + indices_of(node.by)
    renaming = {a: b for a, b in zip(letters, here, strict=True) if isinstance(a, Symbol)}
    used = frozenset(v.name for v in scope.ranges)
    here_reads = apart(subst(cited.last, renaming), used)
    return Rewrite(here_reads, (("lemma", node),), lemmas=(cited,))


OPEN = RuleSet("open", (itself, definition, paths, along))
LEMMAS = RuleSet("lemmas", (lemma,))

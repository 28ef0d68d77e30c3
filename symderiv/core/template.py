"""Templates: a derivation that was carried out once, and read under other names."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from symderiv.core.derivation import Derivation, Step
from symderiv.core.relabel import Relabel


@dataclass(frozen=True, slots=True)
class Template:
    """A derivation that was carried out, and the names and sizes that it speaks of."""

    derivation: Derivation
    holes: tuple[Symbol, ...]
    number: int
    closed: bool
    statistic: bool
    divides: bool

    def under(self, names: tuple[Symbol, ...]) -> Relabel:
        """What puts other names for those of the template; any further ones it does not read."""
        return Relabel(dict(zip(self.holes, names, strict=False)))


@dataclass(frozen=True, slots=True)
class Adjoint:
    """The derivation of ``∂L/∂x`` for one name: a template under other names."""

    template: Template
    relabel: Relabel

    @property
    def last(self) -> Expr:
        """The last line."""
        line: Expr = self.relabel(self.template.derivation.last)
        return line

    @property
    def holes(self) -> tuple[Symbol, ...]:
        """The names that stand here for those of the template."""
        mapping = self.relabel.mapping
        return tuple(mapping.get(s, s) for s in self.template.holes)


def relabelled(derivation: Derivation, relabel: Relabel) -> Derivation:
    """The same derivation about other names."""
    if not relabel.mapping:
        return derivation
    lemmas: dict[int, Derivation] = {}

    def lemma(d: Derivation) -> Derivation:
        if id(d) not in lemmas:
            lemmas[id(d)] = relabelled(d, relabel)
        return lemmas[id(d)]

    def step(s: Step) -> Step:
        return Step(
            s.rule,
            s.path,
            relabel(s.redex),
            relabel(s.contractum),
            s.stage,
            tuple([(k, relabel(v)) for k, v in s.about]),
            tuple(map(relabel, s.provided)),
            tuple(map(lemma, s.lemmas)),
        )

    return Derivation(
        relabel(derivation.goal),
        tuple(map(step, derivation.steps)),
        derivation.stages,
        tuple(map(relabel, derivation.given)),
        tuple(map(relabel, derivation.indices)),
        relabel(derivation.last),
        relabel(derivation.result),
    )

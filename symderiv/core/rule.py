"""A rule: one named law, and the function that applies it to one node."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sympy import Expr
from sympy.core.basic import Basic

if TYPE_CHECKING:
    from symderiv.core.derivation import Derivation
    from symderiv.core.scope import Scope

Head = type | tuple[type, type]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What a rule answers: the new node, and what a reader should be told.

    ``about`` fills the placeholders of the rule's note; ``provided`` are the side conditions that
    were used (``Σ_i y_i = 1``, ``1 ≤ j ≤ n``, ``p > 0``); ``lemmas`` the derivations that it cites.
    """

    after: Expr
    about: tuple[tuple[str, Basic], ...] = ()
    provided: tuple[Basic, ...] = ()
    lemmas: tuple[Derivation, ...] = ()


Apply = Callable[[Expr, "Scope"], Rewrite | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One law. ``title`` and ``note`` are message ids; ``note`` has ``{placeholders}``."""

    name: str
    title: str
    law: str
    heads: tuple[Head, ...]
    apply: Apply
    note: str = ""


def rule(
    name: str, title: str, *, head: Head | list[Head], law: str, note: str = ""
) -> Callable[[Apply], Rule]:
    """Make a rule of a function ``(node, scope) -> Rewrite | None``.

    ``head`` is the node type it looks at; for an inert derivative, the pair (`Partial`, type of
    what is differentiated).
    """

    def make(function: Apply) -> Rule:
        module = sys.modules[function.__module__]
        tests = module.__dict__.setdefault("__test__", {})
        tests[name] = function.__doc__ or ""
        heads = tuple(head) if isinstance(head, list) else (head,)
        return Rule(name, title, law, heads, function, note)

    return make


def when(law: Rule, condition: Callable[[Expr], bool]) -> Rule:
    """The same law, applied only where a condition holds."""

    def apply(node: Expr, scope: Scope) -> Rewrite | None:
        return law.apply(node, scope) if condition(node) else None

    return replace(law, apply=apply)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules in the order in which they are tried; names are unique; ``+`` joins."""

    name: str
    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        names = [r.name for r in self.rules]
        twice = {n for n in names if names.count(n) > 1}
        if twice:
            raise ValueError(f"rule set {self.name!r} lists a rule twice: {sorted(twice)}")

    def __add__(self, other: RuleSet) -> RuleSet:
        fresh = tuple(r for r in other.rules if r not in self.rules)
        return RuleSet(f"{self.name} + {other.name}", self.rules + fresh)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __getitem__(self, name: str) -> Rule:
        return next(r for r in self.rules if r.name == name)

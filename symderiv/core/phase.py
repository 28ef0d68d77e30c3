"""A phase: rules that are applied together, in one direction, until none of them fires."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sympy import Expr

from symderiv.core.expr import Partial, bits, mask
from symderiv.core.rule import Apply, Head, RuleSet


@dataclass(frozen=True, slots=True)
class Phase:
    """``up`` rewrites children first; ``down`` the node first, its parts only when no rule fires.

    ``needs`` is a mask: a line without any of these node types is left alone; ``by_name`` says
    that the rules read definitions, so a model without any is left alone too.
    """

    name: str
    rules: RuleSet
    order: Literal["up", "down"] = "up"
    needs: int = 0
    table: dict[Head, tuple[tuple[str, Apply], ...]] = field(default_factory=dict)
    touches: int = 0
    by_name: bool = False

    @classmethod
    def of(
        cls,
        name: str,
        rules: RuleSet,
        order: Literal["up", "down"] = "up",
        needs: tuple[type, ...] = (),
        *,
        by_name: bool = False,
    ) -> Phase:
        """A phase whose mask is read off the heads of its rules."""
        heads = [h[0] if isinstance(h, tuple) else h for r in rules for h in r.heads]
        wide = any(h is Expr for h in heads)
        touches = -1 if wide else bits(heads)
        return cls(name, rules, order, bits(needs), {}, touches, by_name)

    def rules_for(self, node: Expr) -> tuple[tuple[str, Apply], ...]:
        """The rules that look at this kind of node, in order."""
        head: Head = type(node)
        if isinstance(node, Partial):
            head = (Partial, type(node.args[0]))
        found = self.table.get(head)
        if found is None:
            found = self.table[head] = tuple(
                (r.name, r.apply) for r in self.rules if any(_covers(h, head) for h in r.heads)
            )
        return found

    def concerns(self, line: Expr) -> bool:
        """Could a rule of this phase fire somewhere in the line?"""
        present = mask(line)
        return bool(present & self.touches) and (not self.needs or bool(present & self.needs))


def _covers(rule_head: Head, head: Head) -> bool:
    if isinstance(rule_head, tuple):
        return isinstance(head, tuple) and issubclass(head[1], rule_head[1])
    return issubclass(head[0] if isinstance(head, tuple) else head, rule_head)

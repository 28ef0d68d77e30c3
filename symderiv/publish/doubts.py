"""What is not known after a fault, so that nothing is told that only follows from one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from symderiv.publish.registry import Gives, kinds
from symderiv.publish.session import is_kept
from symderiv.publish.statement import Statement

_NAME = re.compile(r"[^\W\d]\w*")
_LABELS = re.compile(r"\{#([^{}\s]*)\}|\$\$\s*\(([^()\s]*)\)")
_PROSE = frozenset(("label", "title", "caption"))


@dataclass(slots=True)
class Doubts:
    """Names and labels that a fault may have left without a meaning.

    ``all_names`` is true after a fault that any name may rest on, ``all_labels`` after one that may
    have swallowed any label.
    """

    names: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    any_fault: bool = False
    all_names: bool = False
    all_labels: bool = False

    def touch(self, s: Statement) -> bool:
        """Does a statement rest on what is in doubt?"""
        said = [s.rest.text, *(v.text for key, v in s.options.items() if key not in _PROSE)]
        return self.all_names or any(self.names.intersection(_NAME.findall(x)) for x in said)

    def fail(self, s: Statement) -> None:
        """Note what a statement would have said, had it been carried out."""
        self.any_fault = True
        if "label" in s.options:
            self.labels.add(s.options["label"].text)
        kind = kinds().get(s.word)
        gives = kind.gives if kind else Gives.LEFT
        self.all_names |= gives is Gives.ANY_NAME
        self.all_labels |= gives is Gives.HEADINGS
        if gives is Gives.LEFT:
            self.names.update(_NAME.findall(s.whole.text.partition("=")[0])[1:])

    def miss(self, lines: Iterable[str]) -> None:
        """Note the labels of lines of which no block was made."""
        self.any_fault = True
        for found in _LABELS.finditer("\n".join(lines)):
            self.labels.add(found[1] or found[2] or "")

    def excuse(self, label: str) -> bool:
        """May a label have been lost by a fault?"""
        if self.all_labels:
            return True
        kept = is_kept(label) and not label.startswith("rule-")
        parts = any(label.startswith(f"{lost}-") for lost in self.labels)
        return self.any_fault and (kept or parts or label in self.labels)

"""An entry of the catalog: a name, a title, a sentence, and how its derivations are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from sympy import Expr

from symderiv.api import Backprop, Derivation

if TYPE_CHECKING:
    from symderiv.oracle.report import Report

Part = tuple[str, Derivation]
"""A derivation under a caption, a message id."""


class Made(Protocol):
    """What an entry tells once it is derived."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The derivations in the order of reading; a single one has no caption."""

    @property
    def kept(self) -> tuple[Expr, ...]:
        """The forward values that a backward pass reads; nothing where there is no pass."""

    def check(self, *, seed: int = 0) -> tuple[Report, ...]:
        """Every step by numbers."""


@dataclass(frozen=True)
class Parts:
    """Derivations that stand side by side."""

    parts: tuple[Part, ...]
    kept: tuple[Expr, ...] = ()

    def check(self, *, seed: int = 0) -> tuple[Report, ...]:
        """Each derivation by numbers of its own."""
        return tuple(derivation.check(seed=seed) for _, derivation in self.parts)


@dataclass(frozen=True)
class Pass:
    """A backward pass: every adjoint from the loss to the parameters, some under a caption."""

    backprop: Backprop
    captions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every adjoint that the gradients rest on, from the output back."""
        told = self.backprop.derivations()
        return tuple((self.captions.get(name, ""), derivation) for name, derivation in told)

    @cached_property
    def kept(self) -> tuple[Expr, ...]:
        """What forward must keep, at the indices of its definitions."""
        return self.backprop.kept_entries

    def check(self, *, seed: int = 0) -> tuple[Report, ...]:
        """The pass as one, by numbers that its derivations share."""
        return (self.backprop.check(seed=seed),)


Build = Callable[[], Derivation | tuple[Part, ...] | Pass]


@dataclass(frozen=True, slots=True)
class Entry:
    """A named derivation, made anew whenever it is asked for.

    ``title`` and ``sentence`` are message ids; ``main`` says which of several parts the entry is
    about, by its place or by its caption.

    >>> from symderiv import catalog
    >>> catalog.get("softmax-jacobian").title
    'Jacobian of softmax'
    """

    name: str
    title: str
    sentence: str
    build: Build
    main: int | str = -1

    def make(self) -> Made:
        """Derive it."""
        made = self.build()
        if isinstance(made, Derivation):
            return Parts((("", made),))
        return made if isinstance(made, Pass) else Parts(made)

    def derivation(self) -> Derivation:
        """What the entry is about."""
        made = self.make()
        return made.parts[self.position(made)][1]

    def position(self, made: Made) -> int:
        """Which of the parts the entry is about."""
        if isinstance(self.main, int):
            return self.main % len(made.parts)
        return [caption for caption, _ in made.parts].index(self.main)

    def derivations(self) -> tuple[Part, ...]:
        """All parts in the order of reading, each with its caption; a single part has none."""
        return self.make().parts


def entry(
    name: str, title: str, sentence: str, *, main: int | str = -1
) -> Callable[[Build], Entry]:
    """Make an entry of the function that builds its derivation, or its parts."""

    def make(build: Build) -> Entry:
        return Entry(name, title, sentence, build, main)

    return make

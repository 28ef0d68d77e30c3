"""An entry of the catalog: a name, a title, a sentence, and how its derivations are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symderiv.api import Derivation

Part = tuple[str, Derivation]
"""A derivation under a caption, a message id."""

Build = Callable[[], Derivation | tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A named derivation, made anew whenever it is asked for.

    ``title`` and ``sentence`` are message ids; ``main`` says which of several parts the entry is
    about.

    >>> from symderiv import catalog
    >>> catalog.get("softmax-jacobian").title
    'Jacobian of softmax'
    """

    name: str
    title: str
    sentence: str
    build: Build
    main: int = -1

    def derivation(self) -> Derivation:
        """What the entry is about."""
        return self.derivations()[self.main][1]

    def derivations(self) -> tuple[Part, ...]:
        """All parts in the order of reading, each with its caption; a single part has none."""
        made = self.build()
        return (("", made),) if isinstance(made, Derivation) else made


def entry(name: str, title: str, sentence: str, *, main: int = -1) -> Callable[[Build], Entry]:
    """Make an entry of the function that builds its derivation, or its parts."""

    def make(build: Build) -> Entry:
        return Entry(name, title, sentence, build, main)

    return make

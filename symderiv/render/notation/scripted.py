"""Names with what stands below and above them, the same for every notation with such places."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from symderiv.render.notation.style import Piece


class Scripted(ABC):
    """How names, their indices and their layers are put together.

    A notation adds how it takes a name apart, and what it writes for a script.
    """

    between = ""
    """What stands between indices of one letter each."""

    def __init__(self) -> None:
        self.apart: frozenset[str] = frozenset()

    @abstractmethod
    def declared(self, latex: str) -> str | None:
        """The LaTeX that a name was declared with; None where it may not be used."""

    @abstractmethod
    def parted(self, name: str) -> tuple[str, str]:
        """A name: what stands on the line, and what stands below."""

    @abstractmethod
    def scripts(self, base: str, below: str, above: str) -> str:
        """A base with what stands at its side; nothing is written for what is empty."""

    @abstractmethod
    def held(self, base: str) -> str:
        """A declared base that is to get scripts."""

    @abstractmethod
    def overlined(self, base: str) -> str:
        """A base with a bar."""

    @abstractmethod
    def upright(self, text: str) -> str:
        """A name of several letters."""

    @abstractmethod
    def is_delta(self, base: str) -> bool:
        """Is it the letter that is Kronecker's with indices?"""

    @abstractmethod
    def is_raised(self, base: str) -> bool:
        """Does something stand above the base already?"""

    def name(self, name: str, latex: str | None = None, layer: str | None = None) -> Piece:
        """A name that stands alone."""
        return self.entry(name, (), latex, layer)

    def entry(
        self, name: str, indices: Sequence[str], latex: str | None = None, layer: str | None = None
    ) -> Piece:
        """A name with its indices below and its layer above."""
        base, sub = self.base(name, latex)
        if self.is_delta(base) and indices and latex is None:
            base = self.upright("delta")
        if latex is not None and (indices or layer is not None):
            base = self.held(base)
        text = self.scripts(base, self._below(sub, indices), self._above(layer))
        return Piece(text, mark=layer is not None or self.is_raised(base))

    def bar(self, name: str, indices: Sequence[str], layer: str | None = None) -> Piece:
        """The adjoint of a name."""
        base, sub = self.base(name, None)
        text = self.scripts(self.overlined(base), self._below(sub, indices), self._above(layer))
        return Piece(text, mark=layer is not None)

    def base(self, name: str, latex: str | None) -> tuple[str, str]:
        """A name: what stands on the line, and what stands below."""
        found = self.declared(latex) if latex is not None else None
        if found is not None:
            return found, ""
        return (self.upright(name), "") if name in self.apart else self.parted(name)

    def layer(self, layer: str) -> str:
        """What stands above a name between brackets."""
        base, sub = self.parted(layer) if not layer.isdigit() else (layer, "")
        return self.scripts(base, sub, "")

    def joined(self, indices: Sequence[str]) -> str:
        """Indices side by side; commas where letters alone do not tell them apart."""
        if all(len(index) == 1 and index.isalpha() for index in indices):
            return self.between.join(indices)
        return ", ".join(indices)

    def below(self, base: str, subs: Sequence[str]) -> str:
        """A base with indices."""
        return self.scripts(base, self.joined(subs), "")

    def _below(self, sub: str, indices: Sequence[str]) -> str:
        """What stands below a name, apart from its indices: ``W_{K, ij}``."""
        return ", ".join(part for part in (sub, self.joined(indices)) if part)

    def _above(self, layer: str | None) -> str:
        return f"({self.layer(layer)})" if layer is not None else ""

"""What a notation must be able to write: `walk` decides what is written, a style decides how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from sympy import Number


class Level(IntEnum):
    """How tightly a piece holds together; looser ones need brackets inside tighter ones."""

    SUM = 1
    NEGATIVE = 2
    PRODUCT = 3
    FRACTION = 4
    POWER = 5
    ATOM = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed part.

    ``closed`` is how it is written when another factor follows, if that is different: a sum and
    ``log x`` reach as far to the right as they can. ``slashed`` marks ``a/b``, after which a
    product needs a dot. ``mark`` is set on what already bears a superscript.
    """

    text: str
    level: Level = Level.ATOM
    closed: str | None = None
    slashed: bool = False
    mark: bool = False

    @property
    def shut(self) -> str:
        """The text when another factor follows."""
        return self.text if self.closed is None else self.closed


class Style(Protocol):
    """The primitives of one notation."""

    slash: bool
    """Are fractions written on the line, with a slash?"""
    minus: str
    apart: frozenset[str]
    """Names that would look like another one, to be written as words."""
    symbols: Mapping[str, str]
    """Relations, constants, signs of sums and names of functions."""

    def name(self, name: str, latex: str | None = None, layer: str | None = None) -> Piece: ...

    def entry(
        self, name: str, indices: Sequence[str], latex: str | None = None, layer: str | None = None
    ) -> Piece: ...

    def word(self, text: str) -> str: ...

    def infix(self, sign: str) -> str: ...

    def differential(self, name: str) -> str: ...

    def below(self, base: str, subs: Sequence[str]) -> str: ...

    def bar(self, name: str, indices: Sequence[str], layer: str | None = None) -> Piece: ...

    def number(self, value: Number) -> Piece: ...

    def power(self, base: str, exponent: Piece) -> Piece: ...

    def root(self, inside: Piece) -> Piece: ...

    def exponential(self, exponent: Piece) -> Piece: ...

    def fraction(self, above: Piece, below: Piece) -> Piece: ...

    def times(self, left: Piece, right: Piece) -> str: ...

    def brackets(self, text: str, kind: str = "(") -> str: ...

    def binder(self, sign: str, index: str, low: str, high: str, full: bool) -> str: ...

    def applied(self, function: str, arguments: str) -> str: ...

    def function(self, name: str) -> str: ...

    def derivative(self, sign: str, above: str, below: Sequence[tuple[str, int]]) -> Piece: ...

    def operator(self, sign: str, below: Sequence[tuple[str, int]], inside: str) -> Piece: ...

    def where(self, piece: Piece, condition: str) -> Piece: ...

    def cases(self, rows: Sequence[tuple[str, str]]) -> Piece: ...

    def range(self, low: str, high: str) -> str: ...

"""Errors for people: what was wrong, where, what was expected, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symderiv.core.derivation import Derivation


class SymderivError(Exception):
    """Base of every error that symderiv raises on purpose."""


class ShapeError(SymderivError, ValueError):
    """Two shapes do not fit each other, or an index does not fit its axis."""


class NameClash(SymderivError, ValueError):
    """One name stands for two different things in one expression."""


class Unsupported(SymderivError, TypeError):
    """An object that symderiv cannot read; the message says what to write instead."""


class FactError(SymderivError, ValueError):
    """A result that rests on a fact about T was to be differentiated with respect to T."""


class BudgetExceeded(SymderivError, RuntimeError):
    """The step budget ran out; ``derivation`` carries what was derived so far."""

    def __init__(self, message: str, derivation: Derivation | None = None) -> None:
        super().__init__(message)
        self.derivation = derivation


class NotReached(SymderivError, ValueError):
    """``to=`` was not reached; ``derivation`` ends in the nearest form found."""

    def __init__(self, message: str, derivation: Derivation | None = None) -> None:
        super().__init__(message)
        self.derivation = derivation


class DataError(SymderivError, ValueError):
    """Numbers handed in for an array do not fit its declaration."""


class ParseError(SymderivError, ValueError):
    """Text from outside that is not an expression; ``position`` is the place of the fault."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position

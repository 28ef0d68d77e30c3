"""Errors for people: what was wrong, where, what was expected, what to do.

A message is a `Sentence`, so it can be told in every language of the catalogues; ``str()`` of an
error is always English. ``kind`` heads a message that a language has no words for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from symderiv.core.messages import N_

if TYPE_CHECKING:
    from symderiv.core.derivation import Derivation


class SymderivError(Exception):
    """Base of every error that symderiv raises on purpose."""

    kind: ClassVar[str] = N_("error")


class ShapeError(SymderivError, ValueError):
    """Two shapes do not fit each other, or an index does not fit its axis."""

    kind: ClassVar[str] = N_("shapes do not fit")


class NameClash(SymderivError, ValueError):
    """One name stands for two different things in one expression."""

    kind: ClassVar[str] = N_("one name for two things")


class Unsupported(SymderivError, TypeError):
    """An object that symderiv cannot read; the message says what to write instead."""

    kind: ClassVar[str] = N_("not supported")


class FactError(SymderivError, ValueError):
    """A result that rests on a fact about T was to be differentiated with respect to T."""

    kind: ClassVar[str] = N_("a fact was used before")


class BudgetExceeded(SymderivError, RuntimeError):
    """The step budget ran out; ``derivation`` carries what was derived so far."""

    kind: ClassVar[str] = N_("too many steps")

    def __init__(self, message: str, derivation: Derivation | None = None) -> None:
        super().__init__(message)
        self.derivation = derivation


class NotReached(SymderivError, ValueError):
    """``to=`` was not reached; ``derivation`` ends in the nearest form found."""

    kind: ClassVar[str] = N_("the wanted form was not reached")

    def __init__(self, message: str, derivation: Derivation | None = None) -> None:
        super().__init__(message)
        self.derivation = derivation


class DataError(SymderivError, ValueError):
    """Numbers handed in for an array do not fit its declaration."""

    kind: ClassVar[str] = N_("the data do not fit")


class ParseError(SymderivError, ValueError):
    """Text from outside that is not an expression; ``position`` is the place of the fault."""

    kind: ClassVar[str] = N_("not readable")

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position

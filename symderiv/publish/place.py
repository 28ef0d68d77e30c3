"""Where something stands in a source, and errors that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from symderiv.core.errors import ParseError, SymderivError
from symderiv.core.messages import Reported, Sentence, reported, said_by

_OPTION = re.compile(r"--(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file and, where it is known, a column; both count from 1."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(x) for x in (self.line, self.column) if x)])


class SourceError(SymderivError, ValueError):
    """Something in a source that cannot be read; ``place`` is where."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, Place]]:
        return SourceError, (said_by(self), self.place)


class CheckFailed(SourceError):
    """A check that did not hold."""

    def __reduce__(self) -> tuple[type[CheckFailed], tuple[str, Place]]:
        return CheckFailed, (said_by(self), self.place)


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a source. ``margin`` is how far lines after the first are indented in the file.

    >>> whole = Text("derive L", "notes.md", 12)
    >>> str(whole.part(7).at(0))
    'notes.md:12:8'
    """

    text: str
    file: str
    line: int
    column: int = 1
    margin: int = 0

    def at(self, position: int) -> Place:
        """The place of a character, counted from 0."""
        before = self.text[:position]
        down = before.count("\n")
        if not down:
            return Place(self.file, self.line, self.column + position)
        return Place(self.file, self.line + down, self.margin + position - before.rfind("\n"))

    def part(self, start: int, end: int | None = None) -> Text:
        """A piece of the piece, without the space around it."""
        inside = self.text[start:end]
        start += len(inside) - len(inside.lstrip())
        where = self.at(start)
        return Text(inside.strip(), self.file, where.line, where.column, self.margin)

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Errors inside become errors at this place, or at that of a fault within the text."""
        try:
            yield
        except SourceError:
            raise
        except ParseError as error:
            raise SourceError(reported(error, InSource), self.at(error.position or 0)) from error
        except (SymderivError, ZeroDivisionError) as error:
            raise SourceError(reported(error, InSource), self.at(0)) from error
        except (RecursionError, MemoryError):
            raise SourceError(Sentence("the expression is too large"), self.at(0)) from None


class InSource(Reported):
    """What an error says, in one line; what the command line calls ``--vector`` is ``vector``."""

    @staticmethod
    def shaped(text: str, values: Mapping[str, str]) -> str:
        """The text in one line, without the dashes of options."""
        del values
        return _OPTION.sub("", " ".join(text.split()))

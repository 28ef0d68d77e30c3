"""Boxes of type: lines of formulas and text, stacks of them, and arrays of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from symderiv.pictures.fonts import measured, parsed
from symderiv.pictures.formulas import Line, Run
from symderiv.pictures.looks import FORMULA, INK, THIN

if TYPE_CHECKING:
    from symderiv.pictures.sheet import Sheet

BRACKET = 3.0


def run_width(run: Run, size: float) -> float:
    """How far a run reaches, in points."""
    return (parsed if run.math else measured)(run.text, size)[0]


def _extent(run: Run, size: float) -> tuple[float, float, float]:
    width, up, down = (parsed if run.math else measured)(run.text, size)
    return width, max(up, 0.92 * size) if run.barred else up, down


class Box(Protocol):
    """Something with a size that can be put on a sheet, its upper left corner at a point."""

    @property
    def width(self) -> float: ...

    @property
    def height(self) -> float: ...

    def put(self, sheet: Sheet, x: float, top: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Type:
    """One line of type."""

    line: Line
    size: float = FORMULA
    color: str = INK

    def _sizes(self) -> list[tuple[float, float, float]]:
        return [_extent(run, self.size) for run in self.line]

    @property
    def width(self) -> float:
        """The sum of its runs."""
        return sum((w for w, _, _ in self._sizes()), 0.0)

    @property
    def ascent(self) -> float:
        """What stands above the base line; at least that of a small letter with a stem."""
        return max([0.66 * self.size, *(up for _, up, _ in self._sizes())])

    @property
    def descent(self) -> float:
        """What hangs below it; at least that of a letter with a tail."""
        return max([0.2 * self.size, *(down for _, _, down in self._sizes())])

    @property
    def height(self) -> float:
        """From the highest point to the lowest."""
        return self.ascent + self.descent

    def put(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw it."""
        sheet.text(self.line, (x, top - self.ascent), self.size, self.color)


@dataclass(frozen=True, slots=True)
class Stack:
    """Boxes below each other, centred."""

    parts: tuple[Box, ...]
    gap: float = 4.0

    @property
    def width(self) -> float:
        """That of the widest."""
        return max((part.width for part in self.parts), default=0.0)

    @property
    def height(self) -> float:
        """All of them with the gaps."""
        return sum(part.height for part in self.parts) + self.gap * (len(self.parts) - 1)

    def put(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw them."""
        for part in self.parts:
            part.put(sheet, x + (self.width - part.width) / 2, top)
            top -= part.height + self.gap


@dataclass(frozen=True, slots=True)
class Row:
    """Boxes side by side, on a common middle."""

    parts: tuple[Box, ...]
    gap: float = 4.0

    @property
    def width(self) -> float:
        """All of them with the gaps."""
        return sum(part.width for part in self.parts) + self.gap * (len(self.parts) - 1)

    @property
    def height(self) -> float:
        """That of the highest."""
        return max((part.height for part in self.parts), default=0.0)

    def put(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw them."""
        for part in self.parts:
            part.put(sheet, x, top - (self.height - part.height) / 2)
            x += part.width + self.gap


@dataclass(frozen=True, slots=True)
class Numbers:
    """Rows of numbers between square brackets, each column set flush right."""

    rows: tuple[tuple[Type, ...], ...]
    gap: float = 6.0

    def _columns(self) -> list[float]:
        return [max(cell.width for cell in column) for column in zip(*self.rows, strict=True)]

    @property
    def width(self) -> float:
        """The columns, the gaps, and the brackets."""
        columns = self._columns()
        return sum(columns) + self.gap * (len(columns) - 1) + 4 * BRACKET

    @property
    def pitch(self) -> float:
        """From one row to the next."""
        return max(cell.height for row in self.rows for cell in row) + 1.5

    @property
    def height(self) -> float:
        """All rows."""
        return self.pitch * len(self.rows) + 1

    def put(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw the numbers and the brackets."""
        color = self.rows[0][0].color
        right, bottom = x + self.width, top - self.height
        for edge, way in ((x + 0.5, BRACKET), (right - 0.5, -BRACKET)):
            hook = [(edge + way, top), (edge, top), (edge, bottom), (edge + way, bottom)]
            sheet.lines(hook, color=color, width=THIN)
        columns = self._columns()
        for at, row in enumerate(self.rows):
            left = x + 2 * BRACKET
            for cell, width in zip(row, columns, strict=True):
                cell.put(sheet, left + width - cell.width, top - 1.25 - at * self.pitch)
                left += width + self.gap


def placed(parts: Sequence[Box | None]) -> tuple[Box, ...]:
    """Those that there are."""
    return tuple(part for part in parts if part is not None)

"""What the colours of a graph mean, in one line below it."""

from __future__ import annotations

from dataclasses import dataclass

from symderiv.core.messages import N_
from symderiv.document.words import fill
from symderiv.pictures.arrows import DASHES, arrow
from symderiv.pictures.boxes import Row, Type
from symderiv.pictures.formulas import Pen
from symderiv.pictures.looks import BACKWARD, INK, KEPT, SMALL
from symderiv.pictures.net import Net, whole
from symderiv.pictures.sheet import Sheet

KEEPS = N_("kept by forward for backward")
BACK = N_("backward")
SAMPLE = 22.0


@dataclass(frozen=True, slots=True)
class Swatch:
    """A small box in the colour of what is kept."""

    width: float = 12.0
    height: float = 8.0

    def put(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw it."""
        corner = (x, top - self.height)
        sheet.box(corner, self.width, self.height, fill=KEPT, stroke=INK, line=0.7, radius=2)


@dataclass(frozen=True, slots=True)
class Backwards:
    """An arrow as those of the backward pass."""

    width: float = SAMPLE
    height: float = 6.0

    def put(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw it."""
        y = top - self.height / 2
        arrow(sheet, [(x + self.width, y), (x, y)], color=BACKWARD, dashes=DASHES)


def legend(net: Net, pen: Pen) -> Row | None:
    """The entries that the graph needs; none without a backward pass."""
    entries = []
    if net.bp is not None:
        x = net.bp.adjoints.order[-1]
        quotient = rf"\partial {pen.math(net.out)}/\partial {pen.math(whole(x))}"
        adjoint = pen.formula(whole(x, net.out), "=", quotient)
        says = Type(pen.line(fill(BACK, {}, pen.language)), SMALL, BACKWARD)
        entries.append(Row((Backwards(), says, Type(adjoint, SMALL, BACKWARD)), 5))
    if net.kept:
        says = Type(pen.line(fill(KEEPS, {}, pen.language)), SMALL)
        entries.append(Row((Swatch(), says), 5))
    return Row(tuple(entries), 24) if entries else None

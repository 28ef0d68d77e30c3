"""Shapes and layouts in words: ``∂L/∂W: (in, out), shape of the variable``."""

from __future__ import annotations

from collections.abc import Iterable

from symderiv.document.messages import translate
from symderiv.matrices.layout import ShapeLine
from symderiv.render.walk import Notation


def shape_lines(to: Notation, lines: Iterable[ShapeLine]) -> list[str]:
    """Each shape on a line of its own, in the notation's style."""
    return [_line(to, line) for line in lines]


def _line(to: Notation, line: ShapeLine) -> str:
    what = to(line.what)
    if line.by is not None:
        sign = "d" if to.upright else to.style.symbols["∂"]
        what = to.style.derivative(sign, what, [(to(line.by), 1)]).text
    sizes = ", ".join(map(to, line.shape)) + ("," if len(line.shape) == 1 else "")
    text = f"{what}: {to.style.brackets(sizes)}"
    if not line.note:
        return text
    return text + to.style.word(", " + translate(line.note, to.language))

"""Shapes and layouts in words: ``∂L/∂W: (in, out), shape of the variable``."""

from __future__ import annotations

from collections.abc import Iterable

from sympy.core.basic import Basic

from symderiv.core.expr import Inert
from symderiv.document.messages import translate
from symderiv.matrices.form import MatrixForm
from symderiv.matrices.layout import Layout, ShapeLine, shapes
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.notation.walk import Notation


def shape_lines(to: Notation, lines: Iterable[ShapeLine]) -> list[str]:
    """Each shape on a line of its own, in the notation's style."""
    return [_line(to, line) for line in lines]


def shape_text(goal: Inert, form: MatrixForm | None, layout: Layout = "numerator") -> str:
    """In text: the matrix form of a derivative, and under it the shape of everything in it."""
    to = Notation(TextStyle(), bar=True)
    lines = shapes(goal, form, layout)
    derivative = lines[-1]
    assert derivative.by is not None
    head = (
        [] if form is None else [f"{_derivative(to, derivative.what, derivative.by)} = {to(form)}"]
    )
    return "\n".join([*head, *shape_lines(to, lines)])


def _derivative(to: Notation, what: Basic, by: Basic) -> str:
    sign = "d" if to.upright else to.style.symbols["∂"]
    return to.style.derivative(sign, to(what), [(to(by), 1)]).text


def _line(to: Notation, line: ShapeLine) -> str:
    what = to(line.what) if line.by is None else _derivative(to, line.what, line.by)
    sizes = ", ".join(map(to, line.shape)) + ("," if len(line.shape) == 1 else "")
    text = f"{what}: {to.style.brackets(sizes)}"
    if not line.note:
        return text
    return text + to.style.word(", " + translate(line.note, to.language))

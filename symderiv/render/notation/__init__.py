"""The one printer: an expression in a notation, in the order in which it was written.

A `Notation` walks the tree and decides on order, signs, fractions and brackets; a `Style` (Unicode
text, LaTeX) says how each of them is written. Importing this package loads the printers of all
heads: those of `arithmetic`, `nodes`, `direction` and `matrix`.
"""

from __future__ import annotations

from symderiv.render.notation import arithmetic, direction, matrix, nodes
from symderiv.render.notation.style import Level, Piece, Style
from symderiv.render.notation.walk import HANDLERS, Notation

__all__ = [
    "HANDLERS",
    "Level",
    "Notation",
    "Piece",
    "Style",
    "arithmetic",
    "direction",
    "matrix",
    "nodes",
]

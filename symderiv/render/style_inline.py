"""LaTeX for formulas within a line of text: a slash for fractions, which are too small there."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Number

from symderiv.render.core_mathml import PlaceholderStyle
from symderiv.render.style import Level, Piece


class InlineStyle(PlaceholderStyle):
    r"""``\partial L / \partial x`` instead of ``\frac{\partial L}{\partial x}``."""

    slash = True

    def number(self, value: Number) -> Piece:
        """``1/2``."""
        if value.is_Rational and not value.is_Integer:
            return Piece(f"{value.p}/{value.q}", Level.PRODUCT, slashed=True)
        return super().number(value)

    def fraction(self, above: Piece, below: Piece) -> Piece:
        """``a/b``."""
        loose = above.level < Level.PRODUCT or above.slashed
        top = self.brackets(above.text) if loose else above.shut
        bottom = below.shut if below.level >= Level.POWER else self.brackets(below.text)
        return Piece(f"{top}/{bottom}", Level.PRODUCT, slashed=True)

    def times(self, left: Piece, right: Piece) -> str:
        """A dot where a factor beside it would blur a fraction."""
        return r" \cdot " if left.slashed or right.slashed else super().times(left, right)

    def derivative(self, sign: str, above: str, below: Sequence[tuple[str, int]]) -> Piece:
        r"""``\partial L / \partial x``."""
        order = sum(times for _, times in below)
        top = f"{sign}^{{{order}}}" if order > 1 else sign
        bottom = r" \, ".join(
            f"{sign} {x}" + (f"^{{{times}}}" if times > 1 else "") for x, times in below
        )
        bottom = self.brackets(bottom) if len(below) > 1 else bottom
        return Piece(f"{top} {above}/{bottom}", Level.PRODUCT, slashed=True)

    def operator(self, sign: str, below: Sequence[tuple[str, int]], inside: str) -> Piece:
        r"""``\partial / \partial x [a + b]``."""
        text = f"{self.derivative(sign, '', below).text} {self.brackets(inside, '[')}"
        return Piece(text, Level.PRODUCT, slashed=True)

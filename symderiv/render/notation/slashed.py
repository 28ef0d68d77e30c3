"""Formulas within a line of text: fractions with a stroke, as small ones cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Number

from symderiv.render.notation.style import Level, Piece, Style


class Slashed:
    """In front of a style: ``∂L/∂x`` on the line instead of one above the other."""

    slash = True
    stroke = "/"
    """How the style writes a stroke between two parts."""
    gap = " "
    """What stands between two variables of a second derivative."""

    @property
    def _style(self) -> Style:
        return super()  # type: ignore[return-value]  # the style that stands behind this one

    def number(self, value: Number) -> Piece:
        """``1/2``."""
        if value.is_Rational and not value.is_Integer:
            return Piece(f"{value.p}{self.stroke}{value.q}", Level.PRODUCT, slashed=True)
        return self._style.number(value)

    def fraction(self, above: Piece, below: Piece) -> Piece:
        """``a/b``."""
        loose = above.level < Level.PRODUCT or above.slashed
        top = self._style.brackets(above.text) if loose else above.shut
        bottom = below.shut if below.level >= Level.POWER else self._style.brackets(below.text)
        return Piece(f"{top}{self.stroke}{bottom}", Level.PRODUCT, slashed=True)

    def times(self, left: Piece, right: Piece) -> str:
        """A dot where a factor at its side would blur a fraction."""
        if left.slashed or right.slashed:
            return self._style.times(left, Piece("1"))
        return self._style.times(left, right)

    def derivative(self, sign: str, above: str, below: Sequence[tuple[str, int]]) -> Piece:
        """``∂L/∂x``."""
        order = sum(times for _, times in below)
        top = f"{self._raised(sign, order)} {above}".strip()
        bottom = self.gap.join(f"{sign} {self._raised(x, times)}" for x, times in below)
        bottom = self._style.brackets(bottom) if len(below) > 1 else bottom
        return Piece(f"{top}{self.stroke}{bottom}", Level.PRODUCT, slashed=True)

    def _raised(self, base: str, times: int) -> str:
        return self._style.power(base, Piece(str(times))).text if times > 1 else base

    def operator(self, sign: str, below: Sequence[tuple[str, int]], inside: str) -> Piece:
        """``∂/∂x [a + b]``."""
        text = f"{self.derivative(sign, '', below).text} {self._style.brackets(inside, '[')}"
        return Piece(text, Level.PRODUCT, slashed=True)

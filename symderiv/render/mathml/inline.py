"""LaTeX for formulas within a line of text: a slash for fractions, which are too small there."""

from __future__ import annotations

from symderiv.render.mathml.core import PlaceholderStyle
from symderiv.render.notation.slashed import Slashed


class InlineStyle(Slashed, PlaceholderStyle):
    r"""``\partial L / \partial x`` instead of ``\frac{\partial L}{\partial x}``."""

    gap = r" \, "

"""MathML Core: derivations as tables, single expressions, and formulas from LaTeX."""

from symderiv.render.mathml.printer import mathml, to_mathml

__all__ = ["mathml", "to_mathml"]

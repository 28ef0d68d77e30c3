"""A result in matrix notation, as users hold it."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from symderiv.matrices.form import MatrixForm


@dataclass(frozen=True, slots=True, repr=False)
class Matrix:
    r"""A matrix form that prints as it reads.

    >>> import symderiv as sd
    >>> n, m = sd.dims("n m")
    >>> x, W = sd.vector("x", n), sd.matrix("W", n, m)
    >>> jacobian = sd.derive(sd.let("u", x @ W), x).matrix()
    >>> print(jacobian, jacobian.shape, jacobian.to_latex())
    Wᵀ (m, n) W^\top
    """

    form: MatrixForm

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """Rows and columns; a column counts as one of ``n × 1``."""
        rows, columns = self.form.shape
        return rows, columns

    def to_text(self) -> str:
        """Unicode text."""
        from symderiv.render.text import text

        return text(self.form)

    def to_latex(self) -> str:
        """LaTeX for math mode."""
        from symderiv.render.latex import latex

        return latex(self.form)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Matrix {self} of shape {self.shape}>"

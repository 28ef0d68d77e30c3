"""LaTeX: whole articles, derivations as rows for ``align*``, and single expressions."""

from symderiv.render.latex.article import latex, render_article, to_document, to_latex, to_line

__all__ = ["latex", "render_article", "to_document", "to_latex", "to_line"]

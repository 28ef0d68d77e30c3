"""LaTeX: whole articles, derivations as rows for ``align*``, and single expressions."""

from symderiv.render.latex.article import latex, render_article, to_document, to_latex, to_line
from symderiv.render.latex.words import tex_anchor as anchor_of

__all__ = ["anchor_of", "latex", "render_article", "to_document", "to_latex", "to_line"]

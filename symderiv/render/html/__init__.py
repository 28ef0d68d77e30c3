"""A derivation, or a whole article, as one web page that needs nothing else."""

from symderiv.render.html.article import render_article, to_html

__all__ = ["render_article", "to_html"]

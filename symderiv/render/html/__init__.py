"""A derivation, or a whole article, as one web page that needs nothing else."""

from symderiv.render.html.article import render_article, to_html
from symderiv.render.html.body import anchor_of

__all__ = ["anchor_of", "render_article", "to_html"]

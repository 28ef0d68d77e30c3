"""Typst: whole articles, and derivations as one equation."""

from symderiv.render.typst.article import render_article, to_typst

__all__ = ["render_article", "to_typst"]

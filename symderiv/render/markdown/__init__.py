"""Markdown with formulas between dollars: whole articles, and derivations."""

from symderiv.render.markdown.article import render_article, to_markdown

__all__ = ["render_article", "to_markdown"]

"""A derivation, or an article, in JSON."""

from symderiv.render.json.article import from_json, render_article, to_json

__all__ = ["from_json", "render_article", "to_json"]

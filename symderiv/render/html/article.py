"""A derivation, or a whole article, as one web page that needs nothing else.

Formulas are MathML with a font of their own, so that a browser sets them without a network and
without a script; what is folded away opens without one, too.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from symderiv.core.derivation import Derivation
from symderiv.document.article import Article, Told
from symderiv.document.blocks import Document, Words
from symderiv.document.narrate import Detail, Narrator, Proofs
from symderiv.render.layout import article_notation
from symderiv.render.notation.style_latex import LatexStyle
from symderiv.render.rendered import Rendered


def render_article(article: Article) -> Rendered:
    """The article as a page; one without a title is called what it derives first."""
    if not article.title:
        goals = (document.goal for document in article.documents())
        article = replace(article, title=tuple(islice(goals, 1)))
    return Rendered(_page(article).encode())


def to_html(
    derivation: Derivation | Document | Article,
    *,
    detail: Detail = "normal",
    language: str = "en",
    adjoint: str = "fraction",
    title: Words = (),
    proofs: Proofs | None = None,
    verdict: Words = (),
) -> str:
    """The derivation as a whole page.

    ``title`` stands above it, the goal if there is none; ``proofs`` and ``verdict`` are what a
    check found. An article keeps its own title and language.

    >>> import symderiv as sd
    >>> x = sd.scalar("x")
    >>> "<title>∂/∂x [x²]</title>" in to_html(sd.derive(x**2, x))
    True
    """
    if isinstance(derivation, Article):
        return _page(derivation, adjoint)
    if isinstance(derivation, Document):
        document = derivation
    else:
        document = Narrator(detail, finer=True).tell(derivation, proofs=proofs)
    heading = title or document.title or (document.goal,)
    return _page(Article(heading, (Told(document, verdict=verdict),), language), adjoint)


def _page(article: Article, adjoint: str = "fraction") -> str:
    from symderiv.render.html.body import Body
    from symderiv.render.html.shell import page

    notation = article_notation(article, LatexStyle(), adjoint=adjoint)
    return page(Body(article, notation))

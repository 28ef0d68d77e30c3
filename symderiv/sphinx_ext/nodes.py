"""The nodes of a derivation in a document tree, and how each builder writes them.

They hold strings alone: a tree can be pickled and read without symderiv's expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class derivation(nodes.General, nodes.Element):  # noqa: N801 - nodes are named so
    """A derivation: sentences and lines; ``label`` and ``number`` are those of an equation."""


class derivation_lines(nodes.General, nodes.Element):  # noqa: N801
    """Lines below each other; ``latex`` and ``text`` hold all of them."""


class derivation_line(nodes.General, nodes.TextElement):  # noqa: N801
    """``left = right``, each in MathML, and the reason as running text."""


class derivation_formula(nodes.Inline, nodes.TextElement):  # noqa: N801
    """A formula: its text in Unicode, ``latex`` and ``mathml``."""


class derivation_picture(nodes.General, nodes.Element):  # noqa: N801
    """A drawing: ``svg``, ``pdf`` in base64, and what it shows, ``alt``."""


Visit = Callable[[Any, Any], None]


def add_nodes(app: Sphinx) -> None:
    """Register the nodes with what the builders write for them."""
    from symderiv.sphinx_ext import html, latex, text

    def told(visit: Visit, depart: Visit = skip) -> dict[str, Any]:
        return dict.fromkeys(("text", "man", "texinfo"), (visit, depart))

    app.add_enumerable_node(
        derivation,
        "displaymath",
        lambda node: node["label"],  # what has no title is not numbered by sections
        html=(html.visit_derivation, html.depart_derivation),
        latex=(skip, skip),
        **told(skip),
    )
    app.add_node(
        derivation_lines,
        html=(html.visit_lines, html.depart_lines),
        latex=(latex.visit_lines, skip),
        text=(text.visit_lines, skip),
        man=(text.visit_literal, skip),
        texinfo=(text.visit_literal, skip),
    )
    app.add_node(derivation_line, html=(html.visit_line, html.depart_line))
    app.add_node(
        derivation_formula,
        html=(html.visit_formula, skip),
        latex=(latex.visit_formula, skip),
        **told(skip),
    )
    app.add_node(
        derivation_picture,
        html=(html.visit_picture, skip),
        latex=(latex.visit_picture, skip),
        **told(text.visit_picture),
    )


def skip(writer: object, node: object) -> None:
    """Nothing stands here."""

"""Derivations in HTML: a table of MathML, with links of its own."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from docutils.nodes import SkipNode
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number


def visit_derivation(writer: Any, node: Any) -> None:
    """The frame; an equation's number, and a link to it."""
    writer.body.append(writer.starttag(node, "div", CLASS="derivation"))
    if node["number"] is None:
        return
    number = get_node_equation_number(writer, node)
    writer.body.append(f'<span class="eqno">({number})')
    writer.add_permalink_ref(node, _("Link to this equation"))
    writer.body.append("</span>")


def depart_derivation(writer: Any, node: Any) -> None:
    """The end of the frame."""
    del node
    writer.body.append("</div>\n")


def visit_lines(writer: Any, node: Any) -> None:
    """A grid; where there is no room for reasons beside the lines, they stand below."""
    kind = "derivation-lines derivation-wide" if node["wide"] else "derivation-lines"
    writer.body.append(f'<div class="{kind}" role="list">\n')


def depart_lines(writer: Any, node: Any) -> None:
    """The end of the grid."""
    del node
    writer.body.append("</div>\n")


def visit_line(writer: Any, node: Any) -> None:
    """Both sides; the reason follows as running text."""
    writer.body.append('<div class="derivation-line" role="listitem">')
    for name in ("left", "relation", "right"):
        if node[name]:
            writer.body.append(f'<div class="derivation-{name}">{node[name]}</div>')
    writer.body.append('<div class="derivation-reason">')


def depart_line(writer: Any, node: Any) -> None:
    """The end of a line."""
    del node
    writer.body.append("</div></div>\n")


def visit_formula(writer: Any, node: Any) -> None:
    """MathML, which a browser shows without a script."""
    writer.body.append(node["mathml"])
    raise SkipNode


def visit_picture(writer: Any, node: Any) -> None:
    """An image that holds its drawing, in which no script can run."""
    data = b64encode(node["svg"].encode()).decode("ascii")
    source = f"data:image/svg+xml;base64,{data}"
    writer.body.append(writer.emptytag(node, "img", "\n", src=source, alt=node["alt"]))
    raise SkipNode

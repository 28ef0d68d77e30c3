"""Derivations in HTML: a table of MathML, with links of its own."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from docutils.nodes import SkipNode
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number


def visit_derivation(writer: Any, node: Any) -> None:
    """The frame, to which a citation leads."""
    writer.body.append(writer.starttag(node, "div", CLASS="derivation"))


def depart_derivation(writer: Any, node: Any) -> None:
    """The end of the frame."""
    del node
    writer.body.append("</div>\n")


def visit_lines(writer: Any, node: Any) -> None:
    """A grid; where there is no room for a reason beside its line, it stands below."""
    del node
    writer.body.append('<div class="derivation-lines" role="list">\n')


def depart_lines(writer: Any, node: Any) -> None:
    """The end of the grid."""
    del node
    writer.body.append("</div>\n")


def visit_line(writer: Any, node: Any) -> None:
    """Both sides; the reason follows as running text."""
    kind = " ".join(["derivation-line", *(f"derivation-{broad}" for broad in node["broad"])])
    writer.body.append(f'<div class="{kind}" role="listitem">')
    for name in ("left", "relation"):
        if node[name]:
            writer.body.append(f'<div class="derivation-{name}">{node[name]}</div>')
    writer.body.append(f'{node["right"]}<div class="derivation-reason">')


def depart_line(writer: Any, node: Any) -> None:
    """The end of a line; the last bears the number of the equation, and a link to it."""
    writer.body.append("</div>")
    if node["last"]:
        equation = node.parent.parent
        number = get_node_equation_number(writer, equation)
        writer.body.append(f'<span class="eqno">({number})')
        writer.add_permalink_ref(equation, _("Link to this equation"))
        writer.body.append("</span>")
    writer.body.append("</div>\n")


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

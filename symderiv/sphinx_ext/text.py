"""Derivations where there is no mathematics: Unicode, aligned at ``=``."""

from __future__ import annotations

from typing import Any

from docutils import nodes


def visit_lines(writer: Any, node: Any) -> None:
    """The lines as they are, not filled up."""
    writer.new_state()
    writer.add_text(node["text"])
    writer.end_state(wrap=False)
    raise nodes.SkipNode


def visit_literal(writer: Any, node: Any) -> None:
    """The lines in a fixed width."""
    block = nodes.literal_block(node["text"], node["text"])
    block.parent = node.parent
    block.document = node.document
    block.walkabout(writer)
    raise nodes.SkipNode


def visit_picture(writer: Any, node: Any) -> None:
    """What the drawing shows."""
    paragraph = nodes.paragraph("", "", nodes.Text(f"[{node['alt']}]"))
    paragraph.parent = node.parent
    paragraph.document = node.document
    paragraph.walkabout(writer)
    raise nodes.SkipNode

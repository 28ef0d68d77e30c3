r"""Derivations in LaTeX: rows of ``align``, numbered as other equations are."""

from __future__ import annotations

from base64 import b64decode
from hashlib import blake2b
from pathlib import Path
from typing import Any

from docutils.nodes import SkipNode


def visit_lines(writer: Any, node: Any) -> None:
    r"""``align*``, or ``align`` where the last row bears the number and label of an equation."""
    rows = node["latex"]
    told = node.parent
    if node["last"] and told["label"]:
        label = rf"\label{{equation:{told['docname']}:{told['label']}}}"
        rows = rows.replace(" \\\\\n", " \\notag \\\\\n")
        writer.body.append(_broken(f"\\begin{{align}}\n{rows} {label}\n\\end{{align}}"))
    else:
        writer.body.append(_broken(f"\\begin{{align*}}\n{rows}\n\\end{{align*}}"))
    raise SkipNode


def _broken(rows: str) -> str:
    """A long derivation may go on over the page."""
    return f"{{\\allowdisplaybreaks\n{rows}%\n}}\n"


def visit_formula(writer: Any, node: Any) -> None:
    """Mathematics within a line."""
    writer.body.append(rf"\({node['latex']}\)")
    raise SkipNode


def visit_picture(writer: Any, node: Any) -> None:
    """The drawing as PDF, beside the LaTeX."""
    data = b64decode(node["pdf"])
    if not data:
        writer.body.append(writer.encode(node["alt"]))
        raise SkipNode
    name = f"derivation-{blake2b(data, digest_size=8).hexdigest()}.pdf"
    Path(writer.builder.outdir, name).write_bytes(data)
    writer.body.append(rf"\noindent\sphinxincludegraphics{{{name}}}")
    raise SkipNode

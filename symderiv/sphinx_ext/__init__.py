"""Sphinx: the directive ``derivation``, from reStructuredText and from MyST.

In ``conf.py``::

    extensions = ["symderiv.sphinx_ext"]

and in a page::

    .. derivation:: softmax-cross-entropy
       :label: softmax-gradient

    .. derivation:: (X @ w - t)**2
       :wrt: w
       :matrix: X:N,n
       :vector: w:n; t:N
       :title: The slope of the squares

    .. derivation::

       vector z: n
       one-hot y: n
       let p = softmax(z)
       derive cross_entropy(y, p) by z
         label: by-the-chain-rule

A name of the catalog, an expression with what to derive it by, or statements of the block language.
The statements of one page share their names; its lemmas are numbered through and told once.
``:eq:`softmax-gradient``` cites a derivation by its number. What is wrong, and a check that fails,
is a warning with its place, so that ``sphinx-build -W`` fails.

Names of rules lead to the labels ``rule-<name>`` where the project, or one that it reaches by
intersphinx, has them.

``symderiv_detail`` (``"normal"``), ``symderiv_check`` (true), ``symderiv_seed`` (0) and
``symderiv_language`` (that of the project) in ``conf.py`` hold for every directive.
"""

from __future__ import annotations

from logging import WARNING, getLogger
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STYLE = "derivation.css"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, its nodes and how they are written."""
    from importlib.metadata import version

    from symderiv.document.narrate import DETAILS
    from symderiv.publish.version import fingerprint
    from symderiv.sphinx_ext.directive import DerivationDirective
    from symderiv.sphinx_ext.nodes import add_nodes
    from symderiv.sphinx_ext.others import add_others
    from symderiv.sphinx_ext.rules import resolve_rule

    release = version("symderiv")
    getLogger("fontTools").setLevel(WARNING)  # Sphinx would show its every step
    add_nodes(app)
    add_others(app)
    app.add_directive("derivation", DerivationDirective)
    app.add_config_value("symderiv_detail", "normal", "env", ENUM(*DETAILS))
    app.add_config_value("symderiv_check", default=True, rebuild="env", types=(bool,))
    app.add_config_value("symderiv_seed", 0, "env", (int,))
    app.add_config_value("symderiv_language", "", "env", (str,))
    app.add_config_value("symderiv_version", fingerprint(), "env", (str,))
    app.add_css_file(STYLE)
    app.connect("builder-inited", _copy_style)
    app.connect("missing-reference", resolve_rule)
    return {"version": release, "parallel_read_safe": True, "parallel_write_safe": True}


def _copy_style(app: Sphinx) -> None:
    """The style sheet goes where a project's own files go, before pages ask for its digest."""
    from importlib.resources import files
    from pathlib import Path

    if app.builder.format != "html":
        return
    place = Path(app.outdir) / "_static" / STYLE
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes((files("symderiv.sphinx_ext") / "static" / STYLE).read_bytes())


def ENUM(*values: str) -> Any:  # noqa: N802 - as Sphinx calls it
    """One of some words."""
    from sphinx.config import ENUM as ONE_OF

    return ONE_OF(*values)

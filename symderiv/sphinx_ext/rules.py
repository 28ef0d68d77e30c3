"""Names of rules lead to where a project, or one that it reaches, tells of the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from sphinx.application import Sphinx

RULE = "symderiv-rule"
"""The type of a reference whose words stay as they are, with formulas in them."""


def resolve_rule(app: Sphinx, env: Any, node: Any, content: Any) -> Any:
    """A link to the label ``rule-<name>``; the words alone where nothing bears it."""
    if node["reftype"] != RULE:
        return None
    label = node["reftarget"].lower()
    known = env.domains.standard_domain.anonlabels.get(label)
    if known is not None:
        return make_refnode(app.builder, node["refdoc"], known[0], known[1], content)
    return _elsewhere(env, node, content) or content


def _elsewhere(env: Any, node: Any, content: Any) -> Any:
    if not getattr(env, "intersphinx_inventory", None):
        return None
    from sphinx.ext.intersphinx import resolve_reference_any_inventory

    asked = node.copy()
    asked.attributes |= {"refdomain": "std", "reftype": "ref", "refexplicit": True}
    return resolve_reference_any_inventory(
        env, honor_disabled_refs=False, node=asked, contnode=content
    )

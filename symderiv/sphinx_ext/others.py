"""Second labels of equations: ``net`` is the first derivation of a pass, ``net-W1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_KEY = "symderiv_others"


def add_others(app: Sphinx) -> None:
    """Have second labels kept with the pages, and resolved where they are cited."""
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("missing-reference", _resolve)


def note_other(env: Any, label: str, first: str) -> None:
    """A second label of the equation that bears the first, on the page that is read."""
    _known(env)[label] = (env.docname, first)


def _known(env: Any) -> dict[str, tuple[str, str]]:
    if not hasattr(env, _KEY):
        setattr(env, _KEY, {})
    found: dict[str, tuple[str, str]] = getattr(env, _KEY)
    return found


def _purge(app: Sphinx, env: Any, docname: str) -> None:
    del app
    for label, (page, _) in list(_known(env).items()):
        if page == docname:
            del _known(env)[label]


def _merge(app: Sphinx, env: Any, docnames: Any, other: Any) -> None:
    del app
    _known(env).update({x: at for x, at in _known(other).items() if at[0] in docnames})


def _resolve(app: Sphinx, env: Any, node: Any, content: Any) -> Any:
    if node["reftype"] != "eq" or node["reftarget"] not in _known(env):
        return None
    _, first = _known(env)[node["reftarget"]]
    return env.domains.math_domain.resolve_xref(
        env, node["refdoc"], app.builder, "eq", first, node, content
    )

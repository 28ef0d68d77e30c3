"""Second labels of equations: ``net`` is the first derivation of a pass, ``net-W1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.addnodes import pending_xref
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_KEY = "symderiv_others"


class Citing(SphinxPostTransform):
    """A citation of a second label is one of the first, before any builder looks at it."""

    default_priority = 4

    def run(self, **_: Any) -> None:
        """Rewrite the citations of one page."""
        others = _known(self.env)
        for node in self.document.findall(pending_xref):
            if node.get("reftype") == "eq" and node.get("reftarget") in others:
                node["reftarget"] = others[node["reftarget"]][1]


def add_others(app: Sphinx) -> None:
    """Have second labels kept with the pages, and citations of them lead to the first."""
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.add_post_transform(Citing)


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

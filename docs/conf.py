"""How Sphinx builds the documentation; warnings are errors (``sphinx-build -W``)."""

import sys
from inspect import getdoc
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

from docutils.nodes import SkipNode

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

project = "symderiv"
author = "The symderiv developers"
copyright = f"2026, {author}"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "symderiv.sphinx_ext",
]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "examples"]

autodoc_member_order = "groupwise"
autodoc_typehints = "description"
napoleon_numpy_docstring = False
default_role = "code"

html_theme = "furo"
html_math_renderer = "mathml"
html_title = "symderiv"


def section(module: str) -> str:
    """The first sentence of a module, as a heading."""
    return (getdoc(sys.modules[module]) or module).split("\n\n")[0].rstrip(".").replace("\n", " ")


def told(rule: Any) -> str:
    """A rule's law, and what its docstring says before the examples."""
    text = (getdoc(rule.apply) or "").partition(">>>")[0].strip()
    note = f"Told as “{rule.note}”." if rule.note else ""
    parts = [
        f"(rule-{rule.name})=\n### {rule.title}",
        f"`{rule.name}`",
        f"$$\n{rule.law}\n$$",
        text,
        note,
    ]
    return "\n\n".join(filter(None, parts))


def write_rules(_app: Any) -> None:
    """Write ``rules.md``, the catalogue of all laws, from the rules themselves."""
    from symderiv.rules import ALL_RULES

    rooms: dict[str, list[Any]] = {}
    for rule in ALL_RULES:
        rooms.setdefault(rule.apply.__module__, []).append(rule)
    parts = [
        "# The rules",
        f"Every step of a derivation applies one of {len(ALL_RULES.rules)} rules. Each is one "
        "function beside its law, tested against the evaluator that knows no rule.",
    ]
    for module, rules in rooms.items():
        parts += [f"## {section(module)}", *map(told, rules)]
    page, text = HERE / "rules.md", "\n\n".join(parts) + "\n"
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")


def show_math(page: Any, node: Any) -> None:
    """MathML, made as the derivations make it: readable without a script, or a network."""
    from symderiv.render.core_mathml import formula

    law = node.astext().strip()
    inline = node.tagname == "math"
    made = formula(law, law, {})
    made.set("displaystyle", "false" if inline else "true")
    text = tostring(made, encoding="unicode")
    page.body.append(text if inline else f"<p>{text}</p>")
    raise SkipNode


def setup(app: Any) -> None:
    """Have the catalogue of rules written before the pages are read, and math shown as MathML."""
    app.connect("builder-inited", write_rules)
    app.add_html_math_renderer("mathml", (show_math, None), (show_math, None))

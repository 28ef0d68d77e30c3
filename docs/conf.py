"""How Sphinx builds the documentation; warnings are errors (``sphinx-build -W``)."""

import re
import sys
from contextlib import redirect_stdout
from inspect import getdoc
from io import StringIO
from logging import WARNING, getLogger
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)
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
exclude_patterns = ["_build", "examples", "notes"]

autodoc_member_order = "groupwise"
autodoc_typehints = "description"
napoleon_numpy_docstring = False
default_role = "code"

html_theme = "furo"
html_math_renderer = "mathml"
html_title = "symderiv"
html_static_path = ["pictures.css"]
html_css_files = ["pictures.css"]


def section(module: str) -> str:
    """The first sentence of a module, as a heading."""
    return (getdoc(sys.modules[module]) or module).split("\n\n")[0].rstrip(".").replace("\n", " ")


def told(rule: Any) -> str:
    """A rule's law, and what its docstring says before the examples."""
    text = (getdoc(rule.apply) or "").partition(">>>")[0].strip()
    said = re.sub(r"\{[^{}]*\}", "…", rule.note)
    note = f"Derivations say “{said}”." if re.search(r"\w", said) else ""
    title = f"(rule-{rule.name})=\n### {rule.title}"
    parts = [title, f"`{rule.name}`", f"$$\n{rule.law}\n$$", text, note]
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
        "function beside its law, tested with numbers by a calculator that knows no rule.",
    ]
    for module, rules in rooms.items():
        parts += [f"## {section(module)}", *map(told, rules)]
    write(HERE / "rules.md", "\n\n".join(parts) + "\n")


def write(page: Path, text: str) -> None:
    """Write a page, unless it says so already: what is newer is read anew."""
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")


def draw_pictures(_app: Any) -> None:
    """Write the pictures that the examples of ``pictures.md`` draw, each under its name."""
    from symderiv.document.article import Picture

    page, folder = (HERE / "pictures.md").read_text(encoding="utf-8"), HERE / "drawn"
    names: dict[str, Any] = {}
    getLogger("fontTools").setLevel(WARNING)
    with redirect_stdout(StringIO()):
        for code in re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S):
            exec(code, names)
    folder.mkdir(exist_ok=True)
    for name, picture in names.items():
        if isinstance(picture, Picture):
            (folder / f"{name}.svg").write_text(picture.svg, encoding="utf-8")


def hold_pictures(app: Any, doctree: Any, _page: str) -> None:
    """Put what was drawn into the page itself, whose scheme its colours then follow."""
    if app.builder.format != "html":
        return
    for image in list(doctree.findall(nodes.image)):
        file = HERE / image["uri"]
        if file.parent == HERE / "drawn":
            svg = file.read_text(encoding="utf-8")
            image.replace_self(nodes.raw("", f'<div class="drawn">{svg}</div>', format="html"))


def write_gallery(_app: Any) -> None:
    """Write ``gallery.md``, which leads to every entry of the catalog in every format."""
    from symderiv import catalog
    from symderiv.render import FORMATS

    parts = [
        "# Gallery",
        "Every derivation of the catalog, derived and checked when these pages were built, in "
        "every format. `symderiv build --catalog -o OUT` makes the same files.",
    ]
    for theme in catalog.themes():
        rows = []
        for entry in theme.entries:
            links = " · ".join(
                f'<a href="gallery/{entry.name}{suffix}">{name}</a>'
                for name, suffix in FORMATS.items()
            )
            rows.append(f"**{entry.title}** (`{entry.name}`)\\\n{entry.sentence}\\\n{links}")
        parts += [f"## {theme.title}", *rows]
    write(HERE / "gallery.md", "\n\n".join(parts) + "\n")


def build_sources(app: Any, error: Exception | None) -> None:
    """Build the gallery and the notes beside the finished pages, every formula derived anew."""
    from symderiv.publish.project import build
    from symderiv.publish.workers import processors
    from symderiv.render import FORMATS

    if error is not None or app.builder.format != "html":
        return
    out, jobs = Path(app.outdir), processors()
    for made in (
        build([], out / "gallery", formats=tuple(FORMATS), jobs=jobs, catalog=True),
        build([HERE / "notes"], out / "notes", formats=tuple(FORMATS), jobs=jobs),
    ):
        for problem in made.problems:
            logger.warning("%s", problem)


def show_math(page: Any, node: Any) -> None:
    """MathML, made as the derivations make it: readable without a script, or a network."""
    from symderiv.render.mathml.core import formula

    law = node.astext().strip()
    inline = node.tagname == "math"
    made = formula(law, law, {})
    made.set("displaystyle", "false" if inline else "true")
    text = tostring(made, encoding="unicode")
    page.body.append(text if inline else f"<p>{text}</p>")
    raise nodes.SkipNode


def setup(app: Any) -> None:
    """Have rules written and pictures drawn before the pages are read, and math shown as MathML."""
    app.connect("builder-inited", write_rules)
    app.connect("builder-inited", draw_pictures)
    app.connect("builder-inited", write_gallery)
    app.connect("doctree-resolved", hold_pictures)
    app.connect("build-finished", build_sources)
    app.add_html_math_renderer("mathml", (show_math, None), (show_math, None))

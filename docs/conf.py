"""How Sphinx builds the documentation; warnings are errors (``sphinx-build -W``)."""

project = "symderiv"
author = "The symderiv developers"
copyright = f"2026, {author}"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

autodoc_member_order = "groupwise"
autodoc_typehints = "description"
napoleon_numpy_docstring = False
default_role = "code"

html_theme = "furo"
html_title = "symderiv"

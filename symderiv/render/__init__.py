"""Renderers: each is a module or a package, loaded when it is asked for by name.

A format of articles is ``symderiv.render.<format>``, which has a function ``render_article``, and
one line in `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symderiv.document.article import Article
    from symderiv.render.rendered import Rendered

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "html": ".html",
        "pdf": ".pdf",
        "latex": ".tex",
        "typst": ".typ",
        "markdown": ".md",
        "ipynb": ".ipynb",
        "json": ".json",
        "text": ".txt",
    }
)
"""Formats of articles, and the suffixes of their files."""

FRAGMENTS = ("text", "latex", "typst", "mathml", "html", "markdown", "json")
"""Formats of a derivation that is to stand in somebody's own text."""

_NAMES = {
    "to_text": "text",
    "to_latex": "latex",
    "to_mathml": "mathml",
    "to_markdown": "markdown",
    "to_html": "html",
    "to_typst": "typst",
    "to_json": "json",
    "from_json": "json",
    "mimebundle": "mime",
}

__all__ = [
    "FORMATS",
    "FRAGMENTS",
    "article_renderer",
    "format_of",
    "from_json",
    "mimebundle",
    "renderer",
    "to_html",
    "to_json",
    "to_latex",
    "to_markdown",
    "to_mathml",
    "to_text",
    "to_typst",
]


def renderer(name: str) -> Callable[..., str]:
    """The renderer ``(derivation, *, detail, language, …) -> str`` of a format.

    Raises `ValueError` for a format that does not exist, with those that do.

    >>> renderer("text").__name__
    'to_text'
    """
    if name not in FRAGMENTS:
        raise ValueError(f"there is no format {name!r}; choose one of {', '.join(FRAGMENTS)}")
    found: Callable[..., str] = getattr(import_module(f"symderiv.render.{name}"), f"to_{name}")
    return found


def article_renderer(name: str) -> Callable[[Article], Rendered]:
    """The renderer of whole articles in a format.

    Raises `ValueError` for a format that does not exist, with those that do.
    """
    if name not in FORMATS:
        raise ValueError(f"there is no format {name!r}; choose one of {', '.join(FORMATS)}")
    module = import_module(f"symderiv.render.{name}")
    found: Callable[[Article], Rendered] = module.render_article
    return found


def format_of(suffix: str) -> str:
    """The format of files with that suffix.

    Raises `ValueError` for a suffix that no format has, with those that there are.

    >>> format_of(".txt")
    'text'
    """
    for name, known in FORMATS.items():
        if known == suffix.lower():
            return name
    known_suffixes = ", ".join(FORMATS.values())
    raise ValueError(f"no format has the suffix {suffix!r}; choose one of {known_suffixes}")


def __getattr__(name: str) -> Any:
    module = _NAMES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"symderiv.render.{module}"), name)

"""Renderers: each is a module or a package, loaded when it is asked for by name.

A format of articles is ``symderiv.render.<format>``, which has a function ``render_article``, and
one line in `KNOWN`. It may have a function ``anchor_of``: what the name of a place becomes in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from symderiv.core.messages import Sentence

if TYPE_CHECKING:
    from symderiv.document.article import Article
    from symderiv.render.rendered import Rendered


@dataclass(frozen=True, slots=True)
class Format:
    """What is known of a format before its renderer is loaded.

    ``suffix`` is that of its files; a format without one stands in somebody's own text only.
    ``made`` is the suffix of what readers get, if something else is made of the files.
    """

    suffix: str
    made: str = ""
    fragment: bool = True
    """Can a derivation stand alone in it?"""
    links: bool = True
    """Can its words lead anywhere?"""


KNOWN: Mapping[str, Format] = MappingProxyType(
    {
        "html": Format(".html"),
        "pdf": Format(".pdf", fragment=False),
        "latex": Format(".tex", made=".pdf"),
        "typst": Format(".typ", made=".pdf"),
        "markdown": Format(".md"),
        "ipynb": Format(".ipynb", fragment=False),
        "json": Format(".json"),
        "text": Format(".txt", links=False),
        "mathml": Format(""),
    }
)

FORMATS: Mapping[str, str] = MappingProxyType({x: f.suffix for x, f in KNOWN.items() if f.suffix})
"""Formats of articles, and the suffixes of their files."""

FRAGMENTS = tuple(name for name, form in KNOWN.items() if form.fragment)
"""Formats of a derivation that is to stand in somebody's own text."""

_NAMES = {
    **{f"to_{name}": name for name in FRAGMENTS},
    "from_json": "json",
    "mimebundle": "mime",
}

__all__ = [
    "FORMATS",
    "FRAGMENTS",
    "KNOWN",
    "Format",
    "anchor_in",
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
        raise ValueError(_no_format(name, FRAGMENTS))
    found: Callable[..., str] = getattr(import_module(f"symderiv.render.{name}"), f"to_{name}")
    return found


def article_renderer(name: str) -> Callable[[Article], Rendered]:
    """The renderer of whole articles in a format.

    Raises `ValueError` for a format that does not exist, with those that do.
    """
    if name not in FORMATS:
        raise ValueError(_no_format(name, FORMATS))
    module = import_module(f"symderiv.render.{name}")
    found: Callable[[Article], Rendered] = module.render_article
    return found


def anchor_in(name: str, anchor: str) -> str:
    """The name of a place in a file of that format, for links from other files.

    >>> anchor_in("latex", "a_b"), anchor_in("html", "text"), anchor_in("markdown", "a_b")
    ('a.5f.b', 'text-2', 'a_b')
    """
    module = import_module(f"symderiv.render.{name}")
    named: Callable[[str], str] = getattr(module, "anchor_of", str)
    return named(anchor)


def format_of(suffix: str) -> str:
    """The format of files with that suffix.

    Raises `ValueError` for a suffix that no format has, with those that there are.

    >>> format_of(".txt")
    'text'
    """
    for name, known in FORMATS.items():
        if known == suffix.lower():
            return name
    raise ValueError(
        Sentence(
            "no format has the suffix {suffix}; choose one of {known}",
            suffix=repr(suffix),
            known=", ".join(FORMATS.values()),
        )
    )


def _no_format(name: str, known: Iterable[str]) -> str:
    return Sentence(
        "there is no format {name}; choose one of {known}",
        name=repr(name),
        known=", ".join(known),
    )


def __getattr__(name: str) -> Any:
    module = _NAMES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"symderiv.render.{module}"), name)

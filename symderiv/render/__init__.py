"""Renderers: each is a module, loaded when it is asked for by name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

RENDERERS = ("text", "latex", "mathml", "html", "json")
_NAMES = {
    "to_text": "text",
    "to_latex": "latex",
    "to_mathml": "mathml",
    "to_html": "html",
    "to_json": "json",
    "from_json": "json",
    "mimebundle": "mime",
}

__all__ = [
    "RENDERERS",
    "from_json",
    "mimebundle",
    "renderer",
    "to_html",
    "to_json",
    "to_latex",
    "to_mathml",
    "to_text",
]


def renderer(name: str) -> Callable[..., str]:
    """The renderer ``(derivation, *, detail, language, …) -> str`` of a format.

    Raises `ValueError` for a format that does not exist, with those that do.

    >>> renderer("text").__name__
    'to_text'
    """
    if name not in RENDERERS:
        raise ValueError(f"there is no format {name!r}; choose one of {', '.join(RENDERERS)}")
    found: Callable[..., str] = getattr(import_module(f"symderiv.render.{name}"), f"to_{name}")
    return found


def __getattr__(name: str) -> Any:
    module = _NAMES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"symderiv.render.{module}"), name)

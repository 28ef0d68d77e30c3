"""The named derivations: each is derived when it is asked for, none is stored."""

from __future__ import annotations

from importlib import import_module

from symderiv.catalog.entry import Entry, Made, Part, Pass
from symderiv.core.errors import Unsupported

__all__ = ["Entry", "Made", "Part", "Pass", "entries", "get"]

THEMES = (
    "entropy",
    "uncertainty",
    "cross_entropy",
    "calculus",
    "softmax",
    "activations",
    "losses",
    "networks",
)


def entries() -> tuple[Entry, ...]:
    """Every entry, theme by theme; nothing is derived yet.

    >>> entries()[0].name
    'self-information'
    """
    modules = (import_module(f"{__name__}.{theme}") for theme in THEMES)
    return tuple(x for module in modules for x in vars(module).values() if isinstance(x, Entry))


def get(name: str) -> Entry:
    """The entry of that name.

    Raises `Unsupported` with names that are close, if there is none.

    >>> get("entropy-coin").derivation().result
    log(2)
    """
    known = {entry.name: entry for entry in entries()}
    found = known.get(name)
    if found is None:
        raise Unsupported(f"the catalog has no entry {name!r}; {_instead(name, list(known))}")
    return found


def _instead(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    words = [part for part in name.split("-") if len(part) > 2]
    close = get_close_matches(name, known, 3) or [k for k in known if any(w in k for w in words)]
    shown = ", ".join(close[:3])
    return f"did you mean {shown}?" if shown else "`symderiv list` shows all names"

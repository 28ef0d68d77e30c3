"""The named derivations: each is derived when it is asked for, none is stored."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from symderiv.catalog.entry import Entry, Made, Part, Pass
from symderiv.core.errors import Unsupported
from symderiv.core.messages import N_, Sentence

__all__ = ["Entry", "Made", "Part", "Pass", "Theme", "entries", "get", "themes"]

THEMES = {
    "entropy": N_("Entropy"),
    "uncertainty": N_("Uncertainty"),
    "cross_entropy": N_("Cross-entropy and divergences"),
    "calculus": N_("Calculus"),
    "softmax": N_("Softmax"),
    "activations": N_("Activations"),
    "losses": N_("Losses"),
    "networks": N_("Layers and networks"),
}
"""The modules of the catalog, and what a reader calls them."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Entries of one kind; ``title`` is a message id."""

    title: str
    entries: tuple[Entry, ...]


def themes() -> tuple[Theme, ...]:
    """Every theme with its entries."""
    return tuple(Theme(title, _entries(module)) for module, title in THEMES.items())


def _entries(module: str) -> tuple[Entry, ...]:
    found = vars(import_module(f"{__name__}.{module}")).values()
    return tuple(x for x in found if isinstance(x, Entry))


def entries() -> tuple[Entry, ...]:
    """Every entry, theme by theme; nothing is derived yet.

    >>> entries()[0].name
    'self-information'
    """
    return tuple(entry for theme in themes() for entry in theme.entries)


def get(name: str) -> Entry:
    """The entry of that name.

    Raises `Unsupported` with names that are close, if there is none.

    >>> get("entropy-coin").derivation().result
    log(2)
    """
    known = {entry.name: entry for entry in entries()}
    found = known.get(name)
    if found is None:
        raise Unsupported(
            Sentence(
                "the catalog has no entry {name}; {instead}",
                name=repr(name),
                instead=_instead(name, list(known)),
            )
        )
    return found


def _instead(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    words = [part for part in name.split("-") if len(part) > 2]
    close = get_close_matches(name, known, 3) or [k for k in known if any(w in k for w in words)]
    shown = ", ".join(close[:3])
    if shown:
        return Sentence("did you mean {names}?", names=shown)
    return Sentence("`symderiv list` shows all names")

"""How sources are to be read."""

from __future__ import annotations

from dataclasses import dataclass

from symderiv.document.narrate import Detail


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every source of a build; front matter may set its own language and detail.

    ``check`` tests every derivation with numbers drawn from ``seed``; ``allow_python`` executes
    trusted blocks of Python.
    """

    language: str = "en"
    detail: Detail = "normal"
    check: bool = True
    seed: int = 0
    allow_python: bool = False


DEFAULT = Settings()
"""English, at normal detail, checked, and no Python."""

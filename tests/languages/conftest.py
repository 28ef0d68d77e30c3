"""What the code marks, and what the catalogues hold."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

LOCALES = Path(str(files("symderiv") / "locale"))


@pytest.fixture(scope="session")
def path_of() -> Callable[[str, str], Path]:
    """Where the catalogue of a language lies, by suffix."""
    return lambda language, suffix: LOCALES / language / "LC_MESSAGES" / f"symderiv{suffix}"


@pytest.fixture(scope="session")
def read(path_of: Callable[[str, str], Path]) -> Callable[[str], Any]:
    """The catalogue of a language as its translator writes it."""
    pofile = pytest.importorskip("babel.messages.pofile", reason="babel reads the catalogues")

    def read(language: str) -> Any:
        with path_of(language, ".po").open("rb") as file:
            return pofile.read_po(file, locale=language)

    return read


@pytest.fixture(scope="session")
def texts() -> Callable[[Any], tuple[str, ...]]:
    """The translations of a message: one, or a form for each number."""
    return lambda m: (m.string,) if isinstance(m.string, str) else tuple(m.string)


@pytest.fixture(scope="session")
def marked() -> frozenset[Any]:
    """Every message id in the code."""
    pytest.importorskip("babel", reason="babel finds the messages")
    from symderiv.locale.update import messages

    return frozenset(message for message, _ in messages())

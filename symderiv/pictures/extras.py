"""The libraries that draw, loaded when a picture is made."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from symderiv.core.errors import Unsupported


def load(module: str, extra: str) -> Any:
    """A module of an optional library.

    Raises `Unsupported` with the command that installs it.

    >>> load("no_such_library", "diagrams")
    Traceback (most recent call last):
    symderiv.core.errors.Unsupported: pictures need no_such_library, ...
    """
    try:
        return import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise Unsupported(
            f"pictures need {library}, which is not installed here (or cannot be loaded: {error}); "
            f'install it with: pip install "symderiv[{extra}]"'
        ) from error

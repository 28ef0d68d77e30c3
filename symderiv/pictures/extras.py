"""The libraries that draw, loaded when a picture is made."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from symderiv.core.errors import Unsupported
from symderiv.core.messages import Sentence


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
            Sentence(
                "pictures need {library}, which is not installed here (or cannot be loaded: "
                '{error}); install it with: pip install "symderiv[{extra}]"',
                library=library,
                error=error,
                extra=extra,
            )
        ) from error

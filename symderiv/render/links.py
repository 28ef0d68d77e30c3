"""Where a link may lead."""

from __future__ import annotations

import re

from symderiv.render.names import visible

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ALLOWED = re.compile(r"(https?://|mailto:)[^\s]+", re.IGNORECASE)
_RELATIVE = re.compile(r"(?!//)([^\s:]+|[^\s:#&]+#\S+)")
"""What follows a ``#`` may have a colon, where no reader takes the ``#`` for that of ``&#58;``."""


def is_address(target: str) -> bool:
    """A page, a mail address, or a file beside this one; nothing that runs.

    >>> is_address("https://a.org/b"), is_address("b.html#c:d"), is_address("javascript:alert(1)")
    (True, True, False)
    """
    if "\\" in target or visible(target) != target:  # browsers read a backslash as a slash
        return False
    if _SCHEME.match(target):
        return bool(_ALLOWED.fullmatch(target))
    return bool(_RELATIVE.fullmatch(target))

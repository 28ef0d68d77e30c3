"""Names of places in a page, and where a link may lead."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from symderiv.render.names import visible

_SCHEMES = frozenset(("", "http", "https", "mailto"))


class Anchors:
    """The ids of one page, each given once.

    >>> anchors = Anchors()
    >>> anchors.claim("eq 1"), anchors.claim("eq 1")
    ('eq-1', 'eq-1-2')
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def claim(self, name: str) -> str:
        """An id after this name that nothing else bears."""
        wanted = found = identifier(name)
        count = 1
        while found in self._taken:
            count += 1
            found = f"{wanted}-{count}"
        self._taken.add(found)
        return found


def identifier(name: str) -> str:
    """The name as an id, which must hold no blank.

    >>> identifier("the loss")
    'the-loss'
    """
    return re.sub(r"\s+", "-", visible(name).strip()) or "part"


def address(target: str) -> str | None:
    """Where a link may lead, as an attribute; None for an address that could do more than lead.

    >>> address("#the loss"), address("https://example.org/a"), address("javascript:alert(1)")
    ('#the-loss', 'https://example.org/a', None)
    """
    if target.startswith("#"):
        return "#" + quote(identifier(target[1:]), safe="~:.,;+*()'!$@/?")
    clean = re.sub(r"[\x00-\x20\x7f-\x9f]", "", target)
    try:
        scheme = urlsplit(clean).scheme
    except ValueError:
        return None
    if scheme.lower() not in _SCHEMES or not clean:
        return None
    return quote(clean, safe="%/:=&?~#+!$,;'@()*[]")

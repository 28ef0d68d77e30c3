"""Names of places in a page, and where a link may lead."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from symderiv.render.names import visible

_SCHEMES = frozenset(("", "http", "https", "mailto"))
_IN_FRAGMENT = "~:.,;+*()'!$@/?="
_IN_ADDRESS = "%/:=&?~#+!$,;'@()*[]"
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f]")


class Anchors:
    """The ids of one page, each given once, and which of them a label stands for.

    >>> anchors = Anchors()
    >>> anchors.place("the loss"), anchors.claim("the loss")
    ('the-loss', 'the-loss-2')
    >>> anchors.address("#the loss"), anchors.address("javascript:alert(1)")
    ('#the-loss', None)
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._places: dict[str, str] = {}

    def claim(self, name: str) -> str:
        """An id after this name that nothing else bears."""
        wanted = found = identifier(name)
        count = 1
        while found in self._taken:
            count += 1
            found = f"{wanted}-{count}"
        self._taken.add(found)
        return found

    def place(self, label: str) -> str:
        """The id of what bears a label."""
        if label not in self._places:
            self._places[label] = self.claim(label)
        return self._places[label]

    def address(self, target: str) -> str | None:
        """Where a link may lead, as an attribute; None for what could do more than lead."""
        if target.startswith("#"):
            found = self._places.get(target[1:]) or identifier(target[1:])
            return "#" + quote(found, safe=_IN_FRAGMENT, errors="replace")
        clean = _UNSEEN.sub("", target)
        try:
            scheme = urlsplit(clean).scheme
        except ValueError:
            return None
        if scheme.lower() not in _SCHEMES or not clean:
            return None
        return quote(clean, safe=_IN_ADDRESS, errors="replace")


def identifier(name: str) -> str:
    """The name as an id, which must hold no blank.

    >>> identifier("the loss")
    'the-loss'
    """
    return re.sub(r"\s+", "-", visible(name).strip()) or "part"

"""Letters of another alphabet as characters of their own, for browsers know no ``mathvariant``."""

from __future__ import annotations

import unicodedata
from functools import cache

_ALPHABETS = {
    "bold": ("MATHEMATICAL BOLD",),
    "italic": ("MATHEMATICAL ITALIC",),
    "bold-italic": ("MATHEMATICAL BOLD ITALIC", "MATHEMATICAL BOLD"),
    "double-struck": ("MATHEMATICAL DOUBLE-STRUCK", "DOUBLE-STRUCK"),
    "script": ("MATHEMATICAL SCRIPT", "SCRIPT"),
    "bold-script": ("MATHEMATICAL BOLD SCRIPT",),
    "fraktur": ("MATHEMATICAL FRAKTUR", "BLACK-LETTER"),
    "sans-serif": ("MATHEMATICAL SANS-SERIF",),
    "bold-sans-serif": ("MATHEMATICAL SANS-SERIF BOLD",),
    "monospace": ("MATHEMATICAL MONOSPACE",),
}
_KINDS = (("LATIN ", " LETTER"), ("GREEK ", " LETTER"), ("", ""))


def lettered(text: str, variant: str) -> str:
    """The text in an alphabet; what the alphabet lacks stays as it is.

    >>> lettered("Rx1", "double-struck"), lettered("Lθ", "bold"), lettered("Lg", "script")
    ('ℝ𝕩𝟙', '𝐋𝛉', 'ℒℊ')
    """
    return "".join(_letter(c, variant) for c in text)


@cache
def _letter(c: str, variant: str) -> str:
    name = unicodedata.name(c, "")
    for start, middle in _KINDS:
        if name.startswith(start):
            rest = name.removeprefix(start).replace(middle, "")
            for alphabet in _ALPHABETS.get(variant, ()):
                try:
                    return unicodedata.lookup(f"{alphabet} {rest}")
                except KeyError:
                    continue
    return "ℎ" if (c, variant) == ("h", "italic") else c

"""Text as people give it, made safe for Typst; letters and names of its math mode."""

from __future__ import annotations

import re
from collections.abc import Callable

from symderiv.render.names import GREEK, read, visible

_SPACES = re.compile(r"\s+")
_MARKUP = re.compile(r"""[\\#$*_`\[\]@<>~/\-+='"{}^|:]|(?<=[0-9.])\.""")
ACCENTS = {"hat": "hat", "tilde": "tilde"}


def typst_string(text: str) -> str:
    r"""A string literal; nothing in it is markup or code.

    >>> typst_string('a"b\\c')
    '"a\\"b\\\\c"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    lines = escaped.replace("\r\n", "\n").split("\n")
    return '"' + "\\n".join(visible(line.replace("\t", "    ")) for line in lines) + '"'


def typst_text(text: str) -> str:
    r"""Running text as markup that says what it says; white space is one space.

    >>> typst_text("#eval(1) costs 5 $")
    '\\#eval(1) costs 5 \\$'
    """
    return _MARKUP.sub(lambda m: "\\" + m[0], visible(_SPACES.sub(" ", text)))


def typst_word(text: str) -> str:
    """A name of several letters, upright, in math mode.

    >>> typst_word("learning_rate")
    '"learning_rate"'
    """
    return typst_string(_SPACES.sub(" ", text))


def typst_name(name: str, word: Callable[[str], str] = typst_word) -> tuple[str, str]:
    """A name in math mode: what stands on the line, and what stands below.

    >>> typst_name("x_1"), typst_name("lambda"), typst_name("z_hat")
    (('x', '1'), ('λ', ''), ('hat(z)', ''))
    """
    parts = read(name)
    if parts.word:
        return word(name), ""
    if parts.accent:
        return f"{ACCENTS[parts.accent]}({parts.head})", ""
    sub = GREEK.get(parts.sub, parts.sub)
    return parts.head, sub if len(sub) <= 1 or sub.isdigit() else word(sub)

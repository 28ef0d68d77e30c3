"""Tokens of Markdown in groups, one for each block with all that it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

CAPTION = re.compile(r"Table:\s*")
"""What the line below a table begins with."""


def is_closed(token: Token) -> bool:
    """Does a fence end with a line of its own?"""
    start, end = token.map or [0, 0]
    inside = token.content.count("\n") + (token.content[-1:] not in ("", "\n"))
    return end - start - 1 > inside


def is_caption(groups: Sequence[Sequence[Token]]) -> bool:
    """Is the second of two blocks ``Table: …`` below a table?"""
    if len(groups) < 2 or groups[0][0].type != "table_open":
        return False
    return groups[1][0].type == "paragraph_open" and bool(CAPTION.match(groups[1][1].content))


def groups_of(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Each block with all that it holds."""
    start, depth = 0, 0
    for position, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start : position + 1]
            start = position + 1

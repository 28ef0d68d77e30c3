"""The dialect of Markdown of sources: CommonMark without HTML, and some plugins."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from symderiv.core.messages import Sentence
from symderiv.publish.place import Place, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_NESTING = 100
"""Levels, two for a list and its item. The parser leaves out all that comes after a deeper one."""


@cache
def parser() -> MarkdownIt:
    """Tables, strikethrough, mathematics between dollars, footnotes, lists of terms, front matter,
    and ``{#label}``.

    >>> parser().parseInline("$a$ and **b**")[0].children[0].content
    'a'
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    md = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    md.enable(["table", "strikethrough"])
    md.disable(["html_block", "html_inline"])
    md.use(dollarmath_plugin, allow_space=False, allow_digits=False, label_normalizer=str)
    md.use(front_matter_plugin)
    md.use(deflist_plugin)
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    md.use(attrs_plugin, after=("image",))
    md.use(attrs_block_plugin)
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # `inline` decides
    return md


def parsed(text: str, file: str) -> list[Token]:
    """The blocks of a source.

    Raises:
        SourceError: something is nested deeper than is read to its end.
    """
    return _bounded(parser().parse, text, Place(file, 1))


def parsed_inline(text: str, place: Place) -> list[Token]:
    """The running text of a caption or a title, as `parsed` reads it."""
    return _bounded(parser().parseInline, text, place)


def _bounded(parse: Callable[[str], list[Token]], text: str, start: Place) -> list[Token]:
    said = Sentence("this is nested too deep; at most {most} levels are read", most=MAX_NESTING)
    line = 0
    for token in (tokens := parse(text)):
        line = token.map[0] if token.map else line
        inside = [token, *(token.children or ())]
        if any(part.nesting == 1 and part.level + 1 >= MAX_NESTING for part in inside):
            said = Sentence(
                "this is nested too deep; at most {most} levels are read", most=MAX_NESTING
            )
            raise SourceError(said, Place(start.file, start.line + line))
    return tokens

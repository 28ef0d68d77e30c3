"""The dialect of Markdown of sources: CommonMark without HTML, and some plugins."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_NESTING = 20


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

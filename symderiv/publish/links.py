"""Links between sources, which lead to their outputs once these are built."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from urllib.parse import quote, unquote

from symderiv.document.article import Article, with_words
from symderiv.document.blocks import Inline, Link, Styled, Words
from symderiv.publish.place import Place, SourceError
from symderiv.publish.sources import SUFFIXES


def relinked(
    article: Article, place: PurePosixPath, places: Collection[PurePosixPath], suffix: str
) -> Article:
    """The article at its place, with links to sources leading to their files of that suffix."""

    def change(words: Words) -> Words:
        return tuple(map(_changed, words))

    def _changed(part: Inline) -> Inline:
        if isinstance(part, Link):
            target = led(part.target, place, places, suffix)
            return replace(part, words=change(part.words), target=target)
        return replace(part, words=change(part.words)) if isinstance(part, Styled) else part

    blocks = tuple(with_words(block, change) for block in article.blocks)
    return replace(article, blocks=blocks)


def led(target: str, place: PurePosixPath, places: Collection[PurePosixPath], suffix: str) -> str:
    """Where a link of the source at a place leads.

    >>> led("../b.md#x", PurePosixPath("a/a"), [PurePosixPath("b")], ".html")
    '../b.html#x'
    """
    file, mark, fragment = target.partition("#")
    if not is_source(target):
        return target
    whole = PurePosixPath(normpath(str(place.parent / unquote(file)))).with_suffix("")
    if whole not in places:
        return target
    return quote(f"{relpath(str(whole), str(place.parent))}{suffix}") + mark + fragment


def check_links(linked: Iterable[tuple[str, Place]], folder: Path | None) -> list[SourceError]:
    """An error for every link to a Markdown file that is not there."""
    if folder is None:
        return []
    return [
        SourceError(f"the link leads to {target[:80]}, which is not there", place)
        for target, place in linked
        if is_source(target) and not (folder / unquote(target.partition("#")[0])).is_file()
    ]


def is_source(target: str) -> bool:
    """Does a link lead to a Markdown file beside the source?"""
    file = unquote(target.partition("#")[0])
    return ":" not in file and not file.startswith("/") and file.lower().endswith(SUFFIXES)

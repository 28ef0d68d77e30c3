"""Links between sources, which lead to their outputs once these are built."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from urllib.parse import quote, unquote

from symderiv.core.messages import N_, Sentence
from symderiv.document.article import Article, with_words
from symderiv.document.blocks import Inline, Link, Styled, Words
from symderiv.publish.place import Place, SourceError
from symderiv.publish.sources import SUFFIXES

ALLOWED = N_(
    "a link leads to https://, http:// or mailto:, to a #label, or to a file of the folder that is "
    "built, such as other.md"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ABROAD = re.compile(r"(https?://|mailto:)[^\s]+", re.IGNORECASE)


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


def is_fit(target: str) -> bool:
    """May a reader be led there, as far as the address tells?

    >>> [is_fit(x) for x in ("https://a.org", "b.md#c", "/etc/passwd", "//a.org", "file:///b")]
    [True, True, False, False, False]
    """
    if any(c.isspace() or not c.isprintable() for c in target):
        return False
    if _SCHEME.match(target):
        return bool(_ABROAD.fullmatch(target))
    file = unquote(target.partition("#")[0])
    return bool(file) and file[0] not in "/\\" and ":" not in file and file.isprintable()


def check_links(
    linked: Iterable[tuple[str, Place]], folder: Path | None, root: Path | None = None
) -> list[SourceError]:
    """An error for every link to a file that is not there, or lies outside of the root."""
    if folder is None:
        return []
    errors = []
    for target, place in linked:
        if _SCHEME.match(target):
            continue
        file = folder / unquote(target.partition("#")[0])
        if not file.resolve().is_relative_to((root or folder).resolve()):
            said = Sentence(
                "the link to {address} leaves the folder {folder}; {allowed}",
                address=target[:80],
                folder=root or folder,
                allowed=Sentence(ALLOWED),
            )
            errors.append(SourceError(said, place))
        elif not _is_file(file):
            said = Sentence("the link leads to {address}, which is not there", address=target[:80])
            errors.append(SourceError(said, place))
    return errors


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long
        return False


def is_source(target: str) -> bool:
    """Does a link lead to a Markdown file beside the source?"""
    file = unquote(target.partition("#")[0])
    return ":" not in file and not file.startswith("/") and file.lower().endswith(SUFFIXES)

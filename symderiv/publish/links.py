"""Links between sources, which lead to their outputs once these are built."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from posixpath import relpath
from urllib.parse import quote, unquote

from symderiv.core.messages import N_, Sentence
from symderiv.document.article import Article, with_words
from symderiv.document.blocks import Inline, Link, Styled, Words
from symderiv.publish.labels import Labels, is_source, place_of
from symderiv.publish.place import Place, SourceError
from symderiv.render import KNOWN, anchor_in

ALLOWED = N_(
    "a link leads to https://, http:// or mailto:, to a #label, or to a file of the folder that is "
    "built, such as other.md"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ABROAD = re.compile(r"(https?://|mailto:)[^\s]+", re.IGNORECASE)

Known = Mapping[PurePosixPath, Labels]
"""The labels of other pages, by their places."""


def relinked(article: Article, place: PurePosixPath, known: Known, form: str) -> Article:
    """The article at its place, with links to sources leading to their files in that format.

    A link without words gets those of what it leads to.
    """

    def change(words: Words) -> Words:
        return tuple(map(_changed, words))

    def _changed(part: Inline) -> Inline:
        if isinstance(part, Link):
            words = change(part.words) or _words(part.target)
            return replace(part, words=words, target=led(part.target, place, known, form))
        return replace(part, words=change(part.words)) if isinstance(part, Styled) else part

    def _words(target: str) -> Words:
        file, _, label = target.partition("#")
        labels = known.get(place_of(file, place)) if is_source(target) else None
        return labels.words(unquote(label), article.language) if labels else ()

    blocks = tuple(with_words(block, change) for block in article.blocks)
    return replace(article, title=change(article.title), blocks=blocks)


def led(target: str, place: PurePosixPath, known: Known, form: str) -> str:
    """Where a link of the source at a place leads.

    >>> led("../b.md#x", PurePosixPath("a/a"), {}, "html")
    '../b.html#x'
    """
    file, mark, label = target.partition("#")
    if not is_source(target):
        return target
    there = place_of(file, place)
    anchor = known[there].anchor(unquote(label)) if there in known else unquote(label)
    anchor = anchor_in(form, anchor) if label else ""
    return address_of(there, place, form) + mark + anchor


def address_of(there: PurePosixPath, place: PurePosixPath, form: str) -> str:
    """The address of a page, as one at another place gives it.

    >>> address_of(PurePosixPath("index"), PurePosixPath("a/b"), "html")
    '../index.html'
    """
    beside = relpath(str(there), str(place.parent))
    return quote(f"{beside}{KNOWN[form].made or KNOWN[form].suffix}")


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


def check_built(
    linked: Iterable[tuple[str, Place]], of: PurePosixPath, places: Collection[PurePosixPath]
) -> list[SourceError]:
    """An error for every link to a source that no build makes a page of."""
    errors = []
    for target, at in linked:
        there = place_of(target.partition("#")[0], of)
        if is_source(target) and there not in places:
            hidden = next((part for part in there.parts if part.startswith(("_", "."))), "")
            if hidden:
                said = Sentence(
                    "the link leads to {target}, of which no page is made: "
                    "its name begins with {sign}",
                    target=target[:80],
                    sign=hidden[0],
                )
                errors.append(SourceError(said, at))
    return errors


def is_abroad(target: str) -> bool:
    """Does a link lead to an address of the web, or to a mailbox?"""
    return bool(_SCHEME.match(target))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long
        return False

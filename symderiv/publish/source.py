"""A literate source to an article: Markdown tokens to blocks, fenced statements carried out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence, said_by
from symderiv.document.article import Article
from symderiv.document.blocks import Words
from symderiv.document.compose import Composer
from symderiv.document.narrate import DETAILS
from symderiv.publish import front_matter
from symderiv.publish.anchors import anchored, check_citations, check_heading
from symderiv.publish.blocks import Blocks
from symderiv.publish.footnotes import Footnotes
from symderiv.publish.index import as_markdown
from symderiv.publish.inline import Reader
from symderiv.publish.labels import Labels, labels_of
from symderiv.publish.links import check_links
from symderiv.publish.markdown import parsed, parsed_inline
from symderiv.publish.place import CheckFailed, Place, SourceError, Text
from symderiv.publish.session import Session
from symderiv.publish.settings import DEFAULT, Settings

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_SOURCE = 500_000
"""Characters of one source."""
_NAME, _LETTERS = re.compile(r"[^\W\d]\w*"), re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Built:
    """What a source became.

    ``article`` is None where the source cannot be read; ``errors`` say why. ``failures`` are
    checks that did not hold. ``assets`` are the files that it shows, ``linked`` those that it
    links to, among them ``bare`` sources without words; ``labels`` is what others may cite.
    ``trusted`` is true where it ran Python, whose result may rest on anything.
    """

    article: Article | None
    errors: tuple[SourceError, ...] = ()
    failures: tuple[CheckFailed, ...] = ()
    assets: tuple[Path, ...] = field(default=())
    trusted: bool = False
    linked: tuple[tuple[str, Place], ...] = ()
    bare: tuple[tuple[str, Place], ...] = ()
    labels: Labels = field(default_factory=lambda: Labels(broken=True))


def article_of(
    text: str,
    *,
    file: str = "text",
    folder: Path | None = None,
    root: Path | None = None,
    settings: Settings = DEFAULT,
) -> Built:
    r"""The article that a source states.

    ``file`` names it in errors, ``folder`` has its pictures, which must lie within ``root`` (the
    folder itself if that is None).

    >>> built = article_of("# Powers\n\n```symderiv\nderive x**3 by x\n```\n")
    >>> built.article.title, [type(b).__name__ for b in built.article.blocks]
    (('Powers',), ['Told'])
    """
    if len(text) > MAX_SOURCE:
        said = Sentence(
            "the source has {count} characters; at most {most} are read",
            count=f"{len(text):,}",
            most=f"{MAX_SOURCE:,}",
        )
        return Built(None, (SourceError(said, Place(file)),))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    lines = text.split("\n")
    try:
        tokens = parsed(text, file)
        settings, title, authors, date = _head(tokens, lines, file, settings)
    except SourceError as error:
        return Built(None, (error,))
    reader = Reader(file, lines, footnotes=Footnotes(), bare=[])
    composer = Composer(settings.language, settings.detail, finer=True)
    session = Session(settings, composer, lambda piece: inline(reader, piece), folder, root)
    session.taken = frozenset((*_NAME.findall(text), *_LETTERS.findall(text)))
    if title:
        try:
            session.title = session.inline(title)
            check_heading(session.title, title.at(0))
        except SourceError as error:
            reader.errors.append(error)
    blocks = Blocks(session, reader)
    blocks.read(tokens)
    blocks.footnotes()
    anchored(composer)
    uncited = check_citations(reader.cited, composer)
    missed = [error for label, error in uncited if not blocks.doubts.excuse(label)]
    errors = [*reader.errors, *missed, *check_links(reader.linked, folder, root)]
    failures, assets = tuple(session.failures), tuple(session.assets)
    part = Labels(as_markdown(session.title), broken=True)
    if errors:
        ordered = sorted(errors, key=lambda e: (e.place.line, e.place.column))
        return Built(None, tuple(ordered), failures, assets, session.trusted, labels=part)
    if uncited:
        return Built(None, (), failures, assets, session.trusted, labels=part)
    try:
        article = composer.article(session.title or (Path(file).stem,))
        article = replace(article, authors=authors, date=date)
    except DataError as error:
        wrong = (SourceError(said_by(error), Place(file)),)
        return Built(None, wrong, failures, assets, labels=part)
    linked, bare = tuple(reader.linked), tuple(reader.bare or ())
    labels = labels_of(composer, article.title)
    return Built(article, (), failures, assets, session.trusted, linked, bare, labels)


def _head(
    tokens: list[Token], lines: list[str], file: str, settings: Settings
) -> tuple[Settings, Text | None, tuple[str, ...], str]:
    """The settings, as the front matter has them, and the title, authors and date that it gives."""
    title = None
    authors: list[str] = []
    date = ""
    front_matter.refuse_unclosed(tokens, lines, file)
    if tokens and tokens[0].type == "front_matter":
        for key, value in front_matter.entries(Text(tokens[0].content, file, 2)):
            if key == "title":
                title = value
            elif key == "author":
                authors.append(" ".join(value.text.split()))
            elif key == "date":
                date = " ".join(value.text.split())
            elif key == "lang":
                settings = replace(settings, language=checked_language(value))
            elif key == "detail":
                detail = _one_of(value, DETAILS)
                settings = replace(settings, detail=next(d for d in DETAILS if d == detail))
            elif _one_of(value, ("yes", "no")) == "no":
                settings = replace(settings, check=False)
    return settings, title, tuple(filter(None, authors)), date


def _one_of(value: Text, known: tuple[str, ...]) -> str:
    if value.text not in known:
        raise SourceError(
            Sentence(
                "expected one of {known}, found {text}",
                known=", ".join(known),
                text=repr(value.text[:40]),
            ),
            value.at(0),
        )
    return value.text


def checked_language(value: Text) -> str:
    """The code of a language that symderiv speaks."""
    from symderiv.document.messages import known_language

    try:
        return known_language(value.text)
    except ValueError as error:
        raise SourceError(said_by(error), value.at(0)) from None


def inline(reader: Reader, piece: Text) -> Words:
    """Running text that stands outside of paragraphs, such as a caption."""
    tokens = parsed_inline(piece.text, Place(piece.file, piece.line))
    return reader.words(tokens[0].children or [], piece.line)

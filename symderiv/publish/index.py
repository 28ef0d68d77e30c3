"""The page that lists the others: a source in memory, built as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from symderiv.core.messages import N_
from symderiv.document.article import Article, Paragraph
from symderiv.document.blocks import Break, Formula, Inline, Link, Mark, Styled, Words

DERIVATIONS = N_("Derivations")
GALLERY = N_("Gallery")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_MARKS = {"emphasis": "*", "strong": "**", "deleted": "~~"}
_END = re.compile(r"[.!?。](?=\s|\Z)")
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Listed:
    """A page as an index shows it; title and sentence are Markdown."""

    place: PurePosixPath
    section: str
    title: str
    sentence: str


def index_title(folders: Sequence[Path], language: str, *, catalog: bool) -> str:
    """What an index is called: after the one folder that it lists, or what the pages are."""
    from symderiv.document.messages import translate

    if len(folders) == 1 and not catalog and folders[0].resolve().name:
        return folders[0].resolve().name
    return translate(GALLERY if catalog and not folders else DERIVATIONS, language)


def index_text(pages: Iterable[Listed], title: str) -> str:
    """The source of an index: a list for each section, in the order in which they come."""
    sections: dict[str, list[str]] = {}
    for page in pages:
        address = quote(f"{page.place}.md")
        after = f"\\\n  {page.sentence}" if page.sentence else ""
        shown = page.title or escaped(page.place.name)
        sections.setdefault(page.section, []).append(f"- [{shown}](<{address}>){after}")
    out = [f"# {escaped(title)}"]
    for section, items in sections.items():
        out += [f"## {escaped(section)}"] if section else []
        out.append("\n".join(items))
    return "\n\n".join(out) + "\n"


def first_sentence(article: Article) -> Words:
    """The first sentence of the first paragraph."""
    for block in article.blocks:
        if isinstance(block, Paragraph):
            return _cut(block.words)
    return ()


def _cut(words: Words) -> Words:
    out: list[Inline] = []
    length = 0
    for part in words:
        if isinstance(part, str):
            end = _END.search(part)
            out.append(part[: end.end()] if end else part)
            length += len(part)
            if end or length > LONGEST:
                break
        else:
            out.append(part)
    return tuple(out)


def as_markdown(words: Words) -> str:
    r"""Words as one line of Markdown that reads as them; links only as their words.

    >>> as_markdown(("a*b ", Formula("x_1")))
    'a\\*b $x_1$'
    """
    return " ".join("".join(map(_markdown, words)).split())


def _markdown(part: Inline) -> str:
    match part:
        case str():
            return escaped(part)
        case Formula(latex):
            return f"${latex}$"
        case Link(words):
            return "".join(map(_markdown, words))
        case Styled("code", words):
            return escaped("".join(map(str, words)))
        case Styled(style, words):
            mark = _MARKS[style]
            return f"{mark}{''.join(map(_markdown, words))}{mark}"
        case Break():
            return " "
        case Mark():
            return ""
    from symderiv.render.text import text

    return escaped(text(part))


def escaped(text: str) -> str:
    r"""Text that Markdown reads as itself.

    >>> escaped("a_b")
    'a\\_b'
    """
    return _PUNCTUATION.sub(r"\\\1", re.sub(r"\s+", " ", text))

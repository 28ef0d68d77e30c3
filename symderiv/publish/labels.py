"""What a page can be cited by, and citations of other pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

from symderiv.core.messages import N_, Sentence
from symderiv.document.article import Heading, walk
from symderiv.document.blocks import Words
from symderiv.document.compose import Composer
from symderiv.document.words import fill
from symderiv.publish.place import Place, SourceError, Text
from symderiv.publish.sources import SUFFIXES

OF = N_("{label} of {title}")


@dataclass(frozen=True, slots=True)
class Named:
    """What bears a label: its anchor in the page, and its number or heading as Markdown."""

    anchor: str
    words: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Labels:
    """The title of a page as Markdown, and its labels; the second ones of equations too.

    Of a page that is ``broken``, whose source could not be read, not all of them are known.
    """

    title: str = ""
    names: Mapping[str, Named] = field(default_factory=dict)
    broken: bool = False

    def words(self, label: str, language: str) -> Words:
        """What a citation without words says: the title, a heading, or ``(3) of Softmax``."""
        law = label.startswith("rule-")
        if not label or (self.broken and label not in self.names and not law):
            return _read(self.title)
        if label not in self.names:  # the law of a rule, or a label that an error tells of
            return (label,)
        named = self.names[label]
        said = _read(named.words)
        title = _read(self.title)
        if named.heading or not title:
            return said
        if not said:  # an equation without a number
            return title
        return fill(OF, {"label": said, "title": title}, language)

    def anchor(self, label: str) -> str:
        """The anchor that a label leads to."""
        return self.names[label].anchor if label in self.names else label


def labels_of(composer: Composer, title: Words) -> Labels:
    """The labels of an article that is read."""
    from symderiv.publish.index import as_markdown

    headings = {b.anchor for b in walk(tuple(composer.blocks)) if isinstance(b, Heading)}
    names = {
        label: Named(label, as_markdown(words), label in headings)
        for label, words in composer.names.items()
    }
    for label, anchor in composer.others.items():
        names[label] = names[anchor]
    return Labels(as_markdown(title), names)


@dataclass(frozen=True, slots=True)
class Citation:
    """A link to another source: its place, the label or nothing, and where the link stands."""

    place: PurePosixPath
    label: str
    at: Place
    file: str
    bare: bool = False

    @property
    def name(self) -> str:
        """What a manifest calls it; one without words rests on more of the other page."""
        return f"{_quoted(str(self.place))}#{_quoted(self.label)}{'#' * self.bare}"

    def needs(self) -> bool:
        """Does the page depend on what the other one says?"""
        return bool(self.label) or self.bare

    def error(self, labels: Labels | None) -> SourceError | None:
        """What is wrong with it; where nothing is known of the other page, only a lack of words."""
        if labels is None:
            said = Sentence(
                "{file} is not built here, so it gives this link no words; write them",
                file=self.file[:80],
            )
            return SourceError(said, self.at) if self.bare else None
        if not self.label or self.label in labels.names or self.label.startswith("rule-"):
            return None
        if labels.broken:  # its own faults are told
            return None
        from difflib import get_close_matches

        close = get_close_matches(self.label, list(labels.names), 3)
        values = {"file": self.file[:80], "label": repr(self.label[:60])}
        said = Sentence("nothing in {file} bears the label {label}", **values)
        if close:
            said = Sentence(
                "nothing in {file} bears the label {label}; did you mean {close}?",
                **values,
                close=", ".join(close),
            )
        return SourceError(said, self.at)


def citations(
    linked: Iterable[tuple[str, Place]], bare: Iterable[tuple[str, Place]], of: PurePosixPath
) -> list[Citation]:
    """The links of a source that lead to others; ``bare`` are those without words."""
    found = []
    without = set(bare)
    for target, at in linked:
        file, _, label = target.partition("#")
        if is_source(target):
            place = place_of(file, of)
            is_bare = (target, at) in without
            found.append(Citation(place, unquote(label), at, unquote(file), is_bare))
    return found


def named(name: str) -> tuple[PurePosixPath, str, bool]:
    """What the name of a citation in a manifest says.

    >>> named("sub/a%23#b")
    (PurePosixPath('sub/a#'), 'b', False)
    """
    place, _, label = name.partition("#")
    return PurePosixPath(unquote(place)), unquote(label.removesuffix("#")), label.endswith("#")


def _quoted(text: str) -> str:
    """The text without the sign that ends a place."""
    return text.replace("%", "%25").replace("#", "%23")


def place_of(file: str, of: PurePosixPath) -> PurePosixPath:
    """The place of the source that a link of another one leads to.

    >>> place_of("../b.md", PurePosixPath("sub/a"))
    PurePosixPath('b')
    """
    return PurePosixPath(normpath(str(of.parent / unquote(file)))).with_suffix("")


def is_source(target: str) -> bool:
    """Does a link lead to a Markdown file beside the source?"""
    file = unquote(target.partition("#")[0])
    return ":" not in file and not file.startswith("/") and file.lower().endswith(SUFFIXES)


def _read(markdown: str) -> Words:
    """The words of a label; a manifest, which anyone may have written, gives none but those."""
    from symderiv.publish.inline import Reader
    from symderiv.publish.source import inline

    return inline(Reader("", ()), Text(markdown, "", 1))

"""The gallery: a page for every entry of the catalog."""

from __future__ import annotations

from pathlib import PurePosixPath

from symderiv import catalog
from symderiv.document.messages import translate
from symderiv.publish.sources import Source


def pages(language: str) -> list[Source]:
    """A source for every entry, under the title of its theme."""
    return [
        Source(
            name="catalog",
            place=PurePosixPath(entry.name),
            text=f"```symderiv\ncatalog {entry.name}\n```\n",
            section=translate(theme.title, language),
        )
        for theme in catalog.themes()
        for entry in theme.entries
    ]

"""The one walk over the blocks of an article; a format says how each kind is written.

A kind of block that is added here has to be written by every format, or mypy refuses its writer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar, assert_never

from symderiv.document.article import (
    Block,
    Code,
    Display,
    Divider,
    Figure,
    Footnotes,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Table,
    Terms,
    Told,
)

Out = TypeVar("Out")
"""What a block becomes."""


class BlockWriter(ABC, Generic[Out]):
    """Writes blocks, one after the other."""

    def block(self, block: Block) -> Out:
        """One block."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                return self.paragraph(block)
            case Listing():
                return self.listing(block)
            case Terms():
                return self.terms(block)
            case Footnotes():
                return self.footnotes(block)
            case Quote():
                return self.quote(block)
            case Code():
                return self.code(block)
            case Table():
                return self.table(block)
            case Divider():
                return self.divider()
            case Display():
                return self.display(block)
            case Told():
                return self.told(block)
            case Figure():
                return self.figure(block)
        assert_never(block)

    @abstractmethod
    def heading(self, block: Heading) -> Out:
        """A heading; the title of the article is level 1, so sections begin at 2."""

    @abstractmethod
    def paragraph(self, block: Paragraph) -> Out:
        """Running text."""

    @abstractmethod
    def listing(self, block: Listing) -> Out:
        """A list, with numbers or without."""

    @abstractmethod
    def terms(self, block: Terms) -> Out:
        """A list of terms, the meanings of each below it."""

    @abstractmethod
    def footnotes(self, block: Footnotes) -> Out:
        """The notes of the whole; nothing where each stands with its mark."""

    @abstractmethod
    def quote(self, block: Quote) -> Out:
        """Somebody's words."""

    @abstractmethod
    def code(self, block: Code) -> Out:
        """Text in a fixed width."""

    @abstractmethod
    def table(self, block: Table) -> Out:
        """A table with its caption."""

    @abstractmethod
    def divider(self) -> Out:
        """A thematic break."""

    @abstractmethod
    def display(self, block: Display) -> Out:
        """An author's formula."""

    @abstractmethod
    def told(self, block: Told) -> Out:
        """A derivation, with its lemmas and definitions."""

    @abstractmethod
    def figure(self, block: Figure) -> Out:
        """A picture with its caption."""

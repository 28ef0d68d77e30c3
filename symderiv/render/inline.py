"""The one walk over running text on paper; a format says how each kind of part is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import assert_never

from sympy.core.basic import Basic

from symderiv.document.blocks import Break, Formula, Inline, Link, Mark, Styled, Words
from symderiv.render.layout import say
from symderiv.render.links import is_address
from symderiv.render.notation import Notation
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.sentences import EQUALS, formulas


class InlineWriter(ABC):
    """Writes running text.

    Links lead to the ``anchors`` of the document and to addresses, where ``linked``.
    """

    def __init__(
        self, notation: Notation, anchors: Collection[str] = (), *, linked: bool = False
    ) -> None:
        self.notation = notation
        self.anchors = anchors
        self.linked = linked

    def words(self, words: Words) -> str:
        """All parts, one after the other."""
        return "".join(map(self.part, formulas(words, linked=self.linked)))

    def part(self, part: Inline | tuple[Basic, ...]) -> str:
        """One part; expressions that ``=`` joins are one formula."""
        match part:
            case tuple():
                return self.formula(EQUALS.join(map(self.notation, part)))
            case Basic():
                return self.formula(self.notation(part))
            case str():
                return self.text(part)
            case Formula(latex):
                return self.authored(latex)
            case Styled("code", words):
                return self.code(say(words, Notation(TextStyle())))
            case Styled(style, words):
                return self.styled(style, self.words(words))
            case Link(words, target):
                return self.link(target, self.words(words))
            case Mark(number):
                return self.mark(number)
            case Break():
                return self.line_end()
        assert_never(part)

    def link(self, target: str, words: str) -> str:
        """The words, and where they lead if that is fit for a reader."""
        if target.startswith("#"):
            return self.to_place(target[1:], words) if target[1:] in self.anchors else words
        return self.to_address(target, words) if is_address(target) else words

    @abstractmethod
    def text(self, text: str) -> str:
        """Letters that stand for themselves; white space is one space."""

    @abstractmethod
    def formula(self, formula: str) -> str:
        """What the notation has printed."""

    @abstractmethod
    def authored(self, latex: str) -> str:
        """A formula that an author wrote; its source where it cannot be told otherwise."""

    @abstractmethod
    def code(self, text: str) -> str:
        """Text in a fixed width."""

    @abstractmethod
    def styled(self, style: str, words: str) -> str:
        """Words set apart."""

    @abstractmethod
    def mark(self, number: int) -> str:
        """The mark of a footnote."""

    @abstractmethod
    def line_end(self) -> str:
        """The line ends here."""

    @abstractmethod
    def to_place(self, anchor: str, words: str) -> str:
        """Words that lead to a place of the document."""

    @abstractmethod
    def to_address(self, target: str, words: str) -> str:
        """Words that lead to an address."""

r"""Footnotes in LaTeX: each is set with the first mark of its number, by that number.

Where a mark stands in plain running text, the note stands with it; where it is an argument of a
command, which takes no paragraphs, or in a table or a caption, the note follows the block.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from symderiv.document.article import Article, Block, Footnotes
from symderiv.document.blocks import Mark, Words

_MARK = re.compile(r"\\footnotemark\[(\d+)\]")


class Notes:
    """The footnotes of an article that are not set yet; ``write`` makes LaTeX of blocks."""

    def __init__(self, article: Article, write: Callable[[tuple[Block, ...]], str]) -> None:
        last = article.blocks[-1] if article.blocks else None
        notes = last.notes if isinstance(last, Footnotes) else ()
        self.left = dict(enumerate(notes, 1))
        self.write = write
        self.inside = False  # of a note, where TeX sets no other

    def within(self, text: str, words: Words) -> str:
        """The text of a paragraph, with the notes of the marks that stand freely in its words."""
        free = [part.number for part in words if isinstance(part, Mark)]
        if self.inside or free != [int(number) for number in _MARK.findall(text)]:
            return text

        def placed(found: re.Match[str]) -> str:
            number = int(found[1])
            return self._note("footnote", number) if number in self.left else found[0]

        return _MARK.sub(placed, text)

    def after(self, text: str) -> str:
        """A block, and after it the notes whose marks stand in it and that are not set."""
        at = 0
        while found := _MARK.search(text, at):
            at = found.end()
            if int(found[1]) in self.left:
                text = f"{text.rstrip()}%\n{self._note('footnotetext', int(found[1]))}\n"
        return text

    def _note(self, command: str, number: int) -> str:
        note = self.left.pop(number)
        before, self.inside = self.inside, True
        text = self.write(note).strip()
        self.inside = before
        return rf"\{command}[{number}]{{{text}}}"

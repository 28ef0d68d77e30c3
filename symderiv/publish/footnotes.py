"""Footnotes of a source: numbered as they are first cited, wherever they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symderiv.core.messages import N_, Sentence
from symderiv.document.article import Block
from symderiv.document.article import Footnotes as FootnotesBlock
from symderiv.document.blocks import Mark
from symderiv.publish.place import Place, SourceError

if TYPE_CHECKING:
    from markdown_it.token import Token

UNWRITTEN = N_("there is no footnote [^{label}]; write it on a line of its own, [^{label}]: …")
EMPTY = N_("the footnote [^{label}] says nothing")
UNCITED = N_("nothing cites the footnote [^{label}], so no page would show it")


@dataclass(slots=True)
class Footnotes:
    """What ``[^label]`` cites, with the place of the first, and what ``[^label]: …`` says."""

    cited: dict[str, Place] = field(default_factory=dict)
    written: dict[str, tuple[Sequence[Token], Place]] = field(default_factory=dict)

    def mark(self, label: str, place: Place) -> Mark:
        """The mark of a footnote, which gets a number if it has none."""
        self.cited.setdefault(label, place)
        return Mark(list(self.cited).index(label) + 1)

    def write(self, group: Sequence[Token], place: Place) -> None:
        """Keep what a footnote says until all are read."""
        label = str(group[0].meta["label"])
        if label in self.written:
            raise SourceError(
                Sentence("the footnote [^{label}] is written twice", label=label[:40]), place
            )
        self.written[label] = group[1:-1], place

    def block(
        self, read: Callable[[Sequence[Token]], tuple[Block, ...]], errors: list[SourceError]
    ) -> FootnotesBlock | None:
        """All footnotes that are cited, those that they cite themselves too."""
        notes: list[tuple[Block, ...]] = []
        while len(notes) < len(self.cited):
            label, place = list(self.cited.items())[len(notes)]
            tokens, _ = self.written.get(label, ((), place))
            notes.append(read(tokens))
            if label not in self.written:
                errors.append(SourceError(Sentence(UNWRITTEN, label=label[:40]), place))
            elif not tokens:
                errors.append(SourceError(Sentence(EMPTY, label=label[:40]), place))
        for label, (_, place) in self.written.items():
            if label not in self.cited:
                errors.append(SourceError(Sentence(UNCITED, label=label[:40]), place))
        return FootnotesBlock(tuple(notes)) if notes else None

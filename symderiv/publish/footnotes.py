"""Footnotes of a source: numbered as they are first cited, wherever they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symderiv.document.article import Block
from symderiv.document.article import Footnotes as FootnotesBlock
from symderiv.document.blocks import Mark
from symderiv.publish.place import Place, SourceError

if TYPE_CHECKING:
    from markdown_it.token import Token


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
            raise SourceError(f"the footnote [^{label[:40]}] is written twice", place)
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
                said = f"there is no footnote [^{label[:40]}]; write it on a line of its own"
                errors.append(SourceError(f"{said}, [^{label[:40]}]: …", place))
            elif not tokens:
                errors.append(SourceError(f"the footnote [^{label[:40]}] says nothing", place))
        for label, (_, place) in self.written.items():
            if label not in self.cited:
                said = f"nothing cites the footnote [^{label[:40]}], so no page would show it"
                errors.append(SourceError(said, place))
        return FootnotesBlock(tuple(notes)) if notes else None

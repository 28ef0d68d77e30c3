"""An entry as blocks of an article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from symderiv.catalog.entry import Entry, Made
from symderiv.document.compose import Composer
from symderiv.document.messages import translate
from symderiv.document.narrate import adjoint_of, kept_words
from symderiv.document.prose import prose

if TYPE_CHECKING:
    from symderiv.document.narrate import Detail
    from symderiv.oracle.report import Report


def tell(
    composer: Composer,
    entry: Entry,
    made: Made,
    *,
    level: int = 2,
    sentence: bool = True,
    detail: Detail | None = None,
    label: str = "",
    reports: Sequence[Report] = (),
) -> None:
    """The sentence of an entry, and its parts under headings of that level.

    Args:
        composer: What collects the blocks.
        entry: The entry; its title is left to the caller.
        made: What ``entry.make()`` gave.
        level: The level of the captions' headings.
        sentence: Say what the entry is about.
        detail: How many lines; as many as the composer says if None.
        label: That of the derivation that the entry is about.
        reports: What ``made.check()`` gave, so that lines show their evidence.
    """
    if sentence:
        composer.paragraph(*prose(translate(entry.sentence, composer.language)))
    main = entry.position(made)
    if made.kept:
        composer.paragraph(*kept_words(made.kept, composer.language), ".")
    for position, (caption, derivation) in enumerate(made.parts):
        if caption:
            composer.heading(level, prose(translate(caption, composer.language)))
        title = () if not made.kept else adjoint_of(derivation, composer.language)
        report = reports[min(position, len(reports) - 1)] if reports else None
        told_last = position >= len(made.parts) - 1 or len(reports) > 1  # of what the report tells
        composer.derivation(
            derivation,
            detail=detail,
            title=title,
            label=label if position == main else "",
            proofs=report.proofs() if report is not None else None,
            verdict=report.words(composer.language) if report is not None and told_last else (),
            refuted=report is not None and not report.ok,
            code=_code(entry.name, position, len(made.parts)),
        )


def _code(name: str, position: int, parts: int) -> str:
    """Python that derives a part of an entry again; the parts are derived once."""
    if parts == 1:
        return f'catalog.get("{name}").derivation()'
    first = f'parts = catalog.get("{name}").derivations()\n' if position == 0 else ""
    return f"{first}parts[{position}][1]"

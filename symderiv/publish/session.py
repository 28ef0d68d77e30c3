"""What a source has come to while it is read: names, the article so far, checks that failed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from symderiv.api import Derivation
from symderiv.api.goals import name_beside, named, new_name, subject
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.symbols import label_of
from symderiv.document.amount import told
from symderiv.document.article import Block, Told
from symderiv.document.blocks import Words
from symderiv.document.compose import Composer
from symderiv.document.narrate import DETAILS, Detail
from symderiv.oracle.report import Report
from symderiv.oracle.wording import confirmed
from symderiv.parse import Vocabulary
from symderiv.publish.place import CheckFailed, SourceError, Text
from symderiv.publish.settings import Settings
from symderiv.publish.statement import Statement
from symderiv.publish.transcript import Transcript

MOST_TOLD = 300_000
"""Names, numbers and operations of one derivation; about a megabyte."""
_LABEL = re.compile(r"[^\W_][\w.:-]*")
_KEPT = re.compile(r"(?:eq|fig|tab|lemma|fn|fnref)-\d+|rule-.*")


@dataclass(slots=True)
class Session:
    """The state of one source; ``inline`` reads running text, ``folder`` is where its files lie,
    and ``root`` what they must not leave. ``taken`` are the words of the source, none of which is
    made up for an expression without a name; ``made_up`` are the names that were.
    """

    settings: Settings
    composer: Composer
    inline: Callable[[Text], Words]
    folder: Path | None = None
    root: Path | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    named: dict[str, Any] = field(default_factory=dict)
    failures: list[CheckFailed] = field(default_factory=list)
    title: Words = ()
    level: int = 1
    trusted: bool = False
    assets: list[Path] = field(default_factory=list)
    transcript: Transcript = field(default_factory=Transcript)
    taken: frozenset[str] = frozenset()
    made_up: dict[Any, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of the article."""
        return self.composer.language

    # ------------------------------------------------------------ reading options

    def words(self, s: Statement, key: str) -> Words:
        """An option that is running text."""
        return self.inline(s.options[key]) if key in s.options else ()

    def label(self, s: Statement) -> str:
        """The option ``label``."""
        return checked_label(s.options["label"]) if "label" in s.options else ""

    def detail(self, s: Statement) -> Detail:
        """The option ``detail``, or that of the article."""
        level = s.one_of("detail", DETAILS, self.composer.detail)
        return next(d for d in DETAILS if d == level)

    # ------------------------------------------------------------ names made up

    def called(self, value: Any) -> str:
        """What to call an expression; empty if it has a name of its own."""
        known = self.made_up.get(subject(value).element)
        taken = self.taken.union(self.made_up.values(), self.vocabulary.values)
        return known or name_beside(value, taken)

    def call(self, value: Any, name: str, derivation: Derivation) -> None:
        """Note that a derivation speaks of an expression under a name that was made up."""
        label = label_of(derivation.goal.args[0]) if derivation.goal.args else None
        if name and label is not None and label.name == name:
            self.made_up[subject(value).element] = name

    def shown(self, value: Any) -> Any:
        """An expression as a picture shows it, under a name that is none of the author's."""
        of = subject(value)
        model = Model.of(of.element)
        name = self.called(value)
        if not name or name == new_name(of, model):
            return value
        self.made_up[of.element] = name
        return named(of, model, name)

    # ------------------------------------------------------------ telling

    def tell(
        self,
        s: Statement,
        derivations: Sequence[Derivation],
        *,
        labels: Sequence[str] = (),
        titles: Sequence[Words] = (),
    ) -> None:
        """Derivations one after the other, checked together; the verdict stands below the last."""
        reports = self._checked(derivations, titles) if self.checks(s) else ()
        self.judge(s, reports)
        proofs = reports[0].proofs() if reports and all(reports) else None
        detail = self.detail(s)
        self.composer.narrator.said = self.vocabulary.equations()
        for at, derivation in enumerate(derivations):
            with (s.options.get("label") or s.whole).placed():
                self.composer.derivation(
                    derivation,
                    detail=detail,
                    title=titles[at] if at < len(titles) else (),
                    label=labels[at] if at < len(labels) else "",
                    proofs=proofs,
                )
            self._bounded(s)
        self.conclude(reports if all(reports) else ())

    def checks(self, s: Statement) -> bool:
        """Is what a statement says to be tested?"""
        return s.yes("check", True) and self.settings.check

    def _checked(
        self, derivations: Sequence[Derivation], titles: Sequence[Words]
    ) -> tuple[Report, ...]:
        """One report of all; those under a title tell their matrix forms, which are tested too."""
        from symderiv.oracle.check import check_derivations

        titled = any(titles)
        return (check_derivations(derivations, in_pass=titled, seed=self.settings.seed),)

    def judge(self, s: Statement, reports: Sequence[Report]) -> None:
        """Note every check that did not hold."""
        for report in reports:
            if not report.ok:
                self.failures.append(CheckFailed(report.sentence(), s.whole.at(0)))

    def conclude(self, reports: Sequence[Report]) -> None:
        """Say below the last derivation how all of a statement stood the test."""
        last = self.composer.blocks[-1]
        if not reports or not isinstance(last, Told):
            return
        steps, points = (sum(x) for x in zip(*((r.steps, r.points) for r in reports), strict=True))
        verdict = confirmed(steps, points, max(r.worst for r in reports), self.language)
        self.composer.blocks[-1] = replace(last, verdict=(verdict,))

    def _bounded(self, s: Statement) -> None:
        last = self.composer.blocks[-1]
        count = told(last.document) if isinstance(last, Told) else 0
        if count > MOST_TOLD:
            raise s.error(
                Sentence(
                    "too long to print: {count} names and operations (at most {most}); name "
                    "intermediates with let, or ask for detail: brief",
                    count=f"{count:,}",
                    most=f"{MOST_TOLD:,}",
                )
            )

    @contextmanager
    def inside(self) -> Iterator[list[Block]]:
        """Blocks made within go to a list of their own: those of an item, or a quotation."""
        outer = self.composer.blocks
        inner: list[Block] = []
        self.composer.blocks = inner
        try:
            yield inner
        finally:
            self.composer.blocks = outer


def checked_label(text: Text) -> str:
    """A label that an author may give.

    Raises:
        SourceError: it is no word, or one that numbers are given under.
    """
    label = text.text
    if not _LABEL.fullmatch(label) or len(label) > 80:
        raise SourceError(
            Sentence(
                "a label is a word of letters, digits, '-', '_', '.' and ':', not {label}",
                label=repr(label[:40]),
            ),
            text.at(0),
        )
    if is_kept(label):
        raise SourceError(
            Sentence("the label {label} is given by number; choose another", label=repr(label)),
            text.at(0),
        )
    return label


def is_kept(label: str) -> bool:
    """Is the label one that equations, figures, tables, lemmas or rules get by themselves?"""
    return _KEPT.fullmatch(label) is not None

"""What a derivation tells, as frozen blocks: no notation, and nothing left to compute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sympy import Expr, Tuple
from sympy.core.basic import Basic


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere: to an address, or to an anchor of the same document (``#…``)."""

    words: Words
    target: str


@dataclass(frozen=True, slots=True)
class Styled:
    """Words set apart: ``emphasis``, ``strong``, ``deleted`` or ``code``."""

    style: str
    words: Words


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in LaTeX as an author wrote it, checked to hold nothing but mathematics."""

    latex: str


@dataclass(frozen=True, slots=True)
class Break:
    """The line ends here."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a footnote of the article, by its number."""

    number: int


Inline: TypeAlias = "str | Basic | Link | Styled | Formula | Break | Mark"
Words: TypeAlias = "tuple[Inline, ...]"
"""Running text with expressions in it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a line stood the test by numbers: at how many places, with what worst relative error.

    ``sizes`` are the sizes that were tried, each a tuple of names and numbers. ``refuted`` says
    that it is wrong, not only untested; ``points`` and ``worst`` are of what held.
    """

    ok: bool
    points: int
    worst: float
    sizes: tuple[tuple[tuple[str, int], ...], ...] = ()
    refuted: bool = False

    @classmethod
    def of(cls, parts: Sequence[Evidence]) -> Evidence:
        """What is known of several steps together."""
        return cls(
            ok=all(part.ok for part in parts),
            points=sum(part.points for part in parts),
            worst=max(part.worst for part in parts),
            sizes=parts[0].sizes,
            refuted=any(part.refuted for part in parts),
        )


@dataclass(frozen=True, slots=True)
class Note:
    """Why a line follows: a rule by name, its title, and its note with what fills it.

    ``title`` and ``note`` are message ids; ``about`` fills the ``{placeholders}`` of the note.
    """

    rule: str
    title: str
    note: str = ""
    about: tuple[tuple[str, Basic], ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A lemma that a line cites: its number in the document, and what it is about.

    With an ``anchor``, it is an equation that was derived before.
    """

    number: int
    goal: Expr
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, ``= expr``, and why it follows from the line before.

    ``steps`` are the positions of its steps in the derivation; ``provided`` the side conditions
    that they used; ``finer`` the lines of full detail that this one stands for, where there are
    several; ``evidence`` what a check found.
    """

    expr: Expr
    notes: tuple[Note, ...] = ()
    cites: tuple[Citation, ...] = ()
    steps: tuple[int, ...] = ()
    provided: tuple[Basic, ...] = ()
    finer: tuple[Line, ...] = ()
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Equality:
    """``left = right``: a definition that the derivation rests on."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Document:
    """``goal = line = line …`` with what it rests on.

    ``lemmas`` are numbered from 1, each after those it cites; a lemma has none of its own.
    ``number`` is 0 for the derivation itself, and the lemma's number for a lemma; ``title`` stands
    above in place of it. ``preface`` is said before the definitions. ``forms`` is what a check
    found of the rows in matrix form that follow the last line.
    """

    goal: Expr
    lines: tuple[Line, ...]
    given: tuple[Basic, ...] = ()
    indices: tuple[Tuple, ...] = ()
    lemmas: tuple[Document, ...] = ()
    definitions: tuple[Equality, ...] = ()
    number: int = 0
    title: Words = ()
    preface: Words = ()
    forms: tuple[Evidence, ...] = ()

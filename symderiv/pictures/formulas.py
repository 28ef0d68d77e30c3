"""Formulas as Matplotlib's mathtext, which sets them without TeX; running text with formulas in it.

A name is any text. What mathtext cannot set, and whatever holds letters that its fonts lack, is
written as Unicode text instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy.core.basic import Basic

from symderiv.core.symbols import Label
from symderiv.document.blocks import Break, Document, Equality, Formula, Words
from symderiv.document.words import unlinked
from symderiv.model.arrays import Array
from symderiv.pictures.fonts import sets_math
from symderiv.render.names import plain, visible
from symderiv.render.notation import Level, Notation, Piece
from symderiv.render.notation.style_latex import SYMBOLS, LatexStyle
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.twins import twins

_ESCAPED = {
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "$": r"\$", "_": r"\_", "%": r"\%", "#": r"\#",
    "^": "ˆ", "'": "’", "~": "∼", " ": r"\ ", "-": "‐", ",": "{,}", "+": "{+}",
}  # fmt: skip
_TALL_BAR = r"\,\vert\hspace{-0.2625}{\genfrac{}{}{0}{0}{\vert}{\vert}}"
"""One bar over three rows: above, below, and between them."""
_SUMS = re.compile(r"\\sum_\{([^{}=]+)\}\\, \\sum_\{([^{}=]+)\}")


def escaped(text: str) -> str:
    r"""Any text, safe within mathtext.

    >>> escaped(r"a_b \input{x}$")
    'a\\_b\\ \\backslash input\\{x\\}\\$'
    """
    return "".join(_ESCAPED.get(c, c) for c in visible(text))


class MathtextStyle(LatexStyle):
    """LaTeX as far as mathtext reads it."""

    symbols: Mapping[str, str] = {
        **SYMBOLS, "and": r"\wedge", "or": r"\vee", "not": r"\neg ",
        "nan": r"\mathrm{undefined}", "⊤": r"^{\mathrm{T}}",
    }  # fmt: skip

    def __init__(self, apart: frozenset[str] = frozenset(), *, ranges: bool = True) -> None:
        self.apart = apart
        self.ranges = ranges

    def upright(self, text: str) -> str:
        """A name of several letters."""
        return rf"\mathrm{{{escaped(text)}}}"

    def word(self, text: str) -> str:
        """Running text within a formula."""
        return self.upright(text)

    def fraction(self, above: Piece, below: Piece) -> Piece:
        """As tall as in a formula of its own; it holds the names that are read."""
        return Piece(rf"\dfrac{{{above.text}}}{{{below.text}}}", Level.FRACTION)

    def derivative(self, sign: str, above: str, below: Sequence[tuple[str, int]]) -> Piece:
        """Likewise."""
        made = super().derivative(sign, above, below)
        return Piece(made.text.replace(r"\frac", r"\dfrac", 1), Level.FRACTION)

    def exponential(self, exponent: Piece) -> Piece:
        """``e^x``; ``exp(x_i)``, as what is raised twice is too small to read."""
        if any(sign in exponent.text for sign in "_^\\"):
            return Piece(self.applied(r"\exp", exponent.text))
        return super().exponential(exponent)

    def binder(self, sign: str, index: str, low: str, high: str, full: bool) -> str:
        """``Σ_k``; the range only where it is not that of the arrays inside."""
        if full or not self.ranges:
            return rf"{sign}_{{{index}}}\,"
        return rf"{super().binder(sign, index, low, high, full)}\,"

    def times(self, left: Piece, right: Piece) -> str:
        """A thin space, as mathtext sets what is side by side without any."""
        del left
        return r" \cdot " if right.text[:1].isdigit() else r" \, "

    def brackets(self, text: str, kind: str = "(") -> str:
        r"""Brackets that grow, only where they must."""
        made = super().brackets(text.replace(r"\dfrac", r"\frac"), kind)
        return made.replace(r"\frac", r"\dfrac") if r"\dfrac" in text else made

    def where(self, piece: Piece, condition: str) -> Piece:
        """A bar with what is held below it; mathtext would draw one that grows too thick."""
        bar = _TALL_BAR if r"\dfrac" in piece.text else r"\vert"
        return Piece(rf"{piece.text}{bar}_{{{condition}}}", Level.FRACTION)

    def cases(self, rows: Sequence[tuple[str, str]]) -> Piece:
        """Branches on one line, as mathtext has no rows."""
        return Piece(r";\ ".join(rf"{value}\ {when}" for value, when in rows))


OVER, SHUT = "\ue000", "\ue001"
"""Around what is barred; no name holds such letters, as `visible` spells them out."""


class BarredStyle(TextStyle):
    """Unicode text whose bars are drawn, as no font has them for every script."""

    def bar(self, name: str, indices: Sequence[str], layer: str | None = None) -> Piece:
        """A name under a bar."""
        base = f"{OVER}{plain(name)}{SHUT}{self.name('', None, layer).text}"
        return Piece(self.below(base, indices) if indices else base)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a line: a formula in mathtext, or text; ``barred`` text has a rule above it."""

    text: str
    math: bool = False
    barred: bool = False


Line = tuple[Run, ...]


def _barred(text: str) -> Line:
    """Text cut where bars begin and end."""
    parts = text.replace(SHUT, OVER).split(OVER)
    return tuple(Run(p, barred=at % 2 == 1) for at, p in enumerate(parts) if p)


def _joined(text: str) -> str:
    r"""One sign for several sums.

    >>> _joined(r"\sum_{i}\, \sum_{j}\, x_{ij}")
    '\\sum_{i,\\, j}\\, x_{ij}'
    """
    before = ""
    while before != text:
        before, text = text, _SUMS.sub(r"\\sum_{\1,\\, \2}", text, count=1)
    return text


class Pen:
    """Writes expressions and running text as lines of a picture."""

    def __init__(
        self,
        language: str = "en",
        *,
        apart: frozenset[str] = frozenset(),
        bar: bool = True,
        ranges: bool = True,
    ) -> None:
        self.language = language
        shape = MathtextStyle(apart, ranges=ranges)
        self.math = Notation(shape, bar, language=language)
        self.text = Notation(TextStyle(), bar, language=language)
        self.drawn = Notation(BarredStyle(), bar, language=language)

    def formula(self, *parts: Basic | str) -> Line:
        """Expressions and signs (``=``) as one formula."""
        text = _joined(" ".join(p if isinstance(p, str) else self.math(p) for p in parts))
        if sets_math(text):
            return (Run(text, math=True),)
        return _barred(" ".join(p if isinstance(p, str) else self.drawn(p) for p in parts))

    def plainly(self, *parts: Basic | str) -> str:
        """The same in Unicode text."""
        return " ".join(visible(p) if isinstance(p, str) else self.text(p) for p in parts)

    def line(self, said: Any) -> Line:
        """Text, an expression, or running text with expressions in it."""
        return tuple(run for part in unlinked(words_of(said)) for run in self._runs(part))

    def says(self, said: Any) -> str:
        """The same in Unicode text."""
        return "".join(self._said(part) for part in unlinked(words_of(said)))

    def _runs(self, part: Any) -> Line:
        if isinstance(part, Basic):
            return self.formula(part)
        if isinstance(part, Formula) and sets_math(part.latex):
            return (Run(part.latex, math=True),)
        return (Run(self._said(part)),)

    def _said(self, part: Any) -> str:
        if isinstance(part, Basic):
            return self.text(part)
        if isinstance(part, Formula):
            return visible(part.latex)
        return " " if isinstance(part, Break) else visible(str(part))


def words_of(said: Any) -> Words:
    """What a caller says of something, as running text."""
    if isinstance(said, tuple):
        return said
    if isinstance(said, Array):
        return (said.element,)
    return (said,)


def apart(labels: Sequence[Label]) -> frozenset[str]:
    """The names that look like another one among them."""
    entries = tuple(Equality(label, label) for label in labels)
    return twins([Document(labels[-1], (), definitions=entries)])

"""Long formulas cut where a line may end: before ``+`` and ``−``, and between factors.

A style with `Breakable` in front of it prints what it always prints, with marks in it: where a line
may end, which brackets may be torn, and how much narrower a fraction or an index is than its
letters in a row. `Breakable.unmarked` takes the marks out; `Breakable.parts` cuts at them.
Marks are private characters, which no name can bring in (`names.visible` spells them out).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from symderiv.render.notation.style import Piece, Style

AT_TERM, AT_FACTOR, OPEN, CLOSE = "\U000f0000", "\U000f0001", "\U000f0002", "\U000f0003"
NARROWER = 0xF1000
"""This character, and those after it: so many tenths of an em narrower."""
MOST_TENTHS = 0xE000
SMALL = 0.7
"""What stands below or above, beside what stands on the line."""
TORN = 12.0
"""Brackets around more ems than this may be torn."""
WIDTHS = {
    **dict.fromkeys("+-−=<>≠≤≥⊙⊘∧∨", 1.22), **dict.fromkeys("()", 0.42), **dict.fromkeys("[]", 0.6),
    **dict.fromkeys("ijltfrI", 0.38), **dict.fromkeys("mMWN", 0.9), **dict.fromkeys(",.|!", 0.28),
    **dict.fromkeys("∑∏", 1.7), "⋅": 0.72,
}  # fmt: skip
"""How wide signs are in display style, in ems, with the space around them."""
LETTER = 0.52
"""How wide all others are."""
LINE = 31.0
"""About how many ems a line of a derivation holds; what seems wider is given in parts."""
_GROUP = re.compile(f"{OPEN}(.)([^{OPEN}{CLOSE}]*){CLOSE}.")
_MARKS = re.compile(f"[{AT_TERM}{AT_FACTOR}]")
_OTHERS = re.compile(f"[{OPEN}{CLOSE}](.)|[{AT_TERM}{AT_FACTOR}]")
_WIDTHS = re.compile(f"[{chr(NARROWER)}-{chr(NARROWER + MOST_TENTHS)}]")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a formula that stays on one line.

    ``depth`` says how badly a line ends before it: 0 between the terms of the whole, more within
    brackets; ``factor`` is a part that is multiplied to what comes before.
    """

    text: str
    depth: int = 0
    factor: bool = False


def narrower(ems: float) -> str:
    """A mark: the text is so much narrower than its letters in a row."""
    tenths = min(round(10 * ems), MOST_TENTHS)
    return chr(NARROWER + tenths) if tenths > 0 else ""


class Breakable:
    """In front of a style: the same notation, with marks."""

    ink: Callable[[str], float]
    """How wide the letters of a text are in a row, in ems."""
    fences: Callable[[str, bool], tuple[str, str]]
    """The two brackets of a kind, large or not, each to stand on a line of its own."""
    tall: re.Pattern[str]
    """What makes brackets grow."""

    # ------------------------------------------------------------ what is read

    def unmarked(self, text: str) -> str:
        """The text as the style itself prints it."""
        return _WIDTHS.sub("", self._closed(text))

    def width(self, text: str) -> float:
        """About how wide the text is, in ems of its own size."""
        less = sum(ord(c) - NARROWER for c in _WIDTHS.findall(text)) / 10
        return self.ink(_OTHERS.sub(_bracket, _WIDTHS.sub("", text))) - less

    def parts(self, text: str) -> tuple[Part, ...]:
        """The text in parts that fit a line, where it can be cut."""
        return tuple(
            replace(part, text=self.unmarked(part.text).strip()) for part in self._cut(text)
        )

    def _closed(self, text: str) -> str:
        """Without places to break; brackets as the style writes them."""
        text = _MARKS.sub("", text)
        while OPEN in text:
            text = _GROUP.sub(lambda m: self._style.brackets(m[2], m[1]), text)
        return text

    def _cut(self, text: str) -> Iterator[Part]:
        """Parts in order; brackets that are not torn stay within one."""
        current, depth, nested = Part(""), 0, 0
        for token in self._tokens(text):
            if token in (AT_TERM, AT_FACTOR):
                if current.text.strip():
                    yield current
                current = Part("", depth + (token == AT_FACTOR), token == AT_FACTOR)
                continue
            nested = (token[:1] == OPEN) - (token[:1] == CLOSE)
            depth += 2 * nested
            current = replace(current, text=current.text + (token[1:] if nested else token))
        yield current

    def _tokens(self, text: str) -> Iterator[str]:
        """Marks, torn brackets (a mark before what is written), and what stands between."""
        at = 0
        while at < len(text):
            c = text[at]
            if c in (AT_TERM, AT_FACTOR):
                yield c
                at += 1
            elif c == OPEN:
                end = _matching(text, at)
                kind, inside = text[at + 1], text[at + 2 : end]
                if AT_TERM in inside and self.width(inside) > TORN:
                    opening, closing = self.fences(kind, bool(self.tall.search(inside)))
                    yield OPEN + opening
                    yield from self._tokens(inside)
                    yield CLOSE + closing
                else:
                    yield self._closed(text[at : end + 2])
                at = end + 2
            else:
                end = _next_mark(text, at)
                yield text[at:end]
                at = end

    # ------------------------------------------------------------ what is written

    @property
    def _style(self) -> Style:
        return super()  # type: ignore[return-value]  # the style that stands behind this one

    def _whole(self, piece: Piece) -> Piece:
        """The piece where no line may end within it."""
        shut = None if piece.closed is None else self._closed(piece.closed)
        return replace(piece, text=self._closed(piece.text), closed=shut)

    def _small(self, *texts: str) -> str:
        return narrower((1 - SMALL) * sum(map(self.width, texts)))

    def _stacked(self, indices: Sequence[str], layer: str | None) -> str:
        """Indices and a layer stand one above the other."""
        below = sum(map(self.width, indices))
        above = self.width(f"({layer})") if layer is not None else 0.0
        return narrower(below + above - SMALL * max(below, above))

    def infix(self, sign: str) -> str:
        """A sign between two terms."""
        return AT_TERM + self._style.infix(sign)

    def times(self, left: Piece, right: Piece) -> str:
        """What stands between two factors."""
        return AT_FACTOR + self._style.times(left, right)

    def brackets(self, text: str, kind: str = "(") -> str:
        """The text in brackets."""
        if kind in "([":
            return f"{OPEN}{kind}{text}{CLOSE}{kind}"
        return self._style.brackets(self._closed(text), kind)

    def entry(
        self, name: str, indices: Sequence[str], latex: str | None = None, layer: str | None = None
    ) -> Piece:
        """A name with indices."""
        shut = [self._closed(index) for index in indices]
        piece = self._style.entry(name, shut, latex, layer)
        return replace(piece, text=piece.text + self._stacked(shut, layer))

    def bar(self, name: str, indices: Sequence[str], layer: str | None = None) -> Piece:
        """An adjoint."""
        shut = [self._closed(index) for index in indices]
        piece = self._style.bar(name, shut, layer)
        return replace(piece, text=piece.text + self._stacked(shut, layer))

    def below(self, base: str, subs: Sequence[str]) -> str:
        """A sign with indices."""
        shut = [self._closed(sub) for sub in subs]
        return self._style.below(self._closed(base), shut) + self._small(*shut)

    def power(self, base: str, exponent: Piece) -> Piece:
        """A power."""
        exponent = self._whole(exponent)
        piece = self._style.power(self._closed(base), exponent)
        return replace(piece, text=piece.text + self._small(exponent.text))

    def root(self, inside: Piece) -> Piece:
        """A root."""
        return self._style.root(self._whole(inside))

    def exponential(self, exponent: Piece) -> Piece:
        """A power of e."""
        exponent = self._whole(exponent)
        piece = self._whole(self._style.exponential(exponent))
        small = self._small(exponent.text) if piece.mark else ""
        return replace(piece, text=piece.text + small)

    def fraction(self, above: Piece, below: Piece) -> Piece:
        """A fraction is as wide as the wider of its two parts."""
        above, below = self._whole(above), self._whole(below)
        piece = self._style.fraction(above, below)
        less = min(self.width(above.text), self.width(below.text))
        return replace(piece, text=piece.text + narrower(less))

    def binder(self, sign: str, index: str, low: str, high: str, full: bool) -> str:
        """A sign of a sum is about as wide as what stands under it."""
        index, low, high = map(self._closed, (index, low, high))
        text = self._style.binder(sign, index, low, high, full)
        under = SMALL * self.width(f"{index}={low}")
        return text + narrower(self.width(text) - max(under, self.width(sign)))

    def derivative(self, sign: str, above: str, below: Sequence[tuple[str, int]]) -> Piece:
        """A quotient of differentials."""
        above, shut = self._closed(above), [(self._closed(x), times) for x, times in below]
        piece = self._style.derivative(sign, above, shut)
        widths = (self.width(sign + above), sum(self.width(sign + x) for x, _ in shut))
        return replace(piece, text=piece.text + narrower(min(widths)))

    def operator(self, sign: str, below: Sequence[tuple[str, int]], inside: str) -> Piece:
        """What is still to be differentiated, in brackets that may be torn."""
        closed = self._style.operator(sign, below, "")
        text = f"{self.derivative(sign, '', below).text} {self.brackets(inside, '[')}"
        return replace(closed, text=text)

    def where(self, piece: Piece, condition: str) -> Piece:
        """A value at a point."""
        return self._style.where(self._whole(piece), self._closed(condition))

    def cases(self, rows: Sequence[tuple[str, str]]) -> Piece:
        """Branches are as wide as the widest."""
        shut = [(self._closed(value), self._closed(when)) for value, when in rows]
        widths = [self.width(value + when) for value, when in shut]
        piece = self._style.cases(shut)
        return replace(piece, text=piece.text + narrower(sum(widths) - max(widths)))


def _bracket(mark: re.Match[str]) -> str:
    return mark[1] or ""


def _matching(text: str, at: int) -> int:
    """Where the bracket that opens here closes."""
    depth = 0
    for position in range(at, len(text)):
        depth += (text[position] == OPEN) - (text[position] == CLOSE)
        if not depth:
            return position
    raise ValueError("a bracket is left open")


def _next_mark(text: str, at: int) -> int:
    while at < len(text) and text[at] not in (AT_TERM, AT_FACTOR, OPEN):
        at += 1
    return at

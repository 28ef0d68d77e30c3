"""How JupyterLab takes the formulas out of a cell before Markdown reads it.

After ``removeMath`` in its package ``rendermime`` (which has it from Stack Exchange).
"""

from __future__ import annotations

import re

_SPLIT = re.compile(
    r"(\$\$?|\\(?:begin|end)\{[a-z]*\*?\}|\\[{}$]|[{}]|(?:\n\s*)+|@@\d+@@|\\\\(?:\(|\)|\[|\]))",
    re.IGNORECASE,
)
_FENCES = re.compile(r"^(?P<fence>`{3,}|(~T){3,})[^`\n]*\n([\s\S]*?)^(?P=fence)`*$", re.MULTILINE)
_SPANS = re.compile(r"(^|[^\\])(`+)([^\n]*?[^`\n])\2(?!`)", re.MULTILINE)


def without_formulas(source: str) -> tuple[str, list[str]]:
    """The text with ``@@number@@`` for each formula, and the formulas with their marks."""
    hidden = "`" in source or "~~~" in source
    if hidden:
        source = source.replace("~", "~T")
        for code in (_FENCES, _SPANS):
            source = code.sub(lambda found: found[0].replace("$", "~D"), source)
    taker = _Taker(_SPLIT.split(source.replace("\r\n", "\n").replace("\r", "\n")))
    text = taker.text()
    if not hidden:
        return text, taker.formulas
    return _restored(text), [_restored(formula) for formula in taker.formulas]


def _restored(text: str) -> str:
    return re.sub("~([TD])", lambda found: "~" if found[1] == "T" else "$", text)


class _Taker:
    """A cursor on pieces, every other of which may begin or end a formula."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.formulas: list[str] = []
        self.reset()

    def reset(self) -> None:
        self.start, self.last, self.end, self.braces = -1, -1, "", 0

    def text(self) -> str:
        at = 1
        while at < len(self.pieces):
            at = self.piece(at, self.pieces[at]) + 2
        if self.start >= 0 and self.last >= 0:
            self.take(self.last)
        return "".join(self.pieces)

    def piece(self, at: int, piece: str) -> int:
        """Where to go on from."""
        if piece.startswith("@"):
            self.pieces[at] = f"@@{len(self.formulas)}@@"
            self.formulas.append(piece)
        elif self.start < 0:
            self.begin(at, piece)
        elif piece == self.end:
            if self.braces:
                self.last = at
            else:
                self.take(at)
        elif re.search(r"\n.*\n", piece):
            if self.last >= 0:
                at = self.last
                self.take(at)
            self.reset()
        elif piece == "{":
            self.braces += 1
        elif piece == "}" and self.braces:
            self.braces -= 1
        return at

    def begin(self, at: int, piece: str) -> None:
        ends = {"$": "$", "$$": "$$", r"\\(": r"\\)", r"\\[": r"\\]"}
        end = f"\\end{piece[6:]}" if piece[1:6] == "begin" else ends.get(piece)
        if end is not None:
            self.start, self.end, self.last, self.braces = at, end, -1, 0

    def take(self, at: int) -> None:
        self.formulas.append("".join(self.pieces[self.start : at + 1]))
        self.pieces[self.start : at + 1] = [
            f"@@{len(self.formulas) - 1}@@", *[""] * (at - self.start)
        ]  # fmt: skip
        self.reset()

r"""LaTeX that means the same before and after Markdown has read it.

GitHub reads Markdown first and hands what is left to MathJax: ``\{`` has become ``{`` by then,
``\,`` a comma, and two underscores beside brackets have become emphasis. Row ends survive only at
the end of a line. Pandoc hands the source on as it stands, to a converter that knows fewer commands
than MathJax. What is written here holds no backslash before punctuation, opens no emphasis, and
uses only commands that GitHub allows and Pandoc converts.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|\\(?:\s*\[[^\]]*\])?|.)|\s+|.", re.DOTALL)
_TEXT = frozenset(("text", "textrm", "textnormal", "mbox", "hbox"))
_UNDERLINE = r"\underline{\ }"
_MATH = {
    r"\{": r"\lbrace ", r"\}": r"\rbrace ", r"\|": r"\Vert ", "|": r"\vert ", "*": r"\ast ",
    r"\,": r"\ ", r"\:": r"\ ", r"\;": r"\ ", r"\>": r"\ ", "~": r"\ ", r"\!": "", r"\/": "",
    r"\thinspace": r"\ ", r"\medspace": r"\ ", r"\thickspace": r"\ ", r"\negthinspace": "",
    r"\_": _UNDERLINE, r"\$": "＄", r"\&": "＆", r"\#": "＃", r"\%": "％", "`": "'",
    r"\nonumber": "", r"\notag": "", r"\limits": "", r"\nolimits": "",
}  # fmt: skip
_LETTERS = {
    r"\$": "＄", r"\&": "＆", r"\#": "＃", r"\%": "％", "~": " ", "`": "‘",
    r"\ ": " ", r"\,": " ", r"\:": " ", r"\;": " ", r"\textasciicircum": "＾",
}  # fmt: skip
_SIGNS = {
    r"\textbackslash": r"\backslash ", r"\{": r"\lbrace ", r"\}": r"\rbrace ", "[": r"\lbrack ",
    "]": r"\rbrack ", r"\_": _UNDERLINE, "_": _UNDERLINE, "*": r"\ast ", "<": "{< }", ">": "{>}",
    "|": r"\vert ", r"\textasciitilde": r"\sim ", r"\textless": "{< }", r"\textgreater": "{>}",
    r"\textbar": r"\vert ",
}  # fmt: skip
_PLAIN = {sign[-1]: told for sign, told in _SIGNS.items() if not sign[-1].isalpha()} | {
    "\\": r"\backslash "
}
_WIDE = {"$": "＄", "&": "＆", "#": "＃", "%": "％", "^": "＾", "~": "～", "`": "‘"}


def portable(latex: str) -> str:
    r"""The same formula for both readers; a new line follows every row end, and only a row end.

    >>> portable(r"\left\{ w_1 \, \hat{x}_{i} \right\}_{i}")
    '\\left\\lbrace w_1 \\ \\hat{x}_ {i} \\right\\rbrace _ {i}'
    >>> portable(r"\text{a\_b} \\ -x")
    '\\text{a}\\underline{\\ }\\text{b} \\\\\n-x'
    """
    out = _Reader(latex).math()
    out = re.sub(r"(?<![A-Za-z0-9])_(?=\S)", "_ ", out)
    out = re.sub(r"<(?=\S)|!(?=\[)|\](?=\()|&(?=[A-Za-z#])", r"\g<0> ", out)
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in out.split("\n"))
    return "\n".join(_ended(line) for line in lines if line)


def display(rows: str) -> str:
    r"""Rows between double dollars, no line to be taken for anything but a row.

    >>> display("-x")
    '$$\n{-}x\n$$'
    """
    return "$$\n" + "\n".join(map(_begun, rows.split("\n"))) + "\n$$"


def aligned(rows: str) -> str:
    """Rows below each other, aligned at ``&``."""
    return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


def _ended(line: str) -> str:
    """The line without a space spelled out at its end, which is white space enough."""
    alone = line.endswith("\\") and not line.endswith("\\\\")
    return line[:-1].rstrip() if alone else line


def _begun(line: str) -> str:
    """The line, not to be taken for a heading, a list, a quotation or a definition."""
    if line[0] in "-+":
        return f"{{{line[0]}}}{line[1:]}"
    return "{}" + line if re.match(r"[=#>:\[]|\d+[.)]", line) else line


def words(text: str) -> str:
    r"""Any text as ``\text{…}``; what Markdown or TeX would read stands between the pieces.

    >>> words("a_b [c]")
    '\\text{a}\\underline{\\ }\\text{b }\\lbrack \\text{c}\\rbrack '
    """
    pieces: list[str] = []
    for c in text:
        if c in _PLAIN:
            pieces.append(_PLAIN[c])
        else:
            _put(pieces, _WIDE.get(c, c))
    return _joined(pieces)


def _put(pieces: list[str], letter: str) -> None:
    if pieces and pieces[-1][0] not in "\\{":
        pieces[-1] += letter
    elif letter:
        pieces.append(letter)


def _joined(pieces: list[str]) -> str:
    return "".join(piece if piece[0] in "\\{" else rf"\text{{{piece}}}" for piece in pieces)


class _Reader:
    """A cursor on LaTeX."""

    def __init__(self, latex: str) -> None:
        self.tokens = _TOKEN.findall(latex)
        self.at = 0

    def next(self) -> str:
        found: str = self.tokens[self.at]
        self.at += 1
        return found

    def math(self, until: str = "") -> str:
        """What stands up to the found ``until``, or to the end."""
        out: list[str] = []
        while self.at < len(self.tokens):
            found = self.next()
            if found == until:
                break
            out.append(self.formula(found))
        return "".join(out)

    def formula(self, found: str) -> str:
        name = found.removeprefix("\\")
        if found == "{":
            return "{" + self.math("}") + "}"
        if found == "%":
            return ""
        if found.isspace():
            return " "
        if found.startswith("\\\\"):
            return "\\\\\n"
        if found[0] == "\\" and name in _TEXT:
            return self.text()
        if found in (r"\operatorname", r"\operatorname*"):
            return r"\mathop{\mathrm" + self.argument() + "}"
        if found == r"\ensuremath":
            return self.argument()[1:-1]
        told = _MATH.get(found)
        return found if told is None else told

    def argument(self) -> str:
        """A group, or a single found, in braces."""
        self.blank()
        if self.at == len(self.tokens):
            return "{}"
        return "{" + (self.math("}") if self.opened() else self.formula(self.next())) + "}"

    def blank(self) -> None:
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1

    def opened(self) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at] == "{"
        self.at += found
        return found

    def text(self) -> str:
        r"""The argument of ``\text``, cut into letters and signs."""
        self.blank()
        pieces: list[str] = []
        if self.opened():
            self.letters(pieces)
        return _joined(pieces)

    def letters(self, pieces: list[str]) -> None:
        while self.at < len(self.tokens):
            found = self.next()
            if found == "}":
                return
            if found == "{":
                self.letters(pieces)
            elif found == "$":
                pieces.append("{" + self.math("$") + "}")
            elif found == r"\ensuremath":
                pieces.append(self.argument())
            elif found == r"\char":
                _put(pieces, '"')
                self.at += 2
            elif found in _SIGNS:
                pieces.append(_SIGNS[found])
            elif found[0] == "\\" and found not in _LETTERS:
                continue
            else:
                _put(pieces, _LETTERS.get(found, " " if found.isspace() else found))

r"""How wide a formula is when it is set, from its LaTeX, in ems; near enough to lay out a page."""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\S", re.DOTALL)
_SCRIPT = 0.72
_WIDE = frozenset((
    "=", "<", ">", "+", "-", r"\le", r"\ge", r"\ne", r"\cdot", r"\odot", r"\oslash", r"\times",
    r"\land", r"\lor", r"\to",
))  # fmt: skip
_LARGE = frozenset((r"\sum", r"\prod", r"\max", r"\min", r"\lim"))
_SPACES = {
    r"\quad": 1.0, r"\qquad": 2.0, r"\ ": 0.25, r"\,": 0.17, r"\!": -0.17, r"\left": 0.0,
    r"\right": 0.0, r"\sum": 1.5, r"\prod": 1.35, r"\max": 1.9, r"\min": 1.8, r"\dots": 1.3,
    ",": 0.45, ".": 0.28, "(": 0.39, ")": 0.39, "[": 0.28, "]": 0.28, "'": 0.3, "&": 1.0,
    r"\vert": 0.28, r"\lbrace": 0.5, r"\rbrace": 0.5, r"\top": 0.78, "i": 0.35,
    "j": 0.41, "m": 0.88, "l": 0.3, "t": 0.36, r"\infty": 1.0, "w": 0.72,
}  # fmt: skip
_NAMES = frozenset((
    "log", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth",
    "arcsin", "arccos", "arctan",
))  # fmt: skip


def ems(latex: str) -> float:
    r"""The width of a formula in display style.

    >>> ems(r"\frac{a + b}{c}") < ems("a + b + c") < ems(r"\text{the sum of three}")
    True
    """
    return _Ruler(latex).group()


class _Ruler:
    """A cursor on LaTeX."""

    def __init__(self, latex: str) -> None:
        self.tokens = re.findall(r"\\text(?:rm)?\{[^{}]*\}|" + _TOKEN.pattern, latex, re.DOTALL)
        self.at = 0

    def next(self) -> str:
        found: str = self.tokens[self.at] if self.at < len(self.tokens) else "}"
        self.at += 1
        return found

    def group(self) -> float:
        """What stands up to a closing brace; of several rows the widest."""
        rows, total = [0.0], 0.0
        while self.at < len(self.tokens):
            found = self.next()
            if found == "}":
                break
            if found == r"\\":
                rows.append(total)
                total = 0.0
            else:
                total += self.scripted(self.one(found), limits=found in _LARGE)
        return max(*rows, total)

    def argument(self) -> float:
        return self.one(self.next())

    def scripted(self, base: float, *, limits: bool) -> float:
        """A nucleus with what stands below and above it."""
        scripts = [0.0]
        while self.at < len(self.tokens) and self.tokens[self.at] in ("_", "^"):
            self.at += 1
            scripts.append(_SCRIPT * self.argument())
        return max(base, *scripts) + 0.17 if limits else base + max(scripts)

    def one(self, found: str) -> float:
        name = found[1:]
        if found == "{":
            return self.group()
        if found.startswith((r"\text{", r"\textrm{")):
            return sum(map(_letter, found.partition("{")[2][:-1]))
        if found == r"\frac":
            return max(self.argument(), self.argument()) + 0.24
        if found == r"\sqrt":
            return self.argument() + 0.85
        if found in (r"\begin", r"\end"):
            self.argument()
            return 0.5
        if found in _WIDE:
            return 0.78 + (0.5 if len(found) > 1 or found in "+-=<>" else 0)
        if found in _SPACES:
            return _SPACES[found]
        if name in _NAMES:
            return 0.48 * len(name) + 0.17
        if found[0] == "\\" and self.at < len(self.tokens) and self.tokens[self.at] == "{":
            return self.argument()
        return 0.5 if found.isdigit() else 0.57


def _letter(c: str) -> float:
    if c in " iljt.,;:'()[]f":
        return 0.31
    return 1.0 if unicodedata.east_asian_width(c) in "WF" else 0.49

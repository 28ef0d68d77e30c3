"""Typst of long lines, and of formulas within a line of text."""

from __future__ import annotations

import re

from symderiv.render.notation.breaking import LETTER, WIDTHS, Breakable, Part
from symderiv.render.notation.slashed import Slashed
from symderiv.render.typst.style import TypstStyle

_INK = re.compile(r'"([^"]*)"|([A-Za-z]{2,})|(.)')
_CALLS = {"frac": -0.88, "sqrt": 0.0, "bold": -0.84, "macron": -0.84, "hat": -0.84}
"""How wide calls are beside their arguments, less their brackets."""
_NAMES = (
    "log",
    "exp",
    "max",
    "min",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "cot",
    "sec",
    "csc",
)
_OPERATOR = re.compile(rf"({'|'.join(_NAMES)}|op\()")
_SIGNS = ("+ ", "− ", "⊙ ", "⊘ ", "⋅ ")


class MarkedTypst(Breakable, TypstStyle):
    """Typst's math mode, with the places where a line may end."""

    tall = re.compile("frac|[∑∏]|cases|sqrt")

    def ink(self, text: str) -> float:
        """The width of the letters in a row."""
        total = 0.0
        for quoted, word, sign in _INK.findall(text):
            if quoted:
                total += 0.5 * len(quoted)
            elif word:
                total += 0.5 * len(word) + 0.2 if word in _NAMES else _CALLS.get(word, 0.0)
            elif not sign.isspace() and sign not in "_^#\\&":
                total += WIDTHS.get(sign, LETTER)
        return total

    def fences(self, kind: str, large: bool) -> tuple[str, str]:
        """Brackets of a fixed height."""
        opening, closing = ("(", ")") if kind == "(" else ("[", "]")
        size = "#2.4em" if large else "#1.3em"
        return f"lr(\\{opening}, size: {size}) ", f" lr(\\{closing}, size: {size})"


class InlineTypst(Slashed, TypstStyle):
    """Typst for formulas within a line of text."""

    stroke = "\\/"


def typst_part(part: Part) -> str:
    """A part of a long line, as a call of ``part``."""
    text = part.text
    if text[:2] in _SIGNS:
        text = f"med {text[0]} med {text[2:].strip()}"
    elif part.factor and _OPERATOR.match(text):
        text = f"thin {text}"
    depth = f", depth: {part.depth}" if part.depth else ""
    dot = ", sign: $⋅ med$" if part.factor and not text.startswith("med") else ""
    return f"part(${text}${depth}{dot}), "

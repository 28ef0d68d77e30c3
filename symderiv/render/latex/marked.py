"""LaTeX of long lines, and of formulas within a line of text."""

from __future__ import annotations

import re

from symderiv.render.notation.breaking import LETTER, WIDTHS, Breakable, Part
from symderiv.render.notation.slashed import Slashed
from symderiv.render.notation.style_latex import LatexStyle

_INK = re.compile(r"\\([A-Za-z]+)|(\\.)|(\S)")
_STRUCTURE = re.compile(r"(?<!\\)[{}_^&]")
_THIN = 0.17
_COMMANDS = {
    "frac": 0.24, "left": 0.3, "right": 0.3, "sum": 1.7, "prod": 1.7, "max": 1.9, "min": 1.8,
    "log": 1.5, "exp": 1.7, "sin": 1.5, "cos": 1.5, "tan": 1.5, "cot": 1.5, "sec": 1.5, "csc": 1.5,
    "le": 1.22, "ge": 1.22, "ne": 1.22, "odot": 1.22, "oslash": 1.22, "land": 1.22, "lor": 1.22,
    "dots": 1.3, "cdot": 0.72, "sqrt": 0.83, "text": 0.0, "mathrm": 0.0, "operatorname": 0.0,
    "mathbf": 0.0, "hat": 0.0, "bar": 0.0, "tilde": 0.0, "overline": 0.0, "begin": 0.0, "end": 0.0,
}  # fmt: skip
"""How wide commands are beside their arguments, in ems; others are as wide as a letter."""


class MarkedLatex(Breakable, LatexStyle):
    """LaTeX with the places where a line may end."""

    tall = re.compile(r"\\(frac|sum|prod|begin|sqrt)(?![A-Za-z])")

    def ink(self, text: str) -> float:
        """The width of the letters in a row."""
        total = 0.0
        for command, sign, one in _INK.findall(_STRUCTURE.sub(" ", text)):
            if command:
                total += _COMMANDS.get(command, LETTER)
            else:
                total += _THIN if sign else WIDTHS.get(one, LETTER)
        return total

    def fences(self, kind: str, large: bool) -> tuple[str, str]:
        """Brackets of a fixed height."""
        opening, closing = ("(", ")") if kind == "(" else ("[", "]")
        size = "bigg" if large else "big"
        return rf"\{size}l{opening} ", rf" \{size}r{closing}"


class InlineLatex(Slashed, LatexStyle):
    """LaTeX for formulas within a line of text."""

    gap = r" \, "


def tex_part(part: Part) -> str:
    r"""A part of a long line, as ``\\piece`` or ``\\factor``."""
    text = part.text
    if text.startswith(("+ ", "- ", r"\odot ", r"\oslash ", r"\cdot ")):
        depth = f"[{part.depth}]" if part.depth else ""
        return rf"\piece{depth}{{{{}}{text}}}"
    return rf"\factor{{{{}}{text}}}" if part.factor else rf"\piece{{{text}}}"

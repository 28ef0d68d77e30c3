r"""LaTeX with amsmath; also what MathML is made from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sympy import Number

from symderiv.render.names import is_safe_tex, tex_name, tex_text, tex_word
from symderiv.render.notation.scripted import Scripted
from symderiv.render.notation.style import Level, Piece
from symderiv.render.notation.style_text import decimal

FUNCTIONS = {
    "sigmoid": r"\sigma", "relu": "ReLU", "leaky_relu": "LeakyReLU",
    "elu": "ELU", "gelu": "GELU", "silu": "SiLU",
    "log": r"\log", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "cot": r"\cot",
    "sec": r"\sec", "csc": r"\csc", "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh",
    "coth": r"\coth", "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan",
    "acot": "arccot", "asinh": "arsinh", "acosh": "arcosh",
    "atanh": "artanh", "acoth": "arcoth", "sign": "sgn",
    "gamma": r"\Gamma", "zeta": r"\zeta", "digamma": r"\psi",
}  # fmt: skip
OPEN = {
    "(": ("(", ")"), "[": ("[", "]"), "|": ("|", "|"),
    "⌊": (r"\lfloor ", r" \rfloor"), "⌈": (r"\lceil ", r" \rceil"),
}  # fmt: skip
_TALL = re.compile(r"\\(frac|sum|prod|left|begin|sqrt)(?![A-Za-z])")
_UPRIGHT = re.compile("[\ue000-\uf8ff]|\\\\(mathrm|text)\\{")


SYMBOLS: Mapping[str, str] = {
    "sum": r"\sum", "prod": r"\prod", "max": r"\max", "min": r"\min", "delta": r"\delta",
    "∂": r"\partial", "and": r"\land", "or": r"\lor", "not": r"\lnot ", "pi": r"\pi",
    "E": "e", "I": r"\mathrm{i}", "oo": r"\infty", "zoo": r"\tilde{\infty}",
    "EulerGamma": r"\gamma", "GoldenRatio": r"\varphi",
    "×": r"\times", "⊙": r"\odot", "⊘": r"\oslash", "⊤": r"^\top", "ones": r"\mathbf{1}",
    "unit": r"\mathbf{e}",
    "diag": r"\operatorname{diag}", "tr": r"\operatorname{tr}", "exp": r"\exp",
    "abs": r"\operatorname{abs}",
    "=": "=", "≠": r"\ne", "≤": r"\le", "<": "<", "≥": r"\ge", ">": ">", "≈": r"\approx",
}  # fmt: skip


class LatexStyle(Scripted):
    """How each primitive is written in LaTeX."""

    slash = False
    minus = "-"
    symbols = SYMBOLS

    def declared(self, latex: str) -> str | None:
        return latex if is_safe_tex(latex) else None

    def parted(self, name: str) -> tuple[str, str]:
        return tex_name(name, self.upright)

    def scripts(self, base: str, below: str, above: str) -> str:
        """``z^{(2)}_{i}``."""
        return base + (f"^{{{above}}}" if above else "") + (f"_{{{below}}}" if below else "")

    def held(self, base: str) -> str:
        return f"{{{base}}}" if re.search(r"[_^']", base) else base

    def overlined(self, base: str) -> str:
        r"""``\bar{z}``."""
        return rf"\overline{{{base}}}" if _UPRIGHT.match(base) else rf"\bar{{{base}}}"

    def is_delta(self, base: str) -> bool:
        return base == r"\delta"

    def is_raised(self, base: str) -> bool:
        return "^" in base or "'" in base

    def upright(self, text: str) -> str:
        """A name of several letters."""
        return tex_word(text)

    def word(self, text: str) -> str:
        r"""``\text{…}``."""
        return rf"\text{{{tex_text(text)}}}"

    def infix(self, sign: str) -> str:
        """A sign between two terms."""
        return f" {sign} "

    def differential(self, name: str) -> str:
        """``dx``."""
        return f"d{name}"

    def number(self, value: Number) -> Piece:
        """A number that is not negative."""
        if value.is_Rational and not value.is_Integer:
            return Piece(rf"\frac{{{value.p}}}{{{value.q}}}", Level.FRACTION)
        if value.is_Float:
            digits, _, exponent = decimal(value).partition("e")
            if exponent:
                return Piece(rf"{digits} \cdot 10^{{{int(exponent)}}}", Level.PRODUCT)
            return Piece(digits)
        return Piece(self.symbols.get(str(value), str(value)))

    def power(self, base: str, exponent: Piece) -> Piece:
        """``x^{2}``."""
        return Piece(f"{base}^{{{exponent.text}}}", Level.POWER, mark=True)

    def root(self, inside: Piece) -> Piece:
        r"""``\sqrt{x}``."""
        return Piece(rf"\sqrt{{{inside.text}}}")

    def exponential(self, exponent: Piece) -> Piece:
        r"""``e^{x}``; ``\exp(…)`` where the exponent is tall."""
        if r"\sum" in exponent.text or r"\prod" in exponent.text or r"\begin" in exponent.text:
            return Piece(self.applied(r"\exp", exponent.text))
        return Piece(f"e^{{{exponent.text}}}", Level.POWER, mark=True)

    def fraction(self, above: Piece, below: Piece) -> Piece:
        r"""``\frac{a}{b}``."""
        return Piece(rf"\frac{{{above.text}}}{{{below.text}}}", Level.FRACTION)

    def times(self, left: Piece, right: Piece) -> str:
        """Side by side; a dot before a digit, a thin space beside a word."""
        if right.text[:1].isdigit():
            return r" \cdot "
        return r" \, " if _UPRIGHT.search(left.text + right.text) else " "

    def brackets(self, text: str, kind: str = "(") -> str:
        r"""The text in brackets; ``\left … \right`` only where they must grow."""
        opening, closing = OPEN[kind]
        if _TALL.search(text):
            return rf"\left{opening} {text} \right{closing.strip()}"
        return f"{opening}{text}{closing}"

    def binder(self, sign: str, index: str, low: str, high: str, full: bool) -> str:
        r"""``\sum_{k=1}^{n}``, ``\max_{k}``."""
        if sign in (r"\max", r"\min"):
            return f"{sign}_{{{index}}}" if full else rf"{sign}_{{{low} \le {index} \le {high}}}"
        return f"{sign}_{{{index}={low}}}^{{{high}}}"

    def applied(self, function: str, arguments: str) -> str:
        """``f(x, y)``."""
        return function + self.brackets(arguments)

    def function(self, name: str) -> str:
        """The name of a function."""
        if name in FUNCTIONS:
            known = FUNCTIONS[name]
            return known if known.startswith("\\") else self.upright(known)
        base, sub = self.base(name, None)
        return f"{base}_{{{sub}}}" if sub else base

    def derivative(self, sign: str, above: str, below: Sequence[tuple[str, int]]) -> Piece:
        r"""``\frac{\partial L}{\partial x}``."""
        order = sum(times for _, times in below)
        gap = " " if sign.startswith("\\") else ""
        top = sign + (f"^{{{order}}}" if order > 1 else "") + (gap + above if above else "")
        bottom = r" \, ".join(
            f"{sign}{gap}{x}" + (f"^{{{times}}}" if times > 1 else "") for x, times in below
        )
        return Piece(rf"\frac{{{top}}}{{{bottom}}}", Level.FRACTION)

    def operator(self, sign: str, below: Sequence[tuple[str, int]], inside: str) -> Piece:
        r"""``\frac{\partial}{\partial x}\left[ a + b \right]``."""
        text = self.derivative(sign, "", below).text + rf" \left[ {inside} \right]"
        return Piece(text, Level.PRODUCT)

    def where(self, piece: Piece, condition: str) -> Piece:
        """A value at a point, or with some names held."""
        return Piece(rf"\left. {piece.text} \right|_{{{condition}}}", Level.FRACTION)

    def cases(self, rows: Sequence[tuple[str, str]]) -> Piece:
        """Branches below each other."""
        lines = r" \\ ".join(f"{at_row_start(value)} & {when}" for value, when in rows)
        return Piece(rf"\begin{{cases}} {lines} \end{{cases}}")

    def range(self, low: str, high: str) -> str:
        r"""``1, \dots, n``."""
        return rf"{low}, \dots, {high}"


def at_row_start(text: str) -> str:
    r"""The text, so that the ``\\`` before it does not take a bracket for its argument.

    >>> at_row_start("[x > 0]"), at_row_start("x")
    ('{}[x > 0]', 'x')
    """
    return "{}" + text if text[:1] in ("[", "*") else text

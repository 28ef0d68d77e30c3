"""Typst's math mode; letters and signs stand in it as Unicode has them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sympy import Number

from symderiv.render.names import is_safe_tex
from symderiv.render.notation.scripted import Scripted
from symderiv.render.notation.style import Level, Piece
from symderiv.render.notation.style_text import decimal
from symderiv.render.typst.text import typst_name, typst_string, typst_word

_OPERATORS = (
    "log", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "arcsin",
    "arccos", "arctan",
)  # fmt: skip
FUNCTIONS = {
    "sigmoid": "σ", "gamma": "Γ", "zeta": "ζ", "digamma": "ψ",
    "asin": "arcsin", "acos": "arccos", "atan": "arctan",
    **{name: name for name in _OPERATORS},
    **{
        name: f'op("{shown}")'
        for name, shown in {
            "relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "gelu": "GELU",
            "silu": "SiLU", "acot": "arccot", "asinh": "arsinh", "acosh": "arcosh",
            "atanh": "artanh", "acoth": "arcoth", "sign": "sgn",
        }.items()
    },
}  # fmt: skip
OPEN = {"(": ("(", ")"), "[": ("[", "]"), "|": ("abs(", ")"), "⌊": ("floor(", ")"),
        "⌈": ("ceil(", ")")}  # fmt: skip
_UPRIGHT = re.compile('"')
_TALL = re.compile("[∑∏]|cases")

SYMBOLS: Mapping[str, str] = {
    "sum": "∑", "prod": "∏", "max": "max", "min": "min", "delta": "δ", "∂": "∂",
    "and": "∧", "or": "∨", "not": "¬ ", "pi": "π", "E": "e", "I": 'upright("i")',
    "oo": "∞", "zoo": "tilde(∞)", "nan": '"undefined"', "EulerGamma": "γ", "GoldenRatio": "φ",
    "⊤": "^⊤", "ones": "bold(1)", "unit": "bold(e)", "diag": 'op("diag")', "tr": 'op("tr")',
    "exp": "exp", "abs": 'op("abs")',
    **{sign: sign for sign in "=≠≤<≥>≈⊙⊘×"},
}  # fmt: skip


class TypstStyle(Scripted):
    """How each primitive is written in Typst's math mode."""

    slash = False
    between = " "
    minus = "−"
    symbols = SYMBOLS

    def declared(self, latex: str) -> str | None:
        if not is_safe_tex(latex):
            return None
        from symderiv.render.typst.formula import typst_formula

        found = typst_formula(latex)
        return f"attach({found})" if found else None

    def parted(self, name: str) -> tuple[str, str]:
        return typst_name(name, self.upright)

    def scripts(self, base: str, below: str, above: str) -> str:
        """``z_(i)^((2))``."""
        return base + (f"_({below})" if below else "") + (f"^({above})" if above else "")

    def held(self, base: str) -> str:
        return base

    def overlined(self, base: str) -> str:
        """``macron(z)``."""
        return f"overline({base})" if base.startswith('"') else f"macron({base})"

    def is_delta(self, base: str) -> bool:
        return base == "δ"

    def is_raised(self, base: str) -> bool:
        return "^" in base or "′" in base

    def upright(self, text: str) -> str:
        """A name of several letters."""
        return typst_word(text)

    def word(self, text: str) -> str:
        """Running text within a formula."""
        return typst_string(text.strip())

    def infix(self, sign: str) -> str:
        """A sign between two terms."""
        return f" {sign} "

    def differential(self, name: str) -> str:
        """``d x``."""
        return f"d {name}"

    def number(self, value: Number) -> Piece:
        """A number that is not negative."""
        if value.is_Rational and not value.is_Integer:
            return Piece(f"frac({value.p}, {value.q})", Level.FRACTION)
        if value.is_Float:
            digits, _, exponent = decimal(value).partition("e")
            if exponent:
                return Piece(f"{digits} ⋅ 10^({int(exponent)})", Level.PRODUCT)
            return Piece(digits)
        return Piece(self.symbols.get(str(value), str(value)))

    def power(self, base: str, exponent: Piece) -> Piece:
        """``x^(2)``."""
        return Piece(f"{base}^({exponent.text})", Level.POWER, mark=True)

    def root(self, inside: Piece) -> Piece:
        """``sqrt(x)``."""
        return Piece(f"sqrt({inside.text})")

    def exponential(self, exponent: Piece) -> Piece:
        """``e^(x)``; ``exp (…)`` where the exponent is tall."""
        if _TALL.search(exponent.text):
            return Piece(self.applied("exp", exponent.text))
        return Piece(f"e^({exponent.text})", Level.POWER, mark=True)

    def fraction(self, above: Piece, below: Piece) -> Piece:
        """``frac(a, b)``."""
        return Piece(f"frac({above.text}, {below.text})", Level.FRACTION)

    def times(self, left: Piece, right: Piece) -> str:
        """Side by side; a dot before a digit, a thin space beside a word."""
        if right.text[:1].isdigit():
            return " ⋅ "
        return " thin " if _UPRIGHT.search(left.text + right.text) else " "

    def brackets(self, text: str, kind: str = "(") -> str:
        """The text in brackets, which grow by themselves."""
        opening, closing = OPEN[kind]
        return f"{opening}{text}{closing}"

    def binder(self, sign: str, index: str, low: str, high: str, full: bool) -> str:
        """``∑_(k = 1)^(n)``, ``max_(k)``."""
        if sign in ("max", "min"):
            return f"{sign}_({index})" if full else f"{sign}_({low} ≤ {index} ≤ {high})"
        return f"{sign}_({index} = {low})^({high})"

    def applied(self, function: str, arguments: str) -> str:
        """``f (x, y)``; without the space it would be a call."""
        return f"{function} {self.brackets(arguments)}"

    def function(self, name: str) -> str:
        """The name of a function."""
        if name in FUNCTIONS:
            return FUNCTIONS[name]
        base, sub = self.base(name, None)
        return f"{base}_({sub})" if sub else base

    def derivative(self, sign: str, above: str, below: Sequence[tuple[str, int]]) -> Piece:
        """``frac(∂ L, ∂ x)``."""
        order = sum(times for _, times in below)
        top = sign + (f"^({order})" if order > 1 else "") + (f" {above}" if above else "")
        bottom = " thin ".join(
            f"{sign} {x}" + (f"^({times})" if times > 1 else "") for x, times in below
        )
        return Piece(f"frac({top}, {bottom})", Level.FRACTION)

    def operator(self, sign: str, below: Sequence[tuple[str, int]], inside: str) -> Piece:
        """``frac(∂, ∂ x) [a + b]``."""
        text = f"{self.derivative(sign, '', below).text} {self.brackets(inside, '[')}"
        return Piece(text, Level.PRODUCT)

    def where(self, piece: Piece, condition: str) -> Piece:
        """A value at a point, or with some names held."""
        return Piece(f"lr({piece.text} |)_({condition})", Level.FRACTION)

    def cases(self, rows: Sequence[tuple[str, str]]) -> Piece:
        """Branches below each other."""
        return Piece(f"cases({', '.join(f'{value} & quad {when}' for value, when in rows)})")

    def range(self, low: str, high: str) -> str:
        """``1, …, n``."""
        return f"{low}, …, {high}"

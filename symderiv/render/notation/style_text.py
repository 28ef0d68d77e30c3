"""Unicode text: fractions with slashes, raised digits where Unicode has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Number

from symderiv.render.names import KRONECKER, plain, read, superscript, visible
from symderiv.render.notation.style import Level, Piece

FUNCTIONS = {
    "sigmoid": "σ", "relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "gelu": "GELU",
    "silu": "SiLU", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "acot": "arccot",
    "asinh": "arsinh", "acosh": "arcosh", "atanh": "artanh", "acoth": "arcoth", "sign": "sgn",
    "gamma": "Γ", "zeta": "ζ", "digamma": "ψ",
}  # fmt: skip
OPEN = {"(": ("(", ")"), "[": ("[", "]"), "|": ("|", "|"), "⌊": ("⌊", "⌋"), "⌈": ("⌈", "⌉")}


SYMBOLS: Mapping[str, str] = {
    "sum": "Σ", "prod": "∏", "max": "max", "min": "min", "delta": "δ", "∂": "∂",
    "and": "∧", "or": "∨", "not": "¬", "pi": "π", "E": "e", "I": "i", "oo": "∞",
    "zoo": "∞̃", "EulerGamma": "γ", "GoldenRatio": "φ",
    "⊤": "ᵀ", "ones": "𝟏", "unit": "𝐞", "diag": "diag", "tr": "tr", "exp": "exp", "abs": "abs",
    **{sign: sign for sign in "=≠≤<≥>≈⊙⊘×"},
}  # fmt: skip


class TextStyle:
    """How each primitive is written in monospaced Unicode text."""

    slash = True
    minus = "−"
    symbols = SYMBOLS
    apart: frozenset[str] = frozenset()

    def name(self, name: str, latex: str | None = None, layer: str | None = None) -> Piece:
        """A name that stands alone; ``latex`` is of no use here."""
        del latex
        return Piece(plain(name) + _layer(layer))

    def entry(
        self, name: str, indices: Sequence[str], latex: str | None = None, layer: str | None = None
    ) -> Piece:
        """``z_i``, ``W_ij``, ``x_{1,i}``, ``learning_rate[i]``."""
        if not indices:
            return self.name(name, latex, layer)
        parts = read(name)
        if parts.head == KRONECKER and not parts.sub:
            return Piece(self.below("delta" + _layer(layer), indices))
        if parts.word and not name.isalpha():
            return Piece(f"{plain(name)}{_layer(layer)}[{', '.join(indices)}]")
        if parts.sub:
            head, _, sub = plain(name).partition("_")
            head, sub = (head, sub) if sub else (parts.head, parts.sub)
            return Piece(f"{head}{_layer(layer)}_{{{sub},{_joined(indices)}}}")
        return Piece(self.below(plain(name) + _layer(layer), indices))

    def word(self, text: str) -> str:
        """Running text within a formula."""
        return text

    def infix(self, sign: str) -> str:
        """A sign between two terms."""
        return f" {sign} "

    def differential(self, name: str) -> str:
        """``dx``."""
        return f"d{name}"

    def below(self, base: str, subs: Sequence[str]) -> str:
        """``δ_ki``; commas where letters alone do not tell the indices apart."""
        joined = _joined(subs)
        return f"{base}_{joined}" if joined.isalnum() else f"{base}_{{{joined}}}"

    def bar(self, name: str, indices: Sequence[str], layer: str | None = None) -> Piece:
        """``z̄_i``."""
        head = plain(name)
        overlined = head[0] + "\u0304" + head[1:] if len(read(name).head) == 1 else f"{head}\u0304"
        base = overlined + _layer(layer)
        return Piece(self.below(base, indices) if indices else base)

    def number(self, value: Number) -> Piece:
        """A number that is not negative."""
        if value.is_Rational and not value.is_Integer:
            return Piece(f"{value.p}/{value.q}", Level.PRODUCT, slashed=True)
        if value.is_Float:
            return Piece(decimal(value))
        return Piece(self.symbols.get(str(value), str(value)))

    def power(self, base: str, exponent: Piece) -> Piece:
        """``x²``, ``x^n``, ``x^(a + b)``."""
        raised = superscript(exponent.text) if exponent.text.isdigit() else None
        if raised is not None:
            return Piece(base + raised, Level.POWER, mark=True)
        if exponent.level is Level.ATOM and exponent.text.isalnum():
            return Piece(f"{base}^{exponent.text}", Level.POWER, mark=True)
        return Piece(f"{base}^({exponent.text})", Level.POWER, mark=True)

    def root(self, inside: Piece) -> Piece:
        """``√x``."""
        if inside.level is Level.ATOM:
            return Piece(f"√{inside.text}", Level.POWER)
        return Piece(f"√({inside.text})", Level.POWER)

    def exponential(self, exponent: Piece) -> Piece:
        """``exp(x)``."""
        return Piece(f"exp({exponent.text})")

    def fraction(self, above: Piece, below: Piece) -> Piece:
        """``a/b``."""
        top = above.shut
        if above.level < Level.PRODUCT or above.slashed:
            top = f"({above.text})"
        bottom = below.shut if below.level >= Level.POWER else f"({below.text})"
        return Piece(f"{top}/{bottom}", Level.PRODUCT, slashed=True)

    def times(self, left: Piece, right: Piece) -> str:
        """A space; a dot where a space would join numbers or blur a fraction."""
        return " · " if left.slashed or right.slashed or right.text[:1].isdigit() else " "

    def brackets(self, text: str, kind: str = "(") -> str:
        """The text in brackets."""
        opening, closing = OPEN[kind]
        return f"{opening}{text}{closing}"

    def binder(self, sign: str, index: str, low: str, high: str, full: bool) -> str:
        """``Σ_k``, or ``Σ_{k=1…m}`` where the range is not that of the arrays inside."""
        return f"{sign}_{index}" if full else f"{sign}_{{{index}={low}…{high}}}"

    def applied(self, function: str, arguments: str) -> str:
        """``f(x, y)``."""
        return f"{function}({arguments})"

    def function(self, name: str) -> str:
        """The name of a function."""
        return FUNCTIONS.get(name) or plain(name)

    def derivative(self, sign: str, above: str, below: Sequence[tuple[str, int]]) -> Piece:
        """``∂L/∂x``."""
        order = sum(times for _, times in below)
        top = sign + (_raised(order) if order > 1 else "")
        bottom = "".join(f"{sign}{x}{_raised(k) if k > 1 else ''}" for x, k in below)
        if len(below) > 1:
            bottom = f"({bottom})"
        return Piece(f"{top}{above}/{bottom}", Level.PRODUCT, slashed=True)

    def operator(self, sign: str, below: Sequence[tuple[str, int]], inside: str) -> Piece:
        """``∂/∂x [a + b]``."""
        return Piece(
            f"{self.derivative(sign, '', below).text} [{inside}]", Level.PRODUCT, slashed=True
        )

    def where(self, piece: Piece, condition: str) -> Piece:
        """A value at a point, or with some names held."""
        return Piece(f"[{piece.text}]_{{{condition}}}")

    def cases(self, rows: Sequence[tuple[str, str]]) -> Piece:
        """``{a if x > 0; b otherwise}``."""
        return Piece("{" + "; ".join(f"{value} {when}" for value, when in rows) + "}")

    def range(self, low: str, high: str) -> str:
        """``1…n``."""
        return f"{low}…{high}"


def decimal(value: Number) -> str:
    """A decimal number without trailing zeros."""
    digits, e, exponent = str(value).partition("e")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return f"{digits}{e}{exponent}"


def _joined(indices: Sequence[str]) -> str:
    """Indices side by side; commas where letters alone do not tell them apart."""
    alone = all(len(index) == 1 and index.isalpha() for index in indices)
    return ("" if alone else ",").join(index.replace(" ", "") for index in indices)


def _raised(number: int) -> str:
    return superscript(str(number)) or f"^{number}"


def _layer(layer: str | None) -> str:
    if layer is None:
        return ""
    return superscript(f"({layer})") or f"^({visible(layer)})"

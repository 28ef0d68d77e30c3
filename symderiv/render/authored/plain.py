r"""An author's formula in Unicode text, where it can be read on one line."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from symderiv.render.authored.commands import KINDS, TEXTS
from symderiv.render.names import GREEK, superscript, visible

_SIGNS = {
    "cdot": "·", "times": "×", "sum": "Σ", "prod": "Π", "int": "∫", "infty": "∞", "odot": "⊙",
    "varphi": "φ", "varepsilon": "ε", "vartheta": "ϑ", "dots": "…", "ldots": "…", "cdots": "⋯",
    "mid": "|", "vert": "|", "lvert": "|", "rvert": "|", "Vert": "‖", "lVert": "‖", "rVert": "‖",
    "ell": "ℓ", "partial": "∂", "nabla": "∇", "pm": "±", "mp": "∓", "div": "÷", "ast": "*",
    "star": "⋆", "circ": "∘", "oplus": "⊕", "ominus": "⊖", "otimes": "⊗", "cap": "∩", "cup": "∪",
    "setminus": "∖", "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨", "neg": "¬", "lnot": "¬",
    "forall": "∀", "exists": "∃", "emptyset": "∅", "varnothing": "∅", "top": "⊤", "bot": "⊥",
    "hbar": "ℏ", "aleph": "ℵ", "prime": "′", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊",
    "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lbrace": "{", "rbrace": "}", "lbrack": "[",
    "rbrack": "]", "quad": " ", "qquad": " ", "colon": ":",
}  # fmt: skip
_RELATIONS = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "ll": "≪", "gg": "≫",
    "equiv": "≡", "sim": "∼", "simeq": "≃", "approx": "≈", "cong": "≅", "propto": "∝", "in": "∈",
    "notin": "∉", "ni": "∋", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇",
    "perp": "⊥", "parallel": "∥", "to": "→", "mapsto": "↦", "rightarrow": "→", "leftarrow": "←",
    "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔",
    "implies": "⇒", "iff": "⇔",
}  # fmt: skip
_ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0304", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
}  # fmt: skip
_ALPHABETS = {"mathbb": "DOUBLE-STRUCK", "mathcal": "SCRIPT", "mathfrak": "BLACK-LETTER"}
_UPRIGHT = frozenset(
    ["mathbf", "mathrm", "mathit", "mathsf", "mathtt", "boldsymbol", "operatorname"]
)
_QUIET = KINDS["sizes"] | {"limits", "nolimits", "displaystyle", "textstyle", "left", "right"}
_LARGE = frozenset(("sum", "prod"))
_TOKEN = re.compile(r"\\([A-Za-z]+)\s*|\\(.)|(\s+)|(.)", re.DOTALL)
_SCRIPTS = r"(?:_(?:[^\W_]+|\([^()]*\)))?(?:′|[⁰¹²³⁴-⁹⁻ⁿⁱᵃ-ᶻᵀ]+|\^(?:\w|\([^()]*\)))*"
_ONE = re.compile(
    rf"[\d.]+{_SCRIPTS}|[∂∇]?(?:[^\W\d_]|∞)[\u0302-\u0308\u20d7]?{_SCRIPTS}|\([^()]*\)"
)
_PRODUCT = re.compile(r"[\w∂∇∞′⁰¹²³⁴-⁹ⁿⁱᵃ-ᶻᵀ\u0302-\u0308\u20d7.]+")
_TIGHT = frozenset(("partial", "nabla"))
_OPEN_BEFORE = re.compile(r"(?:\A|[=<>≤≥≈≠∼∝→⇒⇔↦∈+−·×⊙([{|,;:±/])\s*\Z")
_OPEN_AFTER = re.compile(
    r"\s*(?:\Z|[=<>+\-&)\]}|,;:.]|\\(?:[,;: ]\s*)?(?:right|cdot|times|quad|text))"
)


def plain_tex(latex: str) -> str:
    r"""The formula as text; as it was written where it has what one line cannot show.

    >>> plain_tex(r"-\log p_{ij} \le x^2"), plain_tex(r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}")
    ('−log p_ij ≤ x²', 'p_i = e^(z_i)/(Σ_j e^(z_j))')
    """
    try:
        return visible(re.sub(r" {2,}", " ", _Line(latex).whole()).strip())
    except (_UnreadableError, RecursionError):
        return visible(latex)


class _UnreadableError(Exception):
    """One line cannot show it."""


@dataclass(slots=True)
class _Line:
    """Reads LaTeX from the left."""

    latex: str
    at: int = 0

    def whole(self) -> str:
        """All of it."""
        out = self.run()
        if self.at < len(self.latex):
            raise _UnreadableError
        return out

    def run(self) -> str:
        """Up to a bracket that closes, or the end."""
        out = ""
        while self.at < len(self.latex) and self.latex[self.at] != "}":
            out += self.script() if self.latex[self.at] in "_^" else self.piece(out)
        return out

    def piece(self, before: str) -> str:
        """A letter, a sign, a group or a command with what it takes."""
        if self.latex[self.at] == "{":
            inside = self.group()
            return _closed(inside) if self.latex[self.at : self.at + 1] in ("^", "_") else inside
        found = _TOKEN.match(self.latex, self.at)
        assert found
        self.at = found.end()
        word, sign, space, one = found.groups()
        if word:
            return self.command(word, before, found[0] != f"\\{word}")
        if space:
            return " "
        if sign:
            return self.sign(sign)
        if one in "&%#$~":
            raise _UnreadableError
        return {"-": "−", "'": "′"}.get(one, one)

    @staticmethod
    def sign(sign: str) -> str:
        """A backslash before what is no letter."""
        if sign in ",;: ":
            return " "
        if sign not in "!{}|_%&#$":
            raise _UnreadableError
        return {"!": "", "|": "‖"}.get(sign, sign)

    def command(self, word: str, before: str, spaced: bool) -> str:
        """A command; one that is on no list ends the reading."""
        if word in ("frac", "dfrac", "tfrac"):
            return self.fraction(before)
        if word == "sqrt" and self.next() != "[":
            return f"√{_closed(self.argument())}"
        if word in TEXTS:
            return self.text()
        if word in _ACCENTS or word in _ALPHABETS or word in _UPRIGHT:
            return self.styled(word) + " " * (word == "operatorname")
        if word in _QUIET:
            return self.size()
        if word in _LARGE:
            return self.large(word)
        if word in KINDS["functions"]:
            apart = before[-1:].isalnum() or before[-1:] in (")", "ᵀ", "′")
            after = spaced or self.next() not in ("(", "_", "^", "[", "")
            return " " * apart + word + " " * after
        if word in _RELATIONS:
            return f" {_RELATIONS[word]} "
        letter = GREEK.get(word) or _SIGNS.get(word)
        if letter is None:
            raise _UnreadableError
        return letter + " " * (spaced and word in _SIGNS and word not in _TIGHT)

    def fraction(self, before: str) -> str:
        """One over the other, in brackets where what stands beside could be taken for a part."""
        over, under = self.argument(), self.argument()
        told = f"{over if _PRODUCT.fullmatch(over) else _closed(over)}/{_closed(under)}"
        alone = _OPEN_BEFORE.search(before) and not before.rstrip().endswith("/")
        return told if alone and _OPEN_AFTER.match(self.latex, self.at) else f"({told})"

    def large(self, word: str) -> str:
        """A sum or a product with what it runs over."""
        limits = {}
        while self.next() in ("_", "^"):
            mark = self.latex[self.at]
            self.at += 1
            limits[mark] = self.argument()
        below, above = limits.get("_", ""), limits.get("^", "")
        if above and not below:
            raise _UnreadableError
        told = f"_{{{below}…{above}}}" if above else _below(below) if below else ""
        return f"{_SIGNS[word]}{told} "

    def styled(self, word: str) -> str:
        """Letters with an accent or of another alphabet."""
        inside = self.argument()
        if word in _UPRIGHT:
            return inside
        if len(inside) != 1:
            raise _UnreadableError
        if word in _ACCENTS:
            return inside + _ACCENTS[word]
        return _letter(_ALPHABETS[word], inside)

    def size(self) -> str:
        r"""What follows ``\left`` and its kin; a point is no bracket."""
        if self.next() == ".":
            self.at += 1
        return ""

    def text(self) -> str:
        """Running text in braces."""
        found = re.compile(r"\s*\{([^{}\\$]*)\}").match(self.latex, self.at)
        if found is None:
            raise _UnreadableError
        self.at = found.end()
        return found[1]

    def script(self) -> str:
        """What stands below or above."""
        mark = self.latex[self.at]
        self.at += 1
        inside = self.argument().strip()
        if mark == "_":
            return _below(inside)
        raised = superscript(inside.replace("−", "-")) if inside != "T" else "ᵀ"
        return raised or ("′" if inside == "′" else _after("^", inside))

    def argument(self) -> str:
        """A group in braces, or the next piece."""
        self.next()
        if self.at >= len(self.latex) or self.latex[self.at] in "}_^":
            raise _UnreadableError
        return self.group() if self.latex[self.at] == "{" else self.piece("")

    def group(self) -> str:
        self.at += 1
        inside = self.run()
        if self.latex[self.at : self.at + 1] != "}":
            raise _UnreadableError
        self.at += 1
        return inside.strip()

    def next(self) -> str:
        """The next character that is no space."""
        while self.latex[self.at : self.at + 1].isspace():
            self.at += 1
        return self.latex[self.at : self.at + 1]


def _below(inside: str) -> str:
    return _after("_", inside)


def _after(mark: str, inside: str) -> str:
    short = inside.isalnum() if mark == "_" else len(inside) == 1
    return f"{mark}{inside}" if short else f"{mark}({inside})"


def _closed(text: str) -> str:
    """In brackets, unless it is one name, number or bracket."""
    return text if _ONE.fullmatch(text) else f"({text})"


def _letter(alphabet: str, letter: str) -> str:
    """A letter of an alphabet of mathematics, such as ℝ."""
    size = "CAPITAL" if letter.isupper() else "SMALL"
    for name in (f"{alphabet} {size} {letter}", f"MATHEMATICAL {alphabet} {size} {letter}"):
        try:
            return unicodedata.lookup(name.upper())
        except KeyError:
            continue
    raise _UnreadableError

"""Names as people give them, taken apart and made safe for each notation.

A name is anything: ``p``, ``lambda``, ``x_1``, ``learning_rate``, ``a&b``, ``<x>``, Hangul, or text
that was written to break out of a page. Nothing here trusts it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
}  # fmt: skip
KRONECKER = "δ"
"""With indices it is Kronecker's; an array of that name is written as a word."""
_SPELLED = {letter: word for word, letter in GREEK.items()}
_COMMAND = {"epsilon": r"\varepsilon", "phi": r"\varphi"}
_HEAD = "|".join([*sorted(GREEK, key=len, reverse=True), "[A-Za-z]", *_SPELLED])
_PARTS = re.compile(rf"(?P<head>{_HEAD})(?:_(?P<sub>[A-Za-z0-9]+)|(?P<digits>[0-9]+))?")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_HIDDEN = frozenset(("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_LETTERS = re.compile(
    "[\u0370-\u052f\u0590-\u05f4\u1c80-\u1c8f\u1f00-\u1fff\u2de0-\u2dff\ua640-\ua69f]"
)
_JOINERS = "\u200c\u200d"  # they shape emoji and Persian words, and turn no text around
ACCENTS = {"hat": ("\u0302", r"\hat"), "tilde": ("\u0303", r"\tilde")}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in parts: a letter (or a whole word), and what stands below or above it."""

    head: str
    sub: str = ""
    accent: str = ""
    word: bool = False


def read(name: str) -> Name:
    """Take a name apart.

    >>> read("x_1"), read("learning_rate").word, read("x_hat").accent
    (Name(head='x', sub='1', accent='', word=False), True, 'hat')
    """
    found = _PARTS.fullmatch(name)
    if not found:
        return Name(name, word=True)
    head, sub = found["head"], found["sub"] or found["digits"] or ""
    head = GREEK.get(head, head)
    return Name(head, accent=sub) if sub in ACCENTS else Name(head, sub)


def visible(text: str) -> str:
    r"""The text with what cannot be seen, or turns the line around, spelled out.

    >>> visible("a\x07\u202eb")
    'a\\u0007\\u202eb'
    """
    if text.isprintable():
        return text
    return "".join(c if _seen(c) else _spell(c) for c in text)


def visible_lines(text: str) -> str:
    r"""Lines of code with what cannot be seen spelled out, but for tabs.

    >>> visible_lines("if a:\n\tb\x07")
    'if a:\n\tb\\u0007'
    """
    return "\n".join(
        "\t".join(visible(part) for part in line.split("\t")) for line in text.split("\n")
    )


def has_hangul(text: str) -> bool:
    """Does the text need a font of Hangul?

    >>> has_hangul("softmax"), has_hangul("소프트맥스")
    (False, True)
    """
    return bool(_HANGUL.search(text))


def has_letters(text: str) -> bool:
    """Does the text need a font of Cyrillic, Greek or Hebrew letters?

    >>> has_letters("naïve"), has_letters("Привет")
    (False, True)
    """
    return bool(_LETTERS.search(text))


def _seen(c: str) -> bool:
    kind = unicodedata.category(c)
    return c in _JOINERS or not (kind in _HIDDEN or kind == "Cf")


def _spell(c: str) -> str:
    return f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"


# ---------------------------------------------------------------- Unicode text

_SUPER = dict(zip("0123456789+-=()niabcdefghjklmoprstuvwxyz",
                  "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))  # fmt: skip


def superscript(text: str) -> str | None:
    """The text in raised characters, where Unicode has all of them."""
    return "".join(_SUPER[c] for c in text) if all(c in _SUPER for c in text) else None


def plain(name: str) -> str:
    """A name in Unicode text: Greek letters by name, the rest as it was given.

    >>> plain("lambda"), plain("learning_rate"), plain("x_1")
    ('λ', 'learning_rate', 'x_1')
    """
    parts = read(name)
    if parts.word:
        return visible(name)
    if parts.accent:
        return unicodedata.normalize("NFC", parts.head + ACCENTS[parts.accent][0])
    if parts.head.isascii() or not parts.sub:
        return parts.head if not parts.sub else name
    return f"{parts.head}_{GREEK.get(parts.sub, parts.sub)}"


def width(text: str) -> int:
    """How many columns a text takes in a monospaced font."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _columns(c: str) -> int:
    if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1


# ---------------------------------------------------------------- LaTeX

_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"{\char34}",
    "`": r"\textasciigrave{}",
}  # fmt: skip
_LIGATURE = re.compile(r"([-',])(?=\1)")
"""Two of these become another sign in fonts of TeX."""
_SIGNS = {
    "√": r"\surd", "Σ": r"\Sigma", "∏": r"\prod", "∂": r"\partial", "∞": r"\infty", "∈": r"\in",
    "≠": r"\neq", "≤": r"\leq", "≥": r"\geq", "≈": r"\approx", "→": r"\to", "−": "-",
    "·": r"\cdot", "×": r"\times", "²": "^2", "‖": r"\Vert",
}  # fmt: skip
_COMMANDS = """
hat bar tilde dot ddot vec check breve acute grave widehat widetilde overline underline mathbf
mathrm mathit mathsf mathtt mathcal mathbb mathfrak boldsymbol text textrm operatorname ell imath
jmath hbar nabla partial infty prime star ast dagger circ bullet top bot perp parallel varepsilon
vartheta varphi varrho varsigma varpi epsilon phi langle rangle
"""
_KNOWN = frozenset(_COMMANDS.split()) | frozenset(GREEK)
_TOKEN = re.compile(r"\\[A-Za-z]+|\\[_ ,;:!{}|]|[A-Za-z0-9 _^{}()\[\]'*+\-=,.:/|]")


def tex_text(text: str) -> str:
    r"""Any text, safe inside ``\text{…}`` and in running text.

    >>> tex_text(r"a&b \input{x}")
    'a\\&b \\textbackslash{}input\\{x\\}'
    """
    written = "".join(_TEX.get(c) or _in_text(c) for c in visible(text))
    return _LIGATURE.sub(r"\1{}", written)


def sign_of(c: str) -> str:
    """What mathematics in LaTeX calls a sign or a Greek letter; empty if it has no name for it."""
    return _SIGNS.get(c) or (tex_letter(c) if c in _SPELLED else "")


def _in_text(c: str) -> str:
    """A letter as it is, a space of any width, or a sign of mathematics, which fonts lack."""
    if c.isspace() and c != "\u00a0":
        return " "
    sign = sign_of(c)
    return rf"\ensuremath{{{sign}}}" if sign else c


def tex_letter(letter: str) -> str:
    """One letter in math mode; Greek ones as commands."""
    word = _SPELLED.get(letter)
    return _COMMAND.get(word, f"\\{word}") if word else letter


def tex_word(text: str) -> str:
    r"""A name of several letters, upright.

    >>> tex_word("learning_rate"), tex_word("a&b")
    ('\\mathrm{learning\\_rate}', '\\text{a\\&b}')
    """
    if _WORD.fullmatch(text):
        return r"\mathrm{" + text.replace("_", r"\_") + "}"
    return rf"\text{{{tex_text(text)}}}"


def tex_name(name: str, word: Callable[[str], str] = tex_word) -> tuple[str, str]:
    r"""A name in math mode: what stands on the line, and what stands below.

    ``word`` writes what has several letters.

    >>> tex_name("x_1"), tex_name("learning_rate"), tex_name("lambda")
    (('x', '1'), ('\\mathrm{learning\\_rate}', ''), ('\\lambda', ''))
    """
    parts = read(name)
    if parts.word:
        return word(name), ""
    head = tex_letter(parts.head)
    if parts.accent:
        return f"{ACCENTS[parts.accent][1]}{{{head}}}", ""
    if parts.sub in GREEK:
        return head, tex_letter(GREEK[parts.sub])
    return head, parts.sub if len(parts.sub) <= 1 or parts.sub.isdigit() else word(parts.sub)


def is_safe_tex(text: str) -> bool:
    r"""May a declared ``latex=`` stand as it is: balanced, and only known commands?

    >>> is_safe_tex(r"\hat y"), is_safe_tex(r"\input{x}"), is_safe_tex("a}")
    (True, False, False)
    """
    depth, at = 0, 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if not token:
            return False
        word = token[0]
        if word[0] == "\\" and word[1:].isalpha() and word[1:] not in _KNOWN:
            return False
        depth += (word == "{") - (word == "}")
        if depth < 0:
            return False
        at = token.end()
    dangling = re.search(r"[_^]\s*([_^}]|$)|\\(left|right)", text)
    return bool(text.strip()) and depth == 0 and not dangling

r"""An author's formula in Unicode text, where it is simple enough to be read on one line."""

from __future__ import annotations

import re

from symderiv.render.names import GREEK, superscript, visible

_SIGNS = {
    "log": "log", "exp": "exp", "ln": "ln", "sin": "sin", "cos": "cos", "tanh": "tanh",
    "max": "max", "min": "min", "cdot": "·", "times": "×", "sum": "Σ", "prod": "Π",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "approx": "≈", "to": "→",
    "infty": "∞", "in": "∈", "odot": "⊙", "varphi": "φ", "varepsilon": "ε", "dots": "…",
    "ldots": "…", "mid": "|", "Vert": "‖", "ell": "ℓ",
}  # fmt: skip
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]+) ?|\\(?P<space>[,;: ])|\\(?P<sign>[{}|%_&#$])"
    r"|\^(?:\{(?P<group>[^{}\\]*)\}|(?P<one>[0-9A-Za-z]))|_\{(?P<below>[^{}\\]*)\}|(?P<other>[^\\^{}])"
)


def plain_tex(latex: str) -> str:
    r"""The formula as text; as it was written where it has what one line cannot show.

    >>> plain_tex(r"-\log p_{ij} \le x^2"), plain_tex(r"\frac{1}{2}")
    ('−log p_ij ≤ x²', '\\frac{1}{2}')
    """
    out: list[str] = []
    at = 0
    while at < len(latex):
        found = _TOKEN.match(latex, at)
        told = _told(found) if found else None
        if found is None or told is None:
            return visible(latex)
        out.append(told)
        at = found.end()
    return visible("".join(out))


def _told(found: re.Match[str]) -> str | None:
    kind, text = found.lastgroup, found[found.lastgroup or 0]
    if kind == "word":
        letter = GREEK.get(text) or ("∂" if text == "partial" else None)
        sign = _SIGNS.get(text)
        return letter or (sign and sign + (" " if found[0].endswith(" ") else ""))
    if kind in ("group", "one"):
        return superscript(text) or (f"^{text}" if len(text) == 1 else f"^({text})")
    if kind == "space":
        return " "
    if kind == "below":
        return f"_{text}" if text.isalnum() else f"_({text})"
    return "−" if text == "-" else text

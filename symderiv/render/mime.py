"""What a notebook shows."""

from __future__ import annotations

from symderiv.core.derivation import Derivation
from symderiv.render.latex import to_latex
from symderiv.render.text import to_text


def mimebundle(derivation: Derivation) -> dict[str, str]:
    """LaTeX, Markdown and text; no HTML, for notebooks strip MathML from what they do not trust."""
    formula = f"\\begin{{align*}}\n{to_latex(derivation)}\n\\end{{align*}}"
    return {
        "text/latex": formula,
        "text/markdown": f"$$\n{formula}\n$$",
        "text/plain": to_text(derivation),
    }

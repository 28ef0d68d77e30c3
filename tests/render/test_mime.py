"""What a notebook is handed."""

from __future__ import annotations

from symderiv.core.derivation import Derivation
from symderiv.render.mime import mimebundle


def test_bundle(softmax: Derivation) -> None:
    bundle = mimebundle(softmax)
    assert set(bundle) == {"text/latex", "text/markdown", "text/plain"}
    assert bundle["text/latex"].startswith(r"\begin{align*}")
    assert bundle["text/markdown"].startswith("$$")
    assert "∂L/∂z_i" in bundle["text/plain"]

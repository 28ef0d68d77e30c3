"""Whatever a name is, every format stays well-formed and harmless."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.core.derivation import Derivation
from symderiv.render.json import from_json, to_json
from symderiv.render.latex import to_document, to_latex
from symderiv.render.mathml import to_mathml
from symderiv.render.mime import mimebundle
from symderiv.render.names import is_safe_tex
from symderiv.render.text import to_text

NAMES = [
    "a&b", "<x>", "$", "$x$", "%", "#", "{", "}", "{}", "~", "^", "_", "__", "\\", "\\input{/etc}",
    "\\end{align*}", "</script>", "</annotation>", "]]>", "&lt;", "&#x3c;", "a b", "x'", '"', "`",
    "\x00", "\x07\x1b[31m", "a\nb", "\u202egnp", "\u2028", "\ue000", "\uf8ff", "한글",
    "学习率", "עברית", "😀", "👩\u200d🔬", "e\u0301", "learning_rate", "lambda", "x_1",
    "alpha_beta", "|", "a|b", "1", "-x", "--", "\\\\", "\\text{}", "x_{1}", "^^5c", "%s", "{name}",
]  # fmt: skip

ALPHABET = st.sampled_from(
    [
        *"abxyz019_^&<>{}[]()$%#~\\'\"`|!?-+=/., \n\t\x00\x1b",
        *("\u202e", "\u200d", "\ue123", "한", "א", "😀", "&amp;", "\\end", "</"),
    ]
)
ANY_NAME = st.lists(ALPHABET, min_size=1, max_size=12).map("".join)

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
COMMANDS = {
    "text", "mathrm", "frac", "partial", "left", "right", "begin", "end", "dots", "sum", "le",
    "textbackslash", "textasciicircum", "textasciitilde", "textless", "textgreater", "textbar",
    "straightquote",
    "char", "cdot", "bar", "lambda", "alpha", "beta", "gamma", "delta", "xi", "pi", "mu",
    "nu", "hat", "eta", "rho", "tau", "chi", "psi", "phi", "varphi", "overline", "tilde",
}  # fmt: skip


MACROS = {
    "lead", "nobreak", "anchor", "textbf", "chain", "widest", "step", "longstep", "leftabove",
    "chainabovetrue", "piece", "factor",
    "hyperlink", "section", "raggedright", "bookmarked", "law", "bigl", "bigr", "biggl", "biggr",
    "ensuremath", "textasciigrave",
    "log", "tfrac", "quad", "operatorname", "Rightarrow", "newline", "top", "sigma", "ne", "prod",
    "sqrt", "max",
}  # fmt: skip
"""Of articles: their own, and those of the laws of rules."""


@pytest.fixture(scope="session")
def check_all(
    is_core: Callable[[Element], bool], is_balanced: Callable[[str], bool]
) -> Callable[[Derivation], None]:
    """Asserts that a derivation is told well-formed and harmless in every format."""

    def check(derivation: Derivation) -> None:
        for detail in ("brief", "normal", "full"):
            plain = to_text(derivation, detail=detail)
            assert not CONTROL.search(plain)
            plain.encode("utf-8")
            for tex in (to_latex(derivation, detail=detail), to_document(derivation)):
                check_tex(tex)
                assert is_balanced(tex)
            fragment = to_mathml(derivation, detail=detail)
            fragment.encode("utf-8")
            assert is_core(ElementTree.fromstring(fragment))
        assert from_json(to_json(derivation)) == derivation
        assert "<" not in to_json(derivation)
        json.dumps(mimebundle(derivation)).encode("utf-8")

    return check


def check_tex(tex: str) -> None:
    tex.encode("utf-8")
    assert not CONTROL.search(tex)
    body = tex.rsplit(r"\begin{document}", maxsplit=1)[-1]
    assert set(re.findall(r"\\([A-Za-z]+)", body)) <= COMMANDS | MACROS
    assert not re.search(r"%(?!\n)", body.replace(r"\%", ""))
    assert "#" not in body.replace(r"\#", "")
    assert "^^" not in body


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_listed_names(
    name: str,
    with_names: Callable[..., Derivation],
    check_all: Callable[[Derivation], None],
) -> None:
    check_all(with_names(name))
    check_all(with_names("x", latex=name, layer=name))


@given(ANY_NAME, ANY_NAME)
@settings(max_examples=60, deadline=None)
def test_any_name(
    with_names: Callable[..., Derivation],
    check_all: Callable[[Derivation], None],
    name: str,
    other: str,
) -> None:
    check_all(with_names(name, latex=other, layer=other))


def test_a_name_shows_as_itself_in_mathml(with_names: Callable[..., Derivation]) -> None:
    for name in ("a&b", "<x>", "한글", "learning_rate", "</script>"):
        root = ElementTree.fromstring(to_mathml(with_names(name)))
        shown = {e.text for e in root.iter("{http://www.w3.org/1998/Math/MathML}mi")}
        assert name in shown


@pytest.mark.parametrize(
    "declared",
    [r"\input{x}", r"\write18{ls}", "a}", "{", "%", "#1", "$", "a&b", r"\\", "^^M", "", r"\left("],
)
def test_a_declared_latex_that_could_break_out_is_not_used(declared: str) -> None:
    assert not is_safe_tex(declared)


@pytest.mark.parametrize("declared", [r"\hat y", r"\mathbf{W}^{*}", r"x'", r"\bar{\theta}_{0}"])
def test_a_declared_latex_is_used(declared: str, with_names: Callable[..., Derivation]) -> None:
    assert is_safe_tex(declared)
    assert declared in to_latex(with_names("x", latex=declared))

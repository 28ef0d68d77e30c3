"""The main example reads as the design asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import symderiv as sd
from symderiv.core.derivation import Derivation
from symderiv.document.article import Figure, Picture, Table
from symderiv.document.compose import Composer
from symderiv.render.names import plain, superscript, visible, width
from symderiv.render.text import render_article, to_text

TARGET = """\
for i = 1…n, given Σ_j y_j = 1:
∂L/∂z_i = Σ_j ∂L/∂p_j · ∂p_j/∂z_i              chain rule through every p_j
        = Σ_j (−y_j/p_j) · p_j (δ_ji − p_i)    by lemma 1 (∂L/∂p_j) and lemma 2 (∂p_j/∂z_i)
        = −Σ_j y_j (δ_ji − p_i)                cancel p_j"""


def test_the_target(softmax: Derivation) -> None:
    shown = to_text(softmax)
    assert TARGET in shown
    assert shown.splitlines()[-1].split("  ")[0] == ""
    assert "= p_i − y_i " in shown.splitlines()[-1]
    assert "δ_ji selects j = i" in shown
    assert shown.index("Lemma 1") < shown.index("Lemma 2") < shown.index("for i = 1…n, given")


def test_lines_are_aligned(softmax: Derivation) -> None:
    for block in to_text(softmax, detail="full").split("\n\n"):
        rows = [line for line in block.splitlines() if " = " in line and not line.endswith(":")]
        assert len({row.index(" = ") for row in rows}) == 1


def test_alignment_counts_columns_not_characters(with_names: Callable[..., Derivation]) -> None:
    block = to_text(with_names("한글"), detail="full").split("\n\n")[-1]
    rows = [line for line in block.splitlines() if not line.endswith(":")]
    assert len({width(row[: row.index(" = ")]) for row in rows}) == 1
    assert width("한글") == 4
    assert width("z̄") == 1


def test_definitions_come_first(softmax: Derivation) -> None:
    head = to_text(softmax).split("\n\n")[0]
    assert head == "where:\np_i = exp(z_i)/(Σ_j exp(z_j))\nL   = −Σ_i y_i log p_i"


def test_adjoints_as_bars(softmax: Derivation) -> None:
    shown = to_text(softmax, adjoint="bar")
    assert "z̄_i = Σ_j p̄_j · ∂p_j/∂z_i" in shown
    with pytest.raises(ValueError, match="bar"):
        to_text(softmax, adjoint="delta")


def test_a_goal_that_is_already_the_result() -> None:
    x = sd.scalar("x")
    assert to_text(sd.derive(x, x)).startswith("∂x/∂x = 1")


def test_names_in_text() -> None:
    assert plain("beta1") == "β_1"
    assert visible("a\nb") == r"a\u000ab"
    assert superscript("(2)") == "⁽²⁾"
    assert superscript("Q") is None


def test_lines_that_print_alike_stand_once() -> None:
    x = sd.scalar("x")
    rows = to_text(sd.derive(sd.gelu(x), x), detail="full").splitlines()
    shown = [row.split(" = ", 1)[-1].split("    ")[0] for row in rows]
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize(("language", "named"), [("en", "Table 1: "), ("ko", "표 1: ")])
def test_a_table_has_the_number_that_prose_cites(language: str, named: str) -> None:
    composer = Composer(language)
    composer.table((("a",),), [(("b",),)], caption=("Letters",))
    composer.add(Table((("c",),), ()), Figure(Picture("", b"", "a box"), ()))
    shown = render_article(composer.article(())).data.decode()
    assert shown == f"{named}Letters\n\na\n─\nb\n\nc\n─\n\n[a box]\n"

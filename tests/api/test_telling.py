"""A derivation and a backward pass write themselves in every format."""

import json
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
import sympy as sp

import symderiv as sd
from symderiv.api import Derivation
from symderiv.api.statements import claimed
from symderiv.core.errors import DataError
from symderiv.render import FORMATS, article_renderer

n, m = sd.dims("n m")
x, W = sd.vector("x", n), sd.matrix("W", n, m)
u = sd.let("u", x @ W)
L = sd.let("L", (u**2).sum())


def told():
    return sd.derive(L, x), sd.backprop(L, [W, x])


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written(form: str, tmp_path: Path) -> None:
    if form == "pdf":
        pytest.importorskip("typst")
    for name, what in zip(("derivation", "pass"), told(), strict=True):
        path = what.save(tmp_path / f"{name}{FORMATS[form]}", title="A title", detail="brief")
        data = path.read_bytes()
        assert len(data) > 500
        if form == "pdf":
            assert data.startswith(b"%PDF")
        elif (name, form) != ("derivation", "json"):
            assert "A title" in data.decode()


def test_what_a_check_found_is_on_the_page() -> None:
    for what in told():
        plain, checked = what.to_html(), what.to_html(check=True)
        verdict = what.check().verdict()
        assert verdict not in plain
        page = html5lib.parse(checked, namespaceHTMLElements=False)
        assert verdict in "".join(page.itertext())


def test_json_of_a_derivation_is_read_back(tmp_path: Path) -> None:
    derivation, whole = told()
    path = derivation.save(tmp_path / "d.json")
    with pytest.raises(sd.DataError, match="what a check found would be lost"):
        derivation.save(tmp_path / "e.json", check=True)
    assert not (tmp_path / "e.json").exists()
    assert Derivation.from_json(path.read_text("utf-8")) == derivation
    article = json.loads(whole.save(tmp_path / "p.json").read_text("utf-8"))
    assert len([b for b in article["blocks"] if b["block"] == "derivation"]) == len(
        whole.derivations()
    )


def test_a_suffix_that_no_format_has(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'\.doc'.*\.html, \.pdf, \.tex"):
        told()[0].save(tmp_path / "a.doc")


def test_fragments_of_a_language() -> None:
    derivation, whole = told()
    assert "연쇄법칙" in derivation.to_text(language="ko")
    assert "연쇄법칙" in whole.to_markdown(language="ko")
    assert "연쇄법칙" in whole.to_typst(language="ko")


IN_NOTATION = {
    "text": ("|w_1|", "w_1 = −1"),
    "json": ("|w_1|", "w_1 = −1"),
    "markdown": (r"$\vert w_{1}\vert$", "$w_{1} = -1$"),
    "latex": ("$|w_{1}|$", "$w_{1} = -1$"),
    "typst": ("$abs(w_(1))$", "$w_(1) = −1$"),
}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("form", IN_NOTATION)
def test_a_refuted_claim_is_told_in_the_notation_of_the_page(form: str, language: str) -> None:
    claim = claimed(abs(sd.vector("w", n)[1]), sd.vector("w", n)[1])
    article = claim.article(check=True, language=language)
    told = article_renderer(form)(article).data.decode()
    said = {"en": "wrong: the claim", "ko": "틀림: 주장"}[language].replace(
        ":", "\\:" if form == "typst" else ":"
    )
    (verdict,) = (line for line in told.splitlines() if said in line)
    assert all(text in verdict for text in IN_NOTATION[form])
    assert "Abs(" not in verdict
    assert "equal.claim" not in verdict


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_page_shows_a_refuted_claim_in_a_box_with_formulas(language: str) -> None:
    w = sd.vector("w", n)
    page = html5lib.parse(
        claimed(abs(w[1]), w[1]).to_html(check=True, language=language),
        namespaceHTMLElements=False,
    )
    (box,) = (p for p in page.iter("p") if p.get("class") == "verdict wrong")
    assert len(list(box.iter("{http://www.w3.org/1998/Math/MathML}math"))) >= 5
    assert {"en": "wrong: the claim", "ko": "틀림: 주장"}[language] in "".join(box.itertext())
    assert [e for e in page.iter("details") if "wrong" in e.get("class", "")]


def test_a_wrong_end_marks_the_page_as_wrong() -> None:
    """Every step holds, and the last line is not the result."""
    derivation = replace(sd.derive(sd.scalar("a") ** 2, sd.scalar("a")), result=sp.Integer(7))
    page = html5lib.parse(derivation.to_html(check=True), namespaceHTMLElements=False)
    assert [p for p in page.iter("p") if p.get("class") == "verdict wrong"]

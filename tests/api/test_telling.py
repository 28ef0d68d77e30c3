"""A derivation and a backward pass write themselves in every format."""

import json
from pathlib import Path

import html5lib
import pytest

import symderiv as sd
from symderiv.api import Derivation
from symderiv.core.errors import DataError
from symderiv.render import FORMATS

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

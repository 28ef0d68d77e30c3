"""Long formulas in parts: nothing is lost, lines end before signs, brackets are whole again."""

from __future__ import annotations

import pytest

from symderiv.render.html.breadth import breadth
from symderiv.render.html.parts import PHONE, SHORT, parts
from symderiv.render.mathml.core import formula

TERMS = [rf"a_{{{k}}} b_{{{k}}}" for k in range(1, 10)]
SUM = " + ".join(TERMS)
LONG = {
    SUM: 9,
    rf"x = {SUM} \le y": 11,
    rf"-\log p - ({SUM})": 10,
    rf"\frac{{\partial}}{{\partial x}} \left[ \frac{{1}}{{2}} + {SUM} \right] \cdot c": 11,
    rf"|{SUM}| + \frac{{{SUM}}}{{2}}": 2,
    rf"\left( {SUM} \right) \left( {SUM} \right)": 17,
    rf"H(Y | X) = {SUM}": 10,
    rf"H(Y \mid X) = {SUM}": 10,
    rf"H(Y | X) - |{SUM}| + H(X | Y)": 3,
    rf"H(Y | X) - |-{SUM}| - H(X | Y)": 3,
    rf"\left( (a + b)^{{2}} (c + d) + {SUM} + |x|^2 \right)": 11,
}


def said(e: object) -> str:
    return "".join(e.itertext())  # type: ignore[attr-defined]


@pytest.mark.parametrize("latex", LONG)
def test_parts_are_the_formula(latex: str) -> None:
    whole = formula(latex, "", {})
    groups = parts(whole)
    found = [part for group in groups for part in group]
    assert "".join(map(said, found)) == said(whole)
    assert len(found) == LONG[latex]
    for part in found[1:]:
        (row,) = part
        sign = next(row.iter("mo"))
        assert sign.get("form") == "infix"
        assert (sign.text or "") in "+−=≤·"


def test_a_short_formula_is_left_alone() -> None:
    whole = formula("a + b", "a + b", {})
    assert breadth(whole) < SHORT
    assert parts(whole) == [[whole]]


def test_small_brackets_are_not_torn() -> None:
    groups = parts(formula(rf"{SUM} + c_{{123456789 123456789 123456789}} (a - b)", "", {}))
    assert max(sum(map(breadth, group)) for group in groups) > PHONE
    assert [len(group) for group in groups] == [1] * 10


def test_large_brackets_grow_in_both_parts() -> None:
    (group,) = parts(formula(rf"\left[ \frac{{1}}{{2}} + {SUM} \right]", "", {}))
    fences = [mo.text for part in group for mo in part.iter("mo") if mo.get("stretchy") == "true"]
    assert fences == ["[", "]"]
    assert {mo.get("form") for mo in group[0].iter("mo")} == {"prefix"}
    assert [mo.get("form") for mo in group[-1].iter("mo")] == ["infix", "postfix"]
    tall = {
        mo.get(size) for part in group for mo in part.iter("mo") for size in ("minsize", "maxsize")
    }
    (size,) = tall - {None}
    assert 2 < float(size.removesuffix("em")) < 3

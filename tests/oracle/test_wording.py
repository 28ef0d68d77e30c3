"""Reports in two languages: the same numbers, each in its words."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace

import pytest
from sympy import Eq, Integer

import symderiv as sd
from symderiv.core.expr import relation
from symderiv.core.messages import Sentence
from symderiv.document.messages import told
from symderiv.oracle.report import Report
from symderiv.oracle.wording import CANNOT, OTHER_NODE, OUTSIDE


@pytest.fixture(scope="module")
def square() -> sd.Derivation:
    x = sd.scalar("x")
    return sd.derive(x**2, x)


def digits(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:\.\d+)?(?:e[-+]\d+)?", text))


def wrong(d: sd.Derivation, **changes: object) -> Report:
    return replace(d, steps=(*d.steps[:-1], replace(d.steps[-1], **changes))).check()


def test_a_right_derivation(square: sd.Derivation) -> None:
    report = square.check()
    assert str(report) == report.to_text() == report.to_text("en")
    assert re.fullmatch(r"ok: \d+ steps?, \d+ comparisons, worst error \S+ \(seed 0\)", str(report))
    told = report.to_text("ko")
    assert re.fullmatch(r"통과 \(\d+단계, \d+회 비교, 최대 오차 \S+, 시드 0\)", told)
    assert digits(told) == digits(str(report))


def test_one_is_not_many() -> None:
    report = Report(True, 1, 1, 0.0, None, 0)
    assert "1 step, 1 comparison," in str(report)
    assert "1단계, 1회 비교" in report.to_text("ko")


@pytest.mark.parametrize("changes", [
    {"contractum": Integer(7)},
    {"path": (0, 5)},
    {"redex": Integer(7)},
    {"provided": (relation(Eq, Integer(1), Integer(2)),)},
])  # fmt: skip
def test_a_wrong_one(square: sd.Derivation, changes: dict[str, object]) -> None:
    report = wrong(square, **changes)
    english, korean = str(report), report.to_text("ko")
    assert digits(english) == digits(korean)
    assert re.match("(틀림|검사하지 못함): ", korean)
    known = {name for step in square.steps for name in re.findall("[A-Za-z]{3,}", step.rule)}
    assert set(re.findall(r"\b[a-z]{3,}\b", korean)) <= known


def test_the_ends_of_a_derivation_have_names(square: sd.Derivation) -> None:
    report = replace(square, result=Integer(7)).check()
    assert "last line = result" in str(report)
    assert "마지막 줄 = 결과" in report.to_text("ko")


def test_a_sentence_remembers_its_message() -> None:
    said = Sentence(OTHER_NODE, path="()", node="x", redex="{path}")
    assert said == "at the path () stands x, not {path}"
    assert told(said, "ko") == "경로 ()의 마디는 x, 있어야 할 것은 {path}"
    again = pickle.loads(pickle.dumps(said))
    assert (again, told(again, "ko")) == (said, told(said, "ko"))


def test_a_sentence_in_a_sentence() -> None:
    inner = Sentence(OUTSIDE, entry="z[4]", name="z")
    outer = Sentence(CANNOT, expression="z[i]", reason=inner)
    assert outer == "z[i]: z[4] is outside the range of z"
    assert told(outer, "ko") == "z[i]: z[4]: z의 범위를 벗어남"


def test_ends_are_tested_and_are_no_steps(square: sd.Derivation) -> None:
    report = square.check()
    assert report.steps == len(square.steps)
    assert len(report.evidence) == report.steps + 2
    assert report.points == sum(e.points for e in report.evidence)
    wrong_end = replace(square, result=Integer(7)).check()
    head, _, _ = str(wrong_end).partition("\n")
    assert head == "wrong: “last line = result”, in the derivation of ∂/∂x [x²]"
    three = sd.evaluate(Integer(3), {}).check()
    assert three.verdict() == "Tested with numbers: 18 comparisons, worst error 0."
    assert str(three) == "ok: 18 comparisons, worst error 0 (seed 0)"

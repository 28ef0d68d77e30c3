"""Korean as it is read: particles that fit, no English left, the same formulas in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sympy.core.basic import Basic

from symderiv import catalog
from symderiv.core.derivation import Derivation
from symderiv.document import DETAILS, document_of
from symderiv.document import messages as catalogues
from symderiv.document.blocks import Words
from symderiv.document.messages import translate
from symderiv.document.words import telling, unlinked
from symderiv.render.layout import Section, sections
from symderiv.render.names import width
from symderiv.render.text import GAP, WIDEST, to_text
from symderiv.rules import ALL_RULES

ENTRIES = {entry.name: entry for entry in catalog.entries()}
PAIRS = (("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("으로", "로"))
CLOSED = "LMNlmn013678ευΕΥ"
"""Their names end in a consonant: 엘, 엠, 엔, 영, 일, 삼, 육, 칠, 팔, 엡실론, 입실론."""
FLOWING = "Ll178"
"""Their names end in ㄹ, after which it is 로."""
WHOLE_WORDS = frozenset(
    (
        "log",
        "exp",
        "tanh",
        "ReLU",
        "GELU",
        "RMS",
        "LaTeX",
        "HTML",
        "PDF",
        "SVG",
        "Typst",
        "UTF",
        "YAML",
    )
)


@pytest.fixture(scope="module")
def messages(read: Any, texts: Any) -> dict[Any, str]:
    return {m.id: text for m in read("ko") if m.id for text in texts(m)}


# ---------------------------------------------------------------- particles


def test_no_particle_depends_on_how_a_hole_is_read(messages: dict[Any, str]) -> None:
    after = re.compile(r"\}[)\]]?(은|는|이|가|을|를|과|와|으로|로|라|며|면|나|랑|아|야)")
    assert [text for text in messages.values() if after.search(text)] == []


def test_particles_fit_the_symbol_before_them(messages: dict[Any, str]) -> None:
    both = "|".join(particle for pair in PAIRS for particle in pair)
    met = re.compile(rf"([A-Za-z0-9Α-Ωα-ω])(?:/[A-Za-z0-9]+)?({both})(?![가-힣])")  # 1/n: n분의 1
    found = [(*hit.groups(), text) for text in messages.values() for hit in met.finditer(text)]
    assert len(found) > 10
    for symbol, particle, text in found:
        assert particle == fitting(symbol, particle), text


def fitting(symbol: str, particle: str) -> str:
    closed, open_ = next(pair for pair in PAIRS if particle in pair)
    if symbol in FLOWING and particle in ("으로", "로"):
        return open_
    return closed if symbol in CLOSED else open_


def test_the_table_of_readings() -> None:
    assert [fitting(c, "를") for c in "pn1x"] == ["를", "을", "을", "를"]
    assert [fitting(c, "로") for c in "013p"] == ["으로", "로", "으로", "로"]


# ---------------------------------------------------------------- one term for one thing

NOTES = (Path(__file__).parents[2] / "docs" / "notes" / "backward.ko.md").read_text("utf-8")
TERMS = {
    "연쇄법칙": ("연쇄 법칙", "체인 룰", "체인룰", "연쇄율"),
    "교차 엔트로피": ("교차엔트로피", "크로스 엔트로피", "크로스엔트로피"),
    "소프트맥스": ("소프트 맥스", "소프트맥스함수"),
    "편미분": ("편 미분", "부분 미분"),
    "역전파": ("역 전파", "오차역전파", "백프로퍼게이션", "후방"),
    "순전파": ("순 전파", "전방", "포워드"),
    "야코비 행렬": ("자코비안", "야코비안", "야코비언"),
    "헤세 행렬": ("헤시안", "헤센", "헤시언"),
    "로그합지수": ("지수 합의 로그", "로그-합-지수"),
    "수반값": ("수반 값", "어드조인트", "애드조인트"),
    "기울기": ("그래디언트", "구배", "경사도"),
    "도함수": ("미분값", "미분 값", "미분계수"),
    "가중치": ("웨이트", "무게"),
    "편향": ("바이어스", "절편"),
    "데이터셋": ("데이터 세트", "데이터 집합", "데이터 전체의"),
    "원-핫": ("원핫", "원 핫"),
    "더미 첨자": ("묶인 첨자", "속박"),
    "보조정리": ("보조 정리", "소정리"),
    "형상": ("모양이 (", "셰이프"),
    "쿨백-라이블러": ("쿨백 라이블러", "컬백"),
    "클래스": ("부류",),
    "경로": ("패스",),
}
"""The term of a thing, and others that say it too; one of them is enough for a reader."""


@pytest.mark.parametrize("term", TERMS)
def test_one_thing_has_one_term(term: str, messages: dict[Any, str]) -> None:
    prose = re.sub(r"(?ms)^```.*?^```", "", NOTES)
    texts = [HOLE.sub("", text) for text in (*messages.values(), prose)]
    assert any(term in text for text in texts), "a term that nothing uses"
    for other in TERMS[term]:
        assert [text for text in texts if other in text] == [], other


# ---------------------------------------------------------------- no English


def english(text: str) -> list[str]:
    return [w for w in re.findall(r"[A-Za-z]{3,}", HOLE.sub("", text)) if w not in WHOLE_WORDS]


HOLE = re.compile(  # or a formula, code, or an option of the command line
    r"\$[^$]*\$|\{[^{}]*\}|`+[^`]+`+|--[a-z][a-z-]*|^symderiv .*$", re.M
)


def test_no_english_word_is_left(messages: dict[Any, str]) -> None:
    assert [text for text in messages.values() if english(text)] == []


@pytest.mark.parametrize("rule", tuple(ALL_RULES), ids=lambda rule: rule.name)
def test_rules_have_korean_titles_and_notes(rule: Any) -> None:
    assert re.search("[가-힣]", translate(rule.title, "ko"))
    if re.search("[A-Za-z]", HOLE.sub("", rule.note)):
        assert re.search("[가-힣]", translate(rule.note, "ko"))


class Complete:
    """A fallback that has nothing, and says so."""

    def gettext(self, message: str) -> str:
        raise AssertionError(f"no Korean for {message!r}")

    def ngettext(self, one: str, many: str, number: int) -> str:
        raise AssertionError(f"no Korean for {one!r}, {many!r} of {number}")


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues._catalogue("ko"), "_fallback", Complete())


def strings(words: Words) -> list[str]:
    return [part for part in unlinked(words) if isinstance(part, str)]


def told(section: Section) -> Iterator[Words]:
    yield (section.heading,)
    yield section.conditions
    for row in section.rows:
        yield row.reason


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("name", ENTRIES)
def test_entries_are_told_in_korean_with_the_same_formulas(name: str) -> None:
    entry = ENTRIES[name]
    for text in (entry.title, entry.sentence):
        assert not english(translate(text, "ko"))
        assert numbers(translate(text, "ko")) == numbers(text)
    for caption, derivation in entry.derivations():
        assert not english(translate(caption, "ko"))
        for detail in DETAILS:
            compare(derivation, detail)


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+\.\d+|[√Σ∂]", text))


def compare(derivation: Derivation, detail: Any) -> None:
    document = document_of(derivation, detail)
    for en, ko in zip(sections(document, "en"), sections(document, "ko"), strict=True):
        assert [(r.left, r.right) for r in en.rows] == [(r.left, r.right) for r in ko.rows]
        for ours, theirs in zip(told(ko), told(en), strict=True):
            assert not english(" ".join(strings(ours)))
            assert expressions(ours) == expressions(theirs)


def expressions(words: Words) -> list[str]:
    return sorted(str(part) for part in unlinked(words) if isinstance(part, Basic))


def test_titles_stay_as_they_are_inside_a_sentence() -> None:
    derivation = ENTRIES["softmax-jacobian"].derivation()
    notes = [note for line in document_of(derivation).lines for note in line.notes]
    assert ("quotient rule",) in [telling(note) for note in notes]
    assert ("몫의 미분법",) in [telling(note, "ko") for note in notes]


# ---------------------------------------------------------------- columns


@pytest.mark.parametrize("name", ["softmax-cross-entropy", "layer-norm", "entropy-urns", "relu"])
def test_wide_characters_keep_the_columns(name: str) -> None:
    for _, derivation in ENTRIES[name].derivations():
        for block in to_text(derivation, language="ko").split("\n\n"):
            lines = [line for line in block.splitlines() if " = " in line and line[-1] != ":"]
            assert len({width(line[: line.index(" = ")]) for line in lines}) == 1
            starts = {start for line in lines if (start := reason_start(line))}
            assert len(starts) <= 1, block


def reason_start(line: str) -> int:
    """The column where the reason begins; 0 where a long line pushes it on."""
    at = line.index(" = ") + 3
    right, gap, why = (
        re.split(f"( {{{GAP},}})", line[at:], maxsplit=1)
        if "    " in line[at:]
        else (line[at:], "", "")
    )
    return width(line[:at] + right + gap) if why and width(right) <= WIDEST else 0

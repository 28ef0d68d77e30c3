"""Korean as it is read: particles that fit, no English left, the same formulas in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    ("log", "exp", "tanh", "ReLU", "GELU", "RMS", "LaTeX", "PDF", "SVG", "Typst", "UTF", "YAML")
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


# ---------------------------------------------------------------- no English


def english(text: str) -> list[str]:
    return [w for w in re.findall(r"[A-Za-z]{3,}", HOLE.sub("", text)) if w not in WHOLE_WORDS]


HOLE = re.compile(r"\$[^$]*\$|\{[^{}]*\}|`+[^`]+`+|^symderiv .*$", re.M)  # or a formula, or code


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

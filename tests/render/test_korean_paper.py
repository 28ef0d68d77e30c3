"""Korean on paper: lines end between words, and a sentence has one style."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from symderiv.core.derivation import Derivation
from symderiv.document.article import Article, Heading, Listing, Paragraph, Table
from symderiv.document.blocks import Formula, Styled, Words
from symderiv.document.compose import Composer
from tests.render.papers import by_latex, by_typst

pypdf = pytest.importorskip("pypdf")

SENTENCE = (
    "소프트맥스의 기울기는 예측에서 정답을 뺀 값이고, 남은 항에서는 열벡터가 하나만 (즉, 확률이) "
    "“남음”이라고 부르며 softmax의 3개 항을 크로스엔트로피처럼 더합니다. "
)
VERDICT = "모든 단계를 수로 시험했습니다: 12단계, 비교 34번, 가장 큰 오차 5.6e-7."


Make = Callable[[Article, Path], Path]
by_lualatex = partial(by_latex, engine="lualatex")
ALL = pytest.mark.parametrize(
    "make", [by_typst, by_latex, by_lualatex], ids=["typst", "xelatex", "lualatex"]
)


def lines(path: Path) -> list[str]:
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return [line.strip() for line in text.split("\n") if not re.fullmatch(r"\s*[0-9]*\s*", line)]


@ALL
def test_lines_end_between_words(make: Make, tmp_path: Path) -> None:
    column = ((SENTENCE * 2,), (SENTENCE * 3,), (SENTENCE * 4,))
    blocks = (
        Paragraph((SENTENCE * 3,)), Listing(((Paragraph((SENTENCE * 2,)),),)),
        Heading(2, (SENTENCE,)), Table(column, (column,), (), (SENTENCE * 2,)),
        Paragraph((Styled("emphasis", (SENTENCE * 2,)), Styled("strong", (SENTENCE * 2,)))),
    )  # fmt: skip
    whole = {straight(word) for word in SENTENCE.split()}
    shown = lines(make(Article((), blocks, "ko"), tmp_path))
    assert len(shown) > 40
    starts = {straight(line.split()[0]) for line in shown} - {"•"}
    ends = {straight(line.split()[-1]) for line in shown}
    assert [part for part in starts if not any(word.startswith(part) for word in whole)] == []
    assert [part for part in ends if not any(word.endswith(part) for word in whole)] == []


def straight(word: str) -> str:
    return re.sub('[“”"]', "", word)


@pytest.mark.parametrize("before", range(30))
def test_a_particle_stays_with_its_formula(before: int, tmp_path: Path) -> None:
    words: Words = (
        "가 " * (40 + before), Formula("q"), "에서는 ", "나 " * 20,
        Styled("strong", ("중요",)), "하지만 ", "다 " * 20, Styled("code", ("sd",)), "라는 ",
    )  # fmt: skip
    text = lines(by_typst(Article((), (Paragraph(words),), "ko"), tmp_path))
    starts = {line.split()[0] for line in text if line}
    assert not starts & {"에서는", "하지만", "라는"}


@ALL
def test_a_verdict_has_one_style(make: Make, softmax: Derivation, tmp_path: Path) -> None:
    composer = Composer("ko")
    composer.derivation(softmax, verdict=VERDICT)
    reader = pypdf.PdfReader(make(composer.article(()), tmp_path))
    styles = set()

    def read(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        del cm, size
        if text.strip() and any(word in text for word in ("비교", "34", "5.6e", "시험")):
            name = str((font or {}).get("/BaseFont", ""))
            styles.add((bool(re.search("Ital|Obli|Slant", name)), round(tm[2], 2)))

    for page in reader.pages:
        page.extract_text(visitor_text=read)
    assert styles == {(False, 0.0)}

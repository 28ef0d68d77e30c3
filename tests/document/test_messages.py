"""One catalogue for every text that people read."""

from __future__ import annotations

import gettext
from importlib.resources import files
from pathlib import Path

import pytest

from symderiv.core.messages import After
from symderiv.document.messages import N_, NN_, count, phrase, translate
from symderiv.rules import ALL_RULES

CATALOGUES = sorted(Path(str(files("symderiv") / "locale")).glob("*/LC_MESSAGES/symderiv.mo"))


def test_a_text_without_translation_is_its_own() -> None:
    assert translate("no such message") == "no such message"
    assert translate("") == ""
    assert N_("a") == "a"


def test_a_language_without_texts_is_refused_with_those_there_are() -> None:
    for language in ("xx", "kr", "fr_FR"):
        with pytest.raises(ValueError, match=f"'{language}'; choose one of en, ko"):
            translate("otherwise", language)


def test_a_region_falls_back_on_its_language() -> None:
    assert {translate("otherwise", x) for x in ("ko", "ko_KR", "ko-KR", "KO")} == {"(그 외)"}
    assert translate("otherwise", "en-GB") == "otherwise"


def test_what_is_counted_takes_the_form_of_its_number() -> None:
    steps = NN_("{number} step", "{number} steps")
    assert [count(steps, k) for k in (0, 1, 2)] == ["0 steps", "1 step", "2 steps"]
    assert {count(steps, k, "ko") for k in (0, 1, 2)} == {"0단계", "1단계", "2단계"}


def test_a_value_is_not_read_as_a_hole() -> None:
    assert phrase("the fact {fact} is false: {left} is not {right}", fact="{left}", left="1") == (
        "the fact {left} is false: 1 is not {right}"
    )


@pytest.mark.parametrize("language", ["../../etc", "", "en/..", "e", "en_US.UTF-8", "\x00"])
def test_a_language_is_a_code(language: str) -> None:
    with pytest.raises(ValueError, match="language code"):
        translate("otherwise", language)


def test_the_catalogues_are_there_and_read() -> None:
    assert CATALOGUES
    for path in CATALOGUES:
        with path.open("rb") as file:
            gettext.GNUTranslations(file)


def test_every_rule_text_is_in_the_catalogue() -> None:
    pofile = pytest.importorskip("babel.messages.pofile")
    for path in CATALOGUES:
        with path.with_suffix(".po").open("rb") as file:
            known = {message.id for message in pofile.read_po(file)}
        told = {text for rule in ALL_RULES for text in (rule.title, rule.note) if text}
        assert told <= known, "run python -m symderiv.locale.update"


def test_translations_keep_their_placeholders() -> None:
    pofile = pytest.importorskip("babel.messages.pofile")
    from symderiv.document.words import placeholders

    for path in CATALOGUES:
        with path.with_suffix(".po").open("rb") as file:
            for message in pofile.read_po(file):
                one = isinstance(message.id, str)
                told = (message.string,) if one else message.string
                asked = placeholders(message.id if one else message.id[-1])
                for text in filter(None, told if message.id else ()):
                    assert placeholders(text) == asked, message.id


@pytest.mark.parametrize(
    ("said", "prefix", "left"),
    [
        ("ab: no shape", "ab", "no shape"),
        ("abnormal shapes", "ab", "abnormal shapes"),
        ("notes.md.bak: gone", "notes.md", "notes.md.bak: gone"),
        ("Dense(3) takes a vector", "Dense(3)", "takes a vector"),
    ],
)
def test_only_a_whole_name_is_left_out(said: str, prefix: str, left: str) -> None:
    assert After("{said}", said=said, prefix=prefix) == left

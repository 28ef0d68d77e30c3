"""One catalogue for every text that people read."""

from __future__ import annotations

import gettext
from importlib.resources import files
from pathlib import Path

import pytest

from symderiv.document.messages import N_, translate
from symderiv.rules import ALL_RULES

CATALOGUES = sorted(Path(str(files("symderiv") / "locale")).glob("*/LC_MESSAGES/symderiv.mo"))


def test_a_text_without_translation_is_its_own() -> None:
    assert translate("no such message") == "no such message"
    assert translate("otherwise", "xx") == "otherwise"
    assert translate("") == ""
    assert N_("a") == "a"


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
                if message.id and message.string:
                    assert placeholders(message.string) == placeholders(message.id), message.id

"""The catalogues hold every text, whole, compiled, and with the same things to fill in."""

from __future__ import annotations

import gettext
import io
import re
from typing import Any

import pytest

from symderiv.document.laws import law
from symderiv.document.messages import languages
from symderiv.rules import ALL_RULES

LANGUAGES = languages()
TRANSLATED = [language for language in LANGUAGES if language != "en"]
HOLES = re.compile(r"\{[^{}]*\}")


def test_there_are_english_and_korean() -> None:
    assert {"en", "ko"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_the_marked_messages_and_no_others(
    language: str, marked: frozenset[Any], read: Any
) -> None:
    held = {message.id for message in read(language) if message.id}
    assert held == marked, "run python -m symderiv.locale.update"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str, read: Any, texts: Any) -> None:
    missing = [m.id for m in read(language) if m.id and not all(texts(m))]
    unsure = [m.id for m in read(language) if m.fuzzy and m.id]
    assert (missing, unsure) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_holes(language: str, read: Any, texts: Any) -> None:
    for message in read(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        for text in filter(None, texts(message) if message.id else ()):
            assert sorted(HOLES.findall(text)) == sorted(HOLES.findall(ids[-1])), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_up_to_date(language: str, read: Any, path_of: Any) -> None:
    mofile = pytest.importorskip("babel.messages.mofile")
    fresh = io.BytesIO()
    mofile.write_mo(fresh, read(language))
    fresh.seek(0)
    with path_of(language, ".mo").open("rb") as file:
        found, wanted = (gettext.GNUTranslations(f)._catalog for f in (file, fresh))
    assert {k: v for k, v in found.items() if k} == {k: v for k, v in wanted.items() if k}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_rule_goes_untold(language: str, read: Any, texts: Any) -> None:
    known = {m.id: texts(m) for m in read(language)}
    for rule in ALL_RULES:
        for text in filter(None, (rule.title, rule.note)):
            assert all(known[text]), text


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_words_of_a_law_are_translated(language: str) -> None:
    for rule in ALL_RULES:
        said = re.findall(r"\\text\{([^}]*)\}", law(rule, language))
        assert not [text for text in said if re.search("[A-Za-z]{2,}", text)], rule.name
        assert law(rule, "en") == rule.law

"""Collect the message ids, update every ``.po``, and compile every ``.mo``; needs Babel.

Run ``python -m symderiv.locale.update`` in a checkout after a text has changed, and
``python -m symderiv.locale.update de`` to begin a language. Message ids are the strings marked
by ``N_`` and ``NN_``, and what all rules say: titles, notes, first sentences, and words in laws.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LOCALES = Path(__file__).parent
PACKAGE = LOCALES.parent
DOMAIN = "symderiv"
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
MARKS = {"N_": None, "NN_": (1, 2)}

MessageId = str | tuple[str, ...]
"""A message id, or those of one and of many where something is counted."""


def messages() -> list[tuple[MessageId, str]]:
    """``(message id, where it stands)``, in the order of the files."""
    from babel.messages.extract import extract_from_dir

    found: dict[MessageId, str] = {}
    marked = extract_from_dir(PACKAGE, method_map=[("**.py", "python")], keywords=MARKS)
    for name, _line, message, _comments, _context in sorted(marked, key=lambda x: (x[0], x[1])):
        if message:
            found.setdefault(message, name.replace("\\", "/"))
    for message, name in _of_rules():
        found.setdefault(message, name)
    return list(found.items())


def _of_rules() -> list[tuple[str, str]]:
    from symderiv.document.laws import explanation, words_of
    from symderiv.rules import ALL_RULES

    return [
        (text, rule.apply.__module__.removeprefix("symderiv.").replace(".", "/") + ".py")
        for rule in ALL_RULES
        for text in (rule.title, rule.note, explanation(rule), *words_of(rule))
        if text
    ]


def template() -> Any:
    """The catalogue of all message ids, without translations."""
    from babel.messages.catalog import Catalog

    catalogue = Catalog(fuzzy=False)
    for message, where in messages():
        catalogue.add(message, locations=[(where, 0)])
    return catalogue


def update(language: str) -> None:
    """Bring one language up to date; its translations stay."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po, write_po

    folder = LOCALES / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    po, mo = folder / f"{DOMAIN}.po", folder / f"{DOMAIN}.mo"
    if po.exists():
        with po.open("rb") as file:
            catalogue = read_po(file, locale=language)
    else:
        catalogue = Catalog(locale=language, fuzzy=False)
    catalogue.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.header_comment = f"# The texts of symderiv in {language}."
    catalogue.project, catalogue.version = DOMAIN, "0"
    catalogue.creation_date = catalogue.revision_date = CREATED
    catalogue.last_translator = catalogue.msgid_bugs_address = "the symderiv contributors"
    catalogue.language_team = language
    with po.open("wb") as file:
        write_po(file, catalogue, include_lineno=False, omit_header=False, ignore_obsolete=True)
    with mo.open("wb") as file:
        write_mo(file, catalogue)


def main(languages: list[str]) -> None:
    """Update the languages that are there, and those named."""
    there = [folder.name for folder in LOCALES.iterdir() if (folder / "LC_MESSAGES").is_dir()]
    for language in sorted({*there, *languages}):
        update(language)


if __name__ == "__main__":
    main(sys.argv[1:])

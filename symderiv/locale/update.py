"""Collect the message ids, update every ``.po``, and compile every ``.mo``; needs Babel.

Run ``python -m symderiv.locale.update`` in a checkout after a text has changed, and
``python -m symderiv.locale.update de`` to begin a language. Message ids are the strings marked
by ``N_`` and ``NN_`` or filled in by ``Sentence``, what all rules say (titles, notes, first
sentences, and words in laws), and the help of the commands.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LOCALES = Path(__file__).parent
PACKAGE = LOCALES.parent
DOMAIN = "symderiv"
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
MARKS = {"N_": 1, "NN_": 2, "Sentence": 1}
"""The functions that mark message ids, and how many ids are their first arguments."""

MessageId = str | tuple[str, ...]
"""A message id, or those of one and of many where something is counted."""


def messages() -> list[tuple[MessageId, str]]:
    """``(message id, where it stands)``, in the order of the files."""
    found: dict[MessageId, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for message in marked(path.read_text(encoding="utf-8")):
            found.setdefault(message, path.relative_to(PACKAGE).as_posix())
    for message, name in [*_of_rules(), *_of_commands()]:
        found.setdefault(message, name)
    return list(found.items())


def marked(source: str) -> Iterator[MessageId]:
    """The message ids that a module marks, in the order in which they stand there.

    >>> list(marked('a = N_("one") + Sentence("{x} is two", x=f"{b}") + N_(c)'))
    ['one', '{x} is two']
    """
    calls = (x for x in ast.walk(ast.parse(source)) if isinstance(x, ast.Call))
    for call in sorted(calls, key=lambda x: (x.lineno, x.col_offset)):
        wanted = MARKS.get(getattr(call.func, "id", ""), 0)
        values = [x.value for x in call.args[:wanted] if isinstance(x, ast.Constant)]
        texts = [x for x in values if isinstance(x, str) and x]
        if wanted and len(texts) == wanted:
            yield texts[0] if wanted == 1 else tuple(texts)


def _of_rules() -> list[tuple[str, str]]:
    from symderiv.document.laws import explanation, words_of
    from symderiv.rules import ALL_RULES

    return [
        (text, rule.apply.__module__.removeprefix("symderiv.").replace(".", "/") + ".py")
        for rule in ALL_RULES
        for text in (rule.title, rule.note, explanation(rule), *words_of(rule))
        if text
    ]


def _of_commands() -> list[tuple[str, str]]:
    """What the commands and their options do."""
    from inspect import cleandoc

    from symderiv.cli.commands import commands

    every = [commands, *commands.commands.values()]
    helps = [getattr(x, "help", None) for c in every for x in (c, *c.params)]
    return [(cleandoc(text), "cli/commands.py") for text in helps if text]


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

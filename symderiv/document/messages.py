"""Every text that people read, through one catalogue.

Titles and notes of rules, texts of the catalogue, words of the renderers and lines of reports are
message ids (marked by `N_`, or by `NN_` where something is counted);
``symderiv/locale/<language>/LC_MESSAGES/symderiv.mo`` holds what they become. Only the standard
library's gettext runs here. After a change of texts, with Babel installed::

    python -m symderiv.locale.update

collects the message ids, updates the ``.po`` files and compiles the ``.mo`` files.
"""

from __future__ import annotations

import gettext
import re
from functools import lru_cache
from importlib.resources import as_file, files

from symderiv.core.messages import N_, NN_, Sentence, filled

__all__ = ["NN_", "N_", "count", "known_language", "languages", "phrase", "told", "translate"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})?")
_SOURCE = "en"


def translate(message: str, language: str = _SOURCE) -> str:
    """The text of a message id; the id itself where a catalogue lacks it.

    Raises `ValueError` for a language that has no catalogue.

    >>> translate("otherwise"), translate("otherwise", "ko")
    ('otherwise', '(그 외)')
    """
    return _catalogue(language).gettext(message) if message else ""


def count(messages: tuple[str, str], number: int, language: str = _SOURCE) -> str:
    """A counted message in the form that the number takes, with ``{number}`` filled in.

    >>> steps = NN_("{number} step", "{number} steps")
    >>> count(steps, 1), count(steps, 3), count(steps, 3, "ko")
    ('1 step', '3 steps', '3단계')
    """
    told = _catalogue(language).ngettext(*messages, number)
    return told.replace("{number}", str(number))


def phrase(message: str, language: str = _SOURCE, **values: str) -> str:
    """A message with plain texts for its placeholders; `fill` of `words` takes expressions too.

    >>> phrase("Lemma {number}", "ko", number="2")
    '보조정리 2'
    """
    return filled(translate(message, language), values)


def told(said: str, language: str = _SOURCE) -> str:
    """A sentence in a language; a text that is none is looked up as it is.

    >>> told(Sentence("Lemma {number}", number="2"), "ko")
    '보조정리 2'
    """
    if not isinstance(said, Sentence):
        return translate(said, language)
    return said.translated(lambda message: translate(message, language))


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue.

    >>> languages()
    ('en', 'ko')
    """
    folders = (files("symderiv") / "locale").iterdir()
    return tuple(sorted(f.name for f in folders if (f / "LC_MESSAGES" / "symderiv.mo").is_file()))


def known_language(language: str) -> str:
    """The catalogue of a language: its own, or that of the language without the region.

    Raises `ValueError` for what is no language code, and for a language without a catalogue.

    >>> known_language("en"), known_language("ko-KR")
    ('en', 'ko')
    """
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(
            Sentence(
                "{language} is not a language code; choose one of {known}",
                language=repr(language),
                known=", ".join(languages()),
            )
        )
    bare, _, region = language.replace("-", "_").partition("_")
    for name in (f"{bare.lower()}_{region.upper()}", bare.lower()):
        if name in languages():
            return name
    raise ValueError(
        Sentence(
            "there are no texts in the language {language}; choose one of {known}",
            language=repr(language),
            known=", ".join(languages()),
        )
    )


@lru_cache(maxsize=32)
def _catalogue(language: str) -> gettext.NullTranslations:
    code = known_language(language)
    with as_file(files("symderiv") / "locale") as folder:
        return gettext.translation("symderiv", folder, languages=[code])

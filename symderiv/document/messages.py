"""Every text that people read, through one catalogue.

Titles and notes of rules, texts of the catalogue and words of the renderers are message ids
(marked by `N_`); ``symderiv/locale/<language>/LC_MESSAGES/symderiv.mo`` holds what they become.
Only the standard library's gettext runs here. After a change of texts, with Babel installed::

    python -m symderiv.locale.update

collects the message ids, updates the ``.po`` files and compiles the ``.mo`` files.
"""

from __future__ import annotations

import gettext
import re
from functools import lru_cache
from importlib.resources import as_file, files

from symderiv.core.messages import N_

__all__ = ["N_", "translate"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})?")


def translate(message: str, language: str = "en") -> str:
    """The text of a message id; the id itself where a language does not have it.

    >>> translate("otherwise"), translate("otherwise", "xx")
    ('otherwise', 'otherwise')
    """
    return _catalogue(language).gettext(message) if message else ""


@lru_cache(maxsize=32)
def _catalogue(language: str) -> gettext.NullTranslations:
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"{language!r} is not a language code; write one such as 'en' or 'pt_BR'")
    with as_file(files("symderiv") / "locale") as folder:
        code = language.replace("-", "_")
        return gettext.translation("symderiv", folder, languages=[code], fallback=True)

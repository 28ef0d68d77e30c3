"""The law of a rule as a formula, its words in a language."""

from __future__ import annotations

import re

from symderiv.core.rule import Rule
from symderiv.document.messages import N_, translate

FOR = N_("for")
"""Before what holds of the names in a law: ``… for u = f(x)``."""

_TEXT = re.compile(r"\\text\{( ?)([^{}]*?)( ?)\}")


def law(rule: Rule, language: str = "en") -> str:
    r"""The law in LaTeX.

    >>> from symderiv.rules import ALL_RULES
    >>> law(ALL_RULES["chain.definition"], "ko")
    '\\frac{\\partial u}{\\partial x} = \\frac{\\partial}{\\partial x} f(x) \\text{ 단, } u = f(x)'
    """
    return _TEXT.sub(lambda found: _told(found, language), rule.law)


def _told(found: re.Match[str], language: str) -> str:
    before, words, after = found.groups()
    return rf"\text{{{before}{translate(words, language)}{after}}}"

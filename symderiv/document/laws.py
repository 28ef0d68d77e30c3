"""The law of a rule as a formula and in a sentence, in a language."""

from __future__ import annotations

import re

from symderiv.core.rule import Rule
from symderiv.document.messages import translate

_TEXT = re.compile(r"\\text\{( ?)([^{}]*?)( ?)\}")
_CASE = re.compile(r"\\text\{if \}([^&\\]+)(?= \\\\)")
IF = "if {condition}"
"""As derivations say it of their cases."""


def law(rule: Rule, language: str = "en") -> str:
    r"""The law in LaTeX.

    >>> from symderiv.rules import ALL_RULES
    >>> law(ALL_RULES["chain.definition"], "ko")
    '\\frac{\\partial u}{\\partial x} = \\frac{\\partial f(x)}{\\partial x} \\text{ 단, } u = f(x)'
    """
    pieces = _CASE.split(rule.law)
    around = [rf"\text{{{x}}}" if x else "" for x in translate(IF, language).split("{condition}")]
    pieces[::2] = [_TEXT.sub(lambda found: _told(found, language), piece) for piece in pieces[::2]]
    pieces[1::2] = [condition.join(around) for condition in pieces[1::2]]
    return "".join(pieces)


def words_of(rule: Rule) -> tuple[str, ...]:
    r"""What a law says in words, ``\text{ for }``: message ids.

    >>> from symderiv.rules import ALL_RULES
    >>> words_of(ALL_RULES["chain.definition"])
    ('for',)
    """
    return tuple(found[2] for found in _TEXT.finditer(_CASE.sub("", rule.law)) if found[2])


def explanation(rule: Rule, language: str = "en") -> str:
    """The first sentence that the docstring of a rule says of it; empty where there is none.

    >>> from symderiv.rules import ALL_RULES
    >>> explanation(ALL_RULES["log.exp"]), explanation(ALL_RULES["log.exp"], "ko")
    ('For a real exponent.', '지수가 실수일 때.')
    """
    first = (rule.apply.__doc__ or "").strip().partition("\n")[0].strip()
    return "" if first.startswith(">>>") else translate(first, language)


def _told(found: re.Match[str], language: str) -> str:
    before, words, after = found.groups()
    return rf"\text{{{before}{translate(words, language)}{after}}}"

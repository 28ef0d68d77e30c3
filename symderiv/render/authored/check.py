r"""LaTeX that a person wrote: the commands of mathematics, and a last look at what uses them.

Whatever checks a formula where it is read, a renderer does not trust it: a command that is not
listed here (``\input``, ``\write``, ``\def``, …) makes the formula show as its source.
"""

from __future__ import annotations

import re
from unicodedata import category

from symderiv.render.authored.commands import COMMANDS, ENVIRONMENTS

_TOKEN = re.compile(
    r"\\(?P<edge>begin|end)\s*\{(?P<name>[a-zA-Z]+)\}|\\(?P<word>[A-Za-z]+)"
    r"|\\(?P<sign>[,;:!|{}_&%\#$ ])|(?P<row>\\\\)|(?P<one>[^\\])",
    re.DOTALL,
)


def is_formula(latex: str) -> bool:
    r"""Is it balanced, and made of known commands alone?

    >>> is_formula(r"\frac{a}{b}"), is_formula(r"\input{x}"), is_formula("a}"), is_formula("a $ b")
    (True, False, False, False)
    """
    open_: list[str] = []
    at = 0
    while at < len(latex):
        token = _TOKEN.match(latex, at)
        if token is None or not _is_harmless(token, open_) or latex.startswith("^^", at):
            return False
        at = token.end()
    blank_line = re.search(r"\n\s*\n", latex)
    dangling = re.search(r"(?<!\\)[_^]\s*(?:[_^}&]|$)", latex)
    return bool(latex.strip()) and not open_ and not blank_line and not dangling


def _is_harmless(token: re.Match[str], open_: list[str]) -> bool:
    """Is the token known, and does it fit what is open?"""
    if token["edge"] == "begin":
        open_.append(token["name"])
        return token["name"] in ENVIRONMENTS
    if token["edge"]:
        return bool(open_) and open_.pop() == token["name"]
    if token["word"] == "left":
        open_.append("left")
    elif token["word"] == "right":
        return bool(open_) and open_.pop() == "left"
    elif token["word"]:
        return token["word"] in COMMANDS
    elif token["one"] == "{":
        open_.append("{")
    elif token["one"] == "}":
        return bool(open_) and open_.pop() == "{"
    elif token["row"] or token["one"] == "&":
        return bool(open_) and open_[-1] in ENVIRONMENTS
    elif token["one"]:
        return token["one"] not in "%#$~" and _is_seen(token["one"])
    return True


def _is_seen(one: str) -> bool:
    """Is it a sign or a plain space, and no separator of lines or of records in disguise?"""
    return one.isprintable() or one in "\t\n" or category(one) == "Zs"

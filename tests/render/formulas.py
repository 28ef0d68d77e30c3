"""Every command and environment that an author may use, each in a small formula."""

from __future__ import annotations

from symderiv.render.authored import COMMANDS, ENVIRONMENTS, KINDS

TWO = frozenset(
    ["frac", "dfrac", "tfrac", "binom", "tbinom", "dbinom", "overset", "underset", "stackrel"]
)
ONE = KINDS["accents"] | KINDS["alphabets"] | KINDS["texts"] | {"sqrt", "operatorname", "substack"}


def example(command: str) -> str:
    """A formula with the command, and what it needs."""
    if command in TWO:
        return rf"\{command}{{a}}{{b}}"
    if command in ONE:
        return rf"\{command}{{ab}}"
    if command == "middle":
        return r"\left( a \middle| b \right)"
    if command in KINDS["sizes"]:
        return rf"\{command}( x"
    if command in ("limits", "nolimits"):
        return rf"\sum\{command}_a x"
    return rf"a \{command} b"


def environment(name: str) -> str:
    """A formula of two rows."""
    cells = "a & b" if name != "gathered" else "a"
    return rf"\begin{{{name}}} {cells} \\ {cells} \end{{{name}}}"


EVERY = [*map(example, sorted(COMMANDS)), *map(environment, sorted(ENVIRONMENTS))]

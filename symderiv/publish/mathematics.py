r"""Which LaTeX an author may write between dollars: mathematics, and nothing that acts.

Every command, environment and character must be on a list here. So ``\href``, ``\input``,
``\def`` and their kin have no way in, whatever a renderer does with a formula.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from symderiv.core.errors import ParseError
from symderiv.core.messages import N_, Sentence
from symderiv.render.authored import COMMANDS, DELIMITERS, ENVIRONMENTS, TEXTS

MAX_FORMULA = 5_000
MAX_DEPTH = 40

KINDS_OF_COMMANDS = N_(
    "there are letters, functions, sums, fractions, accents, alphabets, arrows, \\text{…}, "
    "\\left…\\right, and environments such as cases, pmatrix and aligned"
)
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]+)|\\(?P<sign>[,;:!|{}_&#$% \\])|(?P<space>\s+)|(?P<one>.)", re.DOTALL
)
_ENVIRONMENT = re.compile(r"\s*\{([A-Za-z]+\*?)\}")
_DELIMITER = re.compile(r"\s*(\\[A-Za-z]+|\\[{}|]|[()\[\]|/.<>])")
_CHARACTERS = frozenset("0123456789+-=*/()[]{}<>|.,:;!?'^_&")
_OUTER_SPACE = re.compile(r"\A\s+|(?<!\\)\s+\Z|(?<=\\\\)\s+\Z|(?<=\\\s)\s+\Z")
"""All but the space of a command ``\\ `` at the end."""
_NAMED = re.compile(r"\\([A-Za-z]+)")


def check_formula(latex: str) -> str:
    r"""The formula itself, without the space around it, and without blank lines.

    Raises:
        ParseError: it holds something that is not on the lists; ``position`` is its place.

    >>> check_formula(r" \frac{a}{b} ")
    '\\frac{a}{b}'
    >>> check_formula(r"\href{javascript:alert(1)}{x}")
    Traceback (most recent call last):
    symderiv.core.errors.ParseError: \href is not on the list of commands for formulas; ...
    """
    if len(latex) > MAX_FORMULA:
        raise ParseError(
            Sentence(
                "the formula has {count} characters; at most {most} are read",
                count=f"{len(latex):,}",
                most=f"{MAX_FORMULA:,}",
            ),
            0,
        )
    if not latex.strip():
        raise ParseError(Sentence("the formula is empty"), 0)
    _Formula(latex).check()
    return re.sub(r"\n\s*\n", "\n", _OUTER_SPACE.sub("", latex))


@dataclass(slots=True)
class _Formula:
    r"""A place in a formula, and what is open there: braces, ``\left`` and environments."""

    latex: str
    open: list[tuple[str, int]] = field(default_factory=list)
    at: int = 0
    scripted: bool = False

    def check(self) -> None:
        while self.at < len(self.latex):
            token = _TOKEN.match(self.latex, self.at)
            assert token is not None  # the last alternative takes any character
            start, self.at = self.at, token.end()
            if token["word"]:
                self.command(token["word"], start)
            elif token["sign"]:
                self.sign(token["sign"], start)
            elif token["one"]:
                self.character(token["one"], start)
            if not token["space"] and token["one"] not in ("^", "_"):
                self.scripted = False
        if self.scripted:
            raise ParseError(Sentence("^ or _ has nothing after it"), len(self.latex) - 1)
        if self.open:
            what, where = self.open[-1]
            raise ParseError(Sentence("{what} is not closed", what=what), where)

    # ------------------------------------------------------------ commands

    def command(self, word: str, start: int) -> None:
        if word in ("begin", "end"):
            self.environment(word, start)
        elif word in ("left", "right"):
            self.fence(word, start)
        elif word not in COMMANDS:
            raise ParseError(_unknown(word), start)
        elif word in TEXTS and self.latex[self.at : self.at + 1] == "{":
            self.text(start)

    def environment(self, word: str, start: int) -> None:
        named = _ENVIRONMENT.match(self.latex, self.at)
        name = named[1] if named else ""
        if named is None or name not in ENVIRONMENTS:
            known = ", ".join(sorted(ENVIRONMENTS))
            raise ParseError(
                Sentence(
                    "\\{word}{{name}} is not on the list of environments: {known}",
                    word=word,
                    name=name,
                    known=known,
                ),
                start,
            )
        self.at = named.end()
        if word == "begin":
            self.enter(f"\\begin{{{name}}}", start)
        else:
            self.leave(f"\\begin{{{name}}}", f"\\end{{{name}}}", start)

    def fence(self, word: str, start: int) -> None:
        found = _DELIMITER.match(self.latex, self.at)
        named = _NAMED.fullmatch(found[1]) if found else None
        if found is None or (named and named[1] not in DELIMITERS | {"uparrow", "downarrow"}):
            raise ParseError(
                Sentence("\\{word} needs a bracket after it, such as \\{word}(", word=word), start
            )
        self.at = found.end()
        if word == "left":
            self.enter("\\left", start)
        else:
            self.leave("\\left", "\\right", start)

    def text(self, start: int) -> None:
        """Braces with running text: any letters, no commands, no formulas."""
        depth, at = 0, self.at
        while at < len(self.latex):
            c = self.latex[at]
            if c == "\\":
                if self.latex[at + 1 : at + 2] not in tuple("_&#%{} $"):
                    raise ParseError(Sentence("running text in a formula holds no commands"), at)
                at += 1
            elif c in "$%#&~^" or not _seen(c):
                raise ParseError(
                    Sentence("{c} cannot stand in the text of a formula", c=repr(c)), at
                )
            depth += (c == "{") - (c == "}")
            at += 1
            if not depth:
                self.at = at
                return
        raise ParseError(Sentence("the braces of this text are not closed"), start)

    # ------------------------------------------------------------ signs

    def sign(self, sign: str, start: int) -> None:
        if sign == "\\" and not any(what.startswith("\\begin") for what, _ in self.open):
            raise ParseError(
                Sentence("a new line \\\\ stands only in an environment such as aligned"), start
            )
        if sign in "$#":
            raise ParseError(Sentence("\\{sign} stands only in \\text{…}", sign=sign), start)

    def character(self, c: str, start: int) -> None:
        if c == "{":
            self.enter("{", start)
        elif c == "}":
            self.leave("{", "}", start)
        elif c in "^_":
            if self.scripted:
                raise ParseError(Sentence("^ or _ has nothing after it"), start)
            self.scripted = True
        elif c == "&" and not any(what.startswith("\\begin") for what, _ in self.open):
            raise ParseError(Sentence("& stands only in an environment such as aligned"), start)
        elif c == "\\":
            raise ParseError(Sentence("this backslash begins no command"), start)
        elif c not in _CHARACTERS and not c.isalpha():
            raise ParseError(
                Sentence("{c} (U+{ord}) cannot stand in a formula", c=repr(c), ord=f"{ord(c):04X}"),
                start,
            )

    def enter(self, what: str, start: int) -> None:
        self.open.append((what, start))
        if len(self.open) > MAX_DEPTH:
            raise ParseError(
                Sentence("the formula is nested more than {most} deep", most=MAX_DEPTH), start
            )

    def leave(self, what: str, closing: str, start: int) -> None:
        if not self.open or self.open[-1][0] != what:
            raise ParseError(Sentence("{closing} closes nothing", closing=closing), start)
        if self.scripted:
            raise ParseError(Sentence("^ or _ has nothing after it"), start)
        self.open.pop()


def _seen(c: str) -> bool:
    return unicodedata.category(c)[0] not in "C" and unicodedata.category(c) not in ("Zl", "Zp")


def _unknown(word: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, sorted(COMMANDS | {"left", "right", "begin", "end"}), 3)
    near = ", ".join(f"\\{c}" for c in close)
    hint = Sentence("did you mean {names}?", names=near) if close else Sentence(KINDS_OF_COMMANDS)
    return Sentence(
        "\\{word} is not on the list of commands for formulas; {hint}", word=word, hint=hint
    )

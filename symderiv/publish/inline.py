"""Running text: tokens of one line of Markdown to `Words`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symderiv.core.errors import ParseError
from symderiv.core.messages import Sentence, said_by
from symderiv.document.blocks import Break, Formula, Inline, Link, Styled, Words
from symderiv.document.words import joined
from symderiv.publish.footnotes import Footnotes
from symderiv.publish.mathematics import check_formula
from symderiv.publish.place import Place, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_STYLES = {"em": "emphasis", "strong": "strong", "s": "deleted"}


@dataclass(slots=True)
class Reader:
    """What reading running text leaves behind: what it cites, which addresses it
    leads to, and what is wrong with it.

    ``lines`` are those of the file, to find columns in; ``footnotes`` is None where the text can
    have none, and so is ``bare``, the links to sources that have no words yet.
    """

    file: str
    lines: Sequence[str]
    cited: list[tuple[str, Place]] = field(default_factory=list)
    linked: list[tuple[str, Place]] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)
    footnotes: Footnotes | None = None
    bare: list[tuple[str, Place]] | None = None

    def words(self, tokens: Sequence[Token], line: int) -> Words:
        """The words of the tokens; ``line`` is where they begin in the file, from 1."""
        return _Run(self, line).words(list(tokens))

    def formula(self, latex: str, line: int) -> str:
        """A formula that was checked; one that is refused is noted, and left out."""
        try:
            return check_formula(latex)
        except ParseError as error:
            position = error.position or 0
            down = latex[:position].count("\n")
            column = position - (latex[:position].rfind("\n") + 1 if down else 0)
            self.errors.append(SourceError(said_by(error), self._place(latex, line, down, column)))
            return ""

    def _place(self, latex: str, line: int, down: int, column: int) -> Place:
        """Where a character of a formula stands, if the formula is found in its line."""
        first = latex.split("\n")[down]
        row = self.lines[line + down - 1] if line + down <= len(self.lines) else ""
        start = row.find(first)
        return Place(self.file, line + down, start + column + 1 if start >= 0 else 0)

    def mark(self, label: str, line: int) -> Words:
        """The mark of a footnote."""
        place = Place(self.file, line)
        if self.footnotes is None:
            self.errors.append(SourceError(Sentence("no footnote can stand here"), place))
            return ()
        return (self.footnotes.mark(label, place),)

    def target(self, address: str, line: int, *, empty: bool) -> str:
        """Where a link leads; nothing, and an error, if it is not for a reader to follow."""
        if address.startswith("#"):
            from urllib.parse import unquote

            label = unquote(address[1:])
            self.cited.append((label, Place(self.file, line)))
            return f"#{label}"
        from symderiv.publish.labels import is_source
        from symderiv.publish.links import ALLOWED, is_abroad, is_fit

        fit, place = is_fit(address), Place(self.file, line)
        if empty and fit and is_source(address) and self.bare is not None:
            self.bare.append((address, place))
        elif empty and fit:
            message = Sentence(
                "the link to {address} has no words; only a link to a label or to another source "
                "may have none",
                address=address[:60],
            )
            self.errors.append(SourceError(message, place))
        if not fit:
            message = Sentence(
                "the link may not lead to {address}; {allowed}",
                address=repr(address[:60]),
                allowed=Sentence(ALLOWED),
            )
            self.errors.append(SourceError(message, place))
            return ""
        if not is_abroad(address):
            self.linked.append((address, place))
        return address


@dataclass(slots=True)
class _Run:
    """A run of tokens, and the line that it has come to."""

    reader: Reader
    line: int

    def words(self, tokens: list[Token]) -> Words:
        stack: list[tuple[Token | None, list[Inline]]] = [(None, [])]
        for token in tokens:
            if token.nesting == 1:
                stack.append((token, []))
            elif token.nesting == -1:
                opened, inside = stack.pop()
                assert opened is not None
                stack[-1][1].extend(self.closed(opened, joined(inside)))
            else:
                stack[-1][1].extend(self.leaf(token))
        return joined(stack[0][1])

    def closed(self, token: Token, inside: Words) -> Words:
        if token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            target = self.reader.target(address, self.line, empty=not inside)
            return (Link(inside, target),) if target else inside
        return (Styled(_STYLES[token.tag], inside),) if token.tag in _STYLES else inside

    def leaf(self, token: Token) -> Words:
        match token.type:
            case "softbreak":
                self.line += 1
                return (" ",)
            case "hardbreak":
                self.line += 1
                return (Break(),)
            case "code_inline":
                return (Styled("code", (token.content,)),)
            case "math_inline" | "math_inline_double":
                latex = self.reader.formula(token.content, self.line)
                self.line += token.content.count("\n")
                return (Formula(" ".join(latex.split())),) if latex else ()
            case "footnote_ref":
                return self.reader.mark(str(token.meta["label"]), self.line)
            case "image":
                message = Sentence("an image stands in a paragraph of its own")
                self.reader.errors.append(SourceError(message, Place(self.reader.file, self.line)))
                return ()
        return (token.content,) if token.content else ()

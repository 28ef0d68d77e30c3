"""Markdown's blocks, one after the other, into the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence, said_by
from symderiv.document.article import Block, Code, Divider, Heading, Listing, Quote, Term, Terms
from symderiv.document.blocks import Words
from symderiv.document.words import joined
from symderiv.publish.anchors import check_heading
from symderiv.publish.doubts import Doubts
from symderiv.publish.groups import CAPTION, groups_of, is_caption, is_closed
from symderiv.publish.inline import Reader
from symderiv.publish.place import CheckFailed, Place, SourceError, Text
from symderiv.publish.registry import carry_out
from symderiv.publish.session import Session, checked_label
from symderiv.publish.statement import Statement, all_statements

if TYPE_CHECKING:
    from markdown_it.token import Token

FENCE = "symderiv"
_LABEL = re.compile(r"\s*\{#([^{}]*)\}\s*\Z")


@dataclass(slots=True)
class Blocks:
    """Reads tokens into a session's composer; errors are noted, and reading goes on.

    After a statement that cannot be carried out, those that may rest on it are left alone:
    ``doubts`` has what may be missing.
    """

    session: Session
    reader: Reader
    doubts: Doubts = field(default_factory=Doubts)

    def read(self, tokens: Sequence[Token]) -> None:
        """Every block of a run of tokens."""
        groups = list(groups_of(tokens))
        for at, group in enumerate(groups):
            faults = len(self.reader.errors)
            try:
                if not is_caption(groups[max(at - 1, 0) : at + 1]):
                    self.block(group, groups[at : at + 2])
            except SourceError as error:
                self.reader.errors.append(error)
            except RecursionError:
                place = Place(self.reader.file, (group[0].map or [0])[0] + 1)
                said = Sentence("this is nested too deep")
                self.reader.errors.append(SourceError(said, place))
            if len(self.reader.errors) > faults:
                self.miss([*group, *(groups[at + 1] if is_caption(groups[at : at + 2]) else ())])

    def miss(self, tokens: Sequence[Token]) -> None:
        """Note the labels that a faulty block may have left unborne."""
        lines = [at for token in tokens if token.map for at in range(*token.map)]
        self.doubts.miss(self.reader.lines[at] for at in sorted(set(lines)))
        # The label of a heading may be made of its words.
        self.doubts.all_labels |= tokens[0].type == "heading_open"

    def block(self, group: Sequence[Token], with_next: Sequence[Sequence[Token]]) -> None:
        """One block; the next one may be its caption."""
        first = group[0]
        match first.type:
            case "heading_open":
                self.heading(group)
            case "paragraph_open":
                self.paragraph(group)
            case "bullet_list_open" | "ordered_list_open":
                self.listing(group)
            case "dl_open":
                self.terms(group)
            case "footnote_reference_open" if self.reader.footnotes is not None:
                place = Place(self.reader.file, (first.map or [0])[0] + 1)
                self.reader.footnotes.write(group, place)
            case "blockquote_open":
                self.add(Quote(self.apart(group[1:-1])))
            case "table_open":
                self.table(group, with_next[-1][1] if is_caption(with_next) else None)
            case "fence":
                self.fence(first)
            case "code_block":
                self.add(Code(first.content.rstrip("\n")))
            case "hr":
                self.add(Divider())
            case "math_block" | "math_block_label":
                self.display(first)

    def apart(self, tokens: Sequence[Token]) -> tuple[Block, ...]:
        """The blocks of an item, a quotation or a footnote."""
        with self.session.inside() as inner:
            self.read(tokens)
        return tuple(inner)

    def footnotes(self) -> None:
        """The footnotes that were cited, at the end of all."""
        if self.reader.footnotes is not None:
            found = self.reader.footnotes.block(self.apart, self.reader.errors)
            if found is not None:
                self.add(found)

    def add(self, block: Block) -> None:
        self.session.composer.add(block)

    # ------------------------------------------------------------ prose

    def words(self, inline: Token) -> Words:
        line = (inline.map or [0])[0] + 1
        return self.reader.words(inline.children or [], line)

    def heading(self, group: Sequence[Token]) -> None:
        level = int(group[0].tag[1])
        label = self.label(group[0], group[1])
        words = self.words(group[1])
        check_heading(words, Place(self.reader.file, (group[0].map or [0])[0] + 1))
        if level == 1 and not self.session.title and not self.session.composer.blocks and not label:
            self.session.title = words
            return
        self.session.level = level
        if label:
            with label.placed():
                self.session.composer.heading(level, words, label.text)
        else:
            self.add(Heading(level, words))

    def label(self, opened: Token, inline: Token) -> Text | None:
        """``{#label}`` at the end of a line, or on a line of its own above."""
        line = (opened.map or [0])[0] + 1
        found = opened.attrs.get("id")
        children = inline.children or []
        last = children[-1] if children else None
        inside = _LABEL.search(last.content) if last and last.type == "text" else None
        if last is not None and inside is not None:
            last.content = last.content[: inside.start()]
            found = inside[1]
        if found is None:
            return None
        text = Text(str(found), self.reader.file, line)
        checked_label(text)
        return text

    def paragraph(self, group: Sequence[Token]) -> None:
        children = [c for c in group[1].children or [] if c.type != "text" or c.content.strip()]
        if len(children) == 1 and children[0].type == "image":
            self.image(children[0], group[0])
            return
        words = self.words(group[1])
        if words:
            self.session.composer.paragraph(*words)

    def image(self, token: Token, opened: Token) -> None:
        from symderiv.publish.images import picture

        line = (opened.map or [0])[0] + 1
        place = Place(self.reader.file, line)
        source, caption = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
        shown, path = picture(source, token.content, self.session.folder, self.session.root, place)
        self.session.assets.append(path)
        found = token.attrs.get("id") or opened.attrs.get("id")
        label = Text(str(found or ""), self.reader.file, line)
        words = self.session.inline(Text(caption, self.reader.file, line)) if caption else ()
        with label.placed():
            named = checked_label(label) if found else ""
            self.session.composer.figure(shown, words, named)

    def display(self, token: Token) -> None:
        line = (token.map or [0])[0] + 1
        down = token.content[: len(token.content) - len(token.content.lstrip())].count("\n")
        latex = self.reader.formula(token.content.strip("\n"), line + down)
        label = Text(token.info if token.type == "math_block_label" else "", self.reader.file, line)
        with label.placed():
            named = checked_label(label) if label.text else ""
            if latex:
                self.session.composer.display(latex, named)

    # ------------------------------------------------------------ blocks of blocks

    def listing(self, group: Sequence[Token]) -> None:
        items = tuple(self.apart(item[1:-1]) for item in groups_of(group[1:-1]))
        ordered = group[0].type == "ordered_list_open"
        start = int(group[0].attrs.get("start", 1)) if ordered else None
        self.add(Listing(items, start))

    def terms(self, group: Sequence[Token]) -> None:
        found: list[Term] = []
        for part in groups_of(group[1:-1]):
            if part[0].type == "dt_open":
                found.append(Term(self.words(part[1]), ()))
            else:
                meanings = (*found[-1].meanings, self.apart(part[1:-1]))
                found[-1] = Term(found[-1].words, meanings)
        self.add(Terms(tuple(found)))

    def table(self, group: Sequence[Token], below: Token | None) -> None:
        rows: list[list[Words]] = []
        align: list[str] = []
        for position, token in enumerate(group):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(self.words(group[position + 1]))
                if token.type == "th_open":
                    align.append(str(token.attrs.get("style", "")).partition("text-align:")[2])
        caption: Words = ()
        label = ""
        if below is not None:
            found = self.label(below, below)
            first, *rest = self.words(below)
            caption = joined([CAPTION.sub("", str(first), count=1), *rest])
            label = found.text if found else ""
        with Text("", self.reader.file, (group[0].map or [0])[0] + 1).placed():
            self.session.composer.table(
                tuple(rows[0]),
                [tuple(row) for row in rows[1:]],
                align=tuple(align),
                caption=caption,
                label=label,
            )

    # ------------------------------------------------------------ statements

    def fence(self, token: Token) -> None:
        words = token.info.split()
        line = (token.map or [0])[0] + 1
        mine = words in ([FENCE], ["python", FENCE], ["{python}"])
        if mine and not is_closed(token):
            raise self.unclosed(token, Place(self.reader.file, line))
        if words == [FENCE]:
            self.statements(self.inner(token))
        elif words in (["python", FENCE], ["{python}"]):
            self.python(self.inner(token), Place(self.reader.file, line))
        elif any(word.strip("{.}").casefold() == FENCE for word in words):
            raise SourceError(
                Sentence(
                    "expected ```{fence} or ```python {fence}, found {info}",
                    fence=FENCE,
                    info=repr(token.info[:40]),
                ),
                Place(self.reader.file, line),
            )
        else:
            self.add(Code(token.content.rstrip("\n"), words[0] if words else ""))

    def unclosed(self, token: Token, place: Place) -> SourceError:
        """An error; what a block would have stated is missing, whatever rests on it."""
        self.doubts.all_names = self.doubts.all_labels = True
        said = Sentence("this block is not closed; end it with a line {mark}", mark=token.markup)
        return SourceError(said, place)

    def inner(self, token: Token) -> Text:
        """What a fence holds, with how far it is indented in the file."""
        line = (token.map or [0])[0] + 2
        margin = 0
        for down, text in enumerate(token.content.split("\n")):
            row = (
                self.reader.lines[line + down - 1] if line + down <= len(self.reader.lines) else ""
            )
            if text.strip() and row.endswith(text):
                margin = len(row) - len(text)
                break
        return Text(token.content, self.reader.file, line, margin + 1, margin)

    def statements(self, block: Text) -> None:
        try:
            for s in all_statements(block):
                self.one(s)
        except SourceError:
            self.doubts.all_names = self.doubts.all_labels = True
            raise

    def one(self, s: Statement) -> None:
        """Carry out a statement, or note what is wrong with it and what is missing then."""
        if self.doubts.touch(s):
            self.doubts.fail(s)
            return
        before = self.session.vocabulary.child()
        try:
            if s.fault is not None:
                raise s.fault
            carry_out(s, self.session)
        except CheckFailed as failed:
            self.doubts.fail(s)
            self.session.failures.append(failed)
        except (DataError, SourceError) as error:
            self.doubts.fail(s)
            self.session.vocabulary = before
            told = error if isinstance(error, SourceError) else s.error(said_by(error))
            self.reader.errors.append(told)

    def python(self, code: Text, place: Place) -> None:
        if self.doubts.names or self.doubts.all_names:
            self.doubts.all_names = True
            return
        from symderiv.publish.python import run

        try:
            run(code, place, self.session)
        except SourceError:
            self.doubts.all_names = True
            raise

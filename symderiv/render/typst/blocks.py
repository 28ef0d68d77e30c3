"""The blocks of an article in Typst: calls of the functions of ``prelude.typ``."""

from __future__ import annotations

import re

from symderiv.document.article import (
    Article,
    Block,
    Code,
    Display,
    Divider,
    Figure,
    Footnotes,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Table,
    Terms,
    Told,
)
from symderiv.document.blocks import Words
from symderiv.document.laws import law as law_of
from symderiv.document.messages import translate
from symderiv.document.words import rule_anchor, unmarked
from symderiv.render.appendix import anchor_of, anchors, called, laws
from symderiv.render.layout import Row, Section, article_notation, say, shown_sections
from symderiv.render.names import has_hangul
from symderiv.render.notation import Notation
from symderiv.render.notation.breaking import LINE
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.typst.formula import typst_formula
from symderiv.render.typst.marked import InlineTypst, MarkedTypst, typst_part
from symderiv.render.typst.text import typst_string, typst_text
from symderiv.render.typst.words import authors_formula, typst_words
from symderiv.render.words import RULES

KOREAN = '  serif: ("Noto Serif KR",),\n  sans: ("Noto Sans KR",),\n'


class TypstWriter:
    """Writes one article; `assets` are the files of its pictures."""

    def __init__(self, article: Article) -> None:
        self.given = article
        self.anchors = anchors(article)
        self.style = MarkedTypst()
        self.marked = article_notation(article, self.style)
        self.inline = article_notation(article, InlineTypst())
        self.text = Notation(TextStyle(), language=article.language)
        self.assets: dict[str, bytes] = {}
        self._placed: set[str] = set()

    # ------------------------------------------------------------ the whole

    def article(self) -> str:
        """What follows the prelude."""
        article = self.given
        title = f"[{self.words(article.title)}]" if article.title else "none"
        body = "\n".join([*map(self.block, article.blocks), *self.appendix()])
        title, body = self.noted(title, body)
        fonts = KOREAN if has_hangul(title + body) else ""
        return (
            f"#show: article.with(\n  title: {title},\n"
            f"  title-text: {typst_string(say(unmarked(article.title), self.text))},\n"
            f"  language: {typst_string(article.language)},\n{fonts})\n\n{body}"
        )

    def noted(self, *texts: str) -> tuple[str, ...]:
        """The texts with each footnote at its first mark; quotes keep strings from holding one."""
        out, last = list(texts), self.given.blocks[-1] if self.given.blocks else None
        for number, note in enumerate(last.notes if isinstance(last, Footnotes) else (), 1):
            mark = f'#mark("{number}");'
            at = next((k for k, text in enumerate(out) if mark in text), None)
            if at is not None:
                body = f'#note("{number}")[{self.note(note)}];'
                out[at] = out[at].replace(mark, body, 1)
        return tuple(out)

    def note(self, blocks: tuple[Block, ...]) -> str:
        """What a footnote says; its first paragraph goes on behind the number."""
        first, *rest = blocks or (Paragraph(()),)
        if isinstance(first, Paragraph):
            return self.words(first.words) + "".join(f"\n{self.block(b)}" for b in rest)
        return f"\n{self.blocks(blocks)}"

    def appendix(self) -> list[str]:
        """The rules, each with its law."""
        rules = laws(self.given)
        if not rules:
            return []
        out = [self.heading(Heading(2, (translate(RULES, self.given.language),)))]
        for rule in rules:
            title = typst_text(translate(rule.title, self.given.language))
            law = authors_formula(law_of(rule, self.given.language))
            anchor = self.anchor(rule_anchor(rule.name)[1:])
            out.append(f"#law[{title}{anchor}][{law}]\n")
        return out

    # ------------------------------------------------------------ words

    def words(self, words: Words) -> str:
        """Running text."""
        return typst_words(words, self.inline, self.anchors, linked=True)

    def anchor(self, name: str) -> str:
        """A place that links lead to; each once."""
        if not name or name in self._placed:
            return ""
        self._placed.add(name)
        return f"#metadata(none)#label({typst_string(name)});"

    # ------------------------------------------------------------ blocks

    def block(self, block: Block) -> str:
        """One block."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                return f"#par[{self.words(block.words)}]\n"
            case Listing():
                return self.listing(block)
            case Terms():
                return self.terms(block)
            case Footnotes():
                return ""  # each stands at its mark
            case Quote():
                return f"#quote(block: true)[\n{self.blocks(block.blocks)}]\n"
            case Code():
                return self.code(block)
            case Table():
                return self.table(block)
            case Divider():
                return "#divider()\n"
            case Display():
                return self.display(block)
            case Told():
                return self.told(block)
            case Figure():
                return self.figure(block)

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        """Blocks within another."""
        return "\n".join(map(self.block, blocks))

    def heading(self, block: Heading) -> str:
        """A heading; the title of the article is level 1, so sections begin at 2."""
        level = max(block.level - 1, 1)
        return f"#heading(level: {level})[{self.words(block.words)}{self.anchor(block.anchor)}]\n"

    def listing(self, block: Listing) -> str:
        """A list."""
        items = ", ".join(f"[\n{self.blocks(item)}]" for item in block.items)
        if block.start is None:
            return f"#list({items})\n"
        return f"#enum(start: {block.start}, {items})\n"

    def terms(self, block: Terms) -> str:
        """A list of terms, the meanings of each below it."""
        items = "".join(
            f"  [{self.words(term.words)}], [{''.join(map(self.blocks, term.meanings))}],\n"
            for term in block.items
        )
        return f"#terms-below(\n{items})\n"

    def code(self, block: Code) -> str:
        """Text in a fixed width."""
        language = re.sub(r"[^A-Za-z0-9+#-]", "", block.language)
        lang = f", lang: {typst_string(language)}" if language else ""
        return f"#raw(block: true{lang}, {typst_string(block.text.rstrip(chr(10)))})\n"

    def table(self, block: Table) -> str:
        """A table with rules above and below."""
        columns = max([1, len(block.head), *map(len, block.rows)])
        align = [a if a in ("left", "right", "center") else "left" for a in block.align]
        align += ["left"] * (columns - len(align))
        parts = [f"columns: {columns}", f"align: ({', '.join(align[:columns])},)", "stroke: none"]
        parts.append("table.hline()")
        if block.head:
            parts.append(f"table.header({self._row(block.head, columns)})")
            parts.append("table.hline(stroke: 0.5pt)")
        parts += [self._row(row, columns) for row in block.rows]
        body = f"table({', '.join([*parts, 'table.hline()'])})"
        return self._captioned(
            body, called(block, self.given.language), block.caption, block.anchor
        )

    def _row(self, row: tuple[Words, ...], columns: int) -> str:
        cells = [f"[{self.words(cell)}]" for cell in row]
        return ", ".join([*cells, *["[]"] * (columns - len(cells))])

    def figure(self, block: Figure) -> str:
        """A picture."""
        name = f"figures/{len(self.assets) + 1}.{'pdf' if block.picture.pdf else 'svg'}"
        self.assets[name] = block.picture.pdf or block.picture.svg.encode()
        body = f"picture({typst_string(name)}, alt: {typst_string(block.picture.alt)})"
        label = called(block, self.given.language)
        return self._captioned(body, label, block.caption, block.anchor)

    def _captioned(self, body: str, label: str, caption: Words, anchor: str) -> str:
        if not label and not caption:
            return f"#align(center, {body})\n"
        bold = f"#strong[{typst_text(label)}];" if label else ""
        told = ": ".join(x for x in (bold, self.words(caption)) if x)
        return f"#captioned({body})[{told}{self.anchor(anchor)}]\n"

    def display(self, block: Display) -> str:
        """An author's formula."""
        found = typst_formula(block.latex)
        shown = f"${found.strip()}$" if found is not None else None
        number = f", number: [({block.number})]" if block.number else ""
        where = self.anchor(block.anchor)
        if shown is None:
            return f"{where}#raw(block: true, {typst_string(block.latex)})\n"
        return f"{where}\n#display({shown}{number})\n"

    # ------------------------------------------------------------ derivations

    def told(self, block: Told) -> str:
        """A derivation, with its lemmas and definitions."""
        parts = shown_sections(
            block.document, self.marked, self.given.language, number=block.number
        )
        out = [self.section(part, anchor_of(part, block)) for part in parts]
        if block.verdict:
            out.append(f"#verdict[{typst_text(block.verdict)}]\n")
        return "\n".join(out)

    def section(self, part: Section, anchor: str) -> str:
        """A heading, conditions, and lines."""
        where = self.anchor(anchor)
        heading = typst_text(part.heading)
        heading = f"#strong[{heading}];" if part.number else heading
        when = self.words(part.conditions)
        head = ", ".join(x for x in (heading, when) if x)
        lines = map(self.row, part.rows)
        lead = f"#lead[{where}{head}:]\n" if head else where
        return f"{lead}#chain(\n{''.join(f'  {line},{chr(10)}' for line in lines)})\n"

    def row(self, row: Row) -> str:
        """One line."""
        left = self.marked(row.left) if row.left is not None else ""
        right = self.marked(row.right)
        shown = f"${self.style.unmarked(left).strip()}$" if left else "none"
        if self.style.width(left) + self.style.width(right) <= LINE:
            body = f"${self.style.unmarked(right).strip()}$"
        else:
            body = f"({''.join(map(typst_part, self.style.parts(right)))})"
        reason = f", reason: [{self.words(row.reason)}]" if row.reason else ""
        ends = f", number: [({row.number})]" if row.number else ""
        return f"row({shown}, {body}{reason}{ends})"

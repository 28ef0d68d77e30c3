"""The blocks of an article in Typst: calls of the functions of ``prelude.typ``."""

from __future__ import annotations

import re

from symderiv.document.article import (
    Article,
    Block,
    Code,
    Display,
    Figure,
    Footnotes,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Table,
    Terms,
)
from symderiv.document.blocks import Words
from symderiv.document.words import unmarked
from symderiv.render.layout import say
from symderiv.render.names import has_hangul
from symderiv.render.paper import MOST_OF_LEFT, Lines, PaperWriter, Side
from symderiv.render.typst.formula import typst_formula
from symderiv.render.typst.marked import InlineTypst, MarkedTypst, typst_part
from symderiv.render.typst.text import typst_string, typst_text
from symderiv.render.typst.words import authors_formula, typst_words

KOREAN = '  serif: ("Noto Serif KR",),\n  sans: ("Noto Sans KR",),\n'


class TypstWriter(PaperWriter):
    """Writes one article; `assets` are the files of its pictures."""

    def __init__(self, article: Article) -> None:
        super().__init__(article, MarkedTypst(), InlineTypst())

    def article(self) -> str:
        """What follows the prelude."""
        article = self.given
        title = f"[{self.words(article.title)}]" if article.title else "none"
        title, body = self.noted(title, self.body())
        byline = f"[{self.words((article.byline,))}]" if article.byline else "none"
        authors = "".join(f"{typst_string(author)}, " for author in article.authors)
        fonts = KOREAN if has_hangul(title + byline + body) else ""
        return (
            f"#show: article.with(\n  title: {title},\n"
            f"  title-text: {typst_string(say(unmarked(article.title), self.plain))},\n"
            f"  byline: {byline},\n  authors: ({authors}),\n"
            f"  language: {typst_string(article.language)},\n{fonts})\n\n{body}"
        )

    def noted(self, *texts: str) -> tuple[str, ...]:
        """The texts with each footnote at its first mark; quotes keep strings from holding one."""
        out, last = list(texts), self.given.blocks[-1] if self.given.blocks else None
        for number, note in enumerate(last.notes if isinstance(last, Footnotes) else (), 1):
            mark = f'#mark("{number}");'
            at = next((k for k, text in enumerate(out) if mark in text), None)
            if at is not None:
                body = f'#footnoted("{number}")[{self.note(note)}];'
                out[at] = out[at].replace(mark, body, 1)
        return tuple(out)

    def note(self, blocks: tuple[Block, ...]) -> str:
        """What a footnote says; its first paragraph goes on behind the number."""
        first, *rest = blocks or (Paragraph(()),)
        if isinstance(first, Paragraph):
            return self.words(first.words) + "".join(f"\n{self.block(b)}" for b in rest)
        return f"\n{self.blocks(blocks)}"

    # ------------------------------------------------------------ words

    def words(self, words: Words) -> str:
        return typst_words(words, self.inline, self.anchors, linked=True)

    def text(self, text: str) -> str:
        return typst_text(text)

    def strong(self, text: str) -> str:
        return f"#strong[{text}];"

    def place(self, name: str) -> str:
        return f"#metadata(none)#label({typst_string(name)});"

    # ------------------------------------------------------------ blocks

    def heading(self, block: Heading) -> str:
        level = max(block.level - 1, 1)
        return f"#heading(level: {level})[{self.words(block.words)}{self.anchor(block.anchor)}]\n"

    def paragraph(self, block: Paragraph) -> str:
        return f"#par[{self.words(block.words)}]\n"

    def terms(self, block: Terms) -> str:
        items = "".join(
            f"  [{self.words(term.words)}], [{''.join(map(self.blocks, term.meanings))}],\n"
            for term in block.items
        )
        return f"#terms-below(\n{items})\n"

    def footnotes(self, block: Footnotes) -> str:
        del block
        return ""  # each stands at its mark

    def quote(self, block: Quote) -> str:
        return f"#quote(block: true)[\n{self.blocks(block.blocks)}]\n"

    def divider(self) -> str:
        return "#dividing()\n"

    def listing(self, block: Listing) -> str:
        items = ", ".join(f"[\n{self.blocks(item)}]" for item in block.items)
        if block.start is None:
            return f"#list({items})\n"
        return f"#enum(start: {block.start}, {items})\n"

    def code(self, block: Code) -> str:
        language = re.sub(r"[^A-Za-z0-9+#-]", "", block.language)
        lang = f", lang: {typst_string(language)}" if language else ""
        return f"#raw(block: true{lang}, {typst_string(block.text.rstrip(chr(10)))})\n"

    def table(self, block: Table) -> str:
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
        return self.captioned(body, block)

    def _row(self, row: tuple[Words, ...], columns: int) -> str:
        cells = [f"[{self.words(cell)}]" for cell in row]
        return ", ".join([*cells, *["[]"] * (columns - len(cells))])

    def figure(self, block: Figure) -> str:
        name = f"{self.given.figures}{len(self.assets) + 1}.{'pdf' if block.picture.pdf else 'svg'}"
        self.assets[name] = block.picture.pdf or block.picture.svg.encode()
        body = f"picture({typst_string(name)}, alt: {typst_string(block.picture.alt)})"
        return self.captioned(body, block)

    def captioned(self, body: str, block: Figure | Table) -> str:
        """What has a caption, and the place that it names."""
        told = self.caption(block)
        if not told:
            return f"#align(center, {body})\n"
        return f"#captioned({body})[{told}{self.anchor(block.anchor)}]\n"

    def display(self, block: Display) -> str:
        found = typst_formula(block.latex)
        shown = f"${found.strip()}$" if found is not None else None
        number = f", number: [({block.number})]" if block.number else ""
        place = self.anchor(block.anchor)
        if shown is None:
            return f"{place}#raw(block: true, {typst_string(block.latex)})\n"
        return f"{place}\n#apart({shown}{number})\n"

    # ------------------------------------------------------------ derivations

    def chain(self, place: str, lead: str, rows: Lines) -> str:
        above = f"#lead[{place}{lead}:]\n" if lead else place
        lines = "".join(f"  {line},\n" for line in rows.told)
        share = f"share: {rows.share:.0%}, " if rows.share < MOST_OF_LEFT else ""
        return f"{above}#chain({share}\n{lines})\n"

    def line(self, left: Side, relation: str, right: Side, reason: str, number: str) -> str:
        why = f", reason: [{reason}]" if reason else ""
        ends = f", number: [{number}]" if number else ""
        ends += f", relation: $thick {relation} thick$" if relation != "=" else ""
        return f"row({_side(left)}, {_side(right)}{why}{ends})"

    def verdict(self, text: str) -> str:
        return f"#verdict[{text}]\n"

    def law(self, title: str, note: str, latex: str) -> str:
        when = f"(note: [{note}])" if note else ""
        return f"#law{when}[{title}][{authors_formula(latex)}]\n"


def _side(side: Side) -> str:
    if isinstance(side, str):
        return f"${side.strip()}$" if side else "none"
    return f"({''.join(map(typst_part, side))})"

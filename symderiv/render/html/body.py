"""The blocks of an article as elements of a page."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

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
    Told,
    walk,
)
from symderiv.document.blocks import Words
from symderiv.document.messages import translate
from symderiv.document.words import footnote_anchor, lemma_anchor, rule_anchor, unmarked
from symderiv.render.appendix import called
from symderiv.render.html.anchors import Anchors
from symderiv.render.html.drawing import drawing
from symderiv.render.html.formulas import PagePrinter
from symderiv.render.html.lines import TellingPart, tell
from symderiv.render.html.parts import breakable
from symderiv.render.mathml.printer import write
from symderiv.render.names import visible
from symderiv.render.notation import Notation
from symderiv.render.words import FOOTNOTES
from symderiv.render.writing import BlockWriter

LAST_LEVEL = 6
OUR_PAPER = "fill-paper"
"""The class of the ground of a picture whose colours the style of the page may choose."""
OURS = ("text", "contents", "rules", "rules-title")


class Body(BlockWriter[Element]):
    """The text of one page, and what a table of contents needs of it."""

    def __init__(self, article: Article, notation: Notation) -> None:
        self.article = article
        self.language = article.language
        self.anchors = _anchors(article)
        self.printer = PagePrinter(notation, self.anchors)
        self.contents: list[tuple[int, str, Words]] = []
        self.level = 1

    def element(self) -> Element:
        """All blocks."""
        return self.filled(Element("div", {"class": "text"}), self.article.blocks)

    def filled(self, parent: Element, blocks: tuple[Block, ...]) -> Element:
        """The element, with blocks at its end."""
        for block in blocks:
            parent.append(self.block(block))
        return parent

    def named(self, tag: str, anchor: str, kind: str = "", *, otherwise: str = "") -> Element:
        """An element with the id of its anchor, or one after a name that is as good."""
        element = Element(tag)
        if anchor:
            element.set("id", self.anchors.place(anchor))
        elif otherwise:
            element.set("id", self.anchors.claim(otherwise))
        if kind:
            element.set("class", kind)
        return element

    # ------------------------------------------------------------ one kind of block each

    def heading(self, block: Heading) -> Element:
        """A heading of the page, whose title is the one of level 1; no level is left out."""
        self.level = max(2, min(block.level, self.level + 1, LAST_LEVEL))
        element = self.named(f"h{self.level}", block.anchor, otherwise="section")
        self.contents.append((self.level, element.attrib["id"], unmarked(block.words)))
        self.printer.words(element, block.words)
        return element

    def paragraph(self, block: Paragraph) -> Element:
        paragraph = Element("p")
        self.printer.words(paragraph, block.words)
        return paragraph

    def listing(self, block: Listing) -> Element:
        listing = Element("ul" if block.start is None else "ol")
        if block.start not in (None, 1):
            listing.set("start", str(block.start))
        for item in block.items:
            self._item(SubElement(listing, "li"), item)
        return listing

    def _item(self, parent: Element, item: tuple[Block, ...]) -> None:
        """The blocks of an item; one paragraph alone is words of the item."""
        if len(item) == 1 and isinstance(item[0], Paragraph):
            self.printer.words(parent, item[0].words)
        else:
            self.filled(parent, item)

    def terms(self, block: Terms) -> Element:
        listing = Element("dl", {"class": "terms"})
        for term in block.items:
            self.printer.words(SubElement(listing, "dt"), term.words)
            for meaning in term.meanings:
                self._item(SubElement(listing, "dd"), meaning)
        return listing

    def footnotes(self, block: Footnotes) -> Element:
        """All notes; each ends with a link back to its first mark."""
        label = {"role": "doc-endnotes", "aria-label": translate(FOOTNOTES, self.language)}
        section = Element("section", {"class": "notes", **label})
        listing = SubElement(section, "ol")
        for number, note in enumerate(block.notes, 1):
            item = self.filled(self.named("li", footnote_anchor(number)[1:]), note)
            listing.append(item)
            back = self.printer.marked.get(number)
            if back is not None:
                last = item[-1] if len(item) and item[-1].tag == "p" else SubElement(item, "p")
                write(last, " ")
                link = {"href": f"#{back}", "role": "doc-backlink", "aria-label": f"{number}"}
                SubElement(last, "a", link).text = "↩\ufe0e"
        return section

    def quote(self, block: Quote) -> Element:
        return self.filled(Element("blockquote"), block.blocks)

    def code(self, block: Code) -> Element:
        pre = Element("pre", {"tabindex": "0"})
        code = SubElement(pre, "code")
        if block.language.isalnum():
            code.set("class", f"language-{block.language}")
        lines = block.text.expandtabs(4).rstrip("\n").split("\n")
        code.text = "\n".join(map(visible, lines))
        return pre

    def divider(self) -> Element:
        return Element("hr")

    def display(self, block: Display) -> Element:
        outer = self.named("div", block.anchor, "display")
        formula = SubElement(outer, "div", {"class": "formula"})
        breakable(formula, self.printer.authored(block.latex))
        if block.number:
            SubElement(outer, "span", {"class": "number"}).text = f"({block.number})"
        return outer

    def table(self, block: Table) -> Element:
        outer = self.named("div", block.anchor, "table")
        outer.set("tabindex", "0")
        table = SubElement(outer, "table")
        self._caption(table, "caption", block)
        if any(block.head):
            row = SubElement(SubElement(table, "thead"), "tr")
            for position, words in enumerate(block.head):
                self._cell(row, "th", words, block.align, position).set("scope", "col")
        body = SubElement(table, "tbody")
        for cells in block.rows:
            row = SubElement(body, "tr")
            for position, words in enumerate(cells):
                self._cell(row, "td", words, block.align, position)
        return outer

    def _cell(
        self, row: Element, tag: str, words: Words, align: tuple[str, ...], position: int
    ) -> Element:
        cell = SubElement(row, tag)
        side = align[position] if position < len(align) else ""
        if side in ("left", "right", "center"):
            cell.set("class", side)
        self.printer.words(cell, words)
        return cell

    def told(self, block: Told) -> Element:
        section = self.named("section", block.anchor, "told", otherwise="derivation")
        part = TellingPart(self.printer, self.anchors, self.language, self.level)
        tell(part, section, block)
        return section

    def figure(self, block: Figure) -> Element:
        figure = self.named("figure", block.anchor, otherwise="figure")
        card = SubElement(figure, "div", {"class": "card"})
        made = drawing(block.picture, figure.attrib["id"])
        if any(e.get("class") == OUR_PAPER for e in made):
            card.set("class", "card drawn")
            card.set("tabindex", "0")
        card.append(made)
        self._caption(figure, "figcaption", block)
        return figure

    def _caption(self, parent: Element, tag: str, block: Figure | Table) -> None:
        """``Figure 1`` or ``Table 1``, and what it shows."""
        label = called(block, self.language)
        if not label and not block.caption:
            return
        caption = SubElement(parent, tag)
        if label:
            SubElement(caption, "strong").text = label
            write(caption, " " if block.caption else "")
        self.printer.words(caption, block.caption)


def anchor_of(name: str) -> str:
    """The id of a place in a page, unless two labels of the page come to one id."""
    return _free().place(name)


def _free() -> Anchors:
    """The ids of a page before anything has one but what is ours."""
    anchors = Anchors()
    for name in OURS:
        anchors.claim(name)
    return anchors


def _anchors(article: Article) -> Anchors:
    """The places that links may lead to, known before the first link is written."""
    anchors = _free()
    for rule in article.rules():
        anchors.place(rule_anchor(rule)[1:])
    for document in article.documents():
        for lemma in document.lemmas:
            if lemma.number:
                anchors.place(lemma_anchor(lemma.number)[1:])
    for block in walk(article.blocks):
        if isinstance(block, (Heading, Table, Display, Told, Figure)) and block.anchor:
            anchors.place(block.anchor)
        elif isinstance(block, Footnotes):
            for number in range(1, len(block.notes) + 1):
                anchors.place(footnote_anchor(number)[1:])
    return anchors

"""The blocks of an article as elements of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, SubElement

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

Writer = Callable[["Body", Element, Any], None]
_WRITERS: dict[type, Writer] = {}
LAST_LEVEL = 6
OUR_PAPER = "fill-paper"
"""The class of the ground of a picture whose colours the style of the page may choose."""
OURS = ("text", "contents", "rules", "rules-title")


def writes(kind: type) -> Callable[[Writer], Writer]:
    """Register the function that writes blocks of a kind."""

    def register(writer: Writer) -> Writer:
        _WRITERS[kind] = writer
        return writer

    return register


class Body:
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
        root = Element("div", {"class": "text"})
        self.blocks(root, self.article.blocks)
        return root

    def blocks(self, parent: Element, blocks: tuple[Block, ...]) -> None:
        """Blocks at the end of an element."""
        for block in blocks:
            _WRITERS[type(block)](self, parent, block)

    def named(
        self, parent: Element, tag: str, anchor: str, kind: str = "", *, otherwise: str = ""
    ) -> Element:
        """A new element, with the id of its anchor, or one after a name that is as good."""
        element = SubElement(parent, tag)
        if anchor:
            element.set("id", self.anchors.place(anchor))
        elif otherwise:
            element.set("id", self.anchors.claim(otherwise))
        if kind:
            element.set("class", kind)
        return element

    def heading(self, parent: Element, level: int, words: Words, anchor: str) -> Element:
        """A heading of the page, whose title is the one of level 1; no level is left out."""
        self.level = max(2, min(level, self.level + 1, LAST_LEVEL))
        element = self.named(parent, f"h{self.level}", anchor, otherwise="section")
        self.contents.append((self.level, element.attrib["id"], unmarked(words)))
        self.printer.words(element, words)
        return element


def _anchors(article: Article) -> Anchors:
    """The places that links may lead to, known before the first link is written."""
    anchors = Anchors()
    for name in OURS:
        anchors.claim(name)
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


# ---------------------------------------------------------------- one kind of block each


@writes(Heading)
def _heading(to: Body, parent: Element, block: Heading) -> None:
    to.heading(parent, block.level, block.words, block.anchor)


@writes(Paragraph)
def _paragraph(to: Body, parent: Element, block: Paragraph) -> None:
    to.printer.words(SubElement(parent, "p"), block.words)


@writes(Listing)
def _listing(to: Body, parent: Element, block: Listing) -> None:
    listing = SubElement(parent, "ul" if block.start is None else "ol")
    if block.start not in (None, 1):
        listing.set("start", str(block.start))
    for item in block.items:
        _item(to, SubElement(listing, "li"), item)


def _item(to: Body, parent: Element, item: tuple[Block, ...]) -> None:
    """The blocks of an item; one paragraph alone is words of the item."""
    if len(item) == 1 and isinstance(item[0], Paragraph):
        to.printer.words(parent, item[0].words)
    else:
        to.blocks(parent, item)


@writes(Terms)
def _terms(to: Body, parent: Element, block: Terms) -> None:
    listing = SubElement(parent, "dl", {"class": "terms"})
    for term in block.items:
        to.printer.words(SubElement(listing, "dt"), term.words)
        for meaning in term.meanings:
            _item(to, SubElement(listing, "dd"), meaning)


@writes(Footnotes)
def _footnotes(to: Body, parent: Element, block: Footnotes) -> None:
    """All notes; each ends with a link back to its first mark."""
    label = {"role": "doc-endnotes", "aria-label": translate(FOOTNOTES, to.language)}
    listing = SubElement(SubElement(parent, "section", {"class": "notes", **label}), "ol")
    for number, note in enumerate(block.notes, 1):
        item = to.named(listing, "li", footnote_anchor(number)[1:])
        to.blocks(item, note)
        back = to.printer.marked.get(number)
        if back is not None:
            last = item[-1] if len(item) and item[-1].tag == "p" else SubElement(item, "p")
            write(last, " ")
            link = {"href": f"#{back}", "role": "doc-backlink", "aria-label": f"{number}"}
            SubElement(last, "a", link).text = "↩\ufe0e"


@writes(Quote)
def _quote(to: Body, parent: Element, block: Quote) -> None:
    to.blocks(SubElement(parent, "blockquote"), block.blocks)


@writes(Code)
def _code(to: Body, parent: Element, block: Code) -> None:
    del to
    pre = SubElement(parent, "pre", {"tabindex": "0"})
    code = SubElement(pre, "code")
    if block.language.isalnum():
        code.set("class", f"language-{block.language}")
    lines = block.text.expandtabs(4).rstrip("\n").split("\n")
    code.text = "\n".join(map(visible, lines))


@writes(Divider)
def _divider(to: Body, parent: Element, block: Divider) -> None:
    del to, block
    SubElement(parent, "hr")


@writes(Display)
def _display(to: Body, parent: Element, block: Display) -> None:
    outer = to.named(parent, "div", block.anchor, "display")
    formula = SubElement(outer, "div", {"class": "formula"})
    breakable(formula, to.printer.authored(block.latex))
    if block.number:
        SubElement(outer, "span", {"class": "number"}).text = f"({block.number})"


@writes(Table)
def _table(to: Body, parent: Element, block: Table) -> None:
    outer = to.named(parent, "div", block.anchor, "table")
    outer.set("tabindex", "0")
    table = SubElement(outer, "table")
    _caption(to, table, "caption", block)
    if any(block.head):
        row = SubElement(SubElement(table, "thead"), "tr")
        for position, words in enumerate(block.head):
            _cell(to, row, "th", words, block.align, position).set("scope", "col")
    body = SubElement(table, "tbody")
    for cells in block.rows:
        row = SubElement(body, "tr")
        for position, words in enumerate(cells):
            _cell(to, row, "td", words, block.align, position)


def _cell(
    to: Body, row: Element, tag: str, words: Words, align: tuple[str, ...], position: int
) -> Element:
    cell = SubElement(row, tag)
    side = align[position] if position < len(align) else ""
    if side in ("left", "right", "center"):
        cell.set("class", side)
    to.printer.words(cell, words)
    return cell


@writes(Told)
def _told(to: Body, parent: Element, block: Told) -> None:
    section = to.named(parent, "section", block.anchor, "told", otherwise="derivation")
    tell(TellingPart(to.printer, to.anchors, to.language, to.level), section, block)


@writes(Figure)
def _figure(to: Body, parent: Element, block: Figure) -> None:
    figure = to.named(parent, "figure", block.anchor, otherwise="figure")
    card = SubElement(figure, "div", {"class": "card"})
    made = drawing(block.picture, figure.attrib["id"])
    if any(e.get("class") == OUR_PAPER for e in made):
        card.set("class", "card drawn")
        card.set("tabindex", "0")
    card.append(made)
    _caption(to, figure, "figcaption", block)


def _caption(to: Body, parent: Element, tag: str, block: Figure | Table) -> None:
    """``Figure 1`` or ``Table 1``, and what it shows."""
    label = called(block, to.language)
    if not label and not block.caption:
        return
    caption = SubElement(parent, tag)
    if label:
        SubElement(caption, "strong").text = label
        write(caption, " " if block.caption else "")
    to.printer.words(caption, block.caption)

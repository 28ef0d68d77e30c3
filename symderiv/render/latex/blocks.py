"""The blocks of an article in LaTeX: calls of the macros of ``preamble.tex``."""

from __future__ import annotations

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
from symderiv.render.authored import is_formula
from symderiv.render.latex.marked import InlineLatex, MarkedLatex, tex_part
from symderiv.render.latex.notes import Notes
from symderiv.render.latex.table import tex_table
from symderiv.render.latex.words import (
    authors_formula,
    tex_anchor,
    tex_code,
    tex_outline,
    tex_words,
)
from symderiv.render.layout import Row, Section, article_notation, say, shown_sections
from symderiv.render.names import tex_text
from symderiv.render.notation import Notation
from symderiv.render.notation.breaking import LINE
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.words import RULES

LONGEST_DISPLAY = 44.0
"""An author's formula of more ems goes on several lines; one a little too wide is made smaller."""
DEEPEST = 4
"""LaTeX nests no deeper lists of one kind."""
SECTIONS = ("section", "section", "subsection", "subsubsection", "paragraph")


class LatexWriter:
    """Writes one article; `assets` are the files of its pictures."""

    def __init__(self, article: Article) -> None:
        self.given = article
        self.anchors = anchors(article)
        self.style = MarkedLatex()
        self.marked = article_notation(article, self.style)
        self.inline = article_notation(article, InlineLatex())
        self.text = Notation(TextStyle(), language=article.language)
        self.assets: dict[str, bytes] = {}
        self.notes = Notes(article, self.blocks)
        self._placed: set[str] = set()
        self._depth = 0
        self._headings = 0

    # ------------------------------------------------------------ the whole

    def article(self) -> str:
        """What stands inside of the document."""
        title = self.given.title
        plain = say(unmarked(title), self.text)
        named = f"{{{tex_outline(plain)}}}{{{_ascii(plain)}}}"
        head = [f"\\doctitle{{{self.words(title)}}}{named}\n"] if title else []
        body = [self.notes.after(part) for part in (*head, *map(self.block, self.given.blocks))]
        return "\n".join([*body, *self.appendix()])

    def appendix(self) -> list[str]:
        """The rules, each with its law."""
        rules = laws(self.given)
        out = (
            [self.heading(Heading(2, (translate(RULES, self.given.language),), "rules"))]
            if rules
            else []
        )
        for rule in rules:
            title = tex_text(translate(rule.title, self.given.language))
            anchor = self.anchor(rule_anchor(rule.name)[1:])
            out.append(f"\\law{{{anchor}{title}}}{{{law_of(rule, self.given.language)}}}\n")
        return out

    # ------------------------------------------------------------ words

    def words(self, words: Words) -> str:
        """Running text."""
        return tex_words(words, self.inline, self.anchors, linked=True)

    def anchor(self, name: str) -> str:
        """A place that links lead to; each once."""
        if not name or name in self._placed:
            return ""
        self._placed.add(name)
        return rf"\anchor{{{tex_anchor(name)}}}"

    # ------------------------------------------------------------ blocks

    def block(self, block: Block) -> str:
        """One block."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                return f"{self.notes.within(self.words(block.words), block.words)}\n"
            case Listing():
                return self.listing(block)
            case Terms():
                return self.terms(block)
            case Footnotes():
                return ""  # each stands with its mark
            case Quote():
                return f"\\begin{{quote}}\n{self.blocks(block.blocks)}\\end{{quote}}\n"
            case Code():
                lines = block.text.rstrip("\n").split("\n")
                body = "".join(f"\\codeline{{{tex_code(line)}}}\n" for line in lines)
                return f"\\begin{{codelines}}\n{body}\\end{{codelines}}\n"
            case Table():
                return self.table(block)
            case Divider():
                return "\\divider\n"
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
        kind = SECTIONS[min(block.level, len(SECTIONS)) - 1]
        self._headings += 1
        plain = say(unmarked(block.words), self.text)
        level, anchor = max(block.level - 1, 1), f"heading.{self._headings}"
        outline = f"{{{level}}}{{{tex_outline(plain)}}}{{{_ascii(plain)}}}{{{anchor}}}"
        title = f"{self.words(block.words)}{self.anchor(block.anchor)}"
        return f"\\bookmarked{outline}\n\\{kind}*{{\\raggedright {title}}}\n"

    def listing(self, block: Listing) -> str:
        """A list; deeper than LaTeX nests them, its items are paragraphs."""
        self._depth += 1
        marks = [
            r"\textbullet" if block.start is None else f"{block.start + k}."
            for k in range(len(block.items))
        ]
        bodies = list(map(self.blocks, block.items))
        deep = self._depth > DEEPEST
        self._depth -= 1
        if deep:
            return "".join(f"{mark}\\ {body}\n" for mark, body in zip(marks, bodies, strict=True))
        items = "".join(
            f"\\item[{{{mark}}}] {body}" for mark, body in zip(marks, bodies, strict=True)
        )
        return f"\\begin{{itemize}}\n{items}\\end{{itemize}}\n" if items else ""

    def terms(self, block: Terms) -> str:
        """A list of terms, the meanings of each below it."""
        items = "".join(
            f"\\item[{{{self.words(term.words)}}}] \\leavevmode\\par\\nobreak\n"
            + "\n".join(map(self.blocks, term.meanings))
            for term in block.items
        )
        return f"\\begin{{description}}\n{items}\\end{{description}}\n" if items else ""

    def table(self, block: Table) -> str:
        """A table with rules above and below."""
        caption = self._caption(called(block, self.given.language), block.caption, block.anchor)
        return tex_table(block, self.words, lambda words: say(words, self.text), caption)

    def figure(self, block: Figure) -> str:
        """A picture with its caption, where it stands."""
        name = f"figures/{len(self.assets) + 1}.pdf"
        self.assets[name] = block.picture.pdf
        caption = self._caption(called(block, self.given.language), block.caption, block.anchor)
        return f"\\captioned{{\\drawing{{{name}}}}}{{{caption}}}\n"

    def _caption(self, label: str, caption: Words, anchor: str) -> str:
        bold = rf"\textbf{{{tex_text(label)}}}" if label else ""
        told = [x for x in (bold, self.words(caption)) if x]
        return self.anchor(anchor) + ": ".join(told) if told else ""

    def display(self, block: Display) -> str:
        """An author's formula."""
        where = self.anchor(block.anchor)
        tag = rf"\tag{{{block.number}}}" if block.number else ""
        if is_formula(block.latex):
            long = self.style.ink(block.latex) > LONGEST_DISPLAY and "\\begin" not in block.latex
            macro = "longdisplay" if long else "display"
            return f"{where}\\{macro}{{{block.latex}}}{{{tag}}}\n"
        return f"{where}{authors_formula(block.latex)}\n"

    # ------------------------------------------------------------ derivations

    def told(self, block: Told) -> str:
        """A derivation, with its lemmas and definitions."""
        parts = shown_sections(
            block.document, self.marked, self.given.language, number=block.number
        )
        out = [self.section(part, anchor_of(part, block)) for part in parts]
        if block.verdict:
            out.append(f"\\verdict{{{tex_text(block.verdict)}}}\n")
        return "\n".join(out)

    def section(self, part: Section, anchor: str) -> str:
        """A heading, conditions, and lines."""
        where = self.anchor(anchor)
        heading = tex_text(part.heading)
        heading = rf"\textbf{{{heading}}}" if part.number else heading
        when = self.words(part.conditions)
        head = ", ".join(x for x in (heading, when) if x)
        lefts = dict.fromkeys(self.left(row) for row in part.rows if row.left is not None)
        widest = "".join(rf"\widest{{{left}}}" for left in lefts)
        body = "".join(map(self.row, part.rows))
        lead = f"\\lead{{{where}{head}:}}\n" if head else f"{where}\n" if where else ""
        return f"{lead}\\begin{{chain}}{{{widest}}}\n{body}\\end{{chain}}\n"

    def left(self, row: Row) -> str:
        """The left side; nothing where the line goes on from the one before."""
        return self.style.unmarked(self.marked(row.left)) if row.left is not None else ""

    def row(self, row: Row) -> str:
        """One line."""
        left = self.marked(row.left) if row.left is not None else ""
        right = self.marked(row.right)
        ends = f"{{{self.words(row.reason)}}}{{{f'({row.number})' if row.number else ''}}}\n"
        if self.style.width(left) + self.style.width(right) <= LINE:
            return f"\\step{{{self.left(row)}}}{{{self.style.unmarked(right)}}}{ends}"
        parts = "%\n  ".join(map(tex_part, self.style.parts(right)))
        return f"\\longstep{{{self.left(row)}}}{{%\n  {parts}}}{ends}"


def _ascii(text: str) -> str:
    """For outlines that hold plain letters only."""
    return tex_outline("".join(c if c.isascii() else "." for c in text))

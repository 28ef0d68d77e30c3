"""The blocks of an article in LaTeX: calls of the macros of ``preamble.tex``."""

from __future__ import annotations

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence
from symderiv.document.article import (
    Article,
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
from symderiv.render.authored import is_formula
from symderiv.render.latex.marked import InlineLatex, MarkedLatex, tex_part
from symderiv.render.latex.notes import Notes
from symderiv.render.latex.table import tex_table
from symderiv.render.latex.words import (
    authors_formula,
    bare,
    tex_anchor,
    tex_code,
    tex_outline,
    tex_text,
    tex_words,
)
from symderiv.render.layout import say
from symderiv.render.notation.breaking import Part
from symderiv.render.paper import MOST_OF_LEFT, Lines, PaperWriter, Side
from symderiv.render.words import INSTALL

LONGEST_DISPLAY = 44.0
"""An author's formula of more ems goes on several lines; one a little too wide is made smaller."""
DEEPEST = 4
"""LaTeX nests no deeper lists of one kind."""
SECTIONS = ("section", "section", "subsection", "subsubsection", "paragraph")


class LatexWriter(PaperWriter):
    """Writes one article; `assets` are the files of its pictures."""

    def __init__(self, article: Article) -> None:
        super().__init__(article, MarkedLatex(), InlineLatex())
        self.notes = Notes(article, self.blocks)
        self._depth = 0
        self._headings = 0

    def article(self) -> str:
        """What stands inside of the document."""
        title = self.given.title
        plain = say(unmarked(title), self.plain)
        named = f"{{{tex_outline(plain)}}}{{{_ascii(plain)}}}"
        head = f"\\doctitle{{{self.words(title)}}}{named}\n" if title else ""
        head += self.byline()
        parts = [*([head] if head else []), *map(self.block, self.given.blocks)]
        return "\n".join([*map(self.notes.after, parts), *self.appendix()])

    def byline(self) -> str:
        """Who wrote it, and when."""
        if not self.given.byline:
            return ""
        authors = [" ".join(author.split()) for author in self.given.authors]
        plain = say((", ".join(authors),), self.plain)
        named = r" \and ".join(self.words((author,)) for author in authors)
        return (
            f"\\author{{{named}}}\n\\date{{{self.words((self.given.date,))}}}\n"
            f"\\docbyline{{{tex_outline(plain)}}}{{{_ascii(plain)}}}\n"
        )

    # ------------------------------------------------------------ words

    def words(self, words: Words) -> str:
        return tex_words(words, self.inline, self.anchors, linked=True)

    def text(self, text: str) -> str:
        return tex_text(text)

    def strong(self, text: str) -> str:
        return rf"\textbf{{{text}}}"

    def place(self, name: str) -> str:
        return rf"\anchor{{{tex_anchor(name)}}}"

    # ------------------------------------------------------------ blocks

    def heading(self, block: Heading) -> str:
        kind = SECTIONS[min(block.level, len(SECTIONS)) - 1]
        self._headings += 1
        plain = say(unmarked(block.words), self.plain)
        level, anchor = max(block.level - 1, 1), f"heading.{self._headings}"
        outline = f"{{{level}}}{{{tex_outline(plain)}}}{{{_ascii(plain)}}}{{{anchor}}}"
        title = f"{self.words(block.words)}{self.anchor(block.anchor)}"
        return f"\\bookmarked{outline}\n\\{kind}*{{\\raggedright {title}}}\n"

    def paragraph(self, block: Paragraph) -> str:
        return f"{self.notes.within(self.words(block.words), block.words)}\n"

    def terms(self, block: Terms) -> str:
        items = "".join(
            f"\\item[{{{self.words(term.words)}}}] \\leavevmode\\par\\nobreak\n"
            + "\n".join(map(self.blocks, term.meanings))
            for term in block.items
        )
        return f"\\begin{{description}}\n{items}\\end{{description}}\n" if items else ""

    def footnotes(self, block: Footnotes) -> str:
        del block
        return ""  # each stands with its mark

    def listing(self, block: Listing) -> str:
        """Lists deeper than LaTeX nests them are paragraphs."""
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

    def quote(self, block: Quote) -> str:
        return f"\\begin{{quote}}\n{self.blocks(block.blocks)}\\end{{quote}}\n"

    def code(self, block: Code) -> str:
        lines = block.text.rstrip("\n").split("\n")
        body = _held([f"\\codeline{{{tex_code(line)}}}\n" for line in lines])
        return f"\\begin{{codelines}}\n{body}\\end{{codelines}}\n"

    def table(self, block: Table) -> str:
        caption = self.captioned(block)
        return tex_table(block, self.words, lambda words: say(words, self.plain), caption)

    def figure(self, block: Figure) -> str:
        name = f"{self.given.figures}{len(self.assets) + 1}.pdf"
        if not block.picture.pdf:
            raise DataError(
                Sentence(
                    "LaTeX needs the picture {name} as PDF, and it has none; where Typst is "
                    "installed it is made of the SVG: {install}",
                    name=repr(block.picture.alt[:80]),
                    install=INSTALL,
                )
            )
        self.assets[name] = block.picture.pdf
        return f"\\captioned{{\\drawing{{{name}}}}}{{{self.captioned(block)}}}\n"

    def captioned(self, block: Figure | Table) -> str:
        """The caption, and the place that it names."""
        told = self.caption(block)
        return self.anchor(block.anchor) + told if told else ""

    def divider(self) -> str:
        return "\\divider\n"

    def display(self, block: Display) -> str:
        place = self.anchor(block.anchor)
        tag = rf"\tag{{{block.number}}}" if block.number else ""
        if is_formula(block.latex):
            long = self.style.ink(block.latex) > LONGEST_DISPLAY and "\\begin" not in block.latex
            macro = "longdisplay" if long else "display"
            return f"{place}\\{macro}{{{bare(block.latex)}}}{{{tag}}}\n"
        return f"{place}{authors_formula(block.latex)}\n"

    # ------------------------------------------------------------ derivations

    def chain(self, place: str, lead: str, rows: Lines) -> str:
        widest = "".join(rf"\widest{{{left}}}" for left in rows.lefts)
        widest += r"\chainabovetrue " if rows.above else ""
        share = f"[{rows.share}]" if rows.share < MOST_OF_LEFT else ""
        above = f"\\lead{{{place}{lead}:}}\n" if lead else f"{place}\n" if place else ""
        body = _held(list(rows.told))
        return f"{above}\\begin{{chain}}{share}{{{widest}}}\n{body}\\end{{chain}}\n"

    def line(self, left: Side, relation: str, right: Side, reason: str, number: str) -> str:
        above = "" if isinstance(left, str) else f"\\leftabove{{%\n  {_parts(left)}}}\n"
        shown = left if isinstance(left, str) else ""
        ends = f"{{{reason}}}{{{number}}}\n"
        sign = "" if relation == "=" else f"\\chainsign{{{relation}}}"
        if isinstance(right, str):
            return f"{above}{sign}\\step{{{shown}}}{{{right}}}{ends}"
        return f"{above}{sign}\\longstep{{{shown}}}{{%\n  {_parts(right)}}}{ends}"

    def verdict(self, text: str) -> str:
        return f"\\verdict{{{text}}}\n"

    def law(self, title: str, note: str, latex: str) -> str:
        return f"\\law{{{title}}}{{{note}}}{{{latex}}}\n"


def _held(lines: list[str]) -> str:
    """Lines, of which no page has the first or the last alone."""
    held = {1, len(lines) - 1} - {len(lines)}
    return "".join(line + "\\nobreak\n" * (at in held) for at, line in enumerate(lines, 1))


def _parts(parts: tuple[Part, ...]) -> str:
    return "%\n  ".join(map(tex_part, parts))


def _ascii(text: str) -> str:
    """For outlines that hold plain letters only."""
    return tex_outline("".join(c if c.isascii() else "." for c in text))

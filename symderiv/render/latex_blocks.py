"""The blocks of an article in LaTeX: calls of the macros of ``preamble.tex``."""

from __future__ import annotations

import re

from symderiv.document.article import (
    Article,
    Block,
    Code,
    Display,
    Divider,
    Figure,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Table,
    Told,
)
from symderiv.document.blocks import Words
from symderiv.document.messages import translate
from symderiv.document.words import rule_anchor
from symderiv.render.appendix import Numbered, Numbers, laws, numbered
from symderiv.render.authored import is_formula
from symderiv.render.breaking import LETTER, LINE, WIDTHS, Breakable, Part
from symderiv.render.latex_words import (
    authors_formula,
    tex_anchor,
    tex_code,
    tex_outline,
    tex_words,
)
from symderiv.render.layout import Row, article_notation, say
from symderiv.render.names import tex_text
from symderiv.render.notation import Notation
from symderiv.render.slashed import Slashed
from symderiv.render.style_latex import LatexStyle
from symderiv.render.style_text import TextStyle

LONGEST_DISPLAY = 44.0
"""An author's formula of more ems goes on several lines; one a little too wide is made smaller."""
DEEPEST = 4
"""LaTeX nests no deeper lists of one kind."""
LONG_CELL, ROOM = 24, 88
"""A column is a paragraph from so many letters on; letters in a line of a table."""
_INK = re.compile(r"\\([A-Za-z]+)|(\\.)|(\S)")
_STRUCTURE = frozenset("{}_^&")
_COMMANDS = {
    "frac": 0.24, **dict.fromkeys(("left", "right"), 0.3), **dict.fromkeys(("sum", "prod"), 1.7), "max": 1.9, "min": 1.8, "log": 1.5, "exp": 1.7,
    **dict.fromkeys("sin cos tan cot sec csc".split(), 1.5), "dots": 1.3,
    **dict.fromkeys("le ge ne odot oslash land lor".split(), 1.3), "cdot": 0.72, "sqrt": 0.83,
    **dict.fromkeys(
        """
        text mathrm operatorname mathbf hat bar tilde overline begin end ensuremath
        """.split(),
        0.0,
    ),
}  # fmt: skip
SECTIONS = ("section", "section", "subsection", "subsubsection", "paragraph")


class MarkedLatex(Breakable, LatexStyle):
    """LaTeX with the places where a line may end."""

    tall = re.compile(r"\\(frac|sum|prod|begin|sqrt)(?![A-Za-z])")

    def ink(self, text: str) -> float:
        """The width of the letters in a row."""
        total = 0.0
        for command, sign, one in _INK.findall(text):
            if command:
                total += _COMMANDS.get(command, LETTER)
            else:
                total += 0.17 if sign else WIDTHS.get(one, LETTER) if one not in _STRUCTURE else 0
        return total

    def fences(self, kind: str, large: bool) -> tuple[str, str]:
        """Brackets of a fixed height."""
        opening, closing = {"(": "()", "[": "[]"}[kind]
        size = "bigg" if large else "big"
        return rf"\{size}l{opening} ", rf" \{size}r{closing}"


class InlineLatex(Slashed, LatexStyle):
    """LaTeX for formulas within a line of text."""


class LatexWriter:
    """Writes one article; `assets` are the files of its pictures."""

    def __init__(self, article: Article) -> None:
        self.given = article
        self.numbers = Numbers(article)
        self.style = MarkedLatex()
        self.marked = article_notation(article, self.style)
        self.inline = article_notation(article, InlineLatex())
        self.text = Notation(TextStyle(), language=article.language)
        self.assets: dict[str, bytes] = {}
        self._placed: set[str] = set()
        self._depth = 0
        self._headings = 0

    # ------------------------------------------------------------ the whole

    def article(self) -> str:
        """What stands between ``\\begin{document}`` and ``\\end{document}``."""
        title = self.given.title
        plain = say(title, self.text)
        named = f"{{{tex_outline(plain)}}}{{{_ascii(plain)}}}"
        head = [f"\\doctitle{{{self.words(title)}}}{named}\n"] if title else []
        return "\n".join([*head, *map(self.block, self.given.blocks), *self.appendix()])

    def appendix(self) -> list[str]:
        """The rules, each with its law."""
        rules = laws(self.given)
        out = [self.heading(Heading(2, (self.numbers.rules_title,), "rules"))] if rules else []
        for rule in rules:
            title = tex_text(translate(rule.title, self.given.language))
            anchor = self.anchor(rule_anchor(rule.name)[1:])
            out.append(f"\\law{{{anchor}{title}}}{{{rule.law}}}\n")
        return out

    # ------------------------------------------------------------ words

    def words(self, words: Words) -> str:
        """Running text."""
        return tex_words(words, self.inline, self.numbers.anchors, linked=True)

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
                return f"{self.words(block.words)}\n"
            case Listing():
                return self.listing(block)
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
        plain = say(block.words, self.text)
        level, anchor = max(block.level - 1, 1), f"heading.{self._headings}"
        outline = f"\\bookmarked{{{level}}}{{{tex_outline(plain)}}}{{{_ascii(plain)}}}{{{anchor}}}"
        return f"{outline}\n\\{kind}*{{\\raggedright {self.words(block.words)}{self.anchor(block.anchor)}}}\n"

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

    def table(self, block: Table) -> str:
        """A table with rules above and below, over as many pages as it needs."""
        columns = max([1, len(block.head), *map(len, block.rows)])
        rows = [self._row(row, columns) for row in block.rows]
        head = f"{self._row(block.head, columns)}\\midrule\\endhead\n" if block.head else ""
        caption = self._caption(self.numbers.table(block), block.caption, block.anchor)
        below = f"{{\\centering\\small {caption}\\par}}\n" if caption else ""
        return (
            f"\\begin{{longtable}}{{{self._columns(block, columns)}}}\n\\toprule\n{head}"
            f"{''.join(rows)}\\bottomrule\n\\end{{longtable}}\n{below}"
        )

    def _row(self, row: tuple[Words, ...], columns: int) -> str:
        cells = [self.words(cell) for cell in row] + [""] * (columns - len(row))
        return "{}" + " & ".join(cells) + " \\\\\n"

    def _columns(self, block: Table, columns: int) -> str:
        """Columns of long text are paragraphs that share what the short ones leave."""
        widths = [0] * columns
        for row in (block.head, *block.rows):
            for at, cell in enumerate(row):
                widths[at] = max(widths[at], len(say(cell, self.text)))
        kinds = [{"right": "r", "center": "c"}.get(a, "l") for a in block.align]
        kinds += ["l"] * (columns - len(kinds))
        if sum(widths) + 3 * columns <= ROOM:
            return "".join(kinds[:columns])
        long = [at for at in range(columns) if widths[at] > LONG_CELL] or list(range(columns))
        short = sum(w for at, w in enumerate(widths) if at not in long) + 3 * columns
        whole = sum(min(widths[at], 4 * LONG_CELL) for at in long)
        room = max(ROOM - short, ROOM // 3) / ROOM
        for at in long:
            share = room * min(widths[at], 4 * LONG_CELL) / whole
            kinds[at] = rf">{{\raggedright\arraybackslash}}p{{{share:.3f}\linewidth}}"
        return "".join(kinds[:columns])

    def figure(self, block: Figure) -> str:
        """A picture with its caption, where it stands."""
        name = f"figures/{len(self.assets) + 1}.pdf"
        self.assets[name] = block.picture.pdf
        caption = self._caption(self.numbers.figure(block), block.caption, block.anchor)
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
        out = [self.section(part) for part in numbered(block, self.marked)]
        if block.verdict:
            out.append(f"\\verdict{{{tex_text(block.verdict)}}}\n")
        return "\n".join(out)

    def section(self, part: Numbered) -> str:
        """A heading, conditions, and lines."""
        where = self.anchor(part.anchor)
        heading = tex_text(part.section.heading)
        heading = rf"\textbf{{{heading}}}" if part.lemma else heading
        when = self.words(part.section.conditions)
        head = ", ".join(x for x in (heading, when) if x)
        lefts = dict.fromkeys(self.left(row) for row in part.section.rows if row.left is not None)
        widest = "".join(rf"\widest{{{left}}}" for left in lefts)
        *rows, last = part.section.rows
        body = "".join(map(self.row, rows)) + self.row(last, part.number)
        lead = f"\\lead{{{where}{head}:}}\n" if head else f"{where}\n" if where else ""
        return f"{lead}\\begin{{chain}}{{{widest}}}\n{body}\\end{{chain}}\n"

    def left(self, row: Row) -> str:
        """The left side; nothing where the line goes on from the one before."""
        return self.style.unmarked(self.marked(row.left)) if row.left is not None else ""

    def row(self, row: Row, number: int = 0) -> str:
        """One line."""
        left = self.marked(row.left) if row.left is not None else ""
        right = self.marked(row.right)
        ends = f"{{{self.words(row.reason)}}}{{{f'({number})' if number else ''}}}\n"
        if self.style.width(left) + self.style.width(right) <= LINE:
            return f"\\step{{{self.left(row)}}}{{{self.style.unmarked(right)}}}{ends}"
        parts = "%\n  ".join(map(_part, self.style.parts(right)))
        return f"\\longstep{{{self.left(row)}}}{{%\n  {parts}}}{ends}"


def _ascii(text: str) -> str:
    """For outlines that hold plain letters only."""
    return tex_outline("".join(c if c.isascii() else "." for c in text))


def _part(part: Part) -> str:
    text = part.text
    if text.startswith(("+ ", "- ", r"\odot ", r"\oslash ", r"\cdot ")):
        depth = f"[{part.depth}]" if part.depth else ""
        return rf"\piece{depth}{{{{}}{text}}}"
    return rf"\factor{{{{}}{text}}}" if part.factor else rf"\piece{{{text}}}"

"""Running text in Typst's markup."""

from __future__ import annotations

from collections.abc import Collection

from symderiv.document.blocks import Words
from symderiv.render.inline import InlineWriter
from symderiv.render.names import has_hangul
from symderiv.render.notation import Notation
from symderiv.render.sentences import formulas
from symderiv.render.typst.formula import typst_formula
from symderiv.render.typst.text import typst_string, typst_text

STYLES = {"emphasis": "emph", "strong": "strong", "deleted": "strike"}


def typst_words(
    words: Words, notation: Notation, anchors: Collection[str] = (), *, linked: bool = False
) -> str:
    """Running text; links to the ``anchors`` of the document and to addresses where ``linked``."""
    return _Writer(notation, anchors, linked=linked).words(words)


class _Writer(InlineWriter):
    def words(self, words: Words) -> str:
        """A particle of Korean stays with what it follows."""
        out = ""
        for part in formulas(words, linked=self.linked):
            held = out and isinstance(part, str) and has_hangul(part[:1])
            out += ("#sym.wj;" if held else "") + self.part(part)
        return out

    def text(self, text: str) -> str:
        return typst_text(text)

    def formula(self, formula: str) -> str:
        return f"${formula.strip()}$"

    def authored(self, latex: str) -> str:
        return authors_formula(latex)

    def code(self, text: str) -> str:
        return f"#raw({typst_string(text)});"

    def styled(self, style: str, words: str) -> str:
        return f"#{STYLES.get(style, 'emph')}[{words}];"

    def mark(self, number: int) -> str:
        return f'#mark("{number}");'

    def line_end(self) -> str:
        return "#linebreak();"

    def to_place(self, anchor: str, words: str) -> str:
        return f"#link(label({typst_string(anchor)}))[{words}];"

    def to_address(self, target: str, words: str) -> str:
        return f"#link({typst_string(target)})[{words}];"


def authors_formula(latex: str) -> str:
    """A formula that an author wrote in LaTeX; its source where it cannot be told otherwise."""
    found = typst_formula(latex)
    return f"#raw({typst_string(latex)});" if found is None else f"${found.strip()}$"

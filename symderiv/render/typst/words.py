"""Running text in Typst's markup."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sympy.core.basic import Basic

from symderiv.document.blocks import Break, Formula, Inline, Link, Mark, Styled, Words
from symderiv.render.layout import say
from symderiv.render.links import is_address
from symderiv.render.notation import Notation
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.sentences import EQUALS, formulas
from symderiv.render.typst.formula import typst_formula
from symderiv.render.typst.text import typst_string, typst_text

STYLES = {"emphasis": "emph", "strong": "strong", "deleted": "strike"}


def typst_words(
    words: Words, notation: Notation, anchors: Collection[str] = (), *, linked: bool = False
) -> str:
    """Running text; links to the ``anchors`` of the document and to addresses where ``linked``."""

    def inside(words: Words) -> str:
        return "".join(map(told, formulas(words, linked=linked)))

    def told(part: Inline | tuple[Basic, ...]) -> str:
        if isinstance(part, tuple):
            return f"${EQUALS.join(map(notation, part)).strip()}$"
        if isinstance(part, Link):
            return _link(part, inside, anchors)
        if isinstance(part, Styled):
            if part.style == "code":
                return f"#raw({typst_string(say(part.words, Notation(TextStyle())))});"
            return f"#{STYLES.get(part.style, 'emph')}[{inside(part.words)}];"
        if isinstance(part, Formula):
            return authors_formula(part.latex)
        if isinstance(part, Mark):
            return f'#mark("{part.number}");'
        return "#linebreak();" if isinstance(part, Break) else typst_text(str(part))

    return inside(words)


def _link(part: Link, inside: Callable[[Words], str], anchors: Collection[str]) -> str:
    words = inside(part.words)
    if part.target.startswith("#"):
        anchor = part.target[1:]
        target = f"label({typst_string(anchor)})" if anchor in anchors else ""
    else:
        target = typst_string(part.target) if is_address(part.target) else ""
    return f"#link({target})[{words}];" if target else words


def authors_formula(latex: str) -> str:
    """A formula that an author wrote in LaTeX; its source where it cannot be told otherwise."""
    found = typst_formula(latex)
    return f"#raw({typst_string(latex)});" if found is None else f"${found.strip()}$"

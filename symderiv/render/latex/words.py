"""Running text in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote

from symderiv.document.blocks import Words
from symderiv.render import names
from symderiv.render.authored import is_formula
from symderiv.render.inline import InlineWriter
from symderiv.render.names import visible
from symderiv.render.notation import Notation

STYLES = {"emphasis": "emph", "strong": "textbf", "deleted": "sout"}
_SPACES = re.compile(r"\s+")
_MARKS = "\u0300-\u036f"
_BEYOND = re.compile(rf"[^\S ]|\w?[{_MARKS}]+|[^\x00-\x7f\w]|[^\W\x00-\x7f]+")
"""A space of another kind; what an accent stands on; a sign, or letters, that ASCII lacks."""
_CODE = {"-": "{-}", '"': r"{\char34}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}",
         ",": "{,}", "<": r"\textless{}", ">": r"\textgreater{}", "?": "{?}",
         "!": "{!}"}  # fmt: skip
_BREAKABLE = frozenset("/.,;:=([{-_+*")
_LONG = 24


def tex_words(
    words: Words, notation: Notation, anchors: Collection[str] = (), *, linked: bool = False
) -> str:
    """Running text, for text mode: formulas between ``$``.

    Links lead to the ``anchors`` of the document and to addresses, where ``linked``.
    """
    return _Writer(notation, anchors, linked=linked).words(words)


def tex_text(text: str) -> str:
    r"""Text in an article, whose preamble knows a quote that stays straight in every engine.

    >>> tex_text('a "b"')
    'a \\straightquote{}b\\straightquote{}'
    """
    return names.tex_text(text).replace(r"{\char34}", r"\straightquote{}")


class _Writer(InlineWriter):
    def text(self, text: str) -> str:
        return tex_text(_SPACES.sub(" ", text))

    def formula(self, formula: str) -> str:
        return f"${formula}$"

    def authored(self, latex: str) -> str:
        return authors_formula(latex)

    def code(self, text: str) -> str:
        return rf"\texttt{{{tex_code(text)}}}"

    def styled(self, style: str, words: str) -> str:
        return rf"\{STYLES.get(style, 'emph')}{{{words}}}"

    def mark(self, number: int) -> str:
        return rf"\footnotemark[{number}]"

    def line_end(self) -> str:
        return "\\newline "

    def to_place(self, anchor: str, words: str) -> str:
        return rf"\hyperlink{{{tex_anchor(anchor)}}}{{{words}}}"

    def to_address(self, target: str, words: str) -> str:
        return rf"\href{{{_address(target)}}}{{{words}}}"


def _address(target: str) -> str:
    """An address as the argument of a command: everything unusual in percents, those escaped."""
    quoted = quote(target, safe="%/:?#[]@!'()*+,;=&-._", errors="replace")
    return re.sub(r"([%#&_])", r"\\\1", quoted.replace("~", "%7E"))


def tex_anchor(name: str) -> str:
    """A name for a place, of letters, digits and dashes, as different as the names given.

    >>> tex_anchor("lemma-1"), tex_anchor("a_b")
    ('lemma-1', 'a.5f.b')
    """
    return re.sub(r"[^A-Za-z0-9-]", lambda m: f".{ord(m[0]):x}.", name)


def tex_code(text: str) -> str:
    r"""Text in a fixed width, character by character; lines may end after a sign.

    >>> tex_code("f(x) -- y")
    'f(\\hskip0pt{}x)\\codespace{}{-}\\hskip0pt{}{-}\\hskip0pt{}\\codespace{}y'
    """
    out: list[str] = []
    run = 0
    for c in text.replace("\t", "    "):
        if c.isspace():
            out.append(r"\codespace{}")
            run = 0
            continue
        out.append(_CODE.get(c) or tex_text(c))
        run += 1
        if c in _BREAKABLE or run >= _LONG:
            out.append(r"\hskip0pt{}")
            run = 0
    return "".join(out)


def tex_outline(text: str) -> str:
    r"""Text for the outline of a PDF, where nothing but letters can stand.

    >>> tex_outline(r"a_b & $\input{x}$")
    'a\\_b \\& \\$/input(x)\\$'
    """
    for sign, other in (("\\", "/"), ("{", "("), ("}", ")"), ("^", "'"), ("~", "-")):
        text = text.replace(sign, other)
    return re.sub(r"([%#&_$])", r"\\\1", visible(_SPACES.sub(" ", text)).replace("\\", "/"))


def bare(latex: str) -> str:
    r"""A formula of what fonts of mathematics have; other letters stand as text in it.

    >>> bare("a\u3000b"), bare("x_é"), bare("α ≤ 1")
    ('a b', 'x_{\\text{é}}', '\\ensuremath{\\alpha} \\ensuremath{\\leq} 1')
    """
    return _BEYOND.sub(_as_text, latex)


def _as_text(found: re.Match[str]) -> str:
    if found[0].isspace():
        return " "
    if len(found[0]) == 1 and (sign := names.sign_of(found[0])):
        return rf"\ensuremath{{{sign}}}"
    return rf"{{\text{{{tex_text(found[0])}}}}}"


def authors_formula(latex: str) -> str:
    """A formula that an author wrote, in text; its source in a fixed width where it is not safe."""
    return f"${bare(latex)}$" if is_formula(latex) else rf"\texttt{{{tex_code(latex)}}}"

"""Running text in Markdown that GitHub, Pandoc and Jupyter read alike.

Whatever a person wrote stays text: it makes no heading, list, link, element, formula, citation,
mention or emoji.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import quote

from sympy.core.basic import Basic

from symderiv.document.blocks import Break, Formula, Link, Mark, Styled, Words
from symderiv.render.authored import is_formula
from symderiv.render.links import is_address
from symderiv.render.markdown.portable import portable
from symderiv.render.names import visible
from symderiv.render.notation import Notation
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.notation.walk import restyled
from symderiv.render.sentences import EQUALS, formulas

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~^&]")
_APART = "<!-- -->"
_MARKS = {"emphasis": ("*", "em"), "strong": ("**", "strong"), "deleted": ("~~", "del")}
_STARTS = re.compile(r"(\(?(?:\d{1,9}|[A-Za-z]{1,6}|@\w*))([.)])(?=\s|$)|([-+:%=])")
_SET = re.compile(r"[(\[]|begin\s*\{|(?:eq)?ref\s*\{")
"""What after a backslash would be a formula to MathJax, on a page that was made of Markdown."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a line.

    ``text`` and ``mark`` stand as they are; ``math`` gets its dollars, and one of the ``_MARKS``
    its marks, when its neighbours are known.
    """

    kind: str
    source: str


def text(words: str) -> str:
    r"""Any text, escaped; on one line.

    >>> text("*a* <b> $5 [x](y)")
    '\\*a\\* \\<b\\> <span>\\$</span>5 \\[x\\](y)'
    """
    line = visible(re.sub(r"[ \t\r\n]+", " ", words))
    line = _SPECIAL.sub(_escaped, line)
    line = re.sub(r"(?<!\w)@(?=\w)", "@" + _APART, line)
    line = re.sub(r":(?=(?:\w|[+-])+:)", ":" + _APART, line)
    return line.replace("$", r"<span>\$</span>")


def _escaped(found: re.Match[str]) -> str:
    begins = found[0] == "\\" and _SET.match(found.string, found.end())
    return r"<span>\\</span>" if begins else f"\\{found[0]}"


def paragraph(source: str) -> str:
    r"""The line, not to be taken for a list or a heading.

    >>> paragraph("1. a"), paragraph("- a")
    ('1\\. a', '\\- a')
    """
    found = _STARTS.match(source)
    if not found:
        return source
    at = found.start(2) if found[2] else found.start(3)
    return source[:at] + "\\" + source[at:]


def inline(words: Words, notation: Notation, *, end: str = "\\\n") -> str:
    """Running text; ``end`` is what ends a line within it."""
    return _joined(list(_pieces(words, notation, end)))


def math(sides: Sequence[Basic], notation: Notation) -> str:
    """Expressions joined by ``=`` as LaTeX for both readers, without dollars."""
    return portable(EQUALS.join(map(notation, sides)))


def code(source: str) -> str:
    """A text in a fixed width on one line.

    >>> code("a`b")
    '``a`b``'
    """
    source = visible(re.sub(r"[ \t\r\n]+", " ", source))
    longest = max(map(len, re.findall("`+", source)), default=0)
    fence = "`" * (longest + 1 if longest else 1)
    pad = " " if source[:1] == "`" or source[-1:] == "`" or not source.strip() else ""
    return f"{fence}{pad}{source}{pad}{fence}"


def anchor(label: str) -> str:
    """A place to lead to; a ``span`` is a target on GitHub and in Pandoc's LaTeX too.

    >>> anchor("eq-1")
    '<span id="eq-1"></span>'
    """
    return f'<span id="{identifier(label)}"></span>' if label else ""


def identifier(label: str) -> str:
    """The label with letters, digits and ``- _ . :`` alone."""
    return re.sub(r"[^\w.:-]", "-", label)


def address(target: str) -> str | None:
    """Where a link leads, made safe; None for what a page must not lead to.

    >>> address("javascript:alert(1)"), address("#eq 1"), address("https://a.org/b (c)")
    (None, '#eq-1', 'https://a.org/b%20%28c%29')
    """
    if target.startswith("#"):
        return "#" + identifier(target[1:])
    if not is_address(re.sub(r"\s", "%20", target.strip())):
        return None
    quoted = quote(target.strip(), safe="/:?#@!&+,;=%~-._", errors="replace")
    return re.sub(r"&(?=#?\w+;)", "&amp;", quoted)


# ---------------------------------------------------------------- pieces


def _pieces(words: Words, notation: Notation, end: str) -> Iterator[_Piece]:
    for part in formulas(words, linked=True):
        if isinstance(part, tuple):
            yield _formula(math(part, notation), part, notation)
        elif isinstance(part, Formula):
            yield _authored(part.latex)
        elif isinstance(part, Break):
            yield _Piece("mark", end)
        elif isinstance(part, Mark):
            yield _Piece("mark", f"[^{part.number}]")
        elif isinstance(part, Link):
            yield from _link(part, notation, end)
        elif isinstance(part, Styled):
            yield from _styled(part, notation, end)
        else:
            yield _Piece("text", text(str(part)))


def _formula(source: str, sides: Sequence[Basic], notation: Notation) -> _Piece:
    """A formula within a line; rows cannot stand there, so what has them is told in text."""
    if "\n" in source and sides:
        plain = restyled(notation, TextStyle())
        return _Piece("mark", code(EQUALS.join(map(plain, sides))))
    return _Piece("math", source.replace("\n", " "))


def _authored(latex: str) -> _Piece:
    """A formula that an author wrote; its source where it is not safe."""
    if not is_formula(latex):
        return _Piece("mark", code(latex))
    return _Piece("math", portable(latex).replace("\n", " "))


def _link(link: Link, notation: Notation, end: str) -> Iterator[_Piece]:
    target = address(link.target)
    for piece in _runs(link.words, notation, end):
        if target is None or piece.kind == "math" or not re.search(r"\w", piece.source):
            yield piece
        else:
            lead, core, tail = _trimmed(piece.source)
            yield _Piece("mark", f"{lead}[{core}]({target}){tail}")


def _styled(styled: Styled, notation: Notation, end: str) -> Iterator[_Piece]:
    if styled.style == "code":
        yield _Piece("mark", code(_plain(styled.words, notation)))
        return
    for piece in _runs(styled.words, notation, end):
        lead, core, tail = _trimmed(piece.source)
        if piece.kind == "math" or not core:
            yield piece
        else:
            yield _Piece("text", lead)
            yield _Piece(styled.style, core)
            yield _Piece("text", tail)


def _runs(words: Words, notation: Notation, end: str) -> Iterator[_Piece]:
    """Text as far as it goes, and the formulas between: GitHub reads none in links or emphasis."""
    run: list[_Piece] = []
    for piece in _pieces(words, notation, end):
        if piece.kind != "math":
            run.append(piece)
            continue
        yield _Piece("text", _joined(run))
        yield piece
        run = []
    yield _Piece("text", _joined(run))


def _trimmed(source: str) -> tuple[str, str, str]:
    core = source.strip()
    start = source.index(core) if core else 0
    return source[:start], core, source[start + len(core) :]


def _plain(words: Words, notation: Notation) -> str:
    from symderiv.render.layout import say

    return say(words, restyled(notation, TextStyle()))


def _joined(pieces: Sequence[_Piece]) -> str:
    """The line; what touches its neighbours in a way that hides its marks becomes an element."""
    out = ""
    shown = [piece for piece in pieces if piece.source]
    for piece, after in zip_longest(shown, shown[1:]):
        before, following = out[-1:], after.source[:1] if after else ""
        if piece.kind == "math":
            out += _formula_between(piece.source, before, following, after)
        elif piece.kind in _MARKS:
            out += _marked(piece, before, following)
        elif before == "!" and piece.source[0] == "[":
            out = f"{out[:-1]}\\!{piece.source}"  # or else it would be a picture
        else:
            out += piece.source
    return out


def _formula_between(source: str, before: str, following: str, after: _Piece | None) -> str:
    """Between dollars, which GitHub sees only beside white space and a few signs."""
    free = before in ("", " ", "\n") and following in ("", " ", "\n", *".,;:?!")
    formula = f"${source}$"
    return formula if free and (after is None or after.kind == "text") else _span(formula)


def _span(formula: str) -> str:
    return f"<span>{formula}</span>"


def _marked(piece: _Piece, before: str, following: str) -> str:
    """Marks, or a tag where CommonMark would not let the marks open or close."""
    mark, tag = _MARKS[piece.kind]
    core = piece.source
    opens = core[0].isalnum() or before in ("", " ", "\n")
    closes = core[-1].isalnum() or following in ("", " ", "\n")
    nested = core[0] in "*~" or core[-1] in "*~" or before in ("*", "~") or following in ("*", "~")
    if opens and closes and not nested:
        return f"{mark}{core}{mark}"
    return f"<{tag}>{core}</{tag}>"

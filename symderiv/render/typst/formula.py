"""An author's formula, from LaTeX by way of MathML to Typst's math mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category
from xml.etree.ElementTree import Element

from symderiv.render.mathml.core import formula
from symderiv.render.mathml.fences import grows
from symderiv.render.mathml.repair import CHILDREN, FUNCTIONS, LARGE, THIN, WITH_LIMITS
from symderiv.render.names import visible
from symderiv.render.typst.text import typst_string

_SIGNS = {"-": "−", "*": "∗", "'": "′"}
_ALIGNED = re.compile(r"\s*\\begin\{(aligned|gathered|split)\}(.*)\\end\{\1\}\s*", re.DOTALL)
"""An environment of rows; Typst aligns what stands after ``&`` by itself."""
_CELLS = re.compile(r"\\(begin|end)\b|\\\\|\\.|[^\\&]+|&", re.DOTALL)
_WIDTH = re.compile(r"-?[0-9]*\.?[0-9]+em")
_OPENING, _CLOSING = frozenset("([{|‖⌊⌈⟨"), frozenset(")]}|‖⌋⌉⟩")
_BARS, _SCRIPTED = frozenset("|‖"), frozenset(CHILDREN) - {"mfrac", "mroot"}
_NOT_IN_TYPST = frozenset(("argmax", "argmin"))
_ACCENTS = frozenset("^ˆ~˜¯ˉ´`˙¨˘ˇ→⃗\u0302\u0303")
_ARROWS = {"‾": "overline", "_": "underline", "⏞": "overbrace", "⏟": "underbrace"}


@lru_cache(maxsize=1024)
def typst_formula(latex: str) -> str | None:
    r"""The formula in Typst; None where it cannot be told in MathML Core.

    >>> typst_formula(r"\frac{a}{b} \le \theta")
    'frac(a, b) ≤ θ'
    """
    aligned = _ALIGNED.fullmatch(latex)
    if aligned:
        cells = [(typst_formula(cell), end) for cell, end in _cells(aligned[2])]
        if any(cell is None for cell, _ in cells):
            return None
        return "".join(f"{cell}{end}" for cell, end in cells).strip()
    element = formula(latex, latex, {}) if latex.strip() else None
    if element is None or element.tag != "math":
        return "" if element is None else None
    return _typst(element[0][0])


def _cells(latex: str) -> Iterator[tuple[str, str]]:
    """The cells of an environment, and what ends each in Typst."""
    cell, depth = "", 0
    for found in _CELLS.finditer(latex):
        depth += (found[1] == "begin") - (found[1] == "end")
        if not depth and found[0] in ("&", "\\\\"):
            yield cell, " & " if found[0] == "&" else " \\ "
            cell = ""
        else:
            cell += found[0]
    yield cell, ""


def _typst(e: Element) -> str:
    return _ELEMENTS[e.tag](e)


def _argument(e: Element) -> str:
    """An argument of a call, which must not be missing."""
    return _typst(e) or '""'


def _row(e: Element) -> str:
    children = list(e)
    if len(children) == 2 and children[0].text == "{" and children[1].tag == "mtable":
        return _branches(children[1])
    if len(children) == 3 and children[1].get("linethickness") == "0" and children[0].text == "(":
        return f"binom({_argument(children[1][0])}, {_argument(children[1][1])})"
    inside = " ".join(filter(None, _told(children))).replace('" \\(', '"\\(')
    if len(children) > 1 and _is_enclosed(children[0], children[-1]):
        return f"lr({inside})"
    return inside


def _told(children: list[Element]) -> Iterator[str]:
    """The parts of a row; of two bars the first opens, the second closes."""
    within: set[str] = set()
    joined = _words_joined(children)
    for before, child, after in zip([None, *joined], joined, [*joined[1:], None], strict=False):
        if child.get("width") == THIN and any(
            e is not None and _is_operator(e) for e in (before, after)
        ):
            continue  # Typst has that space by itself
        sign = (child[0] if child.tag in _SCRIPTED else child).text or ""
        told = _typst(child)
        if sign in _BARS and child.get("stretchy") != "true":
            kind = "closing" if sign in within else "opening"
            within ^= {sign}
            told = told.replace(_escaped(sign), f'class("{kind}", {_escaped(sign)})', 1)
        yield told


def _words_joined(children: list[Element]) -> list[Element]:
    """Upright letters in a row are one word."""
    out: list[Element] = []
    for child in children:
        if out and _is_upright(child) and _is_upright(out[-1]):
            word = Element("mi", {"mathvariant": "normal"})
            word.text = (out[-1].text or "") + (child.text or "")
            out[-1] = word
        else:
            out.append(child)
    return out


def _is_upright(e: Element) -> bool:
    return e.tag == "mi" and e.get("mathvariant") == "normal"


def _is_enclosed(first: Element, last: Element) -> bool:
    """Brackets on both sides, or one that grows with what stands on its one side."""
    if _is_fence(first, _OPENING) and _is_fence(last, _CLOSING):
        return True
    return grows(first, "prefix") or grows(last, "postfix")


def _is_fence(e: Element, signs: frozenset[str]) -> bool:
    return e.tag == "mo" and (e.text or "") in signs | {""} and e.get("stretchy") != "false"


def _letter(e: Element) -> str:
    text = visible(e.text or "")
    if len(text) != 1:
        return _operator(text) if _is_operator(e) else typst_string(text)
    return f'upright("{_escaped(text)}")' if e.get("mathvariant") == "normal" else _escaped(text)


def _operator(text: str) -> str:
    """A word that Typst spaces as an operator, with what stands under it where that is usual."""
    if text in FUNCTIONS | WITH_LIMITS and text not in _NOT_IN_TYPST:
        return text
    limits = ", limits: #true" if _closed_up(text) in WITH_LIMITS else ""
    return f"op({typst_string(text)}{limits})"


def _is_operator(e: Element) -> bool:
    core = e[0] if e.tag in _SCRIPTED and len(e) else e
    return core.tag in ("mi", "mo") and _closed_up(core.text) in FUNCTIONS | WITH_LIMITS


def _closed_up(text: str | None) -> str:
    return "".join((text or "").split())


def _escaped(c: str) -> str:
    """One sign that stands for itself."""
    c = _SIGNS.get(c, c)
    special = c.isascii() and not c.isalnum() and c not in "+=!?"
    return f"\\{c}" if special or c in _OPENING | _CLOSING or category(c) in ("Ps", "Pe") else c


def _number(e: Element) -> str:
    text = e.text or ""
    return text if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else typst_string(text)


def _sign(e: Element) -> str:
    text = visible(e.text or "")
    if len(text) == 1:
        return _escaped(text)
    return _operator(text) if text else ""


def _words(e: Element) -> str:
    """Text; the spaces at its ends are those between the parts of a formula."""
    text = (e.text or "").replace("\u00a0", " ")
    return typst_string(text.strip() if len(text.strip()) > 1 else text)


def _space(e: Element) -> str:
    width = e.get("width", "")
    return f"#h({width})" if _WIDTH.fullmatch(width) else ""


def _fraction(e: Element) -> str:
    above, below = map(_argument, e)
    if e.get("linethickness") == "0":
        return f"mat(delim: #none, {above}; {below})"
    return f"frac({above}, {below})"


def _style(e: Element) -> str:
    inside = _row(e)
    size = {"true": "display", "false": "inline"}.get(e.get("displaystyle", ""))
    return f"{size}({inside})" if size and inside else inside


def _root(e: Element) -> str:
    if e.tag == "mroot":
        return f"root({_argument(e[1])}, {_argument(e[0])})"
    inside = _row(e) or '""'
    return f"sqrt({inside})"


def _scripts(e: Element) -> str:
    """What stands below and above, at the side or over and under."""
    limits = e.tag in ("munder", "mover", "munderover")
    base = _argument(e[0])
    if e.tag == "mover" and len(e) == 2 and e[1].tag == "mo" and not _is_large(e[0]):
        return _accent(base, e[1].text or "")
    if e.tag == "munder" and e[1].tag == "mo" and (e[1].text or "") in _ARROWS:
        return f"{_ARROWS[e[1].text or '']}({base})"
    # Those of sums, and of words such as max, stand over and under them in display style alone.
    if limits and not (_is_large(e[0]) or _closed_up(e[0].text) in WITH_LIMITS):
        base = f"limits({base})"
    elif not limits and _is_large(e[0]):
        base = f"scripts({base})"
    names = {"msub": "b", "munder": "b", "msup": "t", "mover": "t"}.get(e.tag, "bt")
    places = ", ".join(
        f"{name}: {_argument(child)}" for name, child in zip(names, e[1:], strict=True)
    )
    return f"attach({base}, {places})"


def _is_large(e: Element) -> bool:
    return (e.text or "") in LARGE


def _accent(base: str, sign: str) -> str:
    if sign in _ARROWS:
        return f"{_ARROWS[sign]}({base})"
    if sign in _ACCENTS:
        return f"accent({base}, {typst_string(sign)})"
    return f"attach(limits({base}), t: {_escaped(sign) if len(sign) == 1 else typst_string(sign)})"


def _table(e: Element) -> str:
    rows = [", ".join(map(_row, row)) for row in e]
    return f"mat(delim: #none, {'; '.join(rows)})"


def _branches(e: Element) -> str:
    """A table behind a brace."""
    return f"cases({', '.join(' & quad '.join(map(_row, row)) for row in e)})"


_ELEMENTS = {
    "mrow": _row, "mstyle": _style, "mtd": _row, "mi": _letter, "mn": _number, "mo": _sign,
    "mtext": _words, "mspace": _space, "mfrac": _fraction, "msqrt": _root, "mroot": _root,
    "msub": _scripts, "msup": _scripts, "msubsup": _scripts, "munder": _scripts,
    "mover": _scripts, "munderover": _scripts, "mtable": _table,
}  # fmt: skip

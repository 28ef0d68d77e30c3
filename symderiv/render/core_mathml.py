"""From LaTeX to MathML Core, by latex2mathml and a repair of what it leaves.

latex2mathml never sees a text that a person gave: names of several letters and running text
stand in its input as single private-use characters and are put into the finished tree. Its
``convert`` is not used, for it un-escapes its output; its tree is repaired, checked against
MathML Core, and serialised by ElementTree. What cannot be told that way becomes ``<code>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape
from xml.etree.ElementTree import Element, SubElement

from symderiv.render.names import visible
from symderiv.render.style_latex import LatexStyle

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
FIRST, LAST = 0xE000, 0xF8FF

TOKENS = frozenset(("mi", "mn", "mo", "mtext", "mspace"))
CHILDREN = {
    "mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "mroot": 2,
    "msubsup": 3, "munderover": 3,
}  # fmt: skip
ELEMENTS = TOKENS | frozenset(CHILDREN) | {"mrow", "msqrt", "mtable", "mtr", "mtd", "mstyle"}
ATTRIBUTES = {
    "mi": {"mathvariant"},
    "mo": {"stretchy", "fence", "form", "lspace", "rspace"},
    "mspace": {"width"},
    "mover": {"accent"},
    "munder": {"accentunder"},
}
LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
LARGE = frozenset(("∑", "∏", "max", "min"))
FENCES = frozenset("⌊⌋⌈⌉¬")
UNSEEN = frozenset("\n\u2061\u2062\u2063\u2064")
DOTS = frozenset("…⋯")
ACCENTS = frozenset("¯‾^ˆ~˜˙¨ˇ˘´`→⃗")
SIGNS = frozenset("+-−±∓")
TIGHT = SIGNS | frozenset("=≠≤≥<>∈⋅·")
SCRIPTED = frozenset(("msub", "msup", "msubsup", "munder", "mover", "munderover"))
BEFORE_A_SIGN = frozenset("([{|⌊⌈⟨=≠≤≥<>≈≡∈→⇒,;:/·×⋅") | SIGNS
WORDS = frozenset(
    ("log", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth")
)
BOLD = {"A": 0x1D400, "a": 0x1D41A, "0": 0x1D7CE}


class NotCoreError(ValueError):
    """latex2mathml left something that MathML Core does not have."""


class PlaceholderStyle(LatexStyle):
    """LaTeX in which one private-use character stands for every word."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, tuple[str, str]] = {}
        self._places: dict[tuple[str, str], str] = {}

    def upright(self, text: str) -> str:
        """A name of several letters."""
        return self._place("mi", visible(text))

    def word(self, text: str) -> str:
        """Running text within a formula."""
        return self._place("mtext", visible(text).replace(" ", "\u00a0"))

    def _place(self, tag: str, text: str) -> str:
        place = self._places.get((tag, text))
        if place is None:
            number = FIRST + len(self._places)
            if number > LAST:
                return "?"
            place = self._places[tag, text] = chr(number)
            self.words[place] = (tag, text)
        return place


def formula(safe: str, latex: str, words: Mapping[str, tuple[str, str]]) -> Element:
    """``<math>`` with the LaTeX as annotation; ``<code>`` with the LaTeX where that fails.

    ``safe`` is the LaTeX with placeholders for the ``words``.
    """
    body = _converted(safe)
    try:
        if body is None:
            raise NotCoreError(latex)
        _repair(body, words)
        _check(body)
    except NotCoreError:
        code = Element("code", {"class": "latex"})
        code.text = _readable(latex)
        return code
    math = Element("math", {"xmlns": NAMESPACE, "displaystyle": "true"})
    semantics = SubElement(math, "semantics")
    semantics.append(body)
    SubElement(semantics, "annotation", {"encoding": "application/x-tex"}).text = _readable(latex)
    return math


def _readable(text: str) -> str:
    """The text with what an author's formula may not hide in it spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in UNSEEN else visible(c) for c in text)


def _converted(latex: str) -> Element | None:
    from latex2mathml.converter import convert_to_element

    try:
        root = convert_to_element(latex)
    except Exception:  # noqa: BLE001 - it has ten errors of its own, and leaks StopIteration
        return None
    row = Element("mrow")
    row.extend(list(root[0]) if len(root) == 1 and root[0].tag == "mrow" else list(root))
    return row


# ---------------------------------------------------------------- repair


def _repair(e: Element, words: Mapping[str, tuple[str, str]]) -> None:
    e.tail = None
    text = unescape(e.text) if e.text and e.tag in TOKENS else None
    if text is not None and text in words:
        e.tag, text = words[text]
        e.attrib.clear()
        if e.tag == "mi" and len(text) == 1:
            e.set("mathvariant", "normal")
    elif text and (text[0] == "\\" or any(FIRST <= ord(c) <= LAST for c in text)):
        raise NotCoreError(f"{text!r} was not converted")
    e.text = _readable(_lettered(e, text) or "") or None
    if e.tag == "mi" and e.text in FENCES:
        e.tag = "mo"
    elif e.tag == "mo" and e.text in DOTS:
        e.tag = "mi"
    for child in e:
        _repair(child, words)
    if e.tag in LIMITS and len(e) and e[0].text in LARGE:
        e.tag = LIMITS[e.tag]
    if e.tag in ("mover", "munder") and len(e) == 2 and e[1].tag == "mo":
        e[1].attrib = {"stretchy": "true" if e[1].text == "\u203e" else "false"}
        if e.tag == "mover" and e[1].text in ACCENTS:
            e.set("accent", "true")
    allowed = ATTRIBUTES.get(e.tag, set())
    for name in [name for name in e.attrib if name not in allowed]:
        del e.attrib[name]
    if e.tag in SCRIPTED:
        _tighten(e)
    _space_operators(e)
    _space_words(e)
    _group_fenced(e)


def _lettered(e: Element, text: str | None) -> str | None:
    """Chromium knows no ``mathvariant`` but normal: bold letters are characters of their own."""
    variant = e.get("mathvariant")
    if variant not in (None, "normal"):
        del e.attrib["mathvariant"]
        if variant == "bold" and text:
            return "".join(map(_bold, text))
    return "\u203e" if text == "\u2015" else text


def _bold(c: str) -> str:
    first = "A" if "A" <= c <= "Z" else "a" if "a" <= c <= "z" else "0" if c.isdigit() else None
    return chr(BOLD[first] + ord(c) - ord(first)) if first and c.isascii() else c


def _space_operators(e: Element) -> None:
    """No space after a sign that stands in front, nor beside a slash, as LaTeX has it."""
    before: Element | None = None
    for child in e:
        if child.tag == "mo" and child.text == "/":
            child.attrib.update(lspace="0", rspace="0")
        elif child.tag == "mo" and child.text in SIGNS and _waits_for_a_term(before):
            child.set("form", "prefix")
        before = child


def _tighten(e: Element) -> None:
    """No space beside signs and relations in what is raised or lowered."""
    for script in list(e)[1:]:
        for operator in script.iter("mo"):
            if operator.text in TIGHT:
                operator.attrib.update(lspace="0", rspace="0")


def _group_fenced(e: Element) -> None:
    """What stands between brackets in a row of its own, or Firefox overlooks sums among it."""
    children = list(e)
    if e.tag != "mrow" or len(children) < 4 or not all(map(_grows, (e[0], e[-1]))):
        return
    inside = Element("mrow")
    for child in children[1:-1]:
        e.remove(child)
        inside.append(child)
    e.insert(1, inside)


def _grows(e: Element) -> bool:
    return e.tag == "mo" and e.get("stretchy") == "true"


def _waits_for_a_term(e: Element | None) -> bool:
    return e is not None and e.tag == "mo" and e.text in BEFORE_A_SIGN


def _space_words(e: Element) -> None:
    """A thin space between ``log`` and its neighbours, as LaTeX has it."""
    children = list(e)
    if e.tag not in ("mrow", "mtd", "msqrt") or not any(map(_is_word, children)):
        return
    for child in children:
        e.remove(child)
    for position, child in enumerate(children):
        before = children[position - 1] if position else None
        after = children[position + 1] if position + 1 < len(children) else None
        word = _is_word(child)
        if word and before is not None and not (before.tag in ("mo", "mspace") or _is_word(before)):
            e.append(_thin())
        e.append(child)
        if word and after is not None and not _opens(after):
            e.append(_thin())


def _thin() -> Element:
    return Element("mspace", {"width": "0.167em"})


def _is_word(e: Element) -> bool:
    core = e[0] if e.tag in ("msub", "msup", "munder") and len(e) else e
    return core.tag in ("mi", "mo") and core.text in WORDS | {"max", "min"}


def _opens(e: Element) -> bool:
    core = e[0] if e.tag == "mrow" and len(e) else e
    return core.tag == "mo" and core.text in ("(", "[")


def _check(e: Element) -> None:
    if e.tag not in ELEMENTS:
        raise NotCoreError(f"<{e.tag}> is not in MathML Core")
    if e.tag in CHILDREN and len(e) != CHILDREN[e.tag]:
        raise NotCoreError(f"<{e.tag}> has {len(e)} children")
    if e.tag in TOKENS and len(e):
        raise NotCoreError(f"<{e.tag}> has children")
    for child in e:
        _check(child)

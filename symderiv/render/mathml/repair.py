"""What latex2mathml leaves, made into MathML Core that every browser sets as LaTeX would."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from xml.etree.ElementTree import Element

from symderiv.render.mathml.bars import SCRIPTED, sign, turns
from symderiv.render.mathml.fences import drop_unseen, fence_tables, group_fenced
from symderiv.render.mathml.letters import lettered
from symderiv.render.names import visible

FIRST, LAST = 0xE000, 0xF8FF
TOKENS = frozenset(("mi", "mn", "mo", "mtext", "mspace"))
CHILDREN = {
    "mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "mroot": 2,
    "msubsup": 3, "munderover": 3,
}  # fmt: skip
ELEMENTS = TOKENS | frozenset(CHILDREN) | {"mrow", "msqrt", "mtable", "mtr", "mtd", "mstyle"}
_FLAG, _LENGTH = re.compile("true|false"), re.compile(r"-?[0-9.]+(em|ex|pt)|0")
ATTRIBUTES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "mi": {"mathvariant": re.compile("normal")},
    "mo": {
        "stretchy": _FLAG, "fence": _FLAG, "movablelimits": _FLAG, "lspace": _LENGTH,
        "rspace": _LENGTH, "minsize": _LENGTH, "maxsize": _LENGTH, "largeop": _FLAG,
        "form": re.compile("prefix|infix|postfix"),
    },
    "mspace": {"width": _LENGTH},
    "mover": {"accent": _FLAG},
    "munder": {"accentunder": _FLAG},
    "mfrac": {"linethickness": re.compile("0")},
    "mstyle": {"displaystyle": _FLAG, "scriptlevel": re.compile("[0-2]")},
    "mtable": {"displaystyle": _FLAG},
    "mtd": {"class": re.compile("left|right")},
}  # fmt: skip
"""What MathML Core allows, and with what values; the page aligns cells by their class."""

LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
LARGE = frozenset(("∑", "∏", "⋃", "⋂", "⨁", "⨂", "∐"))
WITH_LIMITS = frozenset(("max", "min", "lim", "inf", "sup", "liminf", "limsup", "argmax", "argmin"))
_FUNCTIONS = """
arccos arcsin arctan cos cosh cot coth csc deg det dim exp gcd hom ker lg ln log Pr sec sin sinh tan
tanh
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())
BRACES = frozenset("⏞⏟")
WIDE = BRACES | {"‾"}
CAN_BE_WIDE = {"^": "\u0302", "~": "\u0303", "→": "→"}
"""Accents that may be wide, and the characters that fonts have wide forms of."""
OPENING = frozenset("([{|‖⌊⌈⟨")
CLOSING = frozenset(")]}⌋⌉⟩")
FENCES = frozenset("⌊⌋⌈⌉¬")
DOTS = frozenset("…⋯")
ORDINARY = frozenset("∂∇∞∅∀∃∄⊤∠△")
"""What TeX sets as letters, and a browser with the space of operators. An ``<mi>`` would be italic,
for which the font has no sign, or upright, which Firefox sets apart as it does ``sin``."""
SIGNS = frozenset("+-−±∓")
CIRCLED = frozenset("⊙⊘⊗⊕")
"""Signs between two terms, which Firefox takes for large ones such as ⨀."""
UPRIGHT_BARS = frozenset("|‖")
BARS = UPRIGHT_BARS | {"/"}
TIGHT = SIGNS | frozenset("=≠≤≥<>∈⋅·")
BEFORE_A_SIGN = OPENING | SIGNS | frozenset("=≠≤≥<>≈≡∈→⇒,;:/·×⋅")
UNSEEN = frozenset("\n\u2061\u2062\u2063\u2064")
THIN = "0.167em"


class NotCoreError(ValueError):
    """latex2mathml left something that MathML Core does not have."""


def repair(e: Element, words: Mapping[str, tuple[str, str]]) -> None:
    """Mend a tree in place, and put the ``words`` where their placeholders stand.

    Raises `NotCoreError` for what was not converted.
    """
    e.tail = None
    _text(e, words)
    drop_unseen(e)
    for child in e:
        repair(child, words)
    _names(e)
    _limits(e)
    _accent(e)
    _cells(e)
    if e.tag in SCRIPTED:
        _tighten(e)
    _operators(e)
    _space_words(e)
    fence_tables(e)
    group_fenced(e)


def check(e: Element) -> None:
    """Leave only attributes of MathML Core; raises `NotCoreError` for elements it lacks."""
    if e.tag not in ELEMENTS:
        raise NotCoreError(f"<{e.tag}> is not in MathML Core")
    if e.tag in CHILDREN and len(e) != CHILDREN[e.tag]:
        raise NotCoreError(f"<{e.tag}> has {len(e)} children")
    if e.tag in TOKENS and len(e):
        raise NotCoreError(f"<{e.tag}> has children")
    allowed = ATTRIBUTES.get(e.tag, {})
    for name, value in list(e.attrib.items()):
        if name not in allowed or not allowed[name].fullmatch(value):
            del e.attrib[name]
    for child in e:
        check(child)


def readable(text: str) -> str:
    """The text with what an author's formula may not hide in it spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in UNSEEN else visible(c) for c in text)


# ---------------------------------------------------------------- texts


def _text(e: Element, words: Mapping[str, tuple[str, str]]) -> None:
    text = unescape(e.text) if e.text and e.tag in TOKENS else ""
    if text in words:
        e.tag, text = words[text]
        e.attrib.clear()
        if e.tag == "mi" and len(text) == 1:
            e.set("mathvariant", "normal")
    elif text[:1] == "\\" or any(FIRST <= ord(c) <= LAST for c in text):
        raise NotCoreError(f"{text!r} was not converted")
    elif e.tag == "mtext":
        text = text.replace(" ", "\u00a0")
    variant = e.get("mathvariant", "normal")
    if variant != "normal":
        del e.attrib["mathvariant"]
        text = lettered(text, variant)
    e.text = readable("\u203e" if text == "\u2015" else text) or None
    if e.tag == "mi" and e.text in FENCES:
        e.tag = "mo"
    elif e.tag == "mo" and e.text in DOTS:
        e.tag = "mi"


def _names(e: Element) -> None:
    r"""``\mathrm{KL}`` and ``\operatorname{softmax}`` are one name each, not letters or signs."""
    upright = [child.tag == "mi" and child.get("mathvariant") == "normal" for child in e]
    if e.tag == "mrow" and len(e) > 1 and all(upright):
        text = "".join(child.text or "" for child in e)
        for child in list(e):
            e.remove(child)
        e.tag, e.text = "mi", text
    elif e.tag == "mo" and _is_name(e.text) and e.text not in WITH_LIMITS:
        e.tag = "mi"
        e.attrib.clear()
        e.set("class", "function")
    elif e.tag == "mo" and e.text in WITH_LIMITS:
        e.attrib.update(movablelimits="true", lspace="0", rspace="0")


def _is_name(text: str | None) -> bool:
    return text is not None and len(text) > 1 and text.isalpha()


# ---------------------------------------------------------------- scripts and accents


def _limits(e: Element) -> None:
    if e.tag in LIMITS and len(e) and e[0].text in LARGE | WITH_LIMITS:
        e.tag = LIMITS[e.tag]


def _accent(e: Element) -> None:
    """An accent has its full size; only what is meant to be wide grows with what is below it."""
    if e.tag not in ("mover", "munder") or len(e) != 2 or e[1].tag != "mo" or _is_limit(e[0]):
        return
    accent = e[1]
    grows = accent.text in WIDE
    if accent.text in CAN_BE_WIDE and e.get("accent") is None and accent.get("stretchy") is None:
        grows, accent.text = True, CAN_BE_WIDE[accent.text]
    accent.attrib = {"stretchy": "true" if grows else "false"}
    if accent.text not in BRACES:
        e.set("accent" if e.tag == "mover" else "accentunder", "true")


def _is_limit(e: Element) -> bool:
    return e.text in LARGE | WITH_LIMITS


def _tighten(e: Element) -> None:
    """No space beside signs and relations in what is raised or lowered."""
    for script in list(e)[1:]:
        for operator in script.iter("mo"):
            if operator.text in TIGHT:
                operator.attrib.update(lspace="0", rspace="0")


# ---------------------------------------------------------------- rows


def _operators(e: Element) -> None:
    """No space after a sign that stands in front, nor beside a slash or a bar."""
    before: Element | None = None
    closed = False
    turned = turns(list(map(sign, e)), UPRIGHT_BARS)
    for child, turn in zip(e, turned, strict=True):
        if child.tag == "mo" and child.text in BARS and "lspace" not in child.attrib:
            child.attrib.update(lspace="0", rspace="0")
        elif child.tag == "mo" and child.text in SIGNS and _waits_for_a_term(before, closed):
            child.set("form", "prefix")
        if child.tag == "mo" and child.text in CIRCLED:
            child.set("largeop", "false")
        elif child.tag == "mo" and child.text in ORDINARY:
            child.attrib.update(lspace="0", rspace="0")
        before, closed = child, turn < 0


def _waits_for_a_term(e: Element | None, closed: bool) -> bool:
    if closed or e is None or e.tag != "mo":
        return False
    return e.text in BEFORE_A_SIGN


def _space_words(e: Element) -> None:
    """A thin space between ``log`` and its neighbours, as LaTeX has it."""
    children = list(e)
    if e.tag not in ("mrow", "mtd", "msqrt", "mstyle") or not any(map(_is_word, children)):
        return
    for child in children:
        e.remove(child)
    for position, child in enumerate(children):
        before = children[position - 1] if position else None
        after = children[position + 1] if position + 1 < len(children) else None
        word = _is_word(child)
        if word and before is not None and _ends_a_term(before):
            e.append(_thin())
        e.append(child)
        if word and after is not None and not _opens(after):
            e.append(_thin())


def _ends_a_term(e: Element) -> bool:
    """Whether ``log`` stands at some distance from it: it is no sign, no space, and no ``log``."""
    core = e[0] if e.tag in SCRIPTED and len(e) else e
    if core.tag == "mo":
        return core.text in CLOSING
    return core.tag != "mspace" and not _is_word(e)


def _thin() -> Element:
    return Element("mspace", {"width": THIN})


def _is_word(e: Element) -> bool:
    core = e[0] if e.tag in SCRIPTED and len(e) else e
    known = core.tag in ("mi", "mo") and core.text in FUNCTIONS | WITH_LIMITS
    return known or core.get("class") == "function"


def _opens(e: Element) -> bool:
    core = e[0] if e.tag == "mrow" and len(e) else e
    return core.tag == "mspace" or (core.tag == "mo" and core.text in ("(", "["))


def _cells(e: Element) -> None:
    """The side at which a cell stands, as a class, for browsers know no ``columnalign``."""
    side = e.get("columnalign")
    if e.tag == "mtd" and side in ("left", "right"):
        e.set("class", side)

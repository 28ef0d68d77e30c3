"""Long formulas in parts between which a line may end: before + and −, relations, and dots.

A browser breaks no line within ``<math>``, so each part is a ``<math>`` of its own. What is still
too long for a phone is cut once more, within brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from symderiv.render.html.breadth import breadth
from symderiv.render.html.height import height, reach
from symderiv.render.mathml.bars import CLOSE, OPEN, TURN, sign, turns
from symderiv.render.mathml.core import NAMESPACE

SHORT, PHONE, TORN = 10.0, 14.0, 8.0
"""What is not wider, in ems, is never cut, or not within brackets: a phone shows it on one line.
Brackets are torn only around more than the last."""
LEADING = 0.16
_ENDS = frozenset("+−=≤≥<>≈≠·⋅⊙⊘")
_BARS = frozenset("|")

Tokens = list[Element]


def parts(math: Element) -> list[list[Element]]:
    """The formula in groups of parts: lines end between groups, and within one that fills a line.

    >>> from symderiv.render.mathml.core import formula
    >>> long = formula(r"a_{11} + [b_1 + b_2 + b_3 + b_4 + b_5 + b_6 + b_7 + b_8 + b_9]", "", {})
    >>> [len(group) for group in parts(long)]
    [1, 9]
    """
    if math.tag != "math" or breadth(math) <= SHORT:
        return [[math]]
    groups = [_pieces(tokens) for tokens in _cut(list(math[0][0]), 0)]
    if len(groups) == len(groups[0]) == 1:
        return [[math]]
    made = [[_formula(piece) for piece in group] for group in groups]
    for part in [part for group in made for part in group][1:]:
        part[0].insert(0, _strut(part))
    return made


def breakable(parent: Element, element: Element) -> None:
    """A formula of a line of its own, in parts where it may have to go on in a further line."""
    found = parts(element)
    if len(found) == len(found[0]) == 1:
        parent.append(element)
        return
    parent.set("class", f"{parent.get('class', '')} parts".strip())
    parent.set("data-latex", element.findtext("semantics/annotation", ""))
    for group in found:
        within = parent if len(group) == 1 else SubElement(parent, "span", {"class": "term"})
        for part in group:
            within.append(part)
            SubElement(within, "wbr")


def _pieces(tokens: Tokens) -> list[Tokens]:
    """A part that a phone can hold, or what it falls into within its brackets."""
    if sum(map(breadth, tokens)) <= PHONE:
        return [tokens]
    return list(_cut(list(_opened(tokens)), 1))


def _cut(tokens: Tokens, depth: int) -> Iterator[Tokens]:
    """Before every sign that stands within so many brackets, unless it stands in front."""
    piece: Tokens = []
    nested = 0
    turned = turns(list(map(sign, tokens)), _BARS)
    for token, room, turn in zip(tokens, _rooms(tokens), turned, strict=True):
        ends = _sign(token) in _ENDS and nested == depth and (not depth or room > TORN)
        if ends and piece and not _in_front(token, piece[-1]):
            yield piece
            piece = [_formed(token, "infix")]
        else:
            piece.append(token)
        nested += turn
    yield piece


def _rooms(tokens: Tokens) -> list[float]:
    """Of each token, how broad the outermost brackets are in which it stands."""
    rooms = [0.0] * len(tokens)
    nested, start = 0, 0
    for at, token in enumerate(tokens):
        if sign(token) in OPEN and not nested:
            start = at
        nested += TURN.get(sign(token), 0)
        if sign(token) in CLOSE and not nested:
            rooms[start:at] = [sum(map(breadth, tokens[start:at]))] * (at - start)
    return rooms


def _in_front(e: Element, before: Element) -> bool:
    return e.get("form") == "prefix" or _sign(before) in _ENDS | OPEN


def _sign(e: Element) -> str:
    return (e.text or "") if e.tag == "mo" else ""


def _formed(e: Element, form: str, tall: str = "") -> Element:
    """The sign with the space of its form, and as tall, wherever it comes to stand."""
    made = Element(e.tag, {**e.attrib, "form": form})
    if tall:
        made.attrib.update(minsize=tall, maxsize=tall)
    made.text = e.text
    return made


def _opened(tokens: Tokens) -> Iterator[Element]:
    """The tokens, large brackets that can be torn side by side with what they hold.

    Both halves are as tall as what they hold together, in whatever parts they come to stand.
    """
    for token in tokens:
        if _is_fenced(token) and breadth(token) > TORN and len(list(_cut(list(token[1]), 0))) > 1:
            opening, inside, closing = token
            first, *others = inside
            tall = f"{height(inside):.2f}em"
            yield _formed(opening, "prefix", tall)
            yield _formed(first, "prefix") if _sign(first) in _ENDS else first
            yield from (*others, _formed(closing, "postfix", tall))
        else:
            yield token


def _is_fenced(e: Element) -> bool:
    shaped = e.tag == "mrow" and len(e) == 3 and e[1].tag == "mrow" and len(e[1])
    return bool(shaped) and _sign(e[0]) in OPEN and _sign(e[2]) in CLOSE


def _formula(tokens: Tokens) -> Element:
    math = Element("math", {"xmlns": NAMESPACE, "displaystyle": "true"})
    SubElement(math, "mrow").extend(tokens)
    return math


def _strut(part: Element) -> Element:
    """As tall as a part and a little more, or lines of parts would touch.

    In front of a sign, and there alone, Firefox adds no space of its own beside it.
    """
    above, below = (f"{far + LEADING:.2f}em" for far in reach(part[0]))
    return Element("mspace", {"width": "0", "height": above, "depth": below})

"""A derivation as lines: left side, right side, and why, each with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from sympy.core.basic import Basic

from symderiv.document.article import Told
from symderiv.document.blocks import Evidence, Line, Styled, Words
from symderiv.document.messages import translate
from symderiv.document.words import fill, reason, separated
from symderiv.render import words as say
from symderiv.render.html.anchors import Anchors
from symderiv.render.html.breadth import column, kinds
from symderiv.render.html.formulas import PagePrinter
from symderiv.render.html.parts import breakable
from symderiv.render.layout import Row, Section, shown_sections
from symderiv.render.names import plain, superscript


@dataclass(frozen=True, slots=True)
class TellingPart:
    """With what a derivation is written, and under a heading of which level."""

    printer: PagePrinter
    anchors: Anchors
    language: str
    level: int


def tell(to: TellingPart, parent: Element, block: Told) -> None:
    """Definitions, lemmas, the derivation, and what a check said of them."""
    name = parent.attrib["id"]
    label = f"({block.number})" if block.number else ""
    spoken = _said(say.DERIVATION, to, number=label).strip()
    parent.set("aria-label", spoken)
    document, notation = block.document, to.printer.notation
    parts = shown_sections(document, notation, to.language, number=block.number)
    for position, part in enumerate(parts):
        _part(to, parent, part, _name(part, name, position), spoken)
    if block.verdict:
        kind = "verdict" if _all_hold(block) and not block.refuted else "verdict wrong"
        to.printer.words(SubElement(parent, "p", {"class": kind}), block.verdict)


def _said(message: str, to: TellingPart, **values: str) -> str:
    return "".join(map(str, fill(message, values, to.language)))


def _name(part: Section, name: str, position: int) -> str:
    if part.number:
        return f"lemma-{part.number}"
    endings = {"where": "-where", "lemma": f"-part-{position + 1}"}
    return name + endings.get(part.kind, "")


def _all_hold(block: Told) -> bool:
    parts = (*block.document.lemmas, block.document)
    found = [*block.document.forms, *(line.evidence for part in parts for line in part.lines)]
    return all(evidence is None or evidence.ok for evidence in found)


# ---------------------------------------------------------------- parts


def _part(to: TellingPart, parent: Element, part: Section, name: str, spoken: str) -> None:
    heading: Words = (Styled("strong", (part.heading,)),) if part.heading else ()
    words = separated([x for x in (heading, part.conditions) if x])
    if part.kind == "lemma":
        outer = SubElement(parent, "details", {"class": "part lemma", "open": "open"})
        outer.set("id", to.anchors.place(name))
        title = SubElement(SubElement(outer, "summary"), f"h{min(to.level + 1, 6)}")
        to.printer.words(title, words)
    else:
        outer = SubElement(parent, "div", {"class": f"part {part.kind}"})
        if words:
            words = (part.heading, *words[1:]) if part.kind == "where" and heading else words
            to.printer.words(SubElement(outer, "p", {"class": "head"}), (*words, ":"))
    _lines(to, outer, part.rows, name, part.heading or spoken)


def _lines(to: TellingPart, parent: Element, rows: Sequence[Row], name: str, spoken: str) -> None:
    """``spoken`` is what a screen reader calls the part that the lines are of."""
    lines = SubElement(parent, "ol", {"class": "lines", "role": "list"})
    room = column(to.printer.math(row.left) for row in rows if row.left is not None)
    broad: set[str] = set()
    for position, row in enumerate(rows, 1):
        item = SubElement(lines, "li", {"class": "line"})
        item.set("id", to.anchors.claim(f"{name}-line-{position}"))
        broad |= _sides(to, item, row, room)
        why = SubElement(item, "div", {"class": "why"})
        _reason(to, why, row.reason)
        if row.evidence is not None:
            _evidence(to, why, row.line.provided if row.line else (), row.evidence)
        _link(to, why, item.attrib["id"], spoken, position)
        if row.line is not None and row.line.finer:
            _finer(to, item, row.line.finer)
    _reasons_below(lines, broad)


def _reasons_below(lines: Element, broad: set[str]) -> None:
    """Where one line leaves its reason no room beside it, all reasons stand below."""
    lines.set("class", " ".join(["lines", *sorted(broad)]))


def _sides(to: TellingPart, item: Element, row: Row, room: float = 0.0) -> set[str]:
    """Both sides and the number; returns what is too broad for a reason beside them.

    ``room`` is how broad the left sides of all lines are.
    """
    left = None if row.left is None else to.printer.math(row.left)
    right = to.printer.math(row.right)
    found = kinds(left, right, room, reasoned=bool(row.reason))
    alone = [kind for kind in found if kind.endswith("-left")]
    item.set("class", " ".join(["line", *alone]))
    if left is not None:
        side = SubElement(item, "div", {"class": "left"})
        if "long-left" in alone:
            breakable(side, left)
        else:
            side.append(left)
    SubElement(item, "div", {"class": "relation"}).append(to.printer.relation(row.relation))
    breakable(SubElement(item, "div", {"class": "right"}), right)
    if row.number:
        SubElement(item, "span", {"class": "number"}).text = f"({row.number})"
    return {*found} - {*alone}


def _reason(to: TellingPart, parent: Element, words: Words) -> None:
    reason = SubElement(parent, "span", {"class": "reason"})
    to.printer.words(reason, words)
    reason.tail = " "


def _link(to: TellingPart, parent: Element, anchor: str, spoken: str, position: int) -> None:
    label = _said(say.LINK_TO_LINE, to, line=str(position), name=spoken)
    attributes = {"class": "here", "href": f"#{anchor}", "aria-label": label}
    SubElement(parent, "a", attributes).text = "#"


def _finer(to: TellingPart, item: Element, lines: Sequence[Line]) -> None:
    details = SubElement(item, "details", {"class": "finer"})
    SubElement(details, "summary").text = _said(say.STEPS, to, count=str(len(lines)))
    steps = SubElement(details, "ol", {"class": "lines", "role": "list"})
    broad: set[str] = set()
    for line in lines:
        step = SubElement(steps, "li", {"class": "line"})
        words = reason(line, to.language)
        broad |= _sides(to, step, Row(None, line.expr, words))
        why = SubElement(step, "div", {"class": "why"})
        _reason(to, why, words)
        if line.evidence is not None:
            _evidence(to, why, line.provided, line.evidence)
    _reasons_below(steps, broad)


# ---------------------------------------------------------------- evidence


def _evidence(to: TellingPart, parent: Element, provided: Sequence[Basic], found: Evidence) -> None:
    kind, message = _verdict(found)
    details = SubElement(parent, "details", {"class": f"evidence {kind}"})
    if kind != "ok":
        details.set("open", "open")
    SubElement(details, "summary").text = translate(message, to.language)
    facts = SubElement(details, "dl")
    rows: list[tuple[str, Words]] = []
    if found.sizes:
        rows.append((say.SIZES, (sizes(found),)))
    if found.points or not found.refuted:
        rows.append((say.PLACES, (str(found.points),)))
    if found.points:
        rows.append((say.WORST, (error(found.worst).replace(" ", "\u00a0"),)))
    if provided:
        rows.append((say.PROVIDED, separated([(fact,) for fact in provided])))
    for title, value in rows:
        SubElement(facts, "dt").text = translate(title, to.language)
        to.printer.words(SubElement(facts, "dd"), value)


def _verdict(found: Evidence) -> tuple[str, str]:
    if found.ok:
        return "ok", say.CHECKED
    return ("wrong", say.WRONG) if found.refuted else ("untested", say.NOT_TESTED)


def sizes(found: Evidence) -> str:
    """The sizes that were tried.

    >>> sizes(Evidence(True, 4, 0.0, ((("n", 1),), (("n", 2),))))
    'n = 1, 2'
    >>> sizes(Evidence(True, 4, 0.0, ((("n", 1), ("m", 2)), (("n", 2), ("m", 2)))))
    'n = 1, m = 2; n = 2, m = 2'
    """
    names = {name for one in found.sizes for name, _ in one}
    if len(names) == 1:
        counts = dict.fromkeys(str(size) for one in found.sizes for _, size in one)
        return f"{plain(names.pop())} = {', '.join(counts)}"
    tried = (", ".join(f"{plain(name)} = {size}" for name, size in one) for one in found.sizes)
    return "; ".join(dict.fromkeys(tried))


def error(worst: float) -> str:
    """An error with two digits.

    >>> error(3.14e-59), error(0.0)
    ('3.1 × 10⁻⁵⁹', '0')
    """
    if worst == 0:
        return "0"
    digits, _, exponent = f"{worst:.1e}".partition("e")
    return f"{digits} × 10{superscript(str(int(exponent)))}" if exponent else digits

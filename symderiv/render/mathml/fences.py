"""Brackets that grow: each in a row with what it encloses, and with nothing else."""

from __future__ import annotations

from xml.etree.ElementTree import Element


def drop_unseen(e: Element) -> None:
    r"""Nothing stands for ``\left.``, whose bracket without a sign would have room beside it."""
    if e.tag == "mrow":
        for child in list(e):
            if child.tag == "mo" and not child.text:
                e.remove(child)


def fence_tables(e: Element) -> None:
    """The brackets of a matrix, or of a binomial, grow with it and with nothing else."""
    children = list(e)
    for at in range(1, len(children) - 1):
        opening, inside, closing = children[at - 1 : at + 2]
        tall = inside.tag == "mtable" or inside.get("linethickness") == "0"
        if tall and _is_bare(opening) and _is_bare(closing):
            row = Element("mrow")
            opening.attrib = {"stretchy": "true", "fence": "true", "form": "prefix"}
            closing.attrib = {"stretchy": "true", "fence": "true", "form": "postfix"}
            e.insert(list(e).index(opening), row)
            for part in (opening, inside, closing):
                e.remove(part)
                row.append(part)


def _is_bare(e: Element) -> bool:
    return e.tag == "mo" and (e.text or "") in tuple("()[]{}|‖") and "stretchy" not in e.attrib


def group_fenced(e: Element) -> None:
    """What stands between brackets in a row of its own, or Firefox overlooks sums among it."""
    if e.tag != "mrow" or not len(e):
        return
    start, end = int(grows(e[0], "prefix")), len(e) - grows(e[-1], "postfix")
    if end - start in (len(e), 1):
        return
    inside = Element("mrow")
    inside.extend(e[start:end])
    e[start:end] = [inside]


def grows(e: Element, form: str) -> bool:
    """Is it a bracket that grows, of a form: ``prefix`` opens and ``postfix`` closes?"""
    return e.tag == "mo" and e.get("stretchy") == "true" and e.get("form") == form

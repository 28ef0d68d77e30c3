"""What Matplotlib writes as SVG, made fit for a page: named, titled, without styles of its own.

Identifiers begin with a digest of the drawing, so that many pictures may stand in one page. Colours
are attributes beside a class (``fill-ink``, ``stroke-backward``), so that a style sheet may choose
others; there are no scripts, no styles, no dates, and nothing is loaded from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from xml.etree import ElementTree as ET

from symderiv.pictures.looks import CLASSES, INK, PAPER

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_URL = re.compile(r"url\(#([^)]+)\)")
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_DROPPED = frozenset((f"{{{SVG}}}metadata", f"{{{SVG}}}style"))


def tidied(drawn: bytes, title: str, alt: str, titles: Mapping[str, str]) -> str:
    """The SVG of a picture; ``titles`` name its groups by their identifiers."""
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    root = ET.fromstring(drawn)  # noqa: S314  what Matplotlib wrote
    _drop(root)
    for e in root.iter():
        _restyle(e)
        _entitle(e, titles)
    key = "p" + blake2b(drawn + alt.encode(), digest_size=5).hexdigest()
    _rename(root, key)
    _unwrap(root)
    _frame(root, key, title, alt)
    return ET.tostring(root, encoding="unicode")


def _drop(root: ET.Element) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in _DROPPED:
                parent.remove(child)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{SVG}}}defs" and not len(child):
                parent.remove(child)


def _unwrap(e: ET.Element) -> None:
    """Groups that say nothing give way to what they hold."""
    for child in list(e):
        _unwrap(child)
        bare = child.tag == f"{{{SVG}}}g" and not child.attrib
        if bare and child.find(f"{{{SVG}}}title") is None:
            place = list(e).index(child)
            e.remove(child)
            for offset, inner in enumerate(list(child)):
                e.insert(place + offset, inner)
        else:
            child.tail = child.text = child.text if child.text and child.text.strip() else None


def _restyle(e: ET.Element) -> None:
    """Declarations of a style as attributes, colours with a class; coordinates rounded."""
    classes = []
    for name, value in _declarations(e):
        if name in ("fill", "stroke") and value in CLASSES:
            classes.append(f"{name}-{CLASSES[value]}")
        e.set(name, value)
    if classes:
        e.set("class", " ".join(classes))
    for name in ("d", "x", "y", "transform", "width", "height"):
        if name in e.attrib:
            text = " ".join(e.attrib[name].split())
            e.set(name, _NUMBER.sub(lambda found: _rounded(found[0]), text))


def _declarations(e: ET.Element) -> Iterator[tuple[str, str]]:
    for part in e.attrib.pop("style", "").split(";"):
        name, _, value = part.partition(":")
        if value.strip():
            yield name.strip(), value.strip()


def _rounded(number: str) -> str:
    value = float(number)
    digits = f"{value:.2f}" if abs(value) >= 1 else f"{value:.6f}"
    return digits.rstrip("0").rstrip(".") or "0"


def _entitle(e: ET.Element, titles: Mapping[str, str]) -> None:
    title = titles.get(e.get("id", ""))
    if title is not None:
        made = ET.Element(f"{{{SVG}}}title")
        made.text = title
        e.insert(0, made)


def _rename(root: ET.Element, key: str) -> None:
    """Identifiers that are read keep their place under a new name; others go."""
    read = set()
    for e in root.iter():
        for value in e.attrib.values():
            read.update(_URL.findall(value))
        read.add(e.get(f"{{{XLINK}}}href", "#")[1:])
    for e in root.iter():
        name = e.attrib.pop("id", "")
        if name in read and name:
            e.set("id", f"{key}-{name}")
        for attribute, value in list(e.attrib.items()):
            e.set(attribute, _URL.sub(rf"url(#{key}-\1)", value))
        target = e.get(f"{{{XLINK}}}href")
        if target is not None:
            e.set(f"{{{XLINK}}}href", f"#{key}-{target[1:]}")


def _frame(root: ET.Element, key: str, title: str, alt: str) -> None:
    """What the picture is, for readers who do not see it; and the paper that it stands on."""
    root.attrib.pop("version", None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{key}-title {key}-desc")
    root.set("stroke-linejoin", "round")
    root.set("fill", INK)
    _, _, width, height = root.attrib["viewBox"].split()
    paper = ET.Element(
        f"{{{SVG}}}rect",
        {"width": width, "height": height, "fill": PAPER, "class": "fill-paper"},
    )
    root.insert(0, paper)
    for tag, text in (("desc", alt), ("title", title)):
        made = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{key}-{tag}"})
        made.text = text
        root.insert(0, made)

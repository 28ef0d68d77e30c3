"""A drawing made safe: of its SVG only shapes, text and paint stay, under ids of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence
from symderiv.document.article import Picture
from symderiv.render.html.anchors import identifier
from symderiv.render.html.stylesheet import apply_styles
from symderiv.render.names import visible

NAMESPACE = "http://www.w3.org/2000/svg"
MAX_DEPTH = 100
_SVG = f"{{{NAMESPACE}}}"
_SHAPES = """
svg g defs symbol use path rect circle ellipse line polyline polygon text tspan clipPath
linearGradient radialGradient stop marker image
"""
_PAINT = """
fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset
stroke-linecap stroke-linejoin stroke-miterlimit opacity color stop-color stop-opacity font-family
font-size font-style font-weight font-variant text-anchor dominant-baseline letter-spacing clip-path
clip-rule marker-start marker-mid marker-end visibility display white-space
"""
_GEOMETRY = """
viewBox width height preserveAspectRatio transform d points x y x1 y1 x2 y2 cx cy r rx ry dx dy
rotate textLength lengthAdjust offset gradientUnits gradientTransform spreadMethod fx fy
clipPathUnits markerWidth markerHeight markerUnits refX refY orient
"""
ELEMENTS = frozenset(_SHAPES.split())
PAINT = frozenset(_PAINT.split())
GEOMETRY = frozenset(_GEOMETRY.split())
_REFERENCE = re.compile(r"""url\(\s*["']?#([^"')\s]+)["']?\s*\)""")
_RASTER = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_ROLE = re.compile("(fill|stroke)-[a-z]+")
_LENGTH = re.compile(r"([0-9.]+)(px|pt)?")


def drawing(picture: Picture, name: str) -> Element:
    """The picture as an ``<svg>`` for a page, said to be an image of what ``alt`` tells.

    ``name`` begins every id inside, so that two drawings of a page do not meet. Raises `DataError`
    for what is no SVG, and for a style sheet that cannot be applied to its shapes.
    """
    root = _parsed(picture)
    apply_styles(root)
    made = _Copy(identifier(name)).element(root)
    made.set("xmlns", NAMESPACE)
    made.set("role", "img")
    made.set("aria-label", visible(picture.alt))
    size = [_LENGTH.fullmatch(made.attrib.pop(side, "")) for side in ("width", "height")]
    if all(size) and "viewBox" not in made.attrib:
        made.set("viewBox", " ".join(["0", "0", *(found[1] for found in size if found)]))
    if size[0]:
        made.set("style", f"--width:{size[0][1]}{size[0][2] or 'px'}")
    return made


def _parsed(picture: Picture) -> Element:
    problem: str = Sentence("it declares entities") if "<!ENTITY" in picture.svg else ""
    try:
        root = None if problem else fromstring(picture.svg)  # noqa: S314 - no entities
    except (ParseError, ValueError) as error:
        root, problem = None, str(error)
    if root is not None and _is_deep(root):
        problem = Sentence("nested more than {most} deep", most=MAX_DEPTH)
    if root is None or problem or root.tag != f"{_SVG}svg":
        raise DataError(
            Sentence(
                "the picture {alt} is no SVG that a page can hold ({problem}); write it as "
                "plain SVG 1.1 or 2",
                alt=repr(picture.alt),
                problem=problem or Sentence("its root is not <svg>"),
            )
        )
    return root


def _is_deep(root: Element) -> bool:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in parent]
    return bool(level)


class _Copy:
    """Copies what is known to be harmless."""

    def __init__(self, name: str) -> None:
        self.name = name

    def element(self, source: Element) -> Element:
        made = Element(_local(source.tag), dict(self._attributes(source)))
        made.text = _text(source.text)
        self._children(source, made)
        return made

    def _children(self, source: Element, made: Element) -> None:
        for child in source:
            if child.tag.startswith(_SVG) and _local(child.tag) in ELEMENTS:
                copy = SubElement(made, _local(child.tag), dict(self._attributes(child)))
                copy.text = _text(child.text)
                copy.tail = _text(child.tail)
                self._children(child, copy)

    def _attributes(self, source: Element) -> Iterator[tuple[str, str]]:
        for key, value in source.attrib.items():
            name = _local(key)
            if name == "id":
                yield "id", self._id(value)
            elif name == "class":
                yield "class", " ".join(filter(_ROLE.fullmatch, value.split()))
            elif name == "href":
                yield from self._href(source, value)
            elif name == "style":
                yield "style", ";".join(self._declarations(value))
            elif name in GEOMETRY or (name in PAINT and _is_plain(value)):
                yield name, self._pointed(value)

    def _href(self, source: Element, value: str) -> Iterator[tuple[str, str]]:
        if value.startswith("#"):
            yield "href", f"#{self._id(value[1:])}"
        elif _local(source.tag) == "image" and _RASTER.fullmatch(value):
            yield "href", re.sub(r"\s", "", value)

    def _declarations(self, style: str) -> Iterator[str]:
        for declaration in style.split(";"):
            key, colon, value = (part.strip() for part in declaration.partition(":"))
            if colon and key in PAINT and _is_plain(value):
                yield f"{key}:{self._pointed(value)}"

    def _id(self, name: str) -> str:
        return f"{self.name}--{identifier(name)}"

    def _pointed(self, value: str) -> str:
        return _REFERENCE.sub(lambda found: f"url(#{self._id(found[1])})", value)


def _is_plain(value: str) -> bool:
    """Does a value of a style lead nowhere but into the drawing?"""
    rest = _REFERENCE.sub("", value)
    return not re.search(r"[\\@<>{}]|url|expression|javascript|/\*", rest, re.IGNORECASE)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _text(text: str | None) -> str | None:
    return "\n".join(map(visible, text.split("\n"))) if text else text

"""Reading pictures back: what is drawn in which group, from the SVG alone."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace

import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from matplotlib import font_manager

import symderiv as sd
from symderiv import layers, losses

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
GLYPH = re.compile(r"#p[0-9a-f]{10}-(?P<font>.+)-(?P<place>[0-9a-f]+)$")


def parsed(picture) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(picture.svg.encode(), parser)


@cache
def fonts() -> dict[str, str]:
    """The files of the fonts that Matplotlib knows, by PostScript name."""
    files = [font.fname for font in font_manager.fontManager.ttflist]
    named = {}
    for file in files:
        with TTFont(file, lazy=True, fontNumber=0) as font:
            named[font["name"].getDebugName(6)] = file
    return named


@cache
def letters_of(name: str) -> dict[int, str]:
    """The letters of the glyphs of a font, by the place of the glyph."""
    with TTFont(fonts()[name], fontNumber=0) as font:
        places = {glyph: at for at, glyph in enumerate(font.getGlyphOrder())}
        pairs = sorted(font.getBestCmap().items(), reverse=True)
        return {places[glyph]: chr(code) for code, glyph in pairs}


def letters(e: etree._Element) -> str:
    """The letters drawn in an element, in the order in which they are drawn."""
    found = [GLYPH.fullmatch(use.get(HREF)) for use in e.iter(f"{SVG}use")]
    return "".join(letters_of(m["font"]).get(int(m["place"], 16), "") for m in found if m)


def plain(text: str) -> str:
    """Letters of mathematical italic and their kin as the plain ones; minus as a hyphen."""
    return unicodedata.normalize("NFKC", text).replace("−", "-")


@dataclass(frozen=True)
class Group:
    title: str
    element: etree._Element

    @property
    def text(self) -> str:
        return plain(letters(self.element))

    def drawn(self, tag: str, cls: str) -> list[etree._Element]:
        return [e for e in self.element.iter(f"{SVG}{tag}") if cls in e.get("class", "").split()]


def groups(picture) -> list[Group]:
    out = []
    for e in parsed(picture).iter(f"{SVG}g"):
        title = e.find(f"{SVG}title")
        if title is not None:
            out.append(Group(title.text, e))
    return out


def points(path: etree._Element) -> Iterator[tuple[float, float]]:
    numbers = [float(x) for x in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", path.get("d"))]
    return zip(numbers[::2], numbers[1::2], strict=True)


def box(path: etree._Element) -> tuple[float, float, float, float]:
    xs, ys = zip(*points(path), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


@pytest.fixture(scope="session")
def read() -> SimpleNamespace:
    return SimpleNamespace(
        parsed=parsed, letters=letters, plain=plain, groups=groups, points=points, box=box, SVG=SVG
    )


@pytest.fixture(scope="session")
def network() -> sd.Network:
    N, n, h, c = sd.dims("N n h c")
    return sd.Network(
        [layers.Dense(h), layers.Activation("tanh"), layers.Dense(c), layers.Softmax()],
        input=sd.matrix("X", N, n),
        target=sd.one_hot("Y", N, c),
        loss=losses.cross_entropy,
    )


@pytest.fixture(scope="session")
def bp(network) -> sd.Backprop:
    return sd.backprop(network.loss, list(network.parameters.values()))

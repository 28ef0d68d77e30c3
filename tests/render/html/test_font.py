"""The font that a page embeds: every sign of the printers, and what brackets grow into."""

from __future__ import annotations

import unicodedata
from io import BytesIO

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from symderiv import catalog
from symderiv.render.html.shell import _data, font
from symderiv.render.mathml.core import formula
from symderiv.render.names import GREEK
from symderiv.render.notation.style_latex import FUNCTIONS, SYMBOLS
from symderiv.rules import ALL_RULES
from tests.render.html.pages import MATHML, rendered

SIGNS = [
    *(tex for tex in SYMBOLS.values() if tex != r"^\top"), "x^\\top", *FUNCTIONS.values(),
    *(rf"\{name}" for name in GREEK), r"\varepsilon \varphi \mathbf{W} \mathbb{E} \mathcal{N}",
    r"\bar{x} \hat{x} \tilde{x} \overline{ab} \sqrt{x} \dots \cdots \cdot \times \odot \oslash",
    r"\left( x \right) \left[ x \right] \left\{ x \right\} \lfloor x \rfloor \lceil x \rceil",
    r"\left| x \right| \langle x \rangle \infty \to \mapsto \Rightarrow \approx \equiv \in \nabla",
    r"\forall \exists \cup \cap \subset \subseteq \ell \top \prime \ne \le \ge \sim \propto \pm",
]  # fmt: skip


@pytest.fixture(scope="module")
def stix() -> TTFont:
    """The font as a browser would read it."""
    assert font().startswith("data:font/woff2;base64,")
    return TTFont(BytesIO(_data("STIXTwoMath-subset.woff2")))


def italic(c: str) -> str:
    """The letter that a browser shows for a single one in ``<mi>``."""
    name = unicodedata.name(c, "")
    if c.isascii() and c.isalpha():
        start = 0x1D434 if c.isupper() else 0x1D44E
        return "ℎ" if c == "h" else chr(start + ord(c) - ord("A" if c.isupper() else "a"))
    if name.startswith("GREEK"):
        small = {"MATHEMATICAL ITALIC " + name.removeprefix("GREEK ").replace(" LETTER", "")}
        for wanted in small:
            try:
                return unicodedata.lookup(wanted)
            except KeyError:
                return c
    return c


def shown() -> set[str]:
    roots = [rendered(entry.name).root for entry in catalog.entries()]
    formulas = [math for root in roots for math in root.iter(f"{MATHML}math")]
    found: set[str] = set()
    for math in formulas:
        for e in math.iter():
            if str(e.tag).removeprefix(MATHML) in ("mi", "mo", "mn", "mtext"):
                found |= set(e.text or "")
    for tex in (*SIGNS, *(rule.law for rule in ALL_RULES)):
        made = formula(tex, tex, {})
        assert made.tag == "math", tex
        for e in made.iter():
            if e.tag in ("mi", "mo", "mn", "mtext"):
                found |= set(e.text or "")
    return found


def test_every_sign_is_there(stix: TTFont) -> None:
    letters = stix.getBestCmap()
    signs = shown() - {"\u00a0", "\n"}
    assert {"∑", "∂", "⊙", "⊤", "𝟏", "𝐖"} <= signs
    missing = sorted(c for c in signs | set(map(italic, signs)) if ord(c) not in letters)
    assert not missing


def test_brackets_roots_and_sums_grow(stix: TTFont) -> None:
    variants = stix["MATH"].table.MathVariants
    grows = dict(
        zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True)
    )
    letters = stix.getBestCmap()
    for c in "()[]{}|⌊⌋⌈⌉":
        made = grows[letters[ord(c)]]
        assert made.GlyphAssembly is not None, c
        parts = [part.glyph for part in made.GlyphAssembly.PartRecords]
        sizes = [variant.VariantGlyph for variant in made.MathGlyphVariantRecord]
        assert set(parts + sizes) <= set(stix.getGlyphOrder()), c
    for c in "∑∏":
        assert len(grows[letters[ord(c)]].MathGlyphVariantRecord) >= 2, c
    wide = variants.HorizGlyphCoverage.glyphs
    assert {letters[0x203E], letters[0x302]} & set(wide)


def test_roots_are_as_tall_as_they_say_and_equally_wide(stix: TTFont) -> None:
    variants = stix["MATH"].table.MathVariants
    at = variants.VertGlyphCoverage.glyphs.index(stix.getBestCmap()[ord("√")])
    records = variants.VertGlyphConstruction[at].MathGlyphVariantRecord
    heights, widths = [], set()
    for record in records:
        pen = BoundsPen(stix.getGlyphSet())
        stix.getGlyphSet()[record.VariantGlyph].draw(pen)
        heights.append(round(pen.bounds[3] - pen.bounds[1]))
        widths.add(stix["hmtx"][record.VariantGlyph])
    said = [record.AdvanceMeasurement for record in records]
    assert all(abs(a - b) <= 2 for a, b in zip(said, heights, strict=True))
    assert heights == sorted(heights)
    assert (heights[0] < 800, heights[-1] >= 5000, len(widths)) == (True, True, 1)


def test_it_is_small_and_says_whose_it_is(stix: TTFont) -> None:
    assert len(_data("STIXTwoMath-subset.woff2")) < 200_000
    assert "STIX Fonts Project Authors" in stix["name"].getDebugName(0)
    assert "SIL OPEN FONT LICENSE" in _data("OFL.txt").decode()

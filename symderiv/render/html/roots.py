"""Roots for the font of a page, of many heights and one width.

The root of STIX Two Math is 1.2 em tall where it is smallest, and wider where it is taller. TeX and
Firefox put a low radicand in the middle of it. Chromium, by MathML Core, puts the radicand at the
top, so that a root of one letter would hang far below the line, and it leaves room for the widest
root beside every one. With these roots both draw nearly the same.
"""

from __future__ import annotations

from typing import Any

HEIGHTS = (740, 860, 930, 1000, 1060, 1120, 1188, 1450, 1855, 2371, 2892, 3500, 4200, 5000)
"""In thousandths of an em."""
_LINE = 68  # the thickness of the line above a radicand


def add_roots(font: Any) -> None:
    """Put roots of `HEIGHTS` into a font in place of those that it has for √."""
    from fontTools.ttLib.tables import otTables

    variants = font["MATH"].table.MathVariants
    root = font.getBestCmap()[0x221A]
    drawn = font["glyf"][root]
    advance, bearing = font["hmtx"][root]
    records: list[Any] = []
    for height in HEIGHTS:
        name = root if not records else f"{root}.{height}"
        if records:
            font.setGlyphOrder([*font.getGlyphOrder(), name])
        font["glyf"][name] = _of_height(drawn, height, font["glyf"])
        font["hmtx"][name] = (advance, bearing)
        record = otTables.MathGlyphVariantRecord()
        record.VariantGlyph, record.AdvanceMeasurement = name, height
        records.append(record)
    construction = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(root)]
    construction.GlyphAssembly = None
    construction.MathGlyphVariantRecord = records
    construction.VariantCount = len(records)


def _of_height(drawn: Any, height: int, glyphs: Any) -> Any:
    """The root with its line moved up, or all of it made lower, the line as thick as before."""
    from copy import deepcopy

    made = deepcopy(drawn)
    points = made.getCoordinates(glyphs)[0]
    low, top = min(y for _, y in points), max(y for _, y in points)
    scale = min(1.0, height / (top - low))
    moved = [(x, round(low + (y - low) * scale)) for x, y in points]
    for at, (x, y) in enumerate(points):
        if y >= top - _LINE:
            moved[at] = (x, low + height - (top - y))
    for at, point in enumerate(moved):
        made.coordinates[at] = point
    made.recalcBounds(glyphs)
    return made

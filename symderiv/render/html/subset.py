"""Make the font of mathematics that a page embeds; needs fontTools and brotli.

Run it again after a printer has learned a new sign::

    npm pack @fontsource/stix-two-math && tar xzf fontsource-stix-two-math-*.tgz
    python -m symderiv.render.html.subset package/files/stix-two-math-latin-400-normal.woff2

The font keeps its MATH table, with what brackets, roots and signs of sums grow into. STIX Two Math
is under the SIL Open Font License, which lies beside it as ``OFL.txt``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from symderiv.render.html.roots import add_roots

SUBSET = Path(__file__).with_name("STIXTwoMath-subset.woff2")
FEATURES = ("ssty", "dtls", "flac", "kern", "mark", "mkmk", "ccmp")
RANGES = (
    (0x20, 0x7E),  # Latin
    (0xA0, 0xFF),
    (0x131, 0x131), (0x237, 0x237),  # dotless i and j, below accents
    (0x2C6, 0x2DD),  # accents
    (0x300, 0x338),
    (0x391, 0x3A9), (0x3B1, 0x3F6),  # Greek
    (0x2002, 0x2063),  # spaces, dashes, primes, invisible operators
    (0x2070, 0x209C),  # raised and lowered
    (0x20D0, 0x20DC), (0x20E1, 0x20E1), (0x20EE, 0x20EF),
    (0x2102, 0x2138),  # letterlike
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # operators
    (0x2308, 0x230B), (0x23B0, 0x23B1), (0x23DC, 0x23E1),
    (0x25A0, 0x25CF), (0x2605, 0x2606),
    (0x27C2, 0x27C2), (0x27E6, 0x27EF), (0x27F5, 0x27FF),
    (0x2A00, 0x2A06), (0x2A2F, 0x2A2F), (0x2A3F, 0x2A3F), (0x2A7D, 0x2A7E), (0x2AAF, 0x2AB0),
    (0x1D400, 0x1D503),  # bold, italic, bold italic, script and bold script letters
    (0x1D504, 0x1D56B),  # Fraktur and double-struck
    (0x1D5A0, 0x1D5D3),  # sans-serif
    (0x1D670, 0x1D6A5),  # fixed width, dotless italic
    (0x1D6A8, 0x1D755),  # Greek: bold, italic, bold italic
    (0x1D7CE, 0x1D7FF),  # digits: bold, double-struck, sans-serif, fixed width
)  # fmt: skip


def characters() -> Iterator[int]:
    """The characters that a formula of a page can hold."""
    for first, last in RANGES:
        yield from range(first, last + 1)


def subset(source: Path) -> bytes:
    """The font cut down to `characters`, as WOFF2."""
    from io import BytesIO

    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(flavor="woff2", notdef_outline=True, hinting=False, desubroutinize=True)
    options.layout_features = list(FEATURES)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.recalc_timestamp = False
    font = load_font(source, options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=list(characters()))
    subsetter.subset(font)
    add_roots(font)
    out = BytesIO()
    save_font(font, out, options)
    return out.getvalue()


if __name__ == "__main__":
    SUBSET.write_bytes(subset(Path(sys.argv[1])))

"""The fonts of pictures: STIX, which Matplotlib ships, and what a machine has for other scripts."""

from __future__ import annotations

import unicodedata
from contextlib import ContextDecorator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from symderiv.core.errors import Unsupported
from symderiv.core.messages import Sentence
from symderiv.pictures.extras import load

OTHERS = (
    "Noto Serif CJK KR", "Noto Serif KR", "Source Han Serif K", "Nanum Myeongjo", "NanumMyeongjo",
    "Noto Sans CJK KR", "Noto Sans KR", "Nanum Gothic", "NanumGothic", "Pretendard",
    "Apple SD Gothic Neo", "AppleGothic", "Malgun Gothic", "UnBatang", "UnDotum", "Baekmuk Batang",
)  # fmt: skip
"""Families with Hangul, in the order in which they are tried."""
LAST = ("DejaVu Serif", "DejaVu Sans")
FONTS = "pylopdf_fonts_ko"

RC = {
    "mathtext.fontset": "stix",
    "font.family": "STIXGeneral",
    "svg.fonttype": "path",
    "svg.hashsalt": "symderiv",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "axes.unicode_minus": True,
    "text.usetex": False,
    "path.simplify": False,
    "figure.dpi": 72,
    "savefig.dpi": 72,
}
"""What of Matplotlib's settings pictures rest on; its defaults hold for the rest."""
_LEFT = frozenset(("backend", "backend_fallback", "interactive", "toolbar", "timezone"))


class settings(ContextDecorator):  # noqa: N801  a context, and a decorator
    """While it lasts, Matplotlib draws the same whatever its user has configured.

    Raises `Unsupported` where a library of the extra is missing.
    """

    def __init__(self, extra: str) -> None:
        self.extra = extra

    def _recreate_cm(self) -> settings:
        return settings(self.extra)  # each call of what is decorated has its own

    def __enter__(self) -> None:
        mpl = load("matplotlib", self.extra)
        if self.extra == "diagrams":
            load("pygraphviz", self.extra)
        _manager()
        rc = {k: v for k, v in mpl.rcParamsDefault.items() if k not in _LEFT}
        self.context = mpl.rc_context({**rc, **RC})
        self.context.__enter__()

    def __exit__(self, *error: object) -> None:
        self.context.__exit__(*error)


@lru_cache(maxsize=1)
def _manager() -> Any:
    """Matplotlib's manager of fonts, which knows the fonts that Matplotlib ships.

    It reads what it knows from a file that all installations of a user share; one that was written
    while an installation was incomplete lacks those fonts, and other fonts would take their place.
    """
    manager = load("matplotlib.font_manager", "plots")
    listed = manager.fontManager.ttflist
    before, known = len(listed), {font.fname for font in listed}
    folder = Path(load("matplotlib", "plots").get_data_path(), "fonts", "ttf")
    for path in sorted((*folder.glob("STIX*.ttf"), *folder.glob("DejaVu*.ttf"))):
        if str(path) not in known:
            manager.fontManager.addfont(path)
    listed[:] = listed[before:] + listed[:before]  # of fonts of one name the first is taken
    return manager


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """The families that text is set in, the first that has a letter sets it."""
    manager = _manager()
    brought = _brought(manager)
    here = set(manager.get_font_names())
    others = (name for name in OTHERS if name in here)
    return tuple(dict.fromkeys(("STIXGeneral", *brought, *others, *LAST)))


def _brought(manager: Any) -> list[str]:
    """The families of the fonts that the extra ``pdf`` brings, made known to Matplotlib."""
    found = find_spec(FONTS)
    folders = list(found.submodule_search_locations or ()) if found else []
    names = []
    for path in sorted(font for folder in folders for font in Path(folder).glob("*.[ot]tf")):
        manager.fontManager.addfont(path)
        names.append(manager.FontProperties(fname=path).get_name())
    return sorted(names, key=lambda name: "Serif" not in name)


@lru_cache(maxsize=64)
def prose(size: float) -> Any:
    """The properties of running text."""
    manager = _manager()
    return manager.FontProperties(family=list(families()), size=size, math_fontfamily="stix")


@lru_cache(maxsize=1)
def _faces() -> tuple[Any, ...]:
    manager = _manager()
    found = (manager.findfont(manager.FontProperties(family=[name])) for name in families())
    return tuple(manager.get_font(path) for path in found)


@lru_cache(maxsize=4096)
def has(letter: str, *, first: bool = False) -> bool:
    """Does some font here have the letter (the first of them)?"""
    faces = _faces()[:1] if first else _faces()
    return any(face.get_char_index(ord(letter)) for face in faces)


def _face(letter: str) -> Any:
    """The font that sets a letter."""
    return next(face for face in _faces() if face.get_char_index(ord(letter)))


def fit(letter: str, accent: str) -> bool:
    """Does the font that sets a letter have an accent for it?"""
    return bool(_face(letter).get_char_index(ord(accent)))


@lru_cache(maxsize=64)
def _is_compact(path: str) -> bool:
    """Is it an OpenType font with PostScript outlines?"""
    with Path(path).open("rb") as file:
        return file.read(4) == b"OTTO"


def outline(text: str, size: float) -> Any:
    """The outlines of a text, where a PDF cannot hold its font; else None.

    Matplotlib embeds fonts as TrueType, which those with PostScript outlines are not.
    """
    if not any(_is_compact(_face(letter).fname) for letter in settable(text)):
        return None
    textpath, paths = load("matplotlib.textpath", "plots"), load("matplotlib.path", "plots")
    setter = textpath.TextToPath()
    points, codes = setter.get_text_path(prose(size), settable(text), False)
    path = paths.Path(points, codes) if len(points) else paths.Path([(0, 0)])
    scale = load("matplotlib.transforms", "plots").Affine2D().scale(size / setter.FONT_SCALE)
    return path.transformed(scale)


def settable(text: str) -> str:
    """The text as it can be set, without joiners, and accents that the letter's font lacks.

    Raises `Unsupported` for a letter that no font here has.
    """
    out = ""
    for letter in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(letter)
        if kind == "Cf" or (kind in ("Mn", "Me") and not (out and fit(out[-1], letter))):
            continue
        if not has(letter):
            raise Unsupported(
                Sentence(
                    "no font of this machine has the letter {letter} ({name}) of the text {text}; "
                    'install one that has; pip install "symderiv[pdf]" brings one for Hangul',
                    letter=repr(letter),
                    name=unicodedata.name(letter, "unnamed"),
                    text=f"{text!r:.60}",
                )
            )
        out += letter
    return out


@lru_cache(maxsize=2048)
def sets_math(text: str) -> bool:
    """Can mathtext set this, with the fonts that Matplotlib ships?"""
    if any(ord(c) > 0x7F and not has(c, first=True) for c in text):
        return False
    try:
        parsed(text, 10.0)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=2048)
def parsed(text: str, size: float) -> tuple[float, float, float]:
    """Width, height above the base line and depth below it of a formula, in points."""
    mathtext = load("matplotlib.mathtext", "plots")
    manager = _manager()
    prop = manager.FontProperties(family="STIXGeneral", size=size, math_fontfamily="stix")
    found = mathtext.MathTextParser("path").parse(f"${text}$", 72, prop)
    width, height, depth = (float(v) for v in found[:3])
    return width, height - depth, depth


@lru_cache(maxsize=2048)
def measured(text: str, size: float) -> tuple[float, float, float]:
    """Width, height and depth of running text, in points."""
    textpath = load("matplotlib.textpath", "plots")
    path = textpath.TextToPath()
    width, _, _ = path.get_text_width_height_descent(settable(text), prose(size), False)
    return float(width), 0.7 * size, 0.22 * size

"""An article as PDF: compiled by the ``typst`` wheel, with the fonts that come with it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence
from symderiv.document.article import Article
from symderiv.render import typst as typst_source
from symderiv.render.names import has_hangul
from symderiv.render.rendered import Rendered
from symderiv.render.typst.letters import missing, refuse_missing
from symderiv.render.words import INSTALL

FONTS = "pylopdf_fonts_ko"


def render_article(article: Article) -> Rendered:
    """The article as one PDF file, the same bytes each time.

    Raises `DataError` where Typst, or a font for Hangul that the text needs, is not installed.
    """
    source = typst_source.render_article(article)
    return Rendered(compiled(source))


def compiled(source: Rendered) -> bytes:
    """The PDF of a Typst file and its pictures.

    Raises `DataError` where Typst is not installed, or cannot set the file.
    """
    try:
        import typst
    except ImportError:
        raise DataError(
            Sentence("PDF needs Typst, which is not installed; run {install}", install=INSTALL)
        ) from None
    with TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        main.write_bytes(source.data)
        for name, data in source.assets.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        fonts = font_paths(source.data.decode())
        try:
            data = typst.compile(
                str(main), root=folder, font_paths=fonts, ignore_system_fonts=True, timestamp=0
            )
        except typst.TypstError as error:
            raise DataError(_said(error.message)) from error
    return bytes(data)


def _said(message: str) -> str:
    """What Typst says of a page that it cannot set."""
    if "depth exceeded" in message:
        return Sentence(
            "this is nested too deep for Typst, which makes the PDF; nest it less, or make another "
            "format"
        )
    return Sentence("Typst, which makes the PDF, cannot set this page: {error}", error=message)


def font_paths(text: str) -> list[str]:
    """Where the fonts lie that Typst does not bring: those for Hangul, if the text needs more.

    Raises `DataError` for a letter that no font has, and where those for Hangul are not installed.
    """
    if not missing(text):
        return []
    found = find_spec(FONTS)
    places = list(found.submodule_search_locations or ()) if found else []
    if not places and has_hangul(text):
        raise DataError(
            Sentence(
                "Hangul in a PDF needs a font that is not installed; run {install}", install=INSTALL
            )
        )
    refuse_missing(text, [file for place in places for file in Path(place).glob("*.otf")])
    return places

"""Pictures that a source shows from its own folder: SVG, PNG and JPEG.

Of an SVG what draws is kept, by the whitelist of pages; the others stand within an SVG. For formats
that take no SVG, Typst makes a PDF of it where it is installed.
"""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from urllib.parse import unquote

from symderiv.core.messages import Sentence, reported
from symderiv.document.article import Picture
from symderiv.publish.place import InSource, Place, SourceError

TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
_STARTS = {"image/png": (b"\x89PNG\r\n\x1a\n",), "image/jpeg": (b"\xff\xd8\xff",)}
_LENGTH = re.compile(r"[0-9.]{1,9}(px|pt)?")
MAX_BYTES = 5_000_000
MAX_SIDE = 20_000


def picture(
    source: str, alt: str, folder: Path | None, root: Path | None, place: Place
) -> tuple[Picture, Path]:
    """The picture at a relative address, and its path in the folder.

    Raises:
        SourceError: it is not there, lies elsewhere, or is no picture.
    """
    name = unquote(source)
    path = PurePosixPath(name)
    kind = TYPES.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(TYPES)
        raise SourceError(
            Sentence("the image {name} is none of {known}", name=repr(name[:80]), known=known),
            place,
        )
    if folder is None or ":" in name or path.is_absolute() or name.startswith("\\"):
        raise SourceError(
            Sentence(
                "the image {name} is not a file beside the source; pages fetch nothing",
                name=repr(name[:80]),
            ),
            place,
        )
    if not (folder / path).resolve().is_relative_to((root or folder).resolve()):
        raise SourceError(
            Sentence(
                "the image {name} lies outside of {root}", name=repr(name[:80]), root=root or folder
            ),
            place,
        )
    try:
        with (folder / path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _wrong(name, Sentence(error.strerror or type(error).__name__), place) from None
    if len(data) > MAX_BYTES:
        raise SourceError(
            Sentence(
                "the image {name} is larger than {most} bytes",
                name=repr(name[:80]),
                most=f"{MAX_BYTES:,}",
            ),
            place,
        )
    svg = (
        _drawn(data, alt, name, place)
        if kind == TYPES[".svg"]
        else _framed(data, kind, name, place)
    )
    return Picture(svg, _as_pdf(svg), alt), Path(path)


def _drawn(data: bytes, alt: str, name: str, place: Place) -> str:
    """An SVG with nothing in it but shapes, text and paint."""
    from xml.etree.ElementTree import fromstring, tostring

    from symderiv.core.errors import DataError
    from symderiv.render.html.drawing import drawing

    try:
        text = data.decode()
        made = drawing(Picture(text, b"", alt), "picture")
    except UnicodeDecodeError as error:
        said = Sentence("this is not UTF-8, at byte {start} of the file", start=error.start + 1)
        raise _wrong(name, said, place) from None
    except DataError as error:
        raise _wrong(name, reported(error, InSource), place) from None
    made.attrib.pop("style", None)
    for side, value in fromstring(text).attrib.items():  # noqa: S314 - `drawing` read it before
        if side in ("width", "height") and _LENGTH.fullmatch(value):
            made.set(side, value)
    return tostring(made, encoding="unicode")


def _wrong(name: str, said: str, place: Place) -> SourceError:
    sentence = Sentence("the image {name}: {strerror}", name=repr(name[:80]), strerror=said)
    return SourceError(sentence, place)


def _framed(data: bytes, kind: str, name: str, place: Place) -> str:
    width, height = _size(data, kind, name, place)
    address = f"data:{kind};base64,{b64encode(data).decode()}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="{address}"/></svg>'
    )


def _size(data: bytes, kind: str, name: str, place: Place) -> tuple[int, int]:
    from io import BytesIO

    import imagesize

    width = height = -1
    if any(data.startswith(start) for start in _STARTS[kind]):
        try:
            width, height = imagesize.get(BytesIO(data))
        except (ValueError, SyntaxError, IndexError):
            width = height = -1
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise SourceError(
            Sentence(
                "the image {name} is no {kind}, or has no size",
                name=repr(name[:80]),
                kind=kind[6:].upper(),
            ),
            place,
        )
    return int(width), int(height)


def _as_pdf(svg: str) -> bytes:
    """The picture as PDF; nothing where Typst is not installed."""
    try:
        import typst
    except ImportError:
        return b""
    with TemporaryDirectory() as folder:
        (Path(folder) / "picture.svg").write_text(svg, encoding="utf-8")
        main = Path(folder) / "main.typ"
        page = '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")\n'
        main.write_text(page, encoding="utf-8")
        try:
            made = typst.compile(str(main), root=folder, ignore_system_fonts=True, timestamp=0)
        except typst.TypstError:
            return b""
    return bytes(made)

"""Pictures that a source shows from its own folder: SVG, PNG and JPEG.

A picture stands within an SVG as an image in a data address. There a browser shows it and no more:
scripts in it do not run, and its styles reach nothing outside.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path, PurePosixPath
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from symderiv.document.article import Picture
from symderiv.publish.place import Place, SourceError

TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
_STARTS = {"image/png": (b"\x89PNG\r\n\x1a\n",), "image/jpeg": (b"\xff\xd8\xff",)}
MAX_BYTES = 5_000_000
MAX_SIDE = 20_000


def picture(source: str, alt: str, folder: Path | None, place: Place) -> tuple[Picture, Path]:
    """The picture at a relative address, and its path in the folder.

    Raises:
        SourceError: it is not there, lies elsewhere, or is no picture.
    """
    name = unquote(source)
    path = PurePosixPath(name)
    kind = TYPES.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(TYPES)
        raise SourceError(f"the image {name[:80]!r} is none of {known}", place)
    if folder is None or ":" in name or path.is_absolute() or name.startswith("\\"):
        raise SourceError(
            f"the image {name[:80]!r} is not a file beside the source; pages fetch nothing", place
        )
    try:
        with (folder / path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(f"the image {name[:80]!r}: {error.strerror}", place) from None
    if len(data) > MAX_BYTES:
        raise SourceError(f"the image {name[:80]!r} is larger than {MAX_BYTES:,} bytes", place)
    width, height = _size(data, kind, name, place)
    return Picture(_wrapped(data, kind, width, height, alt), b"", alt), Path(path)


def _size(data: bytes, kind: str, name: str, place: Place) -> tuple[int, int]:
    from io import BytesIO

    import imagesize

    width = height = -1
    if any(data.startswith(start) for start in _STARTS.get(kind, (b"",))):
        try:
            width, height = imagesize.get(BytesIO(data))
        except (ValueError, SyntaxError, IndexError):
            width = height = -1
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise SourceError(
            f"the image {name[:80]!r} is no {kind[6:9].upper()}, or has no size", place
        )
    return int(width), int(height)


def _wrapped(data: bytes, kind: str, width: int, height: int, alt: str) -> str:
    address = f"data:{kind};base64,{b64encode(data).decode()}"
    label = f" aria-label={quoteattr(alt)}" if alt else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img"{label}>'
        f'<image width="{width}" height="{height}" href="{address}"/></svg>'
    )

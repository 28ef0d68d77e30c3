"""What outputs rest on besides sources: the code of symderiv, and the libraries that it uses."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path

from symderiv.publish.manifest import digest

LIBRARIES = (
    *("sympy", "numpy", "latex2mathml", "markdown-it-py", "mdit-py-plugins", "pyyaml"),
    *("jinja2", "fonttools", "typst", "nbformat", "pygraphviz", "matplotlib"),
    *("imagesize", "pylopdf-fonts-ko"),
)


@cache
def fingerprint() -> str:
    """A digest of symderiv's own files and of the versions of libraries."""
    package = Path(__file__).parents[1]
    parts: list[bytes | str] = []
    for path in sorted(package.rglob("*")):
        if path.suffix not in (".pyc", "") and path.is_file():
            parts += [path.relative_to(package).as_posix(), path.read_bytes()]
    return digest(*parts, *map(_version, LIBRARIES))


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""

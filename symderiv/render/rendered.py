"""What a renderer of articles hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file, and the files that it needs beside it, by relative path."""

    data: bytes
    assets: Mapping[str, bytes] = field(default_factory=dict)

"""What a renderer of articles hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file, and the files that it needs beside it, by relative path."""

    data: bytes
    assets: Mapping[str, bytes] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the file, and its assets into its folder."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.data)
        for name, data in self.assets.items():
            place = path.parent / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)

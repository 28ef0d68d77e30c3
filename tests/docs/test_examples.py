"""Every example in README and the documentation runs, and prints what stands below it."""

from __future__ import annotations

import io
import re
import shlex
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from symderiv.cli import main

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks(page: Path) -> list[tuple[str, str]]:
    """The fenced blocks of a page, each with its language."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def run(code: str, names: dict[str, Any]) -> str:
    """What an example prints; its tests are run as pytest would."""
    printed = io.StringIO()
    before = set(names)
    with redirect_stdout(printed):
        exec(compile(code, "<example>", "exec"), names)
        for name in sorted(set(names) - before):
            if name.startswith("test_"):
                names[name]()
    return printed.getvalue()


def with_python(page: Path) -> bool:
    return any(language == "python" for language, _ in blocks(page))


@pytest.mark.parametrize("page", list(filter(with_python, PAGES)), ids=lambda page: page.name)
def test_python_prints_what_stands_below_it(page: Path) -> None:
    names: dict[str, Any] = {"__name__": "example"}
    parts = blocks(page)
    for (language, code), (below, text) in zip(parts, [*parts[1:], ("", "")], strict=True):
        if language == "python":
            assert steady(run(code, names)) == steady(text if below == "text" else "")


def steady(text: str) -> str:
    """Without the rounding error of a check, which hangs on the points that were tried."""
    return re.sub(r"\d+ comparisons, worst error \S+", "… comparisons, worst error …", text)


def commands() -> list[str]:
    """All command lines of symderiv itself, but those that check the whole catalog.

    What stands two spaces behind one says what it does.
    """
    lines = [
        line.split("  ")[0]
        for page in PAGES
        for language, text in blocks(page)
        if language in ("sh", "text")
        for line in text.replace("\\\n", " ").splitlines()
    ]
    found = [x for x in dict.fromkeys(lines) if x.startswith("symderiv ") and "--all" not in x]
    assert len(found) > 10
    return found


@pytest.mark.parametrize("command", commands())
def test_commands_succeed(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    for name in ("notes.md", "docs/notes.md"):
        (tmp_path / name).write_text("# Notes\n\n```symderiv\nderive x**2 by x\n```\n")
    with pytest.raises(SystemExit) as end:
        main(shlex.split(command)[1:])
    assert end.value.code == 0

"""What axe, an independent judge by WCAG 2, says of pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.window import Window

BY = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # of what is in order, one node of each kind
}


@pytest.mark.parametrize("name", ["softmax-cross-entropy", "notes-ko"])
def test_axe_finds_no_barrier(window: Window, folder: Path, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    window.open(folder / f"{name}.html", 1280)
    window.fold(opened=not name.startswith("notes"))  # of a long page, what is seen at first
    judged = Axe().run(window.page, options=BY).response
    barriers = [
        f"{fault['id']}: {node['html']}"
        for fault in judged["violations"]
        for node in fault["nodes"]
    ]
    assert not barriers, "\n".join(barriers)
    assert len(judged["passes"]) > 20

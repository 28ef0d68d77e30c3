"""What a page rests on besides its source: all that symderiv installs for pages."""

import re
import tomllib
from pathlib import Path

import pytest

from symderiv.publish import version

ROOT = Path(__file__).parents[2]
OF_THE_COMMAND = {"click", "rich"}
"""They print what is told at a terminal, and nothing of a page."""


def test_every_library_that_pages_rest_on_is_known() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = told["optional-dependencies"]
    needed = [told["dependencies"], *(extras[name] for name in ("pdf", "diagrams", "plots"))]
    names = {re.split(r"[<>=~! \[]", line)[0] for lines in needed for line in lines}
    assert names - OF_THE_COMMAND <= set(version.LIBRARIES)


@pytest.mark.parametrize("library", version.LIBRARIES)
def test_another_version_of_a_library_is_another_fingerprint(library: str, monkeypatch) -> None:
    before = version.fingerprint()
    true = version._version
    monkeypatch.setattr(version, "_version", lambda x: "0" if x == library else true(x))
    assert version.fingerprint.__wrapped__() != before

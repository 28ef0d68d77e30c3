"""Files that no build made: no page takes their place, unless the author says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symderiv.publish import project
from symderiv.publish.manifest import NAME
from symderiv.publish.project import Result
from symderiv.render import FORMATS

Build = Callable[..., Result]
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect x="1"/></svg>'


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def build(tmp_path: Path, out: Path) -> Build:
    """Two pages, one of them with a picture."""
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("# A\n\n![x](p.svg)\n")
    (notes / "b.md").write_text("# B\n")
    (notes / "p.svg").write_text(PICTURE)

    def call(**options: Any) -> Result:
        return project.build([notes], out, **{"formats": ("markdown",), "jobs": 1, **options})

    return call


def told(done: Result) -> list[str]:
    return [str(problem) for problem in done.problems]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.md", "notes/a.md"),
        ("b.md", "notes/b.md"),
        ("index.md", "index"),
        ("figures/a/fig-1.svg", "notes/a.md"),
    ],
)
def test_what_is_someones_own(
    build: Build, tmp_path: Path, out: Path, name: str, source: str
) -> None:
    (out / name).parent.mkdir(parents=True)
    (out / name).write_text("# mine")
    for _ in range(2):
        done = build()
        (problem,) = told(done)
        named = str(tmp_path / source) if "/" in source else source
        assert problem == (
            f"{named}: {out / name} is there already, and no build is known to have made it; "
            "move or remove it, or build with --force"
        )
        assert done.refused
        assert (out / name).read_text() == "# mine"
        others = {"a.md", "b.md", "index.md"} - {PATH_OF.get(name, name)}
        assert all((out / other).is_file() for other in others)
    forced = build(force=True)
    assert told(forced) == []
    assert (out / name).read_text() != "# mine"
    assert build().built == ()


PATH_OF = {"figures/a/fig-1.svg": "a.md"}


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "pdf"])
def test_books_that_are_lost(build: Build, tmp_path: Path, out: Path, form: str) -> None:
    """The same bytes are no loss; other bytes need a word."""
    assert told(build(formats=(form,))) == []
    (out / NAME).unlink()
    assert told(build(formats=(form,))) == []
    (out / NAME).write_text("{")
    (tmp_path / "notes" / "b.md").write_text("# B\n\nMore.\n")
    done = build(formats=(form,))
    named = [str(tmp_path / "notes" / "b.md"), "index"]  # which does not list that page
    assert [x.split(": ")[0] for x in told(done)] == named
    assert all("or build with --force" in x for x in told(done))
    assert told(build(formats=(form,), force=True)) == []
    (tmp_path / "notes" / "b.md").write_text("# B\n\nEven more.\n")
    assert told(build(formats=(form,))) == []


def test_a_page_that_its_author_wrote_into_is_made_again(build: Build, out: Path) -> None:
    build()
    (out / "b.md").write_text("mine")
    assert told(build()) == []
    assert "mine" not in (out / "b.md").read_text()


def test_one_source_to_one_file_is_what_was_asked_for(
    build: Build, tmp_path: Path, out: Path
) -> None:
    assert build
    (out / "figures" / "x").mkdir(parents=True)
    (out / "x.md").write_text("mine")
    for _ in range(2):
        done = project.build([tmp_path / "notes" / "a.md"], out / "x.md", formats=("markdown",))
        assert told(done) == []
        assert "# A" in (out / "x.md").read_text()


def test_books_know_the_page_of_one_source(build: Build, tmp_path: Path, out: Path) -> None:
    """Where there are any, of a file too that was built for itself."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "c.md").write_text("# C\n")
    build()
    for text in ("# C\n", "# C\n\nMore.\n"):
        (other / "c.md").write_text(text)
        done = project.build([other / "c.md"], out / "c.txt", formats=("text",), jobs=1)
        assert told(done) == []
    (other / "c.md").write_text("# C\n\nEven more.\n")
    done = project.build([other / "c.md"], out, formats=("text",), jobs=1)
    assert told(done) == []
    assert "Even more." in (out / "c.txt").read_text()
    assert build().problems == ()
    (other / "c.md").unlink()
    done = project.build([other.parent / "notes"], out, formats=("text",), jobs=1)
    assert not (out / "c.txt").exists()


def test_a_link_of_the_file_system_is_someones_own(build: Build, tmp_path: Path, out: Path) -> None:
    out.mkdir()
    (tmp_path / "precious").write_text("mine")
    (out / "b.md").symlink_to(tmp_path / "precious")
    assert len(told(build())) == 1
    assert (out / "b.md").is_symlink()
    build(force=True)
    assert (tmp_path / "precious").read_text() == "mine"
    assert not (out / "b.md").is_symlink()

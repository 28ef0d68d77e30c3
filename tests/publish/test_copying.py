"""Files that pages link to: none takes the place of another, or of what no build made."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from symderiv.publish import project
from symderiv.publish.project import Result
from symderiv.render import FORMATS

Build = Callable[..., Result]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def build(tmp_path: Path, out: Path) -> Build:
    def call(*names: str, **options: Any) -> Result:
        chosen: dict[str, Any] = {"formats": ("html",), "jobs": 1, **options}
        return project.build([tmp_path / name for name in names], out, **chosen)

    return call


def page(folder: Path, name: str, data: str = "") -> Path:
    """A source that links to ``data.csv`` beside it."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(f"# {name}\n\n[data](data.csv)\n")
    if data:
        (folder / "data.csv").write_text(data)
    return folder / f"{name}.md"


def told(done: Result) -> list[str]:
    return [str(problem) for problem in done.problems]


@pytest.mark.parametrize("jobs", [1, 2])
def test_two_files_for_one_place(tmp_path: Path, build: Build, out: Path, jobs: int) -> None:
    first, second = page(tmp_path / "a", "x", "of a"), page(tmp_path / "b", "y", "of b")
    for _ in range(2):
        done = build("a", "b", jobs=jobs)
        (problem,) = told(done)
        assert problem.startswith(f"{second}:3: the link to data.csv: ")
        assert str(first.parent / "data.csv") in problem
        assert done.refused
        assert (out / "data.csv").read_text() == "of a"
    (second.parent / "data.csv").rename(second.parent / "own.csv")
    second.write_text("# y\n\n[data](own.csv)\n")
    assert told(build("a", "b", jobs=jobs)) == []
    assert {p.name for p in out.glob("*.csv")} == {"data.csv", "own.csv"}


def test_a_file_of_an_earlier_build_keeps_its_place(
    tmp_path: Path, build: Build, out: Path
) -> None:
    page(tmp_path / "b", "y", "of b")
    assert told(build("b")) == []
    first = page(tmp_path / "a", "x", "of a")
    for given in (["a"], ["a", "b"]):
        (problem,) = told(build(*given))
        assert problem.startswith(f"{first}:3: ")
        assert (out / "data.csv").read_text() == "of b"
    (tmp_path / "b" / "y.md").unlink()
    (tmp_path / "b" / "z.md").write_text("# z\n")
    assert told(build("a", "b")) == []
    assert (out / "data.csv").read_text() == "of a"


def test_pages_of_one_folder_share_a_file(tmp_path: Path, build: Build, out: Path) -> None:
    page(tmp_path / "a", "x")
    page(tmp_path / "a", "y", "of a")
    assert told(build("a", jobs=2)) == []
    (tmp_path / "a" / "data.csv").write_text("new")
    done = build("a", jobs=2)
    assert told(done) == []
    assert len(done.built) == 2
    assert (out / "data.csv").read_text() == "new"


# ---------------------------------------------------------------- files that no build made


def test_what_no_build_made_is_left_alone(tmp_path: Path, build: Build, out: Path) -> None:
    source = page(tmp_path / "a", "x", "of a")
    out.mkdir()
    (out / "data.csv").write_text("mine")
    for target, formats in ((out, ("html", "text")), (out / "x.html", ("html",))):
        done = project.build([source], target, formats=formats, jobs=1)
        (problem,) = told(done)
        assert problem.startswith(f"{source}:3: the link to data.csv: ")
        assert str(out / "data.csv") in problem
        assert done.refused
        assert (out / "data.csv").read_text() == "mine"
    (out / "data.csv").write_text("of a")  # the same bytes are no loss
    assert told(project.build([source], out / "x.html", formats=("html",), jobs=1)) == []
    assert told(build("a")) == []
    (source.parent / "data.csv").write_text("new")
    assert told(build("a")) == []
    assert (out / "data.csv").read_text() == "new"


@pytest.mark.parametrize("hidden", [".env", ".git/config"])
def test_a_link_of_the_file_system_to_a_hidden_file(
    tmp_path: Path, build: Build, out: Path, hidden: str
) -> None:
    source = page(tmp_path / "a", "x")
    (source.parent / hidden).parent.mkdir(exist_ok=True)
    (source.parent / hidden).write_text("secret")
    (source.parent / "data.csv").symlink_to(hidden)
    (problem,) = told(build("a"))
    assert problem.startswith(f"{source}:3: ")
    assert "hidden files are not copied" in problem
    assert not (out / "data.csv").exists()


def test_the_folder_that_is_built_may_be_hidden_itself(
    tmp_path: Path, build: Build, out: Path
) -> None:
    source = page(tmp_path / ".notes", "x")
    (source.parent / "more").mkdir()
    (source.parent / "more" / "own.csv").write_text("of x")
    (source.parent / "data.csv").symlink_to("more/own.csv")
    assert told(build(".notes")) == []
    assert (out / "data.csv").read_text() == "of x"


def test_a_page_that_appears_where_a_file_was_copied(
    tmp_path: Path, build: Build, out: Path
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "foo.html").write_text("by hand")
    (docs / "x.md").write_text("# x\n\n[foo](foo.html)\n")
    (docs / "other.md").write_text("# Other\n")
    assert told(build("docs")) == []
    (docs / "foo.md").write_text("# Foo\n")
    for _ in range(2):
        done = build("docs")
        (problem,) = told(done)
        assert problem.startswith(f"{docs / 'x.md'}:3: ")
        assert "the page of foo is written to that place" in problem
        assert str(docs / "other.md") in done.kept
        assert "by hand" not in (out / "foo.html").read_text()


@pytest.mark.parametrize("link", ["_b%2Emd", "_b.MD", "_b%2EMarkdown"])
def test_a_source_that_no_page_is_made_of_any_more(tmp_path: Path, build: Build, link: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(f"# A\n\n[b]({link})\n")
    (tmp_path / "docs" / unquote(link)).write_text("# B\n")
    assert told(build("docs/a.md", f"docs/{unquote(link)}")) == []
    (problem,) = told(build("docs"))
    assert problem.startswith(f"{tmp_path / 'docs' / 'a.md'}:3: ")
    assert "of which no page is made" in problem


def test_a_file_alone_beside_what_a_folder_came_to(tmp_path: Path, build: Build, out: Path) -> None:
    source = page(tmp_path / "a", "x", "of a")
    other = page(tmp_path / "b", "y", "of b")
    assert told(build("a")) == []
    (source.parent / "data.csv").write_text("new")
    assert told(project.build([source], out / "x.html", formats=("html",), jobs=1)) == []
    assert (out / "data.csv").read_text() == "new"
    (problem,) = told(project.build([other], out / "y.html", formats=("html",), jobs=1))
    assert str(source.parent / "data.csv") in problem
    assert (out / "data.csv").read_text() == "new"


# ---------------------------------------------------------------- one source to one file


@pytest.fixture
def alone(out: Path) -> Callable[..., list[str]]:
    """What is wrong when one source is built to one file."""

    def call(source: Path, name: str = "", form: str = "html") -> list[str]:
        file = out / f"{name or source.stem}{FORMATS[form]}"
        return told(project.build([source], file, formats=(form,), jobs=1))

    return call


Alone = Callable[..., list[str]]


def test_a_file_alone_knows_its_copies(tmp_path: Path, alone: Alone, out: Path) -> None:
    source = page(tmp_path / "a", "x", "first")
    for data in ("first", "second", "third"):
        (source.parent / "data.csv").write_text(data)
        assert alone(source) == []
        assert (out / "data.csv").read_text() == data
    (source.parent / "data.csv").write_text("fourth")
    assert alone(source, "another") == []
    assert alone(source, form="text") == []
    (source.parent / "data.csv").write_text("fifth")
    assert alone(source, form="markdown") == []
    assert (out / "data.csv").read_text() == "fifth"


def test_a_file_alone_without_copies_keeps_no_books(
    tmp_path: Path, alone: Alone, out: Path
) -> None:
    source = tmp_path / "x.md"
    source.write_text("# x\n")
    assert alone(source) == []
    assert [p.name for p in out.iterdir()] == ["x.html"]


@pytest.mark.parametrize("target", ["", "x.html"])
def test_what_someone_put_in_the_place_of_a_copy(tmp_path: Path, out: Path, target: str) -> None:
    source = page(tmp_path / "a", "x", "of a")
    assert told(project.build([source], out / target, formats=("html",), jobs=1)) == []
    (out / "data.csv").write_text("mine")
    (source.parent / "data.csv").write_text("new")
    (problem,) = told(project.build([source], out / target, formats=("html",), jobs=1))
    assert str(out / "data.csv") in problem
    assert "is there already" in problem
    assert (out / "data.csv").read_text() == "mine"
    (out / "data.csv").unlink()
    assert told(project.build([source], out / target, formats=("html",), jobs=1)) == []
    assert (out / "data.csv").read_text() == "new"


def test_two_files_alone_for_one_place(tmp_path: Path, alone: Alone, out: Path) -> None:
    first, second = page(tmp_path / "a", "x", "of a"), page(tmp_path / "b", "y", "of b")
    assert alone(first) == []
    for _ in range(2):
        (problem,) = alone(second)
        assert str(first.parent / "data.csv") in problem
        assert (out / "data.csv").read_text() == "of a"
    first.write_text("# x\n")
    assert alone(first, form="text") == []
    assert len(alone(second)) == 1  # the text has no links, and the page is as it was
    assert alone(first) == []
    assert alone(second) == []
    assert (out / "data.csv").read_text() == "of b"


def test_the_copy_of_a_source_that_is_gone(tmp_path: Path, alone: Alone, out: Path) -> None:
    first, second = page(tmp_path / "a", "x", "of a"), page(tmp_path / "b", "y", "of b")
    assert alone(first) == []
    first.unlink()
    assert alone(second) == []
    assert (out / "data.csv").read_text() == "of b"
    assert (out / "x.html").is_file()


def test_files_alone_and_folders_keep_the_same_books(
    tmp_path: Path, alone: Alone, build: Build, out: Path
) -> None:
    source = page(tmp_path / "a", "x", "of a")
    other = page(tmp_path / "b", "y")
    other.write_text("# y\n")
    assert told(build("b")) == []
    assert alone(source) == []
    assert str(other) in build("b").kept
    (source.parent / "data.csv").write_text("new")
    assert told(build("a")) == []
    assert (out / "data.csv").read_text() == "new"
    (source.parent / "data.csv").write_text("newer")
    assert alone(source) == []
    assert told(build("a", "b")) == []
    assert (out / "data.csv").read_text() == "newer"


def test_a_copy_beside_one_that_is_refused_is_known(
    tmp_path: Path, build: Build, alone: Alone, out: Path
) -> None:
    source = page(tmp_path / "a", "x", "first")
    (source.parent / "own.csv").write_text("own")
    source.write_text("# x\n\n[data](data.csv) [own](own.csv)\n")
    out.mkdir()
    (out / "own.csv").write_text("mine")
    for data in ("first", "second", "third"):
        (source.parent / "data.csv").write_text(data)
        for problems in (told(build("a")), alone(source)):
            (problem,) = problems
            assert "own.csv" in problem
    (out / "own.csv").unlink()
    assert told(build("a")) == []
    assert (out / "data.csv").read_text() == "third"


def test_books_that_anyone_may_have_written(tmp_path: Path, alone: Alone, out: Path) -> None:
    source = page(tmp_path / "a", "x", "of a")
    out.mkdir()
    (out / "data.csv").write_text("mine")
    fine = {"by": "../a/x.md", "of": "../a/data.csv", "digest": "0"}
    for copies in (
        [], 3, {"data.csv": 3}, {"data.csv": {}}, {"data.csv": {**fine, "digest": 3}},
        {"data.csv": {**fine, "by": "a\0"}}, {"data.csv": {**fine, "of": "\ud800"}},
        {"x" * 300: fine}, {"data.csv": {**fine, "of": "x" * 5000}}, {"data.csv": fine},
        {"../data.csv": fine}, {"/etc/passwd": fine},
    ):  # fmt: skip
        (out / ".symderiv.json").write_text(
            json.dumps({"version": 2, "entries": [], "copies": copies})
        )
        (problem,) = alone(source)
        assert "is there already" in problem
        assert (out / "data.csv").read_text() == "mine"


def test_a_folder_leaves_the_copy_of_a_file_alone(
    tmp_path: Path, alone: Alone, build: Build, out: Path
) -> None:
    source = page(tmp_path / "a", "x", "of both")
    other = page(tmp_path / "a", "y")
    assert told(build("a/y.md")) == []
    assert alone(source) == []
    other.write_text("# y\n")
    assert told(build("a/y.md")) == []
    assert (out / "data.csv").read_text() == "of both"

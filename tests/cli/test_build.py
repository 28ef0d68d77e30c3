"""``symderiv build`` from the outside."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from symderiv.cli import main

SQUARE = "# Squares\n\n```symderiv\nderive x**2 by x\n```\n"


@dataclass(frozen=True)
class Run:
    status: object
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text(SQUARE)
    (tmp_path / "LICENSE").write_text("free")

    def call(*argv: str) -> Run:
        with pytest.raises(SystemExit) as end:
            main(("build", *argv))
        return Run(end.value.code, *capsys.readouterr())

    return call


def test_one_file(run) -> None:
    done = run("notes.md", "-o", "out", "--format", "text")
    assert (done.status, done.out, done.err) == (0, "out: 1 built, 0 unchanged\n", "")
    assert "2 x" in Path("out/notes.txt").read_text()
    assert run("notes.md", "-o", "out", "--format", "text").out == "out: 0 built, 1 unchanged\n"


@pytest.mark.parametrize("suffix", [".html", ".tex", ".typ", ".ipynb", ".json", ".txt"])
def test_one_file_to_one_file(run, suffix: str) -> None:
    done = run("notes.md", "-o", f"deep/er/page{suffix}")
    assert (done.status, done.err) == (0, "")
    assert [p.name for p in Path("deep/er").iterdir()] == [f"page{suffix}"]
    assert run("notes.md", "-o", f"deep/er/page{suffix}").out.endswith("1 built, 0 unchanged\n")


def test_a_folder_may_be_named_as_a_file(run) -> None:
    Path("site.html").mkdir()
    assert run("notes.md", "-o", "site.html").status == 0
    assert Path("site.html/notes.html").is_file()


def test_a_folder_with_a_dot_in_its_name(run) -> None:
    assert run("notes.md", "-o", "v1.0").status == 0
    Path("x.docx").mkdir()
    assert run("notes.md", "-o", "x.docx").status == 0
    assert run(".", "-o", "other.site").status == 0
    for folder in ("v1.0", "x.docx", "other.site"):
        assert Path(folder, "notes.html").is_file()


def test_one_bar_over_the_whole_build(run, monkeypatch) -> None:
    Path("docs").mkdir()
    for name in ("a", "b", "c"):
        Path("docs", f"{name}.md").write_text(f"# {name}\n\n[](next.md)\n")
    Path("docs/next.md").write_text(SQUARE)
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = [int(x) for x in re.findall(r"(\d+)%", run("docs", "-o", "out", "--jobs", "1").err)]
    assert shown == sorted(shown)
    assert (shown[0], shown[-1]) == (0, 100)
    assert 0 < shown[len(shown) // 2] <= 100


def test_the_pictures_of_one_file_stand_beside_it(run) -> None:
    pytest.importorskip("matplotlib")
    Path("p.md").write_text("# P\n\n```symderiv\nscalar x\nplot x\n  x: 0..1\n```\n")
    assert run("p.md", "-o", "out/q.md").status == 0
    assert Path("out/figures/q/fig-1.svg").is_file()
    assert "figures/q/fig-1.svg" in Path("out/q.md").read_text()


def test_formats_with_commas_and_repeated(run) -> None:
    assert run("notes.md", "-o", "out", "--format", "text,html").status == 0
    assert run("notes.md", "-o", "two", "--format", "text", "--format", "html").status == 0
    for folder in ("out", "two"):
        assert {p.suffix for p in Path(folder).glob("notes.*")} == {".txt", ".html"}


def test_html_is_the_default(run) -> None:
    assert run("notes.md", "-o", "out").status == 0
    assert Path("out/notes.html").read_bytes().startswith(b"<!DOCTYPE html>")


def test_a_failing_check(run) -> None:
    Path("wrong.md").write_text("# W\n\n```symderiv\n\nderive x**2 by x\n  to: 3*x\n```\n")
    done = run("notes.md", "wrong.md", "-o", "out", "--format", "text")
    assert done.status == 1
    assert done.err.startswith("wrong.md:6: the rules end in 2 x, not in 3 x; the two differ")
    assert done.err.splitlines()[1:] == ["wrong.txt is not there"]
    assert done.out == "out: 1 built, 0 unchanged, 1 with problems\n"
    assert Path("out/notes.txt").exists()


def test_a_page_of_an_earlier_build_is_told(run) -> None:
    page = ("notes.md", "-o", "out", "--format", "text")
    assert run(*page).status == 0
    assert run("notes.md", "-o", "one.txt").status == 0
    Path("notes.md").write_text("# W\n\n```symderiv\n\nderive x**2 by x\n  to: 3*x\n```\n")
    assert run(*page).err.splitlines()[1:] == ["notes.txt is still that of an earlier build"]
    one = run("notes.md", "-o", "one.txt")
    assert one.err.splitlines()[1:] == ["one.txt is still that of an earlier build"]


def test_a_broken_source_in_several_formats_is_one_line(run) -> None:
    """Of links that lead nowhere, only where there are some."""
    Path("docs").mkdir()
    Path("docs/bad.md").write_text("$\\oops$\n")
    Path("docs/a.b.md").write_text("$\\oops$\n")
    Path("docs/leads.md").write_text("# L\n\n[to bad](bad.md)\n")
    argv = ("docs", "-o", "out", "--format", "html,text,markdown")
    lines = run(*argv).err.splitlines()
    assert [line for line in lines if "there" in line] == [
        "bad.html, bad.md, bad.txt are not there; links to them lead nowhere",
        "a.b.html, a.b.md, a.b.txt are not there",
    ]
    assert len(lines) == 4
    for name in ("bad", "a.b"):
        Path(f"docs/{name}.md").write_text("# Fine\n")
    assert run(*argv).err == ""
    Path("docs/bad.md").write_text("$\\oops$\n")
    assert run(*argv).err.splitlines()[1:] == [
        "bad.html, bad.md, bad.txt are still those of an earlier build"
    ]


def test_what_someone_put_there_is_not_said_to_be_missing(run) -> None:
    Path("out").mkdir()
    Path("out/notes.html").write_text("mine")
    done = run("notes.md", "-o", "out", "--format", "html,text")
    assert done.status == 2
    (line,) = done.err.splitlines()
    assert line.startswith("notes.md: out/notes.html is there already, and no build is known to ")
    assert line.endswith("move or remove it, or build with --force")


def test_problems_come_in_the_order_of_their_lines(run) -> None:
    Path("w.md").write_text(
        "# W\n\n```symderiv\nderive x**2 by x\n  to: 3*x\nderive x by q\n```\n\n[](#no)\n"
    )
    done = run("w.md", "-o", "out")
    assert [line.partition(": ")[0] for line in done.err.splitlines()[:3]] == [
        *("w.md:5", "w.md:6:13", "w.md:9"),
    ]
    assert done.status == 2


def test_bad_input_is_one_line_an_error(run) -> None:
    Path("bad.md").write_text("$\\a$\n\n$\\b\x1b$\n\n```symderiv\nderive x** by x\n```\n")
    done = run("notes.md", "bad.md", "-o", "out", "--format", "text")
    assert done.status == 2
    lines = done.err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "bad.md:1:2",
        "bad.md:3:2",
        "bad.md:6:11",
        "bad.txt is not there",
    ]
    assert "\x1b" not in done.err
    assert Path("out/notes.txt").exists()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("-o", "out"), "name files or folders to build"),
        (("notes.md",), "Missing option '-o'"),
        (("gone.md", "-o", "out"), "gone.md: there is no such file or folder"),
        (("notes.md", "-o", "out", "--format", "docx"), "'docx' is not one of"),
        (("notes.md", "-o", "notes.md"), "notes.md: the output would overwrite a source"),
        (("notes.md", "-o", "notes.md", "--format", "pdf"), "written to files named .pdf"),
        (("notes.md", "notes.md", "-o", "x.html"), "x.html is the name of a file"),
        ((".", "-o", "x.html"), "x.html is the name of a file"),
        (("catalog:", "-o", "x.html"), "x.html is the name of a file"),
        (("notes.md", "-o", "x.docx"), "'x.docx' has none of the suffixes .html, "),
        (("notes.md", "-o", "out/x.htm"), "make it first"),
        (("notes.md", "-o", "LICENSE"), "LICENSE is a file; name a folder"),
        (("notes.md", "-o", "out", "--lang", "e/../n"), "is not a language code"),
        (("notes.md", "-o", "out", "--jobs", "0"), "0 is not in the range"),
    ],
)
def test_wrong_arguments(run, argv: tuple[str, ...], said: str) -> None:
    done = run(*argv)
    assert done.status == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not Path("out").exists()


def test_python_only_where_it_is_allowed(run) -> None:
    Path("py.md").write_text("# P\n\n```python symderiv\nx = sd.scalar('x')\n```\n")
    done = run("py.md", "-o", "out", "--format", "text")
    assert done.status == 2
    assert done.err.startswith("py.md:3: a block of Python is executed only with --allow-python")
    assert run("py.md", "-o", "out", "--format", "text", "--allow-python").status == 0


def test_the_catalog_by_name_and_by_flag(run, monkeypatch) -> None:
    from symderiv import catalog

    few = (catalog.Theme("One", catalog.themes()[0].entries[:1]),)
    monkeypatch.setattr(catalog, "themes", lambda: few)
    for argv in (("--catalog",), ("catalog:",)):
        done = run(*argv, "-o", "out", "--format", "text", "--force")
        assert (done.status, done.err) == (0, "")
        assert done.out == "out: 2 built, 0 unchanged\n"
    assert Path("out/self-information.txt").exists()


def test_nothing_to_do_takes_no_time(tmp_path: Path) -> None:
    """In a process of its own, its start included."""
    for k in range(20):
        (tmp_path / f"n{k}.md").write_text(SQUARE)
    argv = [sys.executable, "-m", "symderiv", "build", str(tmp_path), "-o", str(tmp_path / "_out")]
    argv += ["--format", "text"]
    subprocess.run(argv, capture_output=True, timeout=300, check=True)
    before = os.times()
    start = time.perf_counter()
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True)
    after = os.times()
    assert "0 built, 21 unchanged" in done.stdout
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    assert min(spent, time.perf_counter() - start) < 2.0

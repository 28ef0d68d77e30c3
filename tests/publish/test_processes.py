"""Builds in several processes: those that end too early, and scripts without a guard."""

import subprocess
import sys
from pathlib import Path

import pytest

from symderiv.core.errors import DataError
from symderiv.publish import project, workers
from symderiv.publish.settings import Settings

DIES = "# D\n\n```python symderiv\nimport os\nos._exit(3)\n```\n"
TRUSTING = Settings(allow_python=True)
LOST = "the process that was at this ended too early: killed, out of memory, or ended by what"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name in ("a", "c", "e", "g", "h"):
        (folder / f"{name}.md").write_text(f"# {name}\n")
    return folder


def test_a_process_that_ends_too_early(docs: Path, tmp_path: Path) -> None:
    for name in ("b", "f"):
        (docs / f"{name}.md").write_text(DIES)
    done = project.build([docs], tmp_path / "out", jobs=2, settings=TRUSTING)
    told = [str(problem) for problem in done.problems]
    assert [x.split(": ")[0] for x in told] == [str(docs / "b.md"), str(docs / "f.md")]
    assert all(LOST in x for x in told)
    assert done.refused
    assert done.missing == ("b.html", "f.html")
    made = {path.stem for path in (tmp_path / "out").glob("*.html")}
    assert made == {"a", "c", "e", "g", "h", "index"}
    for name in ("b", "f"):
        (docs / f"{name}.md").write_text("# Fine\n")
    done = project.build([docs], tmp_path / "out", jobs=2, settings=TRUSTING)
    assert done.problems == ()
    assert len(done.kept) == 5


def test_a_page_that_waited_and_whose_process_ended(docs: Path, tmp_path: Path) -> None:
    """One that cites others is read first, and written later."""
    (docs / "b.md").write_text(DIES + "\n[](a.md)\n")
    (docs / "c.md").write_text("# C\n\n[](b.md) and [](a.md)\n")
    done = project.build([docs], tmp_path / "out", jobs=2, settings=TRUSTING)
    assert [problem.place.file for problem in done.problems] == [str(docs / "b.md")]
    assert (tmp_path / "out" / "c.html").is_file()


SCRIPT = """
from symderiv.publish.project import build

{guard}build(["docs"], "out"{jobs})
"""


@pytest.mark.parametrize(
    ("guard", "jobs"), [("", ""), ("", ", jobs=1"), ('if __name__ == "__main__": ', ", jobs=2")]
)
def test_a_script(docs: Path, tmp_path: Path, guard: str, jobs: str) -> None:
    done = script(tmp_path, guard, jobs)
    assert done.stderr == ""
    assert done.returncode == 0
    assert len(list((tmp_path / "out").glob("*.html"))) == 6
    assert docs


@pytest.mark.parametrize("before", ["", 'build(["docs"], "out"); '])
def test_a_script_that_lacks_its_guard_is_told(docs: Path, tmp_path: Path, before: str) -> None:
    """It does not wait for itself either, in the folder that its own parent holds."""
    done = script(tmp_path, before, ", jobs=2, force=True")
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith(
        "no other process can be begun; in a script, several jobs need the guard "
        'if __name__ == "__main__":'
    )
    assert "BrokenProcessPool:" not in done.stderr
    assert docs


def script(folder: Path, guard: str, jobs: str) -> subprocess.CompletedProcess[str]:
    (folder / "make.py").write_text(SCRIPT.format(guard=guard, jobs=jobs))
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "make.py"],
        cwd=folder,
        env={"PYTHONPATH": root, "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_processes_that_never_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise workers.BrokenProcessPool

    monkeypatch.setattr(workers, "_spread", broken)
    with pytest.raises(DataError, match="no other process can be begun"):
        list(workers.carried_out(len, ["a", "b"], len, jobs=2))

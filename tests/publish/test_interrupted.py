"""Builds that end before they are done, and files that are written whole or not at all."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symderiv.publish import files, project
from symderiv.publish.manifest import NAME

SLOW = """# P

```symderiv
matrix X: N, n
vector w: n
vector t: N
one-hot y: n
let p = softmax(w)
derive cross_entropy(y, p) by w
derive mean((X @ w - t)**2) by w
```
"""


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def begun(docs: Path, out: Path, jobs: str) -> subprocess.Popen[str]:
    """A build of twelve pages; three are written, so that one at least is in the books."""
    docs.mkdir()
    for k in range(12):
        (docs / f"p{k:02}.md").write_text(SLOW)
    process = subprocess.Popen(
        [sys.executable, "-m", "symderiv", "build", str(docs), "-o", str(out), "--jobs", jobs],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 120
    while len(list(out.glob("p*.html"))) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    return process


def at_work(group: int) -> list[int]:
    """The processes of a group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it has ended meanwhile
            continue
        if int(its_group) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.mark.skipif(os.name != "posix", reason="signals as a terminal sends them")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_build(tmp_path: Path, jobs: str) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    process = begun(docs, out, jobs)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip() == ""
    left = names(out)
    assert 1 <= len(left - {NAME}) < 12
    assert not any(Path(name).name.startswith(".symderiv-") for name in left)
    assert all((out / name).read_text().rstrip().endswith("</html>") for name in left - {NAME})
    done = project.build([docs], out, jobs=1)
    assert done.problems == ()
    assert done.kept
    assert len(done.kept) + len(done.built) == 13
    assert names(out) == {*(f"p{k:02}.html" for k in range(12)), "index.html", NAME}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes as Linux lists them")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_build_that_is_told_to_end(tmp_path: Path, jobs: str) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    process = begun(docs, out, jobs)
    try:
        assert len(at_work(process.pid)) >= int(jobs)
        process.terminate()  # this process alone, as a supervisor does
        process.wait(timeout=60)
        until = time.monotonic() + 20
        while at_work(process.pid) and time.monotonic() < until:
            time.sleep(0.05)
        assert at_work(process.pid) == []
    finally:
        for left in at_work(process.pid):
            os.kill(left, signal.SIGKILL)
        _, said = process.communicate(timeout=60)
    assert said.strip() == ""
    assert process.returncode == 128 + signal.SIGTERM
    left_over = names(out)
    assert NAME in left_over
    assert 1 <= len(left_over - {NAME}) < 12
    assert not any(Path(name).name.startswith(".symderiv-") for name in left_over)
    done = project.build([docs], out, jobs=1)
    assert done.problems == ()
    assert done.kept


def test_a_build_leaves_signals_as_they_were(tmp_path: Path) -> None:
    def mine(*_: object) -> None:
        pass

    (tmp_path / "a.md").write_text("# A\n")
    before = signal.getsignal(signal.SIGTERM)
    try:
        for handler in (signal.SIG_DFL, mine):
            signal.signal(signal.SIGTERM, handler)
            project.build([tmp_path / "a.md"], tmp_path / "out", jobs=1)
            assert signal.getsignal(signal.SIGTERM) is handler
    finally:
        signal.signal(signal.SIGTERM, before)


def test_nothing_is_left_of_what_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("old")

    def fails(self: Path, target: Path) -> None:
        raise OSError(f"no room for {target}")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="no room"):
        files.put(tmp_path, "a.txt", b"new")
    assert names(tmp_path) == {"a.txt"}
    assert (tmp_path / "a.txt").read_text() == "old"


def test_files_have_the_permissions_of_files(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    files.put(tmp_path, "made", b"x")
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("plain", "made")]
    assert modes[0] == modes[1]


def test_what_a_build_made_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n")
    project.build([tmp_path], tmp_path / "site", formats=("markdown",), jobs=1)
    (tmp_path / "site" / "mine.md").write_text("# Mine\n")
    project.build([tmp_path], tmp_path / "other", formats=("text",), jobs=1)
    made = names(tmp_path / "other")
    assert made == {"a.txt", "site/mine.txt", "index.txt", NAME}

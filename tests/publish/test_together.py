"""Builds at one time in one folder: none loses what another wrote."""

import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread

from symderiv.publish import manifest, project
from symderiv.publish.locking import locked

ROOT = Path(__file__).parents[2]


def begin(source: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "symderiv", "build", str(source), "-o", str(out), *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def sources(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        text = f"# {name}\n\n[data]({folder.name}.csv)\n\n```symderiv\nderive x**9 by x\n```\n"
        (folder / f"{name}.md").write_text(text)
    (folder / f"{folder.name}.csv").write_text(folder.name)
    return folder


def test_two_folders(tmp_path: Path) -> None:
    one, two = sources(tmp_path / "one", "a", "b", "c"), sources(tmp_path / "two", "d", "e")
    out = tmp_path / "out"
    for process in [begin(one, out, "--jobs", "1"), begin(two, out, "--jobs", "1")]:
        _, said = process.communicate(timeout=300)
        assert (process.returncode, said) == (0, "")
    known = {Path(name).stem for name, _ in manifest.load(out)} - {"index:index"}
    assert known == {"a", "b", "c", "d", "e"}
    assert {p.name for p in out.iterdir()} == {
        *(f"{name}.html" for name in ("a", "b", "c", "d", "e", "index")),
        *("one.csv", "two.csv", manifest.NAME),
    }
    for folder in (one, two):
        for source in folder.glob("*.md"):
            source.unlink()
        (folder / "f.md").write_text("# F\n")
        project.build([folder], out, jobs=1)
        (folder / "f.md").unlink()
    assert {p.stem for p in out.glob("*.html")} == {"f", "index"}


def test_files_alone_beside_each_other(tmp_path: Path) -> None:
    """They do not wait for each other, and all of their copies are in the books."""
    folder = sources(tmp_path / "one", "a", "b", "c")
    out = tmp_path / "out"
    for name in ("a", "b", "c"):
        (folder / f"{name}.csv").write_text(name)
        (folder / f"{name}.md").write_text(f"# {name}\n\n[data]({name}.csv)\n")
    begun = [begin(folder / f"{name}.md", out / f"{name}.html") for name in ("a", "b", "c")]
    for process in begun:
        _, said = process.communicate(timeout=300)
        assert (process.returncode, said) == (0, "")
    assert {"a.csv", "b.csv", "c.csv"} <= set(manifest.load_copies(out))


def test_a_folder_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n")
    out = tmp_path / "out"
    out.mkdir()
    waits, done = Event(), Event()

    def build() -> None:
        with locked(out, waits.set):
            pass
        done.set()

    with locked(out):
        thread = Thread(target=build)
        thread.start()
        assert waits.wait(20)
        assert not done.wait(0.2)
    thread.join(20)
    assert done.is_set()
    assert list(out.iterdir()) == []


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom symderiv.publish.locking import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    waited: list[bool] = []
    Thread(target=lambda: (time.sleep(0.3), process.kill())).start()
    with locked(tmp_path, lambda: waited.append(True)):
        assert waited == [True]
    process.communicate(timeout=20)


def test_what_another_build_wrote_meanwhile(tmp_path: Path, monkeypatch) -> None:
    """Between the first look at a folder and its lock."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n")
    (tmp_path / "b.md").write_text("# B\n")
    out = tmp_path / "out"
    true = project.locked
    monkeypatch.setattr(project, "locked", true)
    calls = []

    def late(folder: Path, waiting):
        if not calls:
            calls.append(folder)
            project.build([tmp_path / "b.md"], folder, formats=("text",))
        return true(folder, waiting)

    monkeypatch.setattr(project, "locked", late)
    project.build([tmp_path / "docs"], out, formats=("text",))
    assert {form for _, form in manifest.load(out)} == {"text"}
    assert {name for name, _ in manifest.load(out)} == {"../docs/a.md", "../b.md", "index:index"}

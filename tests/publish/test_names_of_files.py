"""Sources whose names or places no page can have: one is told of, and all others are built."""

from pathlib import Path

import pytest

from symderiv.publish import project


@pytest.mark.parametrize(
    "name", ["a\nb", "a\tb", "a:b", "a\u202eb", "http:x", "\udcff", "sub/c\nd"]
)
def test_a_name_that_no_link_can_have(tmp_path: Path, name: str) -> None:
    docs = tmp_path / "docs"
    (docs / "sub").mkdir(parents=True)
    (docs / "fine.md").write_text("# Fine\n")
    try:
        (docs / f"{name}.md").write_text("# Not fine\n")
    except (OSError, UnicodeError):
        pytest.skip("no file can have that name here")
    for form in ("html", "markdown"):
        done = project.build([docs], tmp_path / "out", formats=(form,), jobs=1)
        (problem,) = done.problems
        assert problem.place.file == str(docs / f"{name}.md")
        assert "no link can lead to a page of that name; rename the file" in str(problem)
        made = {path.stem for path in (tmp_path / "out").glob("*.*") if path.name[0] != "."}
        assert made == {"fine", "index"}
    alone = project.build([docs / f"{name}.md"], tmp_path / "one" / "page.html")
    assert alone.problems == ()


@pytest.mark.parametrize(
    "name", ["a b", "ä", "한글", "a#b", "a?b", "100%", "[x](y)", "a.b", "&#58;"]
)
def test_names_that_links_can_have(tmp_path: Path, name: str) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / f"{name}.md").write_text("# Fine\n")
    done = project.build([docs], tmp_path / "out", formats=("html", "markdown"), jobs=1)
    assert done.problems == ()
    assert (tmp_path / "out" / f"{name}.html").is_file()


def test_a_source_that_leads_out_of_the_folder(tmp_path: Path) -> None:
    docs, secret = tmp_path / "docs", tmp_path / "secret.md"
    docs.mkdir()
    secret.write_text("# Secret\n")
    (docs / "fine.md").write_text("# Fine\n")
    (docs / "leak.md").symlink_to(secret)
    (docs / "same.md").symlink_to(docs / "_kept.md")
    (docs / "_kept.md").write_text("# Kept\n")
    done = project.build([docs], tmp_path / "out", jobs=1)
    (problem,) = done.problems
    assert str(problem) == (
        f"{docs / 'leak.md'}: a link of the file system that leads out of {docs}; put the file "
        "itself there"
    )
    assert not (tmp_path / "out" / "leak.html").exists()
    assert "Secret" not in (tmp_path / "out" / "index.html").read_text()
    assert (tmp_path / "out" / "same.html").is_file()
    named = project.build([docs / "leak.md"], tmp_path / "one", jobs=1)
    assert named.problems == ()

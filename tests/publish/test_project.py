"""Building files and folders: what is written, what is left, what is removed."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import html5lib
import pytest

from symderiv.core.errors import DataError
from symderiv.publish import job, project
from symderiv.publish.manifest import NAME
from symderiv.publish.project import Result
from symderiv.publish.settings import Settings
from symderiv.render import FORMATS

SQUARE = "# Squares\n\nThe square of *x*. It grows.\n\n```symderiv\nderive x**2 by x\n```\n\n## X\n"
WRONG = "# W\n\n```symderiv\nscalar x\n\ncheck sin(x) = cos(x)\n```\n"
Build = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    (docs / "sub").mkdir(parents=True)
    (docs / "a.md").write_text(SQUARE)
    (docs / "sub" / "b.md").write_text("# B\n\nSee [squares](../a.md#x) and [b](b.md).\n")
    (docs / "_draft.md").write_text("$\\nonsense$")
    (docs / ".hidden.md").write_text("$\\nonsense$")
    (docs / "notes.txt").write_text("no Markdown")
    return docs


@pytest.fixture
def build(folder: Path) -> Build:
    def call(*sources: Path, **options: Any) -> Result:
        chosen: dict[str, Any] = {"formats": ("text",), "jobs": 1, **options}
        return project.build(sources or [folder], folder.parent / "out", **chosen)

    return call


@pytest.fixture
def out(folder: Path) -> Path:
    return folder.parent / "out"


def files(out: Path) -> set[str]:
    return {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}


# ---------------------------------------------------------------- what is written


def test_a_folder_is_mirrored_with_an_index(build: Build, out: Path) -> None:
    done = build()
    assert done.problems == ()
    assert files(out) == {"a.txt", "sub/b.txt", "index.txt", NAME}
    assert "2 x" in (out / "a.txt").read_text()
    index = (out / "index.txt").read_text()
    assert [word in index for word in ("Squares", "The square of x.", "grows")] == [
        *(True, True, False)
    ]
    assert index.index("Squares") < index.index("sub") < index.index("B")


@pytest.mark.parametrize(("language", "words"), [("en", "All pages"), ("ko", "전체 목록")])
def test_pages_lead_back_to_the_index(build: Build, out: Path, language: str, words: str) -> None:
    build(formats=("html", "markdown"), settings=Settings(language=language))
    for name, home in (("a", "index"), ("sub/b", "../index")):
        page = html5lib.parse((out / f"{name}.html").read_text(), namespaceHTMLElements=False)
        ways = [(a.text, a.get("href")) for a in page.iterfind(".//nav//a[@href]")]
        assert ways[0] == (words, f"{home}.html")
        assert (out / f"{name}.md").read_text().endswith(f"\n\n[{words}]({home}.md)\n")
    index = html5lib.parse((out / "index.html").read_text(), namespaceHTMLElements=False)
    assert index.find(".//nav") is None
    assert [index.findtext(f".//{tag}") for tag in ("title", "h1")] == ["docs", "docs"]


def test_a_page_built_alone_later_stays_as_it_is(build: Build, folder: Path, out: Path) -> None:
    build(formats=("html",))
    assert build(folder / "a.md", formats=("html",)).built == ()
    assert "index.html" not in project_page(folder, out.parent / "other")


def project_page(folder: Path, out: Path) -> str:
    project.build([folder / "a.md"], out, jobs=1)
    return (out / "a.html").read_text()


def test_one_file_has_no_index(build: Build, folder: Path, out: Path) -> None:
    build(folder / "a.md")
    assert files(out) == {"a.txt", NAME}


def test_an_index_of_the_authors(build: Build, folder: Path, out: Path) -> None:
    (folder / "index.md").write_text("# My own\n\n[a](a.md)\n")
    build()
    assert (out / "index.txt").read_text().startswith("My own")


def test_several_formats_and_links_between_pages(build: Build, out: Path) -> None:
    build(formats=("text", "html"))
    assert files(out) >= {"a.txt", "a.html", "sub/b.html", "index.html"}
    page = (out / "sub" / "b.html").read_text()
    assert 'href="../a.html#x"' in page
    assert 'href="b.html"' in page
    index = (out / "index.html").read_text()
    assert 'href="a.html"' in index
    assert 'href="sub/b.html"' in index


def test_pages_are_the_same_side_by_side(build: Build, folder: Path, out: Path) -> None:
    for k in range(4):
        (folder / f"p{k}.md").write_text(SQUARE.replace("**2", f"**{k + 2}"))
    build()
    alone = {name: (out / name).read_bytes() for name in files(out)}
    done = build(jobs=2, force=True)
    assert len(done.built) == 7
    assert {name: (out / name).read_bytes() for name in files(out)} == alone


def test_the_language_of_a_build(build: Build, out: Path) -> None:
    build(formats=("html",), settings=Settings(language="ko"))
    assert 'lang="ko"' in (out / "a.html").read_text()


PICTURED = """# P

![x](p.svg)

The file figures/fig-1.svg, `figures/fig-1.svg`, `cp figures/1.pdf x`, figures/1.svg.

```
figures/1.pdf figures/fig-1.svg
```
"""


@pytest.mark.parametrize("form", FORMATS)
def test_prose_about_figures_is_left_alone(
    build: Build, folder: Path, out: Path, form: str
) -> None:
    """Where pictures lie is no word of the author's."""
    pytest.importorskip("typst")
    pypdf = pytest.importorskip("pypdf")
    (folder / "p.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect x="1"/></svg>'
    )
    (folder / "a.md").write_text(PICTURED)
    assert build(folder / "a.md", formats=(form,)).problems == ()
    page = out / f"a{FORMATS[form]}"
    data = page.read_bytes()
    if form == "pdf":
        data = "".join(p.extract_text() for p in pypdf.PdfReader(page).pages).encode()
    plain = re.sub(rb"\\hskip0pt|[\\{}\s]", b"", data)
    shown = [name for name in files(out) if name.startswith("figures/")]
    assert len(shown) == (form in ("latex", "typst", "markdown"))
    for name in shown:
        assert name.startswith("figures/a/")
        assert data.count(name.encode()) == 1
    assert plain.count(b"figures/fig-1.svg") == 3
    assert plain.count(b"figures/1.pdf") == 2


# ---------------------------------------------------------------- only what changed


def stamps(out: Path) -> dict[str, int]:
    return {name: (out / name).stat().st_mtime_ns for name in files(out)}


def test_nothing_is_built_twice(build: Build, out: Path) -> None:
    first = build()
    assert len(first.built) == 3
    before = stamps(out)
    again = build()
    assert (again.built, len(again.kept), again.removed) == ((), 3, ())
    assert stamps(out) == before


def test_what_changed_is_built(build: Build, folder: Path, out: Path) -> None:
    build()
    (folder / "a.md").write_text(SQUARE.replace("**2", "**3"))
    done = build()
    assert done.built == (str(folder / "a.md"),)
    assert "3 x²" in (out / "a.txt").read_text()


def test_a_new_title_reaches_the_index(build: Build, folder: Path, out: Path) -> None:
    build()
    (folder / "a.md").write_text(SQUARE.replace("# Squares", "# Powers of $x_1$"))
    assert len(build().built) == 2
    assert "Powers of x_1" in (out / "index.txt").read_text()


@pytest.mark.parametrize(
    "options",
    [
        {"settings": Settings(detail="full")},
        {"settings": Settings(seed=1)},
        {"settings": Settings(check=False)},
        {"settings": Settings(language="ko")},
        {"force": True},
    ],
)
def test_other_options_build_again(build: Build, options: dict[str, object]) -> None:
    build()
    assert len(build(**options).built) == 3


def test_another_version_builds_again(build: Build, monkeypatch) -> None:
    build()
    monkeypatch.setattr(job, "fingerprint", lambda: "another")
    assert len(build().built) == 3


def test_outputs_that_are_missing_or_changed_are_made_again(build: Build, out: Path) -> None:
    build()
    (out / "a.txt").unlink()
    (out / "index.txt").write_text("mine")
    assert len(build().built) == 2
    assert (out / "index.txt").read_text().startswith("docs\n")
    assert "Contents" not in (out / "index.txt").read_text()


def test_a_picture_that_changed_builds_its_page(build: Build, folder: Path) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect x="{}"/></svg>'
    (folder / "p.svg").write_text(picture.format(1))
    (folder / "a.md").write_text("# A\n\n![x](p.svg)\n")
    build(formats=("html",))
    assert build(formats=("html",)).built == ()
    (folder / "p.svg").write_text(picture.format(2))
    assert build(formats=("html",)).built == (str(folder / "a.md"),)


def test_a_page_that_ran_python_is_always_built(build: Build, folder: Path) -> None:
    (folder / "a.md").write_text("# A\n\n```python symderiv\nx = 1\n```\n")
    trusting = {"settings": Settings(allow_python=True)}
    build(**trusting)
    assert build(**trusting).built == (str(folder / "a.md"),)


def test_formats_are_kept_apart(build: Build, out: Path) -> None:
    build()
    done = build(formats=("html",))
    assert len(done.built) == 3
    assert (out / "a.txt").exists()
    assert build(formats=("text", "html")).built == ()


# ---------------------------------------------------------------- what is removed


def test_outputs_of_sources_that_are_gone(build: Build, folder: Path, out: Path) -> None:
    build()
    (out / "mine.txt").write_text("not the build's")
    (out / "sub" / "mine.txt").write_text("nor this")
    (folder / "sub" / "b.md").unlink()
    (folder / "a.md").rename(folder / "_a.md")
    done = build()
    assert set(done.removed) == {"a.txt", "sub/b.txt"}
    assert files(out) == {"mine.txt", "sub/mine.txt", "index.txt", NAME}


def test_empty_folders_go_too(build: Build, folder: Path, out: Path) -> None:
    build()
    (folder / "sub" / "b.md").unlink()
    build()
    assert not (out / "sub").exists()


def test_pages_of_another_build_stay(build: Build, folder: Path, out: Path, tmp_path: Path) -> None:
    build()
    other = tmp_path / "other.md"
    other.write_text("# O\n")
    assert build(other).removed == ()
    assert files(out) >= {"a.txt", "other.txt"}


@pytest.mark.parametrize("name", ["../victim", "/tmp/victim", "sub/../../victim", "link/victim"])
def test_a_manifest_cannot_reach_outside(build: Build, folder: Path, out: Path, name: str) -> None:
    build()
    victim = folder.parent / "victim"
    victim.write_text("precious")
    (out / "link").symlink_to(folder.parent)
    data = json.loads((out / NAME).read_text())
    name = str(victim) if name.startswith("/") else name
    data["entries"].append({**data["entries"][0], "source": "gone.md", "outputs": {name: ""}})
    (out / NAME).write_text(json.dumps(data))
    build()
    assert victim.read_text() == "precious"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1}', '{"version": 1, "entries": [{}]}', "[" * 100_000]
)
def test_a_manifest_that_is_none(build: Build, out: Path, text: str) -> None:
    build()
    (out / NAME).write_text(text)
    assert len(build().built) == 3
    assert build().built == ()


@pytest.mark.parametrize(
    "bad",
    [
        *({"source": x} for x in (5, None, "x\0y", "\ud800", "n" * 300, "n/" * 3000)),
        *({"format": x} for x in ("nope", "", 5)),
        *({"outputs": {x: "0"}} for x in ("x\0y.txt", "\ud800.txt", "n" * 300)),
        *({"assets": {x: "0"}} for x in ("x\0y.txt", "\ud800.txt", "n" * 300)),
        {"title": "\ud800"},
        {"labels": {"\ud800": ["a", "b", ""]}},
        {"cites": {"x\0y": ""}},
    ],
    ids=lambda bad: ascii(bad)[:40],
)
@pytest.mark.parametrize("source", ["gone.md", "../docs/a.md"])
def test_a_bad_entry_of_a_manifest_is_left_out(
    build: Build, folder: Path, out: Path, bad: dict[str, object], source: str
) -> None:
    (folder / "b.md").write_text("# B\n\n[elsewhere](nowhere/c.md#x)\n")
    (folder / "nowhere").mkdir()
    (folder / "nowhere" / "c.md").write_text("# C {#x}\n")
    build(folder / "b.md")
    build()
    data = json.loads((out / NAME).read_text())
    data["entries"].insert(0, {**data["entries"][0], "source": source, **bad})
    (out / NAME).write_text(json.dumps(data))
    done = build()
    assert [str(problem) for problem in done.problems] == []
    assert done.built == ()


def test_a_manifest_is_written_through_no_link(build: Build, folder: Path, out: Path) -> None:
    precious = folder.parent / "precious"
    precious.write_text("mine")
    out.mkdir()
    for name in (NAME, f"{NAME}.new"):
        (out / name).symlink_to(precious)
    build()
    assert precious.read_text() == "mine"
    assert build().built == ()


@pytest.mark.parametrize("to", ["", "docs", "docs/sub", "docs/../docs"])
@pytest.mark.parametrize("form", ["text", "html"])
def test_the_output_holds_the_sources(
    folder: Path, monkeypatch: pytest.MonkeyPatch, to: str, form: str
) -> None:
    """The folder of the sources itself, one above it, and one inside."""
    monkeypatch.chdir(folder.parent)
    out = Path(to or ".")
    wanted = {f"{place}{FORMATS[form]}" for place in ("a", "sub/b", "index")}
    skipped = {"sub/b"} if to == "docs/sub" else set()
    wanted -= {f"{place}{FORMATS[form]}" for place in skipped}
    if skipped:
        (folder / "a.md").write_text(SQUARE)
    for start in ("docs/a.md", "docs", "docs", "docs/a.md", "docs"):
        done = project.build([start], out, formats=(form,), jobs=1)
        assert [str(problem) for problem in done.problems] == []
        assert done.removed == ()
        assert (out / f"a{FORMATS[form]}").is_file()
    made = {p.relative_to(out).as_posix() for p in out.rglob(f"*{FORMATS[form]}")}
    assert made - {"docs/notes.txt", "notes.txt"} == wanted
    assert (folder / "a.md").read_text() == SQUARE


def test_markdown_beside_its_sources_is_no_source(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page may be written to where the next build looks for sources."""
    (folder / "docs").mkdir()
    (folder / "docs" / "c.md").write_text("# C\n")
    monkeypatch.chdir(folder.parent)
    for _ in range(3):
        done = project.build(["docs"], ".", formats=("markdown",), jobs=1)
        assert done.problems == ()
        assert done.removed == ()
    assert len(done.kept) == 4
    assert Path("docs/c.md").is_file()
    assert not Path("c.md").exists()


# ---------------------------------------------------------------- what goes wrong


def test_a_failing_check_fails_the_build_and_no_other_page(
    build: Build, folder: Path, out: Path
) -> None:
    (folder / "w.md").write_text(WRONG)
    done = build()
    (problem,) = done.problems
    assert str(problem).startswith(f"{folder / 'w.md'}:6: wrong: the claim")
    assert "at x = " in str(problem)
    assert (done.failed, done.refused) == (True, False)
    assert files(out) == {"a.txt", "sub/b.txt", "index.txt", NAME}
    again = build()
    assert again.failed
    assert again.built == ()
    assert build(settings=Settings(check=False)).problems == ()


def test_a_page_that_breaks_keeps_its_old_output_until_it_is_mended(
    build: Build, folder: Path, out: Path
) -> None:
    build()
    (folder / "a.md").write_text("$\\oops$\n\n$\\again$\n\n```symderiv\nderive\n```\n")
    done = build()
    assert [str(p).partition(": ")[0] for p in done.problems] == [
        f"{folder / 'a.md'}:{place}" for place in ("1:2", "3:2", "6:1")
    ]
    assert (done.failed, done.refused) == (False, True)
    assert "2 x" in (out / "a.txt").read_text()
    assert (done.stale, done.missing) == (("a.txt",), ())
    (folder / "a.md").write_text(SQUARE)
    done = build()
    assert (done.problems, done.stale, done.missing) == ((), (), ())


def test_a_page_that_never_held_is_said_to_be_missing(
    build: Build, folder: Path, out: Path
) -> None:
    (folder / "w.md").write_text(WRONG)
    (out / "sub").mkdir(parents=True)
    (out / "sub" / "c.txt").write_text("mine")
    (folder / "sub" / "c.md").write_bytes(b"\xff")
    done = build()
    assert (done.stale, done.missing) == ((), ("sub/c.txt", "w.txt"))
    assert "w.md" not in (out / "index.txt").read_text()


def test_a_defect_spoils_one_page(build: Build, folder: Path, monkeypatch, out: Path) -> None:
    from symderiv.publish import source

    true = source.article_of
    monkeypatch.setattr(
        source,
        "article_of",
        lambda text, **o: 1 / 0 if text.startswith("# Squares") else true(text, **o),
    )
    done = build()
    assert [str(problem) for problem in done.problems] == [
        f"{folder / 'a.md'}: internal error, please report it: ZeroDivisionError: division by zero"
    ]
    assert (out / "sub" / "b.txt").exists()


def test_a_defect_spoils_one_format(build: Build, folder: Path, monkeypatch, out: Path) -> None:
    """What was written in other formats is in the books, and told of as it is."""
    from symderiv.render import html, latex

    def broken(article: object) -> Any:
        raise RuntimeError("oh")

    monkeypatch.setattr(latex, "render_article", broken)
    monkeypatch.setattr(html, "render_article", deep)
    forms = ("text", "latex", "html", "markdown")
    done = build(folder / "a.md", formats=forms)
    assert [str(problem) for problem in done.problems] == [
        f"{folder / 'a.md'}: latex: internal error, please report it: RuntimeError: oh",
        f"{folder / 'a.md'}: html: this is nested too deep",
    ]
    assert (done.missing, done.stale) == (("a.html", "a.tex"), ())
    assert files(out) == {"a.txt", "a.md", NAME}
    assert build(folder / "a.md", formats=("text", "markdown")).built == ()
    monkeypatch.undo()
    assert build(folder / "a.md", formats=forms).problems == ()


def deep(article: object) -> Any:
    return deep(article)


def test_typst_that_cannot_set_a_page(build: Build, folder: Path, out: Path) -> None:
    pytest.importorskip("typst")
    quote = folder / "quote.md"
    quote.write_text(f"# Q\n\n{'>' * 60} text\n")
    done = build(quote, formats=("html", "latex", "pdf", "text"))
    assert [str(problem) for problem in done.problems] == [
        f"{quote}: pdf: this is nested too deep for Typst, which makes the PDF; nest it less, or "
        "make another format"
    ]
    assert done.missing == ("quote.pdf",)
    assert files(out) == {"quote.html", "quote.tex", "quote.txt", NAME}
    assert build(quote, formats=("html", "latex", "text")).built == ()


def test_bytes_that_are_no_text(build: Build, folder: Path) -> None:
    (folder / "a.md").write_bytes(b"# A\n\nx\xff\n")
    (problem,) = build().problems
    assert str(problem) == f"{folder / 'a.md'}:3: this is not UTF-8, at byte 7 of the file"


def test_a_source_that_is_too_large(build: Build, folder: Path) -> None:
    (folder / "a.md").write_bytes(b"x" * 3_000_000)
    (problem,) = build().problems
    assert "larger than 2,000,000 bytes" in str(problem)


@pytest.mark.skipif(os.getuid() == 0, reason="root reads everything")
def test_a_source_that_may_not_be_read(build: Build, folder: Path) -> None:
    (folder / "a.md").chmod(0)
    (problem,) = build().problems
    assert "Permission denied" in str(problem)


def test_two_sources_for_one_place(build: Build, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "a.md"
    other.write_text("# Other\n")
    with pytest.raises(DataError, match="same place, a"):
        build(folder, other)
    (folder / "a.markdown").write_text("# Other\n")
    with pytest.raises(DataError, match="same place, a"):
        build()


def test_sources_that_are_none(build: Build, folder: Path) -> None:
    with pytest.raises(DataError, match="no such file or folder"):
        build(folder / "missing")
    with pytest.raises(DataError, match=r"no Markdown; expected a file named \.md"):
        build(folder / "notes.txt")


def test_a_folder_without_sources(build: Build, folder: Path, out: Path) -> None:
    (folder / "none" / "_drafts").mkdir(parents=True)
    (folder / "none" / "_drafts" / "a.md").write_text("# A")
    with pytest.raises(DataError, match=r"none: there is no source in this folder; expected .*md"):
        build(folder / "none")
    assert not out.exists()


def test_a_link_to_a_page_that_is_not_there(build: Build, folder: Path) -> None:
    (folder / "a.md").write_text("# A\n\n[x](gone.md)\n")
    (problem,) = build().problems
    assert str(problem) == f"{folder / 'a.md'}:3: the link leads to gone.md, which is not there"


# ---------------------------------------------------------------- the gallery


def test_the_gallery(tmp_path: Path, monkeypatch) -> None:
    from symderiv import catalog

    few = tuple(catalog.Theme(theme.title, theme.entries[:1]) for theme in catalog.themes()[:3])
    monkeypatch.setattr(catalog, "themes", lambda: few)
    done = project.build([], tmp_path, formats=("text", "html"), jobs=1, catalog=True)
    assert done.problems == ()
    names = [theme.entries[0].name for theme in few]
    assert files(tmp_path) == {
        *(f"{name}.{suffix}" for name in [*names, "index"] for suffix in ("txt", "html")),
        NAME,
    }
    index = (tmp_path / "index.txt").read_text()
    assert index.startswith("Gallery\n")
    for theme in few:
        assert theme.title in index
        assert theme.entries[0].title in index
    assert project.build([], tmp_path, formats=("text",), jobs=1, catalog=True).built == ()

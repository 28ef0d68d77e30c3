"""Pages that cite each other and link to files: what readers follow leads there, in each format."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import html5lib
import pytest
from pypdf import PdfReader

from symderiv.publish import project
from symderiv.publish.manifest import NAME
from symderiv.publish.project import Result
from symderiv.render import FORMATS

MODEL = """# The *model*

$$
a = b
$$ (first)

```symderiv
scalar x, y
derive x**2*y by x, y
  label: both
plot x
  x: 0..1
  label: curve
```

## Text

| q |
|---|
| 1 |

Table: T. {#tab}
"""
USES = """# Uses

By [](../model.md#first), [](../model.md#both), [](../model.md#both-y), [](../model.md#curve),
[](../model.md#text), [](../model.md#tab), [](../model.md) and [words](../model.md#both).
"""
WORDS = [
    *("(1) of The model", "(2) of The model", "(3) of The model", "Figure 1 of The model"),
    *("Text", "Table 1 of The model", "The model", "words"),
]
Build = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    (docs / "sub").mkdir(parents=True)
    (docs / "model.md").write_text(MODEL)
    (docs / "sub" / "uses.md").write_text(USES)
    return docs


@pytest.fixture
def out(folder: Path) -> Path:
    return folder.parent / "out"


@pytest.fixture
def build(folder: Path, out: Path) -> Build:
    def call(*sources: Path, **options: Any) -> Result:
        chosen: dict[str, Any] = {"formats": ("html",), "jobs": 1, **options}
        return project.build(sources or [folder], out, **chosen)

    return call


def told(done: Result) -> list[str]:
    return [str(problem) for problem in done.problems]


def links(page: Path) -> list[tuple[str, str]]:
    """The words and the address of every link of a page that leads to another one."""
    root = html5lib.parse(page.read_bytes(), namespaceHTMLElements=False)
    found = [(" ".join("".join(a.itertext()).split()), a.get("href", "")) for a in root.iter("a")]
    home = {a.get("href") for a in root.iterfind(".//nav//a")}
    found = [(words, href) for words, href in found if href not in home]
    return [(words, href) for words, href in found if not href.startswith("#")]


def ids(page: Path) -> set[str]:
    root = html5lib.parse(page.read_bytes(), namespaceHTMLElements=False)
    return {e.get("id") for e in root.iter() if e.get("id")}


# ---------------------------------------------------------------- citations


@pytest.mark.parametrize("jobs", [1, 2])
def test_links_of_a_page_lead_to_anchors_of_the_other(build: Build, out: Path, jobs: int) -> None:
    done = build(jobs=jobs)
    assert told(done) == []
    found = links(out / "sub" / "uses.html")
    assert [words for words, _ in found] == WORDS
    for _, href in found:
        address = urlsplit(href)
        page = out / "sub" / unquote(address.path)
        assert page.resolve() == (out / "model.html").resolve()
        assert not address.fragment or unquote(address.fragment) in ids(page)


def test_every_format_says_the_same_words(build: Build, out: Path) -> None:
    pytest.importorskip("typst")
    done = build(formats=tuple(FORMATS))
    assert told(done) == []
    text = (out / "sub" / "uses.txt").read_text()
    for words in WORDS:
        assert words in " ".join(text.split())
    markdown = (out / "sub" / "uses.md").read_text()
    anchors = set(re.findall(r'<span id="([^"]+)"', (out / "model.md").read_text()))
    targets = re.findall(r"\]\(\.\./model\.md(?:#([^)]+))?\)", markdown)
    assert len(targets) == len(WORDS)
    assert set(targets) - {""} <= anchors
    cells = json.loads((out / "sub" / "uses.ipynb").read_text())["cells"]
    assert any("](../model.ipynb#both-x)" in line for cell in cells for line in cell["source"])
    assert '"../model.json#first"' in (out / "sub" / "uses.json").read_text()
    pages = PdfReader(BytesIO((out / "sub" / "uses.pdf").read_bytes())).pages
    addresses = [a.get_object()["/A"]["/URI"] for a in pages[0]["/Annots"]]
    assert "../model.pdf#first" in addresses


def test_links_in_the_title_of_a_derivation(build: Build, folder: Path, out: Path) -> None:
    (folder / "sub" / "uses.md").write_text(
        "# Uses\n\n```symderiv\nscalar x\nderive x**2 by x\n"
        "  title: See [words](../model.md#both) and [](../model.md#both)\n```\n"
    )
    assert told(build(formats=("html", "latex", "markdown", "json"))) == []
    assert links(out / "sub" / "uses.html") == [
        ("words", "../model.html#both-x"),
        ("(2) of The model", "../model.html#both-x"),
    ]
    latex = (out / "sub" / "uses.tex").read_text()
    assert latex.count(r"\href{../model.pdf\#both-x}") == 2
    assert ".md" not in latex
    assert (out / "sub" / "uses.md").read_text().count("](../model.md#both-x)") == 2
    assert (out / "sub" / "uses.json").read_text().count("../model.json#both-x") == 2


def test_latex_names_the_places_of_the_other_file(build: Build, out: Path) -> None:
    build(formats=("latex",))
    targets = re.findall(
        r"\\href\{\.\./model\.pdf\\#([^}]+)\}", (out / "sub" / "uses.tex").read_text()
    )
    model = (out / "model.tex").read_text()
    assert len(targets) == len(WORDS) - 1
    for target in targets:
        assert rf"\anchor{{{target}}}" in model


@pytest.mark.parametrize("form", ["html", "latex", "typst", "markdown", "ipynb", "pdf"])
def test_labels_of_all_signs_keep_their_links(
    build: Build, folder: Path, out: Path, form: str
) -> None:
    """What leads to another page holds on to it, whatever a label may be."""
    labels = ("a.b", "a:b", "A-1", "a_b", "é", "한", "x:y:z")
    powers = "".join(f"derive x**{k} by x\n  label: {label}\n" for k, label in enumerate(labels, 2))
    (folder / "a.md").write_text(f"# A\n\n```symderiv\nscalar x\n{powers}```\n")
    cited = " ".join(f"[](a.md#{label})" for label in labels)
    (folder / "b.md").write_text(f"# B\n\n{cited}\n")
    if form == "pdf":
        pytest.importorskip("typst")
    assert told(build(folder / "a.md", folder / "b.md", formats=(form,))) == []
    page = out / f"b{FORMATS[form]}"
    if form == "pdf":
        links = [
            link
            for sheet in PdfReader(page).pages
            for found in sheet.get("/Annots", ())
            if "a.pdf" in (link := str(found.get_object()["/A"]))
        ]
        assert len(links) == len(labels)
        return
    target = {"latex": "a.pdf", "typst": "a.pdf"}.get(form, f"a{FORMATS[form]}")
    assert page.read_text().count(f"{target}#") + page.read_text().count(f"{target}\\#") == len(
        labels
    )


def test_pages_may_cite_each_other_and_derivations_stay_as_they_are(
    build: Build, folder: Path, out: Path
) -> None:
    softmax = "```symderiv\nvector z: n\nlet p = softmax(z)\nderive p by z\n  label: {0}\n```\n"
    (folder / "a.md").write_text(f"# A\n\n[](b.md#of-b)\n\n{softmax.format('of-a')}")
    (folder / "b.md").write_text(f"# B\n\n[](a.md#of-a)\n\n{softmax.format('of-b')}")
    (folder / "c.md").write_text(f"# C\n\n{softmax.format('of-a')}")
    assert told(build(formats=("text",), jobs=2)) == []
    _, _, cited = (out / "a.txt").read_text().partition("(1) of B\n")
    _, _, alone = (out / "c.txt").read_text().partition("C\n")
    assert cited == alone
    assert "where" in alone


def test_a_function_without_definition_in_a_page_that_cites(build: Build, folder: Path) -> None:
    (folder / "a.md").write_text(
        "# A\n\n[](model.md)\n\n```symderiv\nfunction f\nderive f(x)**2 by x\n```\n"
    )
    assert told(build()) == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("[](model.md#frist)", "nothing in model.md bears the label 'frist'; did you mean first?"),
        ("[x](model.md#nowhere)", "nothing in model.md bears the label 'nowhere'"),
        ("[x](_draft.md)", "the link leads to _draft.md, of which no page is made"),
        ("[](data.csv)", "only a link to a label or to another source may have none"),
    ],
)
def test_citations_that_lead_nowhere(build: Build, folder: Path, link: str, said: str) -> None:
    (folder / "_draft.md").write_text("# D\n")
    (folder / "data.csv").write_text("1\n")
    (folder / "a.md").write_text(f"# A\n\nx\n\n{link}\n")
    done = build(formats=("text",))
    (problem,) = told(done)
    assert problem.startswith(f"{folder / 'a.md'}:5: ")
    assert said in problem
    assert done.refused


def test_the_law_of_a_rule_on_another_page(build: Build, folder: Path, out: Path) -> None:
    (folder / "a.md").write_text("# A\n\n[the law](model.md#rule-diff.power)\n")
    assert told(build()) == []
    ((_, href),) = links(out / "a.html")
    assert href == "model.html#rule-diff.power"


# ---------------------------------------------------------------- one file alone


def test_one_file_that_links_to_another(build: Build, folder: Path, out: Path) -> None:
    (folder / "a.md").write_text("# A\n\n[x](model.md#first)\n")
    assert told(build(folder / "a.md")) == []
    assert links(out / "a.html") == [("x", "model.html#first")]


def test_one_file_that_cites_another_needs_its_page(build: Build, folder: Path, out: Path) -> None:
    (folder / "a.md").write_text("# A\n\n[](model.md#first)\n")
    (problem,) = told(build(folder / "a.md"))
    assert problem.startswith(f"{folder / 'a.md'}:3: model.md is not built here")
    build(folder / "model.md")
    assert told(build(folder / "a.md")) == []
    assert links(out / "a.html") == [("(1) of The model", "model.html#first")]


def test_a_manifest_gives_labels_and_nothing_else(build: Build, folder: Path, out: Path) -> None:
    (folder / "a.md").write_text("# A\n\n[](model.md#first)\n")
    build(folder / "model.md")
    data = json.loads((out / NAME).read_text())
    evil = ['x"><script>', "[a](javascript:b) <b> $\\input{x}$ **m**", ""]
    data["entries"][0]["labels"]["first"] = evil
    (out / NAME).write_text(json.dumps(data))
    assert told(build(folder / "a.md")) == []
    page = (out / "a.html").read_text()
    assert "javascript:" not in page
    assert "<b>" not in page
    assert "\\input" not in page
    assert 'x"><script>' not in page


# ---------------------------------------------------------------- what is built again


def test_a_new_number_reaches_those_that_cite_it(build: Build, folder: Path, out: Path) -> None:
    build()
    assert build().built == ()
    (folder / "model.md").write_text(MODEL.replace("$$\na", "$$\nc = d\n$$ (zeroth)\n\n$$\na"))
    assert {Path(name).name for name in build().built} == {"model.md", "uses.md", "index"}
    assert links(out / "sub" / "uses.html")[0][0] == "(2) of The model"
    assert build().built == ()


def test_a_new_format_comes_with_what_is_stale(build: Build, folder: Path, out: Path) -> None:
    build()
    (folder / "model.md").write_text(MODEL.replace("## Text", "## Renamed {#text}"))
    assert told(build(folder / "model.md")) == []
    assert told(build(formats=("html", "markdown"))) == []
    assert "Renamed" in (out / "sub" / "uses.md").read_text()
    assert links(out / "sub" / "uses.html")[4][0] == "Renamed"


@pytest.mark.parametrize("name", ["a#b", "a%b", "a%23b"])
def test_names_with_signs_of_addresses(build: Build, folder: Path, out: Path, name: str) -> None:
    (folder / f"{name}.md").write_text("# Sharp\n\n$$\nx = y\n$$ (eq)\n")
    address = f"{quote(name)}.md"
    (folder / "c.md").write_text(f"# C\n\n[]({address}#eq), []({address}), [x]({address}#eq)\n")
    assert told(build()) == []
    assert [words for words, _ in links(out / "c.html")] == ["(1) of Sharp", "Sharp", "x"]
    for _, href in links(out / "c.html"):
        assert (out / unquote(urlsplit(href).path)).is_file()
    assert build().built == ()
    (folder / f"{name}.md").write_text("# Flat\n\n$$\nx = y\n$$ (eq)\n")
    assert str(folder / "c.md") in build().built


def test_a_change_that_leaves_labels_alone_builds_one_page(build: Build, folder: Path) -> None:
    build()
    (folder / "model.md").write_text(MODEL.replace("a = b", "a = c"))
    assert build().built == (str(folder / "model.md"),)


def test_a_label_that_is_gone_is_told_of_pages_that_have_not_changed(
    build: Build, folder: Path
) -> None:
    build()
    (folder / "model.md").write_text(MODEL.replace("label: both", "label: two"))
    problems = told(build())
    assert [problem.partition(": ")[0] for problem in problems] == [
        f"{folder / 'sub' / 'uses.md'}:{line}" for line in (3, 3, 4)
    ]
    (folder / "model.md").write_text(MODEL)
    assert told(build()) == []


@pytest.mark.parametrize("broken", ["# M\n\n$\\oops$\n", "---\ntitle: M\noops: 1\n---\n", "\xff"])
def test_a_broken_page_breaks_none_that_cites_it(
    folder: Path, build: Build, out: Path, broken: str
) -> None:
    (folder / "model.md").write_bytes(broken.encode("latin-1"))
    done = build()
    (problem,) = told(done)
    assert problem.startswith(str(folder / "model.md"))
    title = "M" if broken.startswith("#") else "model"
    assert [words for words, _ in links(out / "sub" / "uses.html")] == [*[title] * 7, "words"]
    assert {Path(name).name for name in build().kept} >= {"uses.md"}
    (folder / "model.md").write_text(MODEL)
    assert told(build()) == []
    assert [words for words, _ in links(out / "sub" / "uses.html")] == WORDS
    assert build().built == ()
    (folder / "model.md").write_bytes(broken.encode("latin-1"))
    assert len(told(build())) == 1
    assert [words for words, _ in links(out / "sub" / "uses.html")] == WORDS


def test_a_page_that_is_gone_is_told_too(build: Build, folder: Path) -> None:
    build()
    (folder / "model.md").unlink()
    problems = told(build())
    assert problems
    assert all("which is not there" in problem for problem in problems)


# ---------------------------------------------------------------- files that pages link to


@pytest.fixture
def data(folder: Path) -> Path:
    (folder / "data").mkdir()
    (folder / "data" / "a b.csv").write_text("1,2\n")
    (folder / "sub" / "uses.md").write_text("# Uses\n\n[d](<../data/a b.csv#L1>) [d](notes.txt)\n")
    (folder / "sub" / "notes.txt").write_text("notes")
    return folder / "data" / "a b.csv"


def files(out: Path) -> set[str]:
    return {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}


def test_linked_files_are_copied_and_kept_up(build: Build, data: Path, out: Path) -> None:
    assert told(build()) == []
    copied = {"data/a b.csv", "sub/notes.txt"}
    assert files(out) >= copied
    assert (out / "data" / "a b.csv").read_text() == "1,2\n"
    for _, href in links(out / "sub" / "uses.html"):
        assert (out / "sub" / unquote(urlsplit(href).path)).is_file()
    assert build().built == ()
    data.write_text("3,4\n")
    assert len(build().built) == 1
    assert (out / "data" / "a b.csv").read_text() == "3,4\n"
    (out / "data" / "a b.csv").unlink()
    build()
    assert files(out) >= copied


def test_linked_files_go_with_their_pages(
    build: Build, folder: Path, data: Path, out: Path
) -> None:
    build(formats=("html", "markdown"))
    (folder / "sub" / "uses.md").write_text("# Uses\n\n[d](notes.txt)\n")
    build(formats=("html",))
    assert "data/a b.csv" in files(out)  # of the Markdown
    done = build(formats=("html", "markdown"))
    assert done.removed == ("data/a b.csv",)
    assert not (out / "data").exists()
    (folder / "sub" / "uses.md").unlink()
    build()
    assert not any("uses" in name or "notes" in name for name in files(out))


def test_a_linked_file_that_is_gone_is_told(build: Build, folder: Path, data: Path) -> None:
    build()
    data.unlink()
    (problem,) = told(build())
    assert problem.startswith(f"{folder / 'sub' / 'uses.md'}:3: ")
    assert "which is not there" in problem


def test_text_links_to_nothing_and_copies_nothing(build: Build, data: Path, out: Path) -> None:
    build(formats=("text",))
    assert "data/a b.csv" not in files(out)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("model.html", "the page of model is written to that place"),
        ("sub/figures/uses/1.csv", "pictures of a page are written to that folder"),
        (".env", "hidden files are not copied"),
        (".git/config", "hidden files are not copied"),
    ],
)
def test_files_that_are_not_copied(
    build: Build, folder: Path, out: Path, name: str, said: str
) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("secret")
    (folder / "a.md").write_text(f"# A\n\n[x]({name})\n")
    (problem,) = told(build())
    assert problem.startswith(f"{folder / 'a.md'}:3: ")
    assert said in problem
    assert not any("secret" in (out / file).read_text() for file in files(out))


def test_links_of_the_file_system_do_not_lead_out(build: Build, folder: Path, out: Path) -> None:
    secret = folder.parent / "secret.txt"
    secret.write_text("secret")
    (folder / "data.txt").symlink_to(secret)
    (folder / "a.md").write_text("# A\n\n[x](data.txt)\n")
    (problem,) = told(build())
    assert "leaves the folder" in problem
    assert "data.txt" not in files(out)
    # nor does a link in the output folder lead what is copied out of it
    (folder / "data.txt").unlink()
    (folder / "data.txt").write_text("mine")
    (out / "data.txt").symlink_to(secret)
    assert told(build()) == []
    assert secret.read_text() == "secret"
    assert (out / "data.txt").read_text() == "mine"
    (folder / "deep").mkdir()
    (folder / "deep" / "data.txt").write_text("mine")
    (folder / "a.md").write_text("# A\n\n[x](deep/data.txt)\n")
    outside = folder.parent / "outside"
    outside.mkdir()
    (out / "deep").symlink_to(outside)
    (problem,) = told(build())
    assert "leads out of" in problem
    assert list(outside.iterdir()) == []


def test_a_folder_below_a_link_is_not_copied_above(build: Build, folder: Path, out: Path) -> None:
    (folder / "x" / "y").mkdir(parents=True)
    (folder / "top.txt").write_text("top")
    (folder / "short").symlink_to(folder / "x" / "y")
    (folder / "x" / "y" / "p.md").write_text("# P\n\n[t](../../top.txt)\n")
    done = build()
    assert not (out.parent / "top.txt").exists()
    assert all("short" in problem or "outside" in problem for problem in told(done))


def test_sources_built_in_their_own_folder_keep_their_files(folder: Path, data: Path) -> None:
    for _ in range(2):
        done = project.build([folder], folder, formats=("html",), jobs=1)
        assert told(done) == []
    (folder / "sub" / "uses.md").write_text("# Uses\n")
    project.build([folder], folder, formats=("html",), jobs=1)
    assert data.exists()
    assert (folder / "sub" / "notes.txt").exists()


def test_an_equation_that_bears_no_number_is_cited_by_the_title(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# Alone\n\n```symderiv\nderive x**2 by x\n```\n")
    (tmp_path / "two.md").write_text("# Two\n\nBy [](one.md#eq-1).\n")
    result = project.build([tmp_path], tmp_path / "out", formats=("text",), jobs=1)
    assert result.problems == ()
    assert "By Alone." in (tmp_path / "out" / "two.txt").read_text("utf-8")
    assert "(1)" not in (tmp_path / "out" / "one.txt").read_text("utf-8")

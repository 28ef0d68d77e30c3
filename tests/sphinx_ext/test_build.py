"""Pages with derivations, built by Sphinx itself: HTML, LaTeX and text, from both markups."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import html

pytest.importorskip("sphinx", reason="Sphinx is not installed")
pytest.importorskip("myst_parser", reason="MyST is not installed")

CONF = """
project = "A project"
extensions = ["myst_parser", "symderiv.sphinx_ext"]
myst_enable_extensions = ["colon_fence"]
"""
RST = """
Title
=====

.. toctree::

   page

.. _rule-fact.one:

A rule
------

See :eq:`softmax-gradient` and :eq:`squares`.

.. derivation:: softmax-cross-entropy
   :label: softmax-gradient

.. derivation:: sum((X @ w - t)**2)
   :wrt: w
   :matrix: X:N,n
   :vector: w:n; t:N
   :title: The slope of the *squares* <script>alert(1)</script>
   :label: squares

.. derivation::

   vector v: n
   one-hot y: n
   let q = softmax(v)
   derive cross_entropy(y, q) by v

.. derivation::

   # q is known from above
   shapes cross_entropy(y, q)
     caption: What is what
     label: what
"""
MYST = """# Another page

```{derivation} entropy-urns
```

See {eq}`cube`.

:::{derivation}
vector z: n

derive sum(z**3) by z
  label: cube
  detail: brief
:::
"""
MATH = "{http://www.w3.org/1998/Math/MathML}"


def build(folder: Path, builder: str, *options: str, **pages: str) -> Any:
    """What `sphinx-build` says of a project."""
    for name, text in {"conf_py": CONF, **pages}.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-b", builder, *options,
         "-d", str(folder / "trees"), str(folder), str(folder / builder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NO_COLOR": "1"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for builder in ("html", "latex", "text"):
        done = build(folder, builder, index_rst=RST, page_md=MYST)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def page(project: Path) -> Any:
    return html.parse(str(project / "html" / "index.html")).getroot()


# ---------------------------------------------------------------- HTML


def test_every_derivation_is_there(page: Any) -> None:
    told = page.find_class("derivation")
    assert [each.get("id") for each in told] == [
        "equation-softmax-gradient", "equation-squares", None,
    ]  # fmt: skip
    lines = [len(each.find_class("derivation-line")) for each in told]
    assert lines == [2 + 6 + 7 + 6, 7, 2 + 6 + 7 + 6]
    assert len(page.findall(".//table")) == 1


def test_lines_are_mathml_with_a_reason(page: Any) -> None:
    for line in page.find_class("derivation-line"):
        (right,) = line.find_class("derivation-right")
        formulas = right.findall(".//math")
        if "parts" in right.classes:
            assert len(formulas) > 1
            assert right.get("data-latex")
            assert not right.findall(".//annotation")
        else:
            assert [len(math.findall(".//annotation")) for math in formulas] == [1]
        assert line.find_class("derivation-reason")[0].text_content().strip() or line.xpath(
            "ancestor::*[1]/preceding-sibling::p[1][starts-with(., 'where')]"
        )
    last = page.find_class("derivation-line")[20]
    assert last.find(".//annotation").text == "="
    shown = [a.text for a in last.findall(".//annotation")]
    assert shown[1] == "p_{i} - y_{i}"


def test_equations_are_cited_by_number(page: Any) -> None:
    links = {a.get("href"): a.text_content() for a in page.findall(".//a")}
    assert links["#equation-softmax-gradient"] in ("(1)", "¶")
    cited = page.xpath("//p[starts-with(., 'See')]//a")
    assert [a.get("href") for a in cited] == ["#equation-softmax-gradient", "#equation-squares"]
    numbers = [e.text_content().strip("¶") for e in page.find_class("eqno")]
    assert [a.text_content() for a in cited] == numbers
    assert len(set(numbers)) == 2


def test_the_number_stands_at_the_result(page: Any) -> None:
    for each in page.find_class("derivation"):
        lines = each.find_class("derivation-line")
        numbered = [line for line in lines if line.xpath("span[@class='eqno']")]
        assert numbered == (lines[-1:] if each.get("id") else [])
        for link in each.xpath(".//*[@class='eqno']/a"):
            assert link.get("href") == f"#{each.get('id')}"


def test_rules_and_lemmas_are_linked(page: Any) -> None:
    links = page.xpath("//*[@class='derivation-reason']//a")
    targets = {a.get("href") for a in links}
    assert {"#rule-fact-one", "#lemma-1", "#lemma-2"} <= targets
    ids = set(page.xpath("//@id"))
    assert all(target[1:] in ids for target in targets)
    (first, *_) = [a for a in links if a.get("href") == "#rule-fact-one"]
    assert first.findall(".//math")


def test_ids_are_unique_and_lemmas_told_once(page: Any) -> None:
    ids = page.xpath("//@id")
    assert len(set(ids)) == len(ids)
    assert {"lemma-1", "lemma-2", "lemma-3", "lemma-4"} <= set(ids)


def test_prose_stays_prose(page: Any) -> None:
    assert not page.xpath("//script[contains(., 'alert')]")
    (told,) = page.xpath("//p[starts-with(., 'The slope of the')]")
    assert told.find("em").text == "squares"
    assert "<script>alert(1)</script>" in told.text_content()


def test_the_style_sheet_is_linked_and_copied(project: Path, page: Any) -> None:
    (sheet,) = [x for x in page.xpath("//link/@href") if "derivation.css" in x]
    assert (project / "html" / sheet.partition("?")[0]).is_file()


def test_a_title_makes_no_adjoint_of_what_has_no_name(page: Any) -> None:
    (told,) = page.xpath("//*[@id='equation-squares']")
    assert "in matrix form" not in told.text_content()


# ---------------------------------------------------------------- LaTeX and text


def test_latex_has_labels_and_whole_environments(project: Path) -> None:
    tex = (project / "latex" / "aproject.tex").read_text(encoding="utf-8")
    for label in ("index:softmax-gradient", "index:squares", "page:cube"):
        assert tex.count(rf"\label{{equation:{label}}}") == 1
        assert tex.count(rf"\eqref{{equation:{label}}}") == 1
    for rows in re.findall(r"\\begin\{align\}\n(.*?)\n\\end\{align\}", tex, re.S):
        *others, last = rows.split(" \\\\\n")
        assert all(row.endswith(r"\notag") for row in others)
        assert r"\label" in last
    assert tex.count(r"\begin{align*}") == tex.count(r"\end{align*}") > 5
    assert tex.count(r"\begin{align}") == tex.count(r"\end{align}") == 3
    assert "<script>" not in tex.replace(r"\textless{}script\textgreater{}", "")


def test_text_is_aligned_and_not_filled(project: Path) -> None:
    told = (project / "text" / "index.txt").read_text(encoding="utf-8")
    assert "           = p_i − y_i                            Σ_j y_j = 1\n" in told
    assert "\nEvery step was tested with numbers: 30 steps" in told
    brief = (project / "text" / "page.txt").read_text(encoding="utf-8")
    assert brief.count("= 3 z_i²") == 1
    assert "log(" in brief


def test_nothing_is_read_twice(project: Path) -> None:
    again = build(project, "html")
    assert "0 added, 0 changed, 0 removed" in again.stdout, again.stdout


def test_other_builders_and_processes(tmp_path: Path) -> None:
    for builder in ("man", "xml", "dirhtml"):
        done = build(tmp_path, builder, "-j", "2", index_rst=RST, page_md=MYST)
        assert done.returncode == 0, done.stderr


# ---------------------------------------------------------------- what is wrong

STATEMENTS = [
    ("vector z: n\n\ncheck z[i] + 1 = z[i]", 3, "wrong: the claim z_i + 1 = z_i"),
    ("vector z: n\nderive sum(z**2 by z", 2, "expected ')'"),
    ("vector z: n\nderive sum(z**2) by q", 2, "'q' does not occur"),
    ("frobnicate x", 1, "no statement 'frobnicate'"),
    ("derive x**2 by x\n  label: NAME\nderive x**3 by x\n  label: NAME", 4, "given twice"),
    ("scalar x\nderive x**2 by x\n  to: 3*x", 3, "not in 3 x"),
]  # fmt: skip
DIRECTIVES = [
    (".. derivation:: softmax-cros-entropy", "did you mean softmax-cross-entropy"),
    (".. derivation:: sigmoid\n   :title: x", "the option title means nothing here"),
    (".. derivation:: sigmoid\n\n   derive x by x", "not both"),
    (".. derivation::", "expected a name of the catalog, or statements"),
    (".. derivation:: x**2\n   :wrt: y", "'y' does not occur"),
    (".. derivation:: x**2\n   :wrt: x\n   :label: eq-1", "given by number"),
    (".. derivation:: x**2\n   :wrt: x\n   :title: [](#nowhere)", "nowhere"),
    (".. derivation:: sigmoid\n   :language: x/../y", "language"),
    (".. derivation:: sigmoid\n   :frobnicate: x", 'Error in "derivation" directive'),
]


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The warnings of a project of which every page has one fault."""
    folder = tmp_path_factory.mktemp("wrong")
    pages = {"index_rst": "Title\n=====\n\n.. toctree::\n   :glob:\n\n   *\n"}
    for at, (body, _, _) in enumerate(STATEMENTS):
        inside = "\n".join(f"   {line}".rstrip() for line in body.split("\n"))
        inside = inside.replace("NAME", "in-rst")
        pages[f"rst{at}_rst"] = f"Title\n=====\n\nText.\n\n.. derivation::\n\n{inside}\n"
        pages[f"myst{at}_md"] = f"# Title\n\nText.\n\n```{{derivation}}\n{body}\n```\n".replace(
            "NAME", "in-myst"
        )
        pages[f"option{at}_md"] = f"# Title\n\n:::{{derivation}}\n:language: en\n\n{body}\n:::\n"
    for at, (directive, _) in enumerate(DIRECTIVES):
        pages[f"directive{at}_rst"] = f"Title\n=====\n\n{directive}\n"
    done = build(folder, "text", **pages)
    assert done.returncode == 1
    return [row for row in done.stderr.splitlines() if re.search("WARNING: |ERROR: ", row)]


@pytest.mark.parametrize("at", range(len(STATEMENTS)))
@pytest.mark.parametrize(
    ("page", "first"), [("rst{}.rst", 8), ("myst{}.md", 6), ("option{}.md", 6)]
)
def test_a_fault_is_a_warning_at_its_line(
    complaints: list[str], at: int, page: str, first: int
) -> None:
    _, line, said = STATEMENTS[at]
    name = page.format(at)
    (warning,) = [row for row in complaints if f"/{name}:" in row]
    assert f"/{name}:{first + line - 1}: WARNING: " in warning
    assert said in warning


@pytest.mark.parametrize("at", range(len(DIRECTIVES)))
def test_a_wrong_directive_is_told(complaints: list[str], at: int) -> None:
    (warning,) = [row for row in complaints if f"/directive{at}.rst:4: " in row]
    assert DIRECTIVES[at][1] in warning


@pytest.mark.parametrize(
    ("conf", "korean"),
    [
        ("language = 'ko'\n", True),
        ("language = 'ko_KR'\n", True),
        ("language = 'ko'\nsymderiv_language = 'en'\n", True),
        ("symderiv_language = 'ko'\n", False),
        ("language = 'de'\nsymderiv_language = 'ko'\n", False),
    ],
)
def test_warnings_are_told_in_the_language_of_the_project(
    tmp_path: Path, conf: str, korean: bool
) -> None:
    pages = {f"statement{at}_md": f"# T\n\n```{{derivation}}\n{body}\n```\n".replace("NAME", "a")
             for at, (body, _, _) in enumerate(STATEMENTS)}  # fmt: skip
    pages |= {f"directive{at}_rst": f"T\n=\n\n{text}\n" for at, (text, _) in enumerate(DIRECTIVES)
              if "frobnicate" not in text}  # fmt: skip
    index = "Title\n=====\n\n.. toctree::\n   :glob:\n\n   *\n"
    done = build(tmp_path, "dummy", conf_py=CONF + conf, index_rst=index, **pages)
    assert done.returncode == 1
    told = [row for row in done.stderr.splitlines() if re.search(r"\.(?:md|rst):\d+: ", row)]
    assert len(told) == len(pages)
    for row in told:
        said = row.partition(": WARNING: ")[2]
        if "WARNING: " not in row:  # Sphinx has its own word for it
            said = row.split(": ", 2)[2]
        assert bool(re.search("[가-힣]", said)) == korean, row
        assert not korean or not re.search(r"\b(?:the|is|not|expected|given|means)\b", said), row


REFUTED = """# Title

```{derivation}
scalar x
derive x**2 by x
check abs(x) = x
```

Text.
"""


@pytest.mark.parametrize(
    ("language", "title", "why"),
    [
        ("en", "The check failed", "wrong: the claim |x| = x"),
        ("ko", "검사를 통과하지 못함", "틀림: 주장 |x| = x"),
    ],
)
def test_what_is_refuted_says_so(tmp_path: Path, language: str, title: str, why: str) -> None:
    conf = CONF + f"language = {language!r}\n"
    for builder in ("html", "latex", "text"):
        done = build(tmp_path, builder, conf_py=conf, index_md=REFUTED)
        assert done.returncode == 1
        (warning,) = re.findall("index.md:6: WARNING: (.*)", done.stderr)
        assert warning.startswith(why)
        assert "x = −1" in warning
    shown = html.parse(str(tmp_path / "html" / "index.html")).getroot()
    right, refuted = shown.find_class("derivation")
    assert not right.find_class("admonition")
    (box,) = refuted.find_class("admonition")
    assert box.getnext() is not None  # above what does not hold
    assert box.find_class("admonition-title")[0].text_content().startswith(title)
    assert why.partition("|")[0] in box.text_content()
    formulas = [e.text for e in box.iter("annotation")]
    assert formulas == ["|x| = x", "x = -1", "|x|", "1", "x", "-1"]
    assert not refuted.find_class("verdict")
    for file in ("latex/aproject.tex", "text/index.txt"):
        assert title in (tmp_path / file).read_text(encoding="utf-8")


def test_a_project_may_leave_out_checks(tmp_path: Path) -> None:
    conf = CONF + "symderiv_check = False\nlanguage = 'ko'\nsymderiv_detail = 'brief'\n"
    rst = "Title\n=====\n\n.. derivation:: sigmoid\n"
    done = build(tmp_path, "text", conf_py=conf, index_rst=rst)
    assert done.returncode == 0, done.stderr
    told = (tmp_path / "text" / "index.txt").read_text(encoding="utf-8")
    assert "a (1 − a)" in told
    assert "1.7e" not in told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("symderiv_detail = 'huge'", "symderiv_detail = 'huge' in conf.py: choose one of brief"),
        ("symderiv_seed = 'a'", "symderiv_seed = 'a' in conf.py: expected a whole number"),
    ],
)
def test_a_wrong_configuration_is_a_warning_at_the_directive(
    tmp_path: Path, line: str, said: str
) -> None:
    rst = "Title\n=====\n\n.. derivation:: sigmoid\n"
    done = build(tmp_path, "text", conf_py=f"{CONF}{line}\n", index_rst=rst)
    assert done.returncode == 1
    assert f"index.rst:4: WARNING: {said}" in done.stderr
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- second labels, numfig

PASS = """# A pass

See {eq}`net`, {eq}`net-b` and {eq}`net-a`.

```{derivation}
vector a, b: n
backprop sum(a*b**2) by a, b
  label: net
```
"""


@pytest.mark.parametrize("numfig", ["", "numfig = True\n"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_second_labels_lead_to_the_first(tmp_path: Path, numfig: str, jobs: str) -> None:
    index = "# T\n\n```{toctree}\npage\n```\n\nSee {eq}`net`.\n"
    for builder in ("html", "text", "latex"):
        done = build(
            tmp_path, builder, "-j", jobs,
            conf_py=CONF + numfig, index_md=index, page_md=PASS,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    shown = html.parse(str(tmp_path / "html" / "page.html")).getroot()
    told = {e.get("id"): e.find_class("eqno")[0].text for e in shown.find_class("derivation")}
    cited = shown.xpath("//a[starts-with(@href, '#equation-')][not(ancestor::*[@class='eqno'])]")
    numbers = [(a.get("href")[1:], a.text) for a in cited if a.text != "¶"]
    assert len(numbers) == 3
    for anchor, number in numbers:
        assert number == told[anchor]
        assert number.strip("()")
    assert numbers[0] in numbers[1:]
    text = (tmp_path / "text" / "index.txt").read_text()
    assert f"See {numbers[0][1]}." in text
    assert r"\eqref{equation:page:net-" in (tmp_path / "latex" / "aproject.tex").read_text()


def test_a_page_that_loses_a_label_is_read_anew(tmp_path: Path) -> None:
    index = "# T\n\n```{toctree}\npage\n```\n\nSee {eq}`net`.\n"
    assert build(tmp_path, "html", index_md=index, page_md=PASS).returncode == 0
    other = PASS.replace("label: net", "label: other").replace("`net", "`other")
    done = build(tmp_path, "html", index_md=index, page_md=other)
    assert "equation not found: net" in done.stderr

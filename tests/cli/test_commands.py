"""The command line from the outside: what is printed, written, and with which exit status."""

import io
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import html5lib
import pytest

import symderiv as sd
from symderiv import catalog
from symderiv.api import Derivation
from symderiv.catalog import Entry
from symderiv.cli import main
from symderiv.core.errors import SymderivError

MINUS_SUM = "-Sum(y[i]*log(p[i]), (i, 1, n))"
SOFTMAX = ("cross_entropy(y, p)", "--let", "p = softmax(z)", "--one-hot", "y:n", "--wrt", "z")


@dataclass(frozen=True)
class Run:
    status: object
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def call(*argv: str) -> Run:
        with pytest.raises(SystemExit) as end:
            main(argv)
        return Run(end.value.code, *capsys.readouterr())

    return call


def page_of(path: Path) -> Element:
    """The page as a browser reads it; an error of its syntax is one of the test."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(path.read_text("utf-8"))


# ---------------------------------------------------------------- derive


def test_derive_prints_the_derivation(run) -> None:
    done = run("derive", "x**2*sin(x)", "--wrt", "x")
    assert (done.status, done.err) == (0, "")
    assert "product rule" in done.out
    assert "cos x" in done.out


def test_an_expression_may_begin_with_a_minus(run) -> None:
    for argv in ((MINUS_SUM, "--wrt", "p[i]"), ("--wrt", "p[i]", MINUS_SUM)):
        done = run("derive", *argv)
        assert (done.status, done.err) == (0, "")
        assert "= −y_i/p_i" in done.out


def test_a_named_intermediate(run) -> None:
    done = run("derive", *SOFTMAX, "--check")
    assert (done.status, done.err) == (0, "")
    assert "= p_i − y_i" in done.out
    assert "checked: ok" in done.out


def test_several_variables(run) -> None:
    done = run("derive", "x**2*y", "--wrt", "x", "--wrt", "y")
    assert "∂/∂x" in done.out
    assert "∂/∂y" in done.out


def test_detail(run) -> None:
    lengths = [
        len(run("derive", *SOFTMAX, "--detail", detail).out.splitlines())
        for detail in ("brief", "normal", "full")
    ]
    assert lengths[0] < lengths[1] < lengths[2]


def test_facts_may_be_left_alone(run) -> None:
    assert "Σ_j y_j = 1" not in run("derive", *SOFTMAX, "--no-facts").out


def test_formats(run) -> None:
    latex = run("derive", "x**2", "--wrt", "x", "--format", "latex").out
    assert r"\frac{\partial}{\partial x}" in latex
    data = json.loads(run("derive", "x**2", "--wrt", "x", "--format", "json").out)
    assert data
    both = run("derive", "x*y", "--wrt", "x", "--wrt", "y", "--format", "json").out
    assert len(json.loads(both)) == 2
    mathml = run("derive", "x**2", "--wrt", "x", "--format", "mathml").out
    assert "<math" in mathml


def test_a_report_keeps_out_of_what_is_piped_on(run) -> None:
    done = run("derive", "x**2", "--wrt", "x", "--format", "json", "--check")
    json.loads(done.out)
    assert done.err.startswith("checked: ok: ")


def test_files_of_several_variables(run, tmp_path: Path) -> None:
    tex, page = tmp_path / "a.tex", tmp_path / "a.html"
    outputs = ("--output", str(tex), "--output", str(page))
    assert run("derive", "x*y", "--wrt", "x", "--wrt", "y", *outputs).status == 0
    text = tex.read_text("utf-8")
    assert text.count(r"\documentclass") == text.count(r"\end{document}") == 1
    assert [f"({k})" in text for k in (1, 2, 3)] == [True, True, False]
    assert len(page_of(page).findall(".//section[@class='told']")) == 2


def test_output_files_have_the_format_of_their_suffix(run, tmp_path: Path) -> None:
    names = ("a.txt", "a.tex", "a.json", "a.html")
    options = [word for name in names for word in ("--output", str(tmp_path / name))]
    done = run("derive", "x**2", "--wrt", "x", *options)
    assert (done.status, done.err) == (0, "")
    text = {name: (tmp_path / name).read_text("utf-8") for name in names}
    assert text["a.txt"] == done.out
    assert r"\documentclass" in text["a.tex"]
    json.loads(text["a.json"])
    assert len(page_of(tmp_path / "a.html").findall(".//{*}math")) > 3
    assert text["a.html"].startswith("<!DOCTYPE html>")
    assert "<math" in text["a.html"]


def test_reading_from_elsewhere(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "expression"
    path.write_text("\ufeffx**2 +\n  3*x\n", "utf-8")
    written = run("derive", "x**2 + 3*x", "--wrt", "x").out
    assert run("derive", f"@{path}", "--wrt", "x").out == written
    stdin = SimpleNamespace(buffer=io.BytesIO(b"x**2 + 3*x"))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert run("derive", "-", "--wrt", "x").out == written


BAD = {
    "column 3: expected a number": ("derive", "x+*2", "--wrt", "x"),
    "did you mean softmax?": ("derive", "sofmax(z)", "--wrt", "z"),
    "--let 'p = (', column 6": ("derive", "p", "--let", "p = (", "--wrt", "p"),
    "'q' does not occur": ("derive", "x", "--wrt", "q"),
    "No such option '--wtr'. Did you mean '--wrt'?": ("derive", "x", "--wtr", "x"),
    "Missing option '--wrt'": ("derive", "x"),
    "unexpected extra argument": ("derive", "x", "y", "--wrt", "x"),
    "none of the suffixes": ("derive", "x", "--wrt", "x", "--output", "a.doc"),
    "No such file": ("derive", "@/nonexistent/file", "--wrt", "x"),
    "Is a directory": ("derive", "@/", "--wrt", "x"),
    "/dev/zero is too long": ("derive", "@/dev/zero", "--wrt", "x"),
    "No such command": ("deriv",),
    "softmax-cross-entropy": ("show", "softmax-cross-entrop"),
    "name the derivations to check": ("check",),
    "or write --all": ("check", "--all", "softmax-cross-entropy"),
    "nonsense": ("check", "nonsense"),
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_gets_one_line(run, words: str) -> None:
    done = run(*BAD[words])
    assert done.status == 2
    assert done.out == ""
    assert words in done.err
    assert done.err.startswith("symderiv: ")
    assert done.err.count("\n") == 1


def test_text_that_is_not_utf8(run, tmp_path: Path) -> None:
    path = tmp_path / "expression"
    path.write_bytes(b"x + \xff")
    done = run("derive", f"@{path}", "--wrt", "x")
    assert (done.status, done.out) == (2, "")
    assert "is not UTF-8 at byte 5" in done.err


def test_what_a_terminal_would_obey_is_not_echoed(run) -> None:
    done = run("derive", "x", "--wrt", "x", "--output", "a\x1b[31m.doc")
    assert "\x1b" not in done.err
    assert done.err.count("\n") == 1


def test_help(run) -> None:
    assert run().out == run("--help").out
    for command in ("list", "show", "derive", "check"):
        assert command in run("--help").out
        assert run(command, "--help").status == 0


# ---------------------------------------------------------------- the catalog


def broken() -> Derivation:
    x = sd.scalar("x")
    good = sd.derive(x**2, x)
    step = replace(good.steps[-1], contractum=3 * x)
    return replace(good, steps=(*good.steps[:-1], step))


def failing() -> Derivation:
    raise SymderivError("it cannot be derived")


@pytest.fixture
def small_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    x = sd.scalar("x")
    made = {
        "good": lambda: sd.derive(x**3, x),
        "broken": broken,
        "failing": failing,
    }
    entries = {
        name: Entry(name, f"The {name} one", "A sentence.", derivation)
        for name, derivation in made.items()
    }
    monkeypatch.setattr(catalog, "entries", lambda: tuple(entries.values()))
    monkeypatch.setattr(catalog, "get", entries.__getitem__)


@pytest.mark.usefixtures("small_catalog")
def test_list_has_a_name_and_a_title_a_line(run) -> None:
    assert run("list").out.splitlines() == [
        "good     The good one",
        "broken   The broken one",
        "failing  The failing one",
    ]


@pytest.mark.usefixtures("small_catalog")
def test_show(run) -> None:
    done = run("show", "good", "--check")
    assert done.status == 0
    assert done.out.startswith("The good one\n\nA sentence.\n\n")
    assert "3 x²" in done.out


@pytest.mark.usefixtures("small_catalog")
def test_show_writes_the_title_and_the_sentence(run, tmp_path: Path) -> None:
    tex, html, txt = (tmp_path / f"a.{suffix}" for suffix in ("tex", "html", "txt"))
    outputs = [word for path in (tex, html, txt) for word in ("--output", str(path))]
    assert run("show", "good", *outputs).status == 0
    page = page_of(html)
    for place in ("head/title", ".//h1"):
        assert page.findtext(place) == "The good one"
    assert page.findtext(".//main//p") == "A sentence."
    written = tex.read_text("utf-8")
    assert 0 < written.index("{The good one}") < written.index("A sentence.")
    assert txt.read_text("utf-8").startswith("The good one\n\nA sentence.\n\n")


def test_a_page_is_called_what_it_derives(run, tmp_path: Path) -> None:
    html = tmp_path / "a.html"
    assert run("derive", "x**2", "--wrt", "x", "--output", str(html)).status == 0
    assert page_of(html).findtext("head/title") == "∂/∂x [x²]"


@pytest.mark.usefixtures("small_catalog")
def test_a_failed_check_has_exit_status_1(run) -> None:
    assert run("check", "good", "--jobs", "1").status == 0
    done = run("check", "--all", "--jobs", "1")
    assert done.status == 1
    words = [line.split()[:2] for line in done.out.splitlines() if line[:2] in ("ok", "FA")]
    assert words == [["ok", "good"], ["FAILED", "broken"], ["FAILED", "failing"]]
    assert "it cannot be derived" in done.out
    assert "2 of 3 failed" in done.out
    assert run("show", "broken", "--check").status == 1


def test_checks_run_side_by_side(run) -> None:
    names = ["softmax-cross-entropy", "softmax-jacobian"]
    done = run("check", *names, "--jobs", "2")
    assert done.status == 0, done.out
    assert [line.split()[1] for line in done.out.splitlines()] == names


def test_the_main_job(run, tmp_path: Path) -> None:
    tex, html = tmp_path / "a.tex", tmp_path / "a.html"
    done = run(
        "show", "softmax-cross-entropy", "--check", "--output", str(tex), "--output", str(html)
    )
    assert (done.status, done.err) == (0, "")
    assert "= p_i − y_i" in done.out
    assert "checked: ok" in done.out
    assert r"\documentclass" in tex.read_text("utf-8")
    assert len(page_of(html).findall(".//{*}math")) > 10

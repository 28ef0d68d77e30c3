"""What went wrong, in Korean: every message of the command line, of sources and of expressions."""

from __future__ import annotations

import ast
import importlib
import json
import pickle
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import sympy

import symderiv
import symderiv as sd
from symderiv.cli import main
from symderiv.core.errors import DataError, ParseError, ShapeError, SymderivError, Unsupported
from symderiv.core.messages import Sentence, reported, said_by
from symderiv.document.messages import told
from symderiv.parse import Texts, read
from symderiv.publish import copying
from symderiv.publish.page import Problem
from symderiv.publish.place import InSource, Place
from symderiv.publish.project import build
from symderiv.publish.source import article_of
from tests.parse.test_errors import FAULTS, OPTIONS

PACKAGE = Path(symderiv.__file__).parent
ROOMS = sorted(p.parent.name for p in PACKAGE.glob("*/__init__.py"))
IN_PYTHON = {"oracle/dense.py"}
"""For assertions of test suites, which are read in English."""


def kinds(of: type = SymderivError) -> set[str]:
    """The names of a class of errors and of all below it."""
    return {of.__name__}.union(*map(kinds, of.__subclasses__()))


for _module in pkgutil.walk_packages(symderiv.__path__, "symderiv."):
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)
KINDS = kinds() | kinds(click.ClickException) | kinds(OSError)
WORDS = re.compile(
    r"\b(?:the|is|are|not|of|has|have|expected|found|write|this|that|cannot|there|and|or|with|"
    r"needs?|must|only|does|do|would|given|unknown|declare|did|you|mean|at|most|than|here)\b"
)


def english(message: str) -> list[str]:
    """English words of grammar, outside of what is quoted."""
    return WORDS.findall(re.sub(r"`[^`]*`|'[^']*'|\"[^\"]*\"", "", message))


def is_korean(message: str) -> bool:
    return bool(re.search("[가-힣]", message)) and not english(message)


# ---------------------------------------------------------------- where they are raised


def unmarked(path: Path) -> Iterator[str]:
    """Errors whose message is a bare text, and sentences with one in them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0] if node.args else None
        user = name in (*KINDS, "wrong") or (name == "error" and path.parent.name != "cli")
        if user and first is not None and texts_in(first):
            yield f"{path.name}:{node.lineno}"
        if name in ("Sentence", "InSource", "After"):
            if isinstance(first, ast.JoinedStr):
                yield f"{path.name}:{node.lineno}: a filled text has no translation"
            for value in node.keywords:
                if any(english(text) for text in texts_in(value.value)):
                    yield f"{path.name}:{value.value.lineno}: {value.arg}= is English"


def texts_in(node: ast.expr) -> list[str]:
    """The bare texts of an expression, of its branches and of its summands."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr():
            return ["".join(p.value for p in node.values if isinstance(p, ast.Constant))]
        case ast.IfExp():
            return [*texts_in(node.body), *texts_in(node.orelse)]
        case ast.BinOp():
            return [*texts_in(node.left), *texts_in(node.right)]
        case ast.BoolOp():
            return [text for value in node.values for text in texts_in(value)]
    return []


@pytest.mark.parametrize("room", ROOMS)
def test_every_error_can_be_told_in_other_languages(room: str) -> None:
    paths = [p for p in (PACKAGE / room).rglob("*.py")
             if p.relative_to(PACKAGE).as_posix() not in IN_PYTHON]  # fmt: skip
    assert paths
    assert [found for path in paths for found in unmarked(path)] == []


@pytest.mark.parametrize("text", [
    'raise DataError("no")', 'raise DataError(f"{a} is no")', 'raise OSError("no " + f"{a}")',
    'raise errors.NotReached("no" if a else b, c)', 'raise DataError(Sentence(f"{a} is no"))',
    'raise DataError(Sentence("no{hint}", hint=f"; did you mean {a}" if a else ""))',
    'raise DataError(Sentence("no: {what}", what=a or "this is it"))',
])  # fmt: skip
def test_a_bare_text_is_seen(text: str, tmp_path: Path) -> None:
    path = tmp_path / "room.py"
    path.write_text(text, encoding="utf-8")
    assert len([*unmarked(path)]) == 1


def test_a_sentence_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "room.py"
    path.write_text('raise DataError(Sentence("no {a}", a=f"{b}.steps[{k}]"))', encoding="utf-8")
    assert [*unmarked(path)] == []


# ---------------------------------------------------------------- expressions


@pytest.mark.parametrize("text", [fault[0] for fault in FAULTS])
def test_faults_of_expressions(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(Texts(text))
    assert is_korean(told(reported(caught.value), "ko")), told(reported(caught.value), "ko")


@pytest.mark.parametrize("texts", [option[0] for option in OPTIONS])
def test_faults_of_options(texts: Texts) -> None:
    with pytest.raises(ParseError) as caught:
        read(texts)
    assert is_korean(told(reported(caught.value), "ko")), told(reported(caught.value), "ko")


# ---------------------------------------------------------------- sources

SOURCES = {
    "a command": "$\\foo x$",
    "an open script": "$x^$",
    "a label": "[](#nowhere)",
    "a link": "[a](/etc/passwd)",
    "an image": "![a](https://a.org/b.png)",
    "front matter": "---\nlang: xx\n---\n",
    "an unclosed block": "```symderiv\nscalar x\n",
    "a statement": "```symderiv\nderiv x by x\n```\n",
    "an option": "```symderiv\nderive x**2 by x\n  labl: a\n```\n",
    "a form": "```symderiv\nderive x**2\n```\n",
    "a shape": "```symderiv\nvector z: n\nmatrix W: n, m\nderive sum(W @ z) by z\n```\n",
    "a broadcast": "```symderiv\nvector z: n\nvector y: m\nlet p = z*y\n```\n",
    "a form not reached": "```symderiv\nderive x**2 by x\n  to: 3*x\n```\n",
    "a name twice": "```symderiv\nscalar x\nscalar x\nvector x: n\n```\n",
    "a layer": "```symderiv\nnetwork\n  input: matrix X: N, m\n  layers: dens(h)\n```\n",
    "a layer's input": "```symderiv\nnetwork\n  input: vector x: m\n"
                       "  layers: conv2d(3, 3, 1)\n```\n",
    "a loss": "```symderiv\nnetwork\n  input: matrix X: N, m\n  layers: dense(h)\n"
              "  target: one-hot Y: N, c\n  loss: cross_entropy\n```\n",
    "a plot": "```symderiv\nplot x**2\n```\n",
    "a path": "```symderiv\nscalar x, y\nlet u = x**2\npaths u by y\n```\n",
    "a value": "```symderiv\nvalue log(x)\n  at: x = 0\n```\n",
    "a division": "```symderiv\nscalar x\nlet y = x/0\n```\n",
    "an entry": "```symderiv\ncatalog softmaxx\n```\n",
    "Python": "```python symderiv\nprint(1)\n```\n",
}  # fmt: skip


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_problems_of_sources(source: str, tmp_path: Path) -> None:
    found = article_of(source, file="a.md", folder=tmp_path)
    errors = (*found.errors, *found.failures)
    assert errors
    for error in errors:
        problem = Problem(error.place, said_by(error))
        assert str(problem) == f"{error.place}: {error}"
        assert not re.search("[가-힣]", str(problem))
        assert is_korean(problem.to_text("ko")), problem.to_text("ko")


def test_a_check_that_fails_is_told_with_its_numbers() -> None:
    (failure,) = article_of(SOURCES["a form not reached"], file="a.md").failures
    korean = told(said_by(failure), "ko")
    assert "2*x의 값은 2, 3*x의 값은 3" in korean
    assert "\n" not in korean


# ---------------------------------------------------------------- saved files and functions


def saved(change: Callable[[dict[str, Any]], object]) -> None:
    x = sd.scalar("x")
    data = json.loads(sd.derive(x**2 * sd.log(x), x).to_json())
    change(data)
    sd.Derivation.from_json(json.dumps(data))


def step(**fields: object) -> Callable[[dict[str, Any]], object]:
    return lambda d: d["derivations"][0]["steps"][0].update(fields)


SAVED = (
    lambda d: d.update(format="x"), lambda d: d.update(version=99),
    lambda d: d.update(derivations=[]), lambda d: d.update(derivations={}),
    lambda d: d.update(derivations=[3]), lambda d: d.update(labels=[1]),
    lambda d: d.update(labels={"x#1": 3}), lambda d: d.update(labels={"x#1": {"name": 3}}),
    lambda d: d.update(labels={"x#1": {}}), lambda d: d["derivations"][0].pop("goal"),
    step(stage=999), step(path=["a"]), step(lemmas=["no"]), step(about=3), step(about=[["u"]]),
    step(rule=None), step(before=["eval", 1]), step(before="x"), step(before=["Pow", 1]),
    step(before=["Sum", 1, 2]), step(before=["Rational", 1]), step(before=["Rational", 1, 0]),
    step(before=["Float", 1, "0x1", 0, -5]), step(before=["Label", "nobody"]),
    step(before=["IndexedBase", 3]), step(before=["Indexed"]), step(before=["Symbol"]),
    step(before=["Symbol", "x", {"a b": True}]), step(before=["Integer", "zz"]),
)  # fmt: skip


@pytest.mark.parametrize("change", SAVED)
def test_problems_of_saved_derivations(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(DataError) as caught:
        saved(change)
    assert is_korean(told(reported(caught.value), "ko")), told(reported(caught.value), "ko")


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "3"])
def test_problems_of_files_that_hold_no_derivation(text: str) -> None:
    with pytest.raises(DataError) as caught:
        sd.Derivation.from_json(text)
    assert re.search("[가-힣]", told(reported(caught.value), "ko"))


DATA: tuple[dict[str, Any], ...] = (
    {}, {"t": [0]}, {"x": [1.0]}, {"w": [1.0]}, {"x": [1.0], "X": [[1.0]], "t": [1.5]},
    {"x": 1.0, "X": [[1.0]], "t": [0]}, {"x": ["a"], "X": [[1.0]], "t": [0]},
    {"x": [1.0, 2.0], "X": [[1.0]], "t": [0]}, {"x": [[1.0]], "X": [[1.0]], "t": [0]},
    {"x": [1.0], "X": [[1.0]], "t": [3]}, {"x": [1.0], "X": [[1.0]], "t": [-1]},
    {"x": [1.0], "X": [[1.0]], "t": [0], "n": 4}, {"x": [1.0], "X": [[1.0]], "t": [0], "n": 1.5},
    {"x": [1.0], "X": [[1.0]], "t": [0], "h": [1.0]},
)  # fmt: skip


@pytest.mark.parametrize("data", DATA, ids=repr)
def test_problems_of_data(data: dict[str, Any]) -> None:
    N, n, k = sd.dim("N"), sd.dim("n"), sd.index("k")
    X, x, t = sd.matrix("X", N, n), sd.vector("x", n), sd.labels("t", N, classes=n)
    h = sd.let("h", sd.exp(X @ x))
    compiled = sd.lambdify(sympy.Sum(h[k] * x[t[k]], (k, 1, N)))
    with pytest.raises(DataError) as caught:
        compiled(**data)
    assert is_korean(told(reported(caught.value), "ko")), told(reported(caught.value), "ko")


def test_problems_of_functions() -> None:
    n, i, k = sd.dim("n"), sd.index("i"), sd.index("k")
    x, t, s = sd.vector("x", n), sd.labels("t", n), sd.scalar("s")
    unknown = sympy.Function("f")(x[i])
    calls: tuple[Callable[[], object], ...] = (
        lambda: sd.lambdify(unknown), lambda: sd.lambdify(x[i], backend="cuda"),
        lambda: sd.lambdify(sympy.Sum(x[k], (k, 1, t[i]))),
        lambda: sd.lambdify(unknown.diff(x[i])), lambda: sd.lambdify(x.sum() * sympy.Symbol("n")),
        lambda: sd.lambdify(x[i + 1])(x=[1.0]), lambda: sd.lambdify(s)({"s": 1.0}, s=1.0),
        lambda: len(x), lambda: list(x), lambda: bool(x), lambda: float(x), lambda: s in x,
        lambda: sympy.exp(x), lambda: sd.check(3), lambda: sd.vector("v", 0),
        lambda: sd.derive(s**2, s).save("a.xyz"),
    )  # fmt: skip
    for call in calls:
        with pytest.raises(SymderivError) as caught:
            call()
        assert is_korean(told(reported(caught.value), "ko")), told(reported(caught.value), "ko")


# ---------------------------------------------------------------- files


def problems(source: Path, out: Path) -> list[str]:
    done = build([source], out, formats=("html",), jobs=1)
    return [problem.to_text("ko") for problem in done.problems]


def test_problems_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = tmp_path / "a.md", tmp_path / "out"
    for folder in (tmp_path / "sub", tmp_path / "elsewhere", out / "a.html"):
        folder.mkdir(parents=True)
    source.write_text("# A\n\n[data](sub/data.csv)\n")
    (tmp_path / "sub" / "data.csv").write_text("1")
    (folder,) = problems(source, out)
    (out / "a.html").rmdir()
    (out / "sub").symlink_to(tmp_path / "elsewhere")
    (outside,) = problems(source, out)
    (out / "sub").unlink()
    monkeypatch.setattr(copying, "MAX_LINKED", 0)
    (large,) = problems(source, out)
    for said in (large, folder, outside):
        assert is_korean(said.replace(str(tmp_path), "")), said


# ---------------------------------------------------------------- the command line

COMMANDS = (
    ("show", "nope"), ("show",), ("foo",), ("show", "tanh", "--detail", "xx"),
    ("show", "tanh", "--fromat", "text"), ("check", "--jobs", "0"), ("check",),
    ("build", "-o", "x"), ("build", "a.md"), ("build", "a.md", "-o"),
    ("build", "/no/such.md", "-o", "x"), ("derive", "x"),
    ("derive", "x+", "--wrt", "x"), ("derive", "x", "--wrt", "y"), ("derive", "@/no", "--wrt", "x"),
    ("derive", "foo(x)", "--wrt", "x"), ("show", "tanh", "--output", "a.xyz"),
    ("show", "tanh", "--seed", "x"), ("show", "tanh", "--seed"), ("list", "tanh"),
    ("derive", "sin(cos(sin(cos(x))))**9", "--wrt", "x", "--budget", "2"),
)  # fmt: skip


@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_problems_of_commands(
    argv: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(("--lang", "ko", *argv))
    out, err = capsys.readouterr()
    assert end.value.code == 2
    assert out == ""
    assert is_korean(err.replace("symderiv: ", "", 1)), err
    assert "' / '" not in err
    assert err.count("'") % 2 == 0


def test_a_folder_in_the_place_of_the_manifest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text("# A\n")
    Path("site/.symderiv.json").mkdir(parents=True)
    with pytest.raises(SystemExit) as end:
        main(("--lang", "ko", "build", "a.md", "-o", "site"))
    assert end.value.code == 2
    assert is_korean(capsys.readouterr().err.replace("symderiv: ", "", 1))


def test_the_language_of_the_whole_command_is_no_default_of_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for argv in (("--lang", "ko", "build", "--help"), ("--lang", "ko", "--help")):
        with pytest.raises(SystemExit):
            main(argv)
        assert "[기본값: en]" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("command", ["", "list", "show", "derive", "check", "build"])
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(("--lang=ko", *filter(None, [command]), "--help"))
    assert end.value.code == 0
    shown = re.sub(r"(?m)^ *symderiv .*(?:\n {2,}\S.*--wrt.*)?", "", capsys.readouterr().out)
    assert shown.startswith("사용법: ")
    assert english(shown) == []
    assert "default" not in shown
    assert max(map(len, shown.splitlines())) <= 100


# ---------------------------------------------------------------- sentences


def test_a_message_without_translation_is_headed_by_its_kind() -> None:
    error = ShapeError("something new")
    assert told(reported(error), "ko") == "형상이 맞지 않음: something new"
    assert told(reported(error)) == "something new"
    assert str(reported(error)) == str(error)


def test_a_sentence_comes_back_from_another_process() -> None:
    inner = Sentence("the name {name} is declared twice", name="'x'")
    said = reported(Unsupported(inner), InSource)
    again = pickle.loads(pickle.dumps(said))
    assert (again, type(again)) == (said, InSource)
    assert told(again, "ko") == told(said, "ko") == "이름 'x': 두 번 선언됨"


def test_options_are_named_as_a_source_writes_them() -> None:
    said = InSource("{said}", said="write --matrix W:m,n", kind="error")
    assert said == "write matrix W:m,n"
    problem = Problem(Place("a.md", 1), said)
    assert problem.to_text("ko") == "a.md:1: 오류: write matrix W:m,n"

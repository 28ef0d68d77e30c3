"""What went wrong, in Korean: every message of the command line, of sources and of expressions."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import symderiv
from symderiv.cli import main
from symderiv.core.errors import ParseError, ShapeError, Unsupported
from symderiv.core.messages import Sentence, reported, said_by
from symderiv.document.messages import told
from symderiv.parse import Texts, read
from symderiv.publish.page import Problem
from symderiv.publish.place import InSource, Place
from symderiv.publish.source import article_of
from tests.parse.test_errors import FAULTS, OPTIONS

PACKAGE = Path(symderiv.__file__).parent
ROOMS = ("cli", "publish", "parse", "pictures", "document", "api", "catalog", "model", "rules")
KINDS = {"SourceError", "CheckFailed", "ParseError", "DataError", "ShapeError", "Unsupported",
         "NameClash", "FactError", "BudgetExceeded", "NotReached", "NameFault", "ClickException",
         "UsageError", "BadParameter"}  # fmt: skip
IN_PYTHON = {
    "api/functions.py",
    "api/passes.py",
    "api/telling.py",
    "model/refusal.py",
}
"""Only a program can meet these, which reads them in English."""
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
    """Errors whose message is a bare text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            text = isinstance(first, ast.JoinedStr) or (
                isinstance(first, ast.Constant) and isinstance(first.value, str)
            )
            if text and (name in KINDS or (name == "error" and path.parent.name != "cli")):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}"
            if name == "Sentence" and isinstance(first, ast.JoinedStr):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}: a filled text has no translation"


@pytest.mark.parametrize("room", ROOMS)
def test_every_error_can_be_told_in_other_languages(room: str) -> None:
    paths = [p for p in (PACKAGE / room).rglob("*.py")
             if p.relative_to(PACKAGE).as_posix() not in IN_PYTHON]  # fmt: skip
    assert paths
    assert [found for path in paths for found in unmarked(path)] == []


def test_a_bare_text_is_seen(tmp_path: Path) -> None:
    path = PACKAGE / "api" / "functions.py"
    assert [*unmarked(path)] != []


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

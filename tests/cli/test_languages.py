"""The command line in Korean: everything it tells, and the language it does not know."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import symderiv as sd
from symderiv import catalog
from symderiv.cli import main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def call(*argv: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as end:
            main(argv)
        return (end.value.code, *capsys.readouterr())

    return call


def english(text: str) -> list[str]:
    """Words of three letters and more, but for the names of functions."""
    return [w for w in re.findall(r"[A-Za-z]{3,}", text) if w not in ("log", "exp", "tanh")]


def test_show_and_its_check(run) -> None:
    status, out, err = run("show", "softmax-cross-entropy", "--lang", "ko", "--check")
    assert (status, err) == (0, "")
    assert english(out) == []
    assert out.startswith("소프트맥스와 교차 엔트로피: 연쇄법칙으로\n")
    assert "모든 p_j 경유" in out
    assert re.search(r"^검사: 통과 \(\d+단계, \d+회 비교, 최대 오차 ", out, re.MULTILINE)


def test_the_formulas_are_those_of_english(run) -> None:
    korean, inglish = (run("show", "softmax-jacobian", "--lang", x)[1] for x in ("ko", "en"))
    rows = [[line.split("    ")[0] for line in t.splitlines() if " = " in line and line[-1] != ":"]
            for t in (korean, inglish)]  # fmt: skip
    assert [re.sub("[가-힣].*", "", row) for row in rows[0][1:]] == rows[1][1:]


def test_derive_in_every_format(run, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    status, out, _ = run("derive", "x**2*y", "--wrt", "x", "--lang", "ko", "--output", str(page))
    assert status == 0
    assert "미분법" in out
    assert '<html lang="ko">' in page.read_text("utf-8")
    for form in ("latex", "mathml"):
        assert (
            "미분법" in run("derive", "x**2*y", "--wrt", "x", "--lang", "ko", "--format", form)[1]
        )


def test_list(run) -> None:
    lines = run("list", "--lang", "ko")[1].splitlines()
    assert len(lines) == len(catalog.entries())
    for line in lines:
        name, title = line.split(maxsplit=1)
        assert catalog.get(name)
        assert re.search("[가-힣]", title)


def test_check_says_what_is_wrong(run, monkeypatch: pytest.MonkeyPatch) -> None:
    x = sd.scalar("x")
    good = sd.derive(x**2, x)
    bad = replace(good, steps=(*good.steps[:-1], replace(good.steps[-1], contractum=3 * x)))
    made = {"good": good, "bad": bad}
    monkeypatch.setattr(catalog, "get", lambda name: SimpleNamespace(**entry(name, made[name])))
    status, out, _ = run("check", "good", "bad", "--lang", "ko", "--jobs", "1")
    assert status == 1
    first, second, third, last = out.splitlines()
    assert re.match(r"통과  good  \d+단계, \d+회 비교, 최대 오차 ", first)
    assert second.startswith("실패  bad   틀림: ")
    assert "일 때: " in third
    assert last == "2개 중 1개 실패"


def test_build_says_what_it_did(run, tmp_path: Path) -> None:
    source, bad, out = tmp_path / "a.md", tmp_path / "b.md", tmp_path / "site"
    source.write_text("# A\n\n```symderiv\nderive x**2 by x\n```\n", "utf-8")
    bad.write_text("```symderiv\nderive\n```\n", "utf-8")
    argv = ("build", str(source), "-o", str(out), "--jobs", "1", "--format", "text", "--lang", "ko")
    assert run(*argv)[1] == f"{out}: 1개 생성, 0개 그대로\n"
    assert run(*argv)[1] == f"{out}: 0개 생성, 1개 그대로\n"
    assert "거듭제곱의 미분법" in (out / "a.txt").read_text("utf-8")
    argv = (*argv[:1], str(bad), *argv[2:])
    assert run(*argv)[1].endswith("1개 문제 있음\n")


def entry(name: str, derivation: sd.Derivation) -> dict[str, object]:
    parts = (("", derivation),)
    check = lambda *, seed=0: (derivation.check(seed=seed),)  # noqa: E731
    made = SimpleNamespace(parts=parts, kept=(), check=check)
    return {"name": name, "make": lambda: made, "derivations": lambda: parts}


@pytest.mark.parametrize("command", [("list",), ("show", "tanh"), ("check", "tanh"),
                                     ("derive", "x", "--wrt", "x")])  # fmt: skip
@pytest.mark.parametrize("language", ["kr", "xx", "", "../ko", "ko_KR.UTF-8"])
def test_an_unknown_language_is_refused_with_those_there_are(run, command, language) -> None:
    status, out, err = run(*command, "--lang", language)
    assert (status, out) == (2, "")
    assert "choose one of en, ko" in err
    assert err.count("\n") == 1


def test_a_region_is_a_language(run) -> None:
    assert run("show", "tanh", "--lang", "ko-KR") == run("show", "tanh", "--lang", "ko")


def test_the_environment_is_not_asked(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    monkeypatch.setenv("LANGUAGE", "ko")
    assert run("list")[1] == run("list", "--lang", "en")[1]

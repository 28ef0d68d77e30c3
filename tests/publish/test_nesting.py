"""What is nested deep is read to its end, or refused where it stands; nothing is left out."""

from pathlib import Path

import pytest

from symderiv.publish import project
from symderiv.render import FORMATS, article_renderer
from symderiv.render.text import render_article

AFTER = "\n\nAFTER\n\n```symderiv\nscalar x\n\ncheck sin(x) = cos(x)\n```\n"
DEEP = {
    "list": lambda n: "\n".join(f"{'  ' * k}- L{k}" for k in range(n)),
    "items": lambda n: f"{'- ' * n}L{n - 1}",
    "quote": lambda n: f"{'>' * n} L{n - 1}",
    "mixed": lambda n: f"{'- > ' * (n // 2)}L{n - 1}",
    "footnote": lambda n: f"[^1]\n\n[^1]: {'- ' * n}L{n - 1}",
    "terms": lambda n: "\n".join(f"{'  ' * k}T{k}\n{'  ' * k}: L{k}\n" for k in range(n)),
}


@pytest.mark.parametrize("count", [9, 10, 11, 20, 30, 40])
@pytest.mark.parametrize("kind", DEEP)
def test_what_comes_after_is_read(read, kind: str, count: int) -> None:
    built = read(f"# T\n\n{DEEP[kind](count)}{AFTER}")
    assert built.errors == ()
    shown = render_article(built.article).data.decode()
    assert f"L{count - 1}" in shown
    assert "AFTER" in shown
    (failure,) = built.failures
    assert "the claim" in str(failure)


LEVELS = {"quote": 1, "mixed": 1.5}


@pytest.mark.parametrize("count", [48, 49, 50, 64, 68, 97, 98, 99, 100, 101, 300])
@pytest.mark.parametrize("kind", DEEP)
def test_what_is_too_deep_is_refused_in_its_line(read, kind: str, count: int) -> None:
    levels = count * LEVELS.get(kind, 2) + (kind == "footnote")
    built = read(f"# T\n\nprose\n\n{DEEP[kind](count)}{AFTER}")
    if levels < 99:
        assert built.errors == ()
        assert f"L{count - 1}" in render_article(built.article).data.decode()
        assert len(built.failures) == 1
        return
    (error,) = built.errors
    assert "this is nested too deep; at most 100 levels are read" in str(error)
    lines = DEEP[kind](count).count("\n") + 1
    assert 5 <= error.place.line < 5 + lines + 2
    assert built.article is None


@pytest.mark.parametrize("text", ["*" * 5000 + "a" + "*" * 5000, "[" * 5000, "![" * 3000])
def test_running_text_that_is_deep(read, text: str) -> None:
    built = read(f"# T\n\nprose\n\n{text}{AFTER}")
    told = [f"{e.place}: {e}" for e in built.errors]
    deep = "notes.md:5: this is nested too deep; at most 100 levels are read"
    assert told == ([deep] if "*" in text else [])


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "pdf"])
def test_the_deepest_in_every_format(article, form: str) -> None:
    made = article(f"# T\n\n{DEEP['list'](49)}\n\n{'*a ' * 90}b{'*' * 90}\n\nAFTER\n")
    assert b"AFTER" in article_renderer(form)(made).data


def svg(depth: int) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        f"{'<g>' * depth}<rect x='1'/>{'</g>' * depth}</svg>"
    )


@pytest.mark.parametrize("depth", [99, 100, 300, 900, 3000])
def test_pictures_that_are_deep(read, tmp_path: Path, depth: int) -> None:
    (tmp_path / "a.svg").write_text(svg(depth))
    built = read("# T\n\nx\n\n![x](a.svg)\n", folder=tmp_path)
    told = [f"{e.place}: {e}" for e in built.errors]
    if depth < 99:
        assert told == []
    for error in told:
        assert error.startswith("notes.md:5: ")
        assert "'a.svg'" in error
        assert "nested more than 100 deep" in error
    assert len(told) == (depth > 98)


def test_a_block_that_goes_too_deep_for_python(read, monkeypatch) -> None:
    """Whatever it is, its line is told."""
    from symderiv.publish.blocks import Blocks

    def table(*_: object) -> None:
        table()

    monkeypatch.setattr(Blocks, "table", table)
    built = read("# T\n\nx\n\n> | a |\n> |---|\n> | b |\n\n$\\oops$\n")
    told = [f"{e.place}: {e}" for e in built.errors]
    assert told[0] == "notes.md:5: this is nested too deep"
    assert told[1].startswith("notes.md:9:")


def test_the_deepest_page_that_cites_another(tmp_path: Path) -> None:
    """It is handed from one process to another."""
    (tmp_path / "a.md").write_text(
        f"# A\n\n{'>' * 97} {'*a ' * 90}b{'*' * 90} [](b.md)\n\n{DEEP['list'](48)}\n"
    )
    (tmp_path / "b.md").write_text("# B\n")
    forms = tuple(form for form in FORMATS if form != "pdf")
    done = project.build([tmp_path], tmp_path / "out", formats=forms, jobs=2)
    assert [str(problem) for problem in done.problems] == []

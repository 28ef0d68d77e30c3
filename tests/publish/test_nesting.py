"""What is nested deep is read to its end, or refused where it stands; nothing is left out."""

import pytest

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

"""Trusted blocks of Python."""

from pathlib import Path

import pytest

from symderiv.document.article import Code, Told
from symderiv.render.text import text

BLOCK = """
# Title

```python symderiv
n = sd.dim("n")
x = sd.vector("x", n)
loss = (x**2).sum()
slope = sd.derive(loss, x)
print("slope:", slope.result)
```

```symderiv
derive loss by x
tell slope
```
"""


@pytest.mark.parametrize("fence", ["python symderiv", "{python}"])
def test_refused_without_the_flag(wrong, tmp_path: Path, fence: str) -> None:
    mark = tmp_path / "mark"
    (error,) = wrong(
        f"# T\n\n```{fence}\nopen({str(mark)!r}, 'w')\n```\n\n```symderiv\nderive q by\n```"
    )
    assert error.startswith("notes.md:3: a block of Python is executed only with --allow-python")
    assert not mark.exists()


def test_plain_python_is_only_shown(article) -> None:
    made = article("```python\nraise SystemExit\n```", allow_python=True)
    assert made.blocks == (Code("raise SystemExit", "python"),)


def test_names_that_it_defines_are_known(article) -> None:
    made = article(BLOCK, allow_python=True)
    code, printed, *told = made.blocks
    assert isinstance(code, Code)
    assert code.language == "python"
    assert "sd.derive" in code.text
    assert printed == Code("slope: 2*x[i]")
    assert [text(t.document.lines[-1].expr) for t in told if isinstance(t, Told)] == ["2 x_i"] * 2


def test_it_knows_names_of_statements(article) -> None:
    made = article(
        "```symderiv\nvector z: n\nlet p = softmax(z)\n```\n\n```python symderiv\n"
        "first = p[1]\nimport math\ntau = 2 * math.pi\n```\n\n"
        "```symderiv\nderive first by z\n```\n",
        allow_python=True,
    )
    assert isinstance(made.blocks[-1], Told)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("a = 1\n\n1/0", "notes.md:5: ZeroDivisionError: division by zero"),
        ("def f():\n    return 1/0\n\nf()", "notes.md:4: ZeroDivisionError"),
        ("a = (", "notes.md:3: SyntaxError"),
        ("sd.scalar('x')\nsd.nothing", "notes.md:4: AttributeError"),
        ("log = sd.scalar('log')", "notes.md:2: 'log' is a word of the language"),
    ],
)
def test_errors_name_the_line_of_the_source(wrong, code: str, said: str) -> None:
    (error,) = wrong(f"# T\n```python symderiv\n{code}\n```\n", allow_python=True)
    assert error.startswith(said), error


def test_a_name_that_is_taken(wrong) -> None:
    text = "```symderiv\nvector z: n\n```\n```python symderiv\nz = sd.scalar('z')\n```\n"
    (error,) = wrong(text, allow_python=True)
    assert error.startswith("notes.md:4: the name 'z' stands for something else")


def test_an_end_of_the_process_is_an_error(wrong) -> None:
    (error,) = wrong("```python symderiv\nraise SystemExit(3)\n```", allow_python=True)
    assert error.startswith("notes.md:2: SystemExit: 3")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('sp.IndexedBase("p")', "p is a whole IndexedBase; write an entry, p[i]"),
        ('sp.MatrixSymbol("M", 2, 3)', "has no indices to derive by; declare an array instead"),
        ("sp.nan", "nan is no number that a formula can hold"),
    ],
)
def test_what_is_no_value_is_refused_at_its_block(wrong, value: str, said: str) -> None:
    (error,) = wrong(
        f"# T\n\n```python symderiv\nimport sympy as sp\np = {value}\n```\n", allow_python=True
    )
    assert error.startswith("notes.md:3: ")
    assert said in error


def test_a_private_name_may_hold_anything(article) -> None:
    made = article(
        '```python symderiv\nimport sympy as sp\n_p = sp.IndexedBase("p")\n```\n', allow_python=True
    )
    assert len(made.blocks) == 1

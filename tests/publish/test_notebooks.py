"""Notebooks run from the first cell to the last, and come to what the document says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from symderiv.document.article import Article, Code, Figure, Table, Told
from symderiv.render import article_renderer
from symderiv.render.text import text

RUNNER = """
import ast, json, sys
space, told = {}, []
for cell in json.load(open(sys.argv[1]))["cells"]:
    if cell["cell_type"] != "code":
        continue
    *lines, last = ast.parse("".join(cell["source"])).body
    exec(compile(ast.Module(lines, []), "cell", "exec"), space)
    if not isinstance(last, ast.Expr):
        exec(compile(ast.Module([last], []), "cell", "exec"), space)
        continue
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), space)
    kind = type(value).__name__
    if hasattr(value, "last"):
        from symderiv.render.text import text
        told.append([kind, text(value.goal), text(value.last)])
    elif hasattr(value, "svg"):
        told.append([kind, value.alt])
    elif hasattr(value, "ok"):
        told.append([kind, value.ok])
    else:
        told.append([kind, repr(value)])
print(json.dumps(told))
"""
SOURCE = """
# A notebook

```symderiv
network
  input: matrix X: N, n
  layers: dense(h), tanh, dense(c), softmax
  target: one-hot Y: N, c
  loss: cross_entropy

shapes L
  caption: Names.
diagram L
  adjoints: no
diagram L
diagram L
  by: W1, X
backprop L by W1, b1
paths L by z1
  sizes: N = 1, n = 1, h = 2, c = 2
forget

scalar x, a
positive a
let f = a*exp(-x**2)
check f*f = a**2*exp(-2*x**2)
check abs(a*x) = a*x
  given: x > 0
  label: given
plot f, x/2
  over: x
  at: a = 1/2
  x: -2..3/2
  marks: 1/2 = here
  derivative: yes
  title: curves
  y: -1/2..2
diagram f
  at: x = 1, a = 1/2
derive f by x
value f
  at: x = 2, a = 3
vector v: n
distribution p: n
rewrite x*sum(p)
catalog entropy-die
```

```python symderiv
slope = sd.derive(f * x, x)
whole = sd.backprop((v**2).sum(), [v])
g = x**3
print("hello")
```

```symderiv
tell slope
tell whole
derive g by x
```
"""


def run(article: Article, folder: Path) -> list[list[object]]:
    notebook = folder / "notebook.ipynb"
    notebook.write_bytes(article_renderer("ipynb")(article).data)
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, str(notebook)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found: list[list[object]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_statement_runs_and_comes_to_the_same(
    article: Callable[..., Article], tmp_path: Path
) -> None:
    pytest.importorskip("pygraphviz")
    pytest.importorskip("matplotlib")
    made = article(SOURCE, allow_python=True)
    shown = [b for b in made.blocks if isinstance(b, (Told, Table, Figure))]
    assert [type(block).__name__ for block in shown if not block.code] == []
    expected: list[list[object]] = []
    for block in shown:
        if isinstance(block, Figure):
            expected.append(["Picture", block.picture.alt])
        elif isinstance(block, Told) and "claimed(" in block.code:
            expected.append(["Report", True])
        elif isinstance(block, Told):
            document = block.document
            expected.append(["", text(document.goal), text(document.lines[-1].expr)])
        else:
            expected.append(["dict"])
    found = [told for told in run(made, tmp_path) if told[0] != "NoneType"]
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one[1:] == other[1:] or other == ["dict"]
        assert one[0] == other[0] or one[0] in ("Derivation", "Evaluation")


def test_the_shapes_of_a_table(article: Callable[..., Article], tmp_path: Path) -> None:
    made = article(
        "# T\n\n```symderiv\nmatrix A: n, 2\nscalar s\nlet y = A*s\nshapes sum(y)\n```\n"
    )
    (table,) = (block for block in made.blocks if isinstance(block, Table))
    assert run(made, tmp_path) == [["dict", repr_of(table)]]


def repr_of(table: Table) -> str:
    """What the rows say, as the notebook prints it."""
    rows = {}
    for name, shape, _ in table.rows:
        sizes = [str(part) for part in shape if part != " × " and part != "a number"]
        rows[str(name[0])] = f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"
    return "{" + ", ".join(f"'{name}': {shape}" for name, shape in rows.items()) + "}"


def test_what_python_needs_stands_before_it(
    article: Callable[..., Article], tmp_path: Path
) -> None:
    made = article(
        """
        # T

        ```symderiv
        vector x: n
        let s = sum(x**2)
        ```

        ```python symderiv
        twice = 2 * s
        ```

        ```symderiv
        derive twice by x
        ```
        """,
        allow_python=True,
    )
    code, told = made.blocks
    assert isinstance(code, Code)
    assert code.text == "twice = 2 * s"
    assert code.before.splitlines()[-1].startswith('s = sd.let("s"')
    assert isinstance(told, Told)
    assert told.code == "sd.derive(twice, x)"
    assert run(made, tmp_path)[0][2] == "4 x_i"


def test_a_korean_notebook_draws_in_korean(article: Callable[..., Article], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    made = article("---\nlang: ko\n---\n\n# T\n\n```symderiv\nscalar x\nplot x\n  x: 0..1\n```\n")
    (figure,) = (block for block in made.blocks if isinstance(block, Figure))
    assert run(made, tmp_path) == [["Picture", figure.picture.alt]]

"""Statements as Python: run as a notebook would, they derive what was told."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Rational

from symderiv.api import Derivation, Evaluation
from symderiv.document.article import Article, Code, Told, walk
from symderiv.publish.settings import Settings
from symderiv.publish.source import article_of
from symderiv.render.ipynb import IMPORTS
from symderiv.render.text import text

MODEL = """\
vector z: n
one-hot y: n
let p = softmax(z)
let L = cross_entropy(y, p)
"""
SAME = [
    f"{MODEL}derive L by z",
    f"{MODEL}derive L by z\n  detail: brief\nderive L by p\nderive log(p[i]) by z[j]",
    "vector z: n\nlet q[i] = exp(z[i])/Sum(exp(z[j]), (j, 1, n))\nderive q[k] by z",
    "derive x**2*sin(x) by x",
    "scalar lambda\nvector w: n\nderive lambda/2 * sum(w**2) by w, lambda",
    f"{MODEL}unfold L",
    "distribution u: 2\nlet H = entropy(u)\nvalue H\n  at: u = [1/3, 2/3]",
    "matrix X: N, n\nvector w: n\nvector t: N\nlet E = mean((X @ w - t)**2)\nbackprop E by w",
    "matrix A: n, m\nvector b: m\nlet h = tanh(A @ b)\nlet s = sum(h)\nbackprop s by A, b",
    "derive where(x > 0, x, 0) by x",
    "function f\nderive f(x)**2 by x",
    "labels c: N\nmatrix S: N, n\nlet P = softmax(S)\nderive Sum(P[i, c[i]], (i, 1, N)) by S",
    "vector x: 3\nderive sum(transpose(x)) by x",
    "distribution p: n\nderive -Sum(p[i]*log(p[i]), (i, 1, n)) by p\n  facts: no",
    "tensor T: n, m, 4\nderive sum(sum(T, axis=2)**2) by T",
    "vector x: n\nderive Product(x[i], (i, 1, n)) by x[k]",
    "derive x**3 by x\n  to: 3*x**2",
    "vector u: n\nderive sum(u**2) by u\nforget\nscalar u\nderive u**2 by u",
    f"{MODEL}derive L by z\n  letters: i, k, j\nbackprop L by z\n  letters: m",
    f"{MODEL}derive sum(p**2) by z\nderive sum(p**3) by z\nbackprop sum(p**4) by z",
]  # fmt: skip
EQUAL = [  # Python's operators let SymPy put scalars in its own order
    "derive x/3 - 2**x + 0.5*x by x",
    "derive 1/2/x + 2*3/4*x by x",
    "positive s\nderive log(s)*ln(s) by s",
    "rewrite log(exp(x)*exp(x**2))",
    "derive abs(x) + max(x, 0) by x",
    "derive min(x, 1, y)**2 by x",
    "derive erf(x)*pi by x",
    "value (1 + 1/1000)**1000",
    "derive Piecewise((x, x > 1), (x**2, True)) by x",
]
SAME += [
    "network\n  input: matrix x: N, n\n  layers: dense(h), tanh\nderive a1[1, 1] by W1",
    "scalar net\nnetwork\n  input: vector x: n\n  layers: dense(3), softmax\n"
    "derive log(p1[1]) by b1\nderive net**2 by net",
    "vector x: n\nscalar m\nnetwork\n  input: x\n  layers: layer_norm, dense(k), leaky_relu, "
    "rms_norm\n  loss: mean_squared_error\n  target: vector t: k\nbackprop L by t",
    "labels c: N\nnetwork\n  input: matrix X: N, n\n  layers: dense(h), gelu, residual(tanh), "
    "dense(5), softmax\n  target: one-hot Y: N, 5\n  loss: cross_entropy(label_smoothing=1/10)\n"
    "derive L by b1",
]
WITHOUT = ["vector v: n\nderive sum(erf(v)) by v"]


def built(block: str) -> Article:
    made = article_of(f"```symderiv\n{block}\n```\n", settings=Settings(check=False))
    assert made.article is not None, made.errors
    return made.article


def told(article: Article) -> list[Told]:
    return [block for block in walk(article.blocks) if isinstance(block, Told)]


def run(code: str, names: dict[str, Any]) -> Any:
    *lines, last = code.split("\n")
    exec("\n".join(lines), names)
    return eval(last, names)


def last(expr: Any) -> str:
    return text(expr)


@pytest.mark.parametrize("block", SAME)
def test_the_python_derives_the_same(block: str) -> None:
    names: dict[str, Any] = {}
    exec("\n".join(IMPORTS.values()), names)
    blocks = told(built(block))
    assert blocks
    for each in blocks:
        assert each.code, each.document.goal
        made = run(each.code, names)
        assert isinstance(made, (Derivation, Evaluation))
        assert last(made.last) == last(each.document.lines[-1].expr)
        assert last(made.goal) == last(each.document.goal)


@pytest.mark.parametrize("block", EQUAL)
def test_the_python_derives_what_is_equal(block: str) -> None:
    names: dict[str, Any] = {}
    exec("\n".join(IMPORTS.values()), names)
    (each,) = told(built(block))
    made = run(each.code, names)
    expected = each.document.lines[-1].expr
    assert {str(s) for s in made.last.free_symbols} == {str(s) for s in expected.free_symbols}
    for value in (Rational(1, 3), Rational(7, 5), Rational(23, 10)):
        at = {s: value + k for k, s in enumerate(sorted(expected.free_symbols, key=str))}
        here = {s: at[t] for s in made.last.free_symbols for t in at if str(s) == str(t)}
        assert abs(float(made.last.subs(here)) - float(expected.subs(at))) < 1e-9


@pytest.mark.parametrize("block", WITHOUT)
def test_what_has_no_python_has_none(block: str) -> None:
    assert [each.code for each in told(built(block))] == [""]


def test_a_line_is_said_once_and_where_it_is_needed() -> None:
    first, second = told(built(f"{MODEL}vector unused: n\nderive L by z\nderive p[i] by z"))
    assert first.code == (
        'n = sd.dim("n")\ny = sd.one_hot("y", n)\nz = sd.vector("z", n)\n'
        'p = sd.let("p", sd.softmax(z))\nL = sd.let("L", sd.cross_entropy(y, p))\nsd.derive(L, z)'
    )
    assert second.code == 'i = sd.index("i")\nsd.derive(p[i], z)'


def test_an_authors_own_code_is_left_alone() -> None:
    made = article_of('```python\nprint("<b>")\n```\n')
    assert made.article is not None
    assert made.article.blocks == (Code('print("<b>")', "python"),)

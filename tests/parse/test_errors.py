"""Every fault is named, with its place."""

import pytest

from symderiv.core.errors import ParseError
from symderiv.parse import Texts, Vocabulary, read

FAULTS = [
    ("", 1, "found the end"),
    ("x +", 4, "found the end"),
    ("(x", 3, "expected ')' or ','"),
    ("x)", 2, "expected the end"),
    ("2x", 2, "a product is written with *"),
    ("x y", 3, "expected an operator"),
    ("x +* y", 4, "found '*'"),
    ("f(x)", 1, "unknown function 'f'"),
    ("1 + sofmax(z)", 5, "did you mean softmax?"),
    ("x.real", 2, "attributes are not part"),
    ("x.__class__", 2, "attributes are not part"),
    ("__import__(x)", 1, "two underscores"),
    ("'x'", 1, "quotes are not part"),
    ("x = 2", 3, "equality is written =="),
    ("x < y < z", 7, "cannot be chained"),
    ("x[i][j]", 5, "write z[i, j]"),
    ("x[]", 1, "expected 1 to 8 indices"),
    ("x[1,2,3,4,5,6,7,8,9]", 1, "expected 1 to 8 indices"),
    ("log", 1, "is a function"),
    ("log + 1", 1, "is a function"),
    ("sin(x, y)", 1, "takes 1 argument, found 2"),
    ("where(x, y)", 1, "takes 3 arguments, found 2"),
    ("where(x, y, 1)", 1, "is no condition"),
    ("(x > 1) + 2", 2, "a comparison stands only in"),
    ("exp(x > 1)", 5, "a comparison stands only in"),
    ("entropy(p, bse=2)", 12, "has no option 'bse'"),
    ("softmax(z, axis=x)", 17, "an axis is a whole number"),
    ("softmax(z, axis=3)", 1, "no axis 3"),
    ("Sum(x)", 1, "write Sum("),
    ("Sum(x, i)", 8, "expected limits"),
    ("Sum(x, (i, 1))", 8, "expected limits"),
    ("Sum(x, (2, 1, n))", 9, "expected an index"),
    ("Sum(x[i], (i, 1, 1.5))", 18, "are integers"),
    ("Sum(x[i], (i, 1, n)) + Sum(x[i], (i, 1, m))", 28, "up to n and up to m"),
    ("x[i] + x[i, j]", 8, "2 here"),
    ("i[i]", 1, "an index and an array"),
    ("(x, y)", 1, "stands only in Sum"),
    ("Piecewise((x, x > 0))", 11, "the last branch"),
    ("x[0]", 1, "formulas count from 1"),
    ("Sum(x[i], (i, 1, 3)) + x[4]", 24, "out of range"),
    ("x/0", 2, "division by zero"),
    ("1/(y - y)", 2, "division by zero"),
    ("A @ x", 1, "is not declared"),
    ("softmax(a*b)", 9, "which of a, b is a vector"),
    ("sum(3)", 1, "is a scalar"),
    ("x $ y", 3, "unexpected '$'"),
    ("x\x00", 2, "U+0000"),
    ("x\u202ey", 2, "U+202E"),
    ("ａ + 1", 1, "only looks like 'a'"),
    ("𝐱", 1, "only looks like 'x'"),
    ("{x}", 1, "grouping"),
    (r"\frac{x}{y}", 1, "not LaTeX"),
    ("x!", 2, "factorials"),
    ("∑(x)", 1, "write Sum"),
    ("9**9**9", 4, "exponent of more than"),
    ("x\n+ *y", 5, "found '*'"),
]


@pytest.mark.parametrize(("text", "column", "words"), FAULTS, ids=[repr(f[0]) for f in FAULTS])
def test_faults(text: str, column: int, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(Texts(text))
    message = str(caught.value)
    assert caught.value.position == column - 1, message
    assert words in message
    assert "\n" not in message
    if "\n" not in text:
        assert message.startswith(f"column {column}: ")


def test_lines_are_counted_in_longer_texts() -> None:
    with pytest.raises(ParseError, match=r"^line 2, column 3: "):
        read(Texts("x\n+ *y"))


OPTIONS = [
    (Texts("x", wrt=("x + 1",)), "--wrt 'x + 1', column 1: expected a name or an entry"),
    (Texts("x", wrt=("y",)), "--wrt 'y', column 1: 'y' does not occur"),
    (Texts("x", let=("x",)), "--let 'x', column 2: expected '='"),
    (Texts("x", let=("2 = x",)), "--let '2 = x', column 1: expected a name on the left"),
    (Texts("1/0", ("x",)), "column 2: division by zero"),
    (Texts("9**9**9**9", ("x",)), "column 7: an exponent of more than"),
    (Texts("sin()", ("x",)), "sin takes 1 argument, found 0"),
    (
        Texts("p", ("x",), let=("p = p",)),
        "--let 'p = p', column 5: the definitions go in a circle, p = p;",
    ),
    (
        Texts("a*x", ("x",), let=("a = 2*b", "b = a + x")),
        "--let 'a = 2*b', column 7: the definitions go in a circle, a = 2*b, b = a + x;",
    ),
    (
        Texts("u*x", ("x",), let=("w = x", "u = w + v", "v = w*q", "q = sin(u)")),
        "column 9: the definitions go in a circle, u = w + v, v = w*q, q = sin(u);",
    ),
    (
        Texts("Sum(p[i], (i, 1, n))", let=("p[i] = q[i]", "q[i] = 2*p[i]")),
        "column 8: the definitions go in a circle, p[i] = q[i], q[i] = 2*p[i];",
    ),
    (
        Texts("a*x", ("x",), let=("a = 2*b", "b = x**2")),
        "--let 'a = 2*b', column 7: 'b' is defined later; put that definition first",
    ),
    (Texts("y", ("x",)), "--wrt 'x', column 1: 'x' does not occur"),
    (Texts("x**2", ("x",), let=("x = 3",)), "--wrt 'x', column 1: 'x' is given as a number"),
    (Texts("x", let=("x = y +",)), "--let 'x = y +', column 8: expected a number"),
    (Texts("x", let=("log = y",)), "--let 'log = y', column 1: 'log' is a word"),
    (Texts("x", let=("x = y", "x = z")), "the name 'x' is declared twice"),
    (Texts("x", let=("x[2] = y",)), "expected different indices"),
    (Texts("x", declared=(("vector", "x:"),)), "--vector 'x:', column 3: expected a size"),
    (Texts("x", declared=(("vector", "x:0"),)), "a size is a number from 1"),
    (Texts("x", declared=(("vector", "x:n,m"),)), "a vector has 1 sizes, found 2"),
    (Texts("x", declared=(("matrix", "x:n"),)), "a matrix has 2 sizes, found 1"),
    (Texts("x", declared=(("one_hot", "x.y:n"),)), "--one-hot 'x.y:n', column 2: expected a name"),
    (Texts("x", declared=(("scalar", ""),)), "expected a name, found nothing"),
    (Texts("x", positive=("y",)), "--positive 'y': the name does not occur"),
    (Texts("x", let=("x = y[i, j] + y[i]",)), "column 15: 'y' has 2 indices in one place"),
    (Texts("x*a", let=("a = 9**9", "b = 9**a")), "--let 'b = 9**a', column 8: an exponent"),
]


@pytest.mark.parametrize(("texts", "words"), OPTIONS, ids=[words for _, words in OPTIONS])
def test_faults_of_options(texts: Texts, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(texts)
    assert words in str(caught.value)


ELSEWHERE = [
    ("e**x", "exp(x)"),
    ("x*E", "exp(1)"),
    ("exp(I*x)", "real"),
    ("inf - x", "infinite"),
    ("x + oo", "infinite"),
    ("sin(Pi*x)", "written pi"),
]


@pytest.mark.parametrize(("text", "advice"), ELSEWHERE)
def test_a_number_of_other_languages_is_no_free_name(text: str, advice: str) -> None:
    with pytest.raises(ParseError, match="is not declared") as caught:
        read(Texts(text))
    name = str(caught.value).split("'")[1]
    assert advice in str(caught.value)
    assert f"column {text.index(name) + 1}" in str(caught.value)
    known = Vocabulary()
    with pytest.raises(ParseError, match="is not declared") as again:
        known.read(text)
    assert again.value.position == text.index(name)
    assert name not in known.values
    known.declare("scalar", name)
    assert known.read(text).has(known.values[name])


@pytest.mark.parametrize(
    "texts",
    [
        Texts("e**x", declared=(("scalar", "e"),)),
        Texts("e**x", positive=("e",)),
        Texts("e**x", let=("e = exp(1)",)),
        Texts("e[2]*x"),
        Texts("Sum(x[e], (e, 1, n))"),
        Texts("x[e]*2"),
        Texts("softmax(e)"),
        Texts("Sum(x[i], (i, 1, E))"),
        Texts("i*x + j"),
    ],
)
def test_what_is_said_to_be_a_name_is_one(texts: Texts) -> None:
    assert read(texts).expression is not None
    known = Vocabulary()
    for kind, text in texts.declared:
        known.declare(kind, text)
    for name in texts.positive:
        known.suppose_positive(name)
    for text in texts.let:
        known.let(text)
    assert known.read(texts.expression) is not None

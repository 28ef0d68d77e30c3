"""Names that grow from text to text."""

import pytest
from sympy import IndexedBase

import symderiv as sd
from symderiv.core.errors import ParseError
from symderiv.parse import Texts, Vocabulary, read


def declared(*said: tuple[str, str]) -> Vocabulary:
    known = Vocabulary()
    for kind, text in said:
        known.declare(kind, text)
    return known


SOFTMAX = (("vector", "z: n"), ("one_hot", "y: n"))


def test_names_stay_known() -> None:
    known = declared(*SOFTMAX)
    known.let("p = softmax(z)")
    known.let("L = cross_entropy(y, p)")
    n = sd.dim("n")
    z, y = sd.vector("z", n), sd.one_hot("y", n)
    L = sd.let("L", sd.cross_entropy(y, sd.let("p", sd.softmax(z))))
    assert known.read("L") == L
    assert sd.derive(known.read("L"), known.variable("z")).result == sd.derive(L, z).result


def test_it_agrees_with_reading_all_at_once() -> None:
    texts = Texts(
        "-Sum(y[i]*log(p[i]), (i, 1, n))",
        wrt=("z",),
        let=("S = Sum(exp(z[k]), (k, 1, n))", "p[i] = exp(z[i])/S"),
        declared=(("one_hot", "y:n"),),
    )
    whole = read(texts)
    known = declared(("one_hot", "y: n"))
    for text in texts.let:
        known.let(text)
    assert known.read(texts.expression) == whole.expression
    assert known.variable("z") == whole.wrt[0]


def test_several_names_of_one_kind() -> None:
    known = declared(("vector", "x, y: n"))
    assert known.values["x"].shape == known.values["y"].shape == (sd.dim("n"),)


def test_a_name_of_an_array_is_one_size() -> None:
    known = declared(("vector", "x: n"))
    assert known.read("Sum(x[i], (i, 1, n))/n").free_symbols >= {sd.dim("n")}


def test_what_an_expression_brings_is_known() -> None:
    known = Vocabulary()
    known.read("q[i]*log(q[i])")
    assert "q" in known.values
    child = known.child()
    child.read("sin(t)")
    assert "t" not in known.values


def test_said_again_it_must_be_the_same() -> None:
    known = declared(*SOFTMAX)
    known.let("p = softmax(z)")
    known.declare("vector", "z: n")
    known.let("p = softmax(z)")
    for again in (
        lambda: known.declare("vector", "z: m"),
        lambda: known.let("p = softmax(2*z)"),
        lambda: known.function("z"),
    ):
        with pytest.raises(ParseError, match="stands for something else"):
            again()
    assert known.values["p"].name == "p"


def test_positive_before_it_is_used() -> None:
    known = Vocabulary()
    known.suppose_positive("a")
    assert known.read("a").is_positive
    known.declare("vector", "x: n")
    known.suppose_positive("x")
    assert known.values["x"].element.is_positive


def test_positive_after_it_is_used_is_refused() -> None:
    known = declared(("vector", "x: n"))
    known.let("u = sum(x)")
    with pytest.raises(ParseError, match="before 'u' rests on it"):
        known.suppose_positive("x")
    with pytest.raises(ParseError, match="nothing to suppose"):
        known.suppose_positive("u")


def test_functions_without_a_definition() -> None:
    known = Vocabulary()
    known.function("f")
    assert str(known.read("f(x, y)")) == "f(x, y)"


@pytest.mark.parametrize(
    ("text", "said", "at"),
    [
        ("x +", "expected a number, a name or '('", 3),
        ("softmx(z)", "did you mean softmax", 0),
        ("z[i, j]", "has 1 axes, found 2", 0),
        ("softmax", "is a function", 0),
        ("9**9**9", "exponent", 3),
        ("z.T", "attributes", 1),
    ],
)
def test_errors_have_a_place(text: str, said: str, at: int) -> None:
    with pytest.raises(ParseError) as caught:
        declared(*SOFTMAX).read(text)
    assert said in str(caught.value)
    assert caught.value.position == at


@pytest.mark.parametrize(
    ("text", "at"),
    [("x, 9y: n", 3), ("x, y: n, 0", 8), ("x, softmax: n", 3), ("x, y: $", 5)],
)
def test_places_in_declarations_of_several_names(text: str, at: int) -> None:
    with pytest.raises(ParseError) as caught:
        Vocabulary().declare("tensor", text)
    assert caught.value.position == at


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("q", "does not occur"),
        ("2*z", "expected a name or an entry"),
        ("c", "is a number"),
        ("f", "is a function"),
    ],
)
def test_what_is_no_variable(text: str, said: str) -> None:
    known = declared(*SOFTMAX)
    known.let("c = 3")
    known.function("f")
    with pytest.raises(ParseError, match=said):
        known.variable(text)


def test_built_elsewhere() -> None:
    known = Vocabulary()
    x = sd.vector("x", sd.dim("n"))
    known.adopt("x", x)
    known.adopt("s", (x**2).sum())
    assert known.read("s") == (x**2).sum()
    with pytest.raises(ParseError, match="word of the language"):
        known.adopt("log", x)


def test_a_scalar_does_not_become_an_array() -> None:
    for first, second in (
        (("scalar", "x"), ("vector", "x: n")),
        (("vector", "x: n"), ("scalar", "x")),
    ):
        known = Vocabulary()
        known.declare(*first)
        with pytest.raises(ParseError, match="'x' stands for something else already"):
            known.declare(*second)


def test_what_is_no_array_and_no_scalar_is_not_adopted() -> None:
    known = Vocabulary()
    with pytest.raises(ParseError, match="p is a whole IndexedBase"):
        known.adopt("p", IndexedBase("p"))
    assert known.values == {}

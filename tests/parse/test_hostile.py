"""Whatever comes in, out comes an expression or a `ParseError`, and soon."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.core.errors import ParseError
from symderiv.parse import Texts, read

PIECES = st.sampled_from(
    [
        *("x", "y", "z[i]", "W[i, j]", "n", "i", "p", "delta", "__class__", "학습률", "pi", "True"),
        *("(", ")", "[", "]", ",", "=", " ", "+", "-", "*", "/", "**", "@", "<", "==", ".", "'"),
        *("0", "1", "9", "0.5", "1e9", "exp(", "log(", "Sum(", "softmax(", "entropy(", "max("),
        *("(i, 1, n)", "(j, 1, i)", "where(", "Piecewise(", "axis=", "\x00", "\u202e", "{"),
    ]
)


def outcome(text: str) -> str:
    try:
        read(Texts(text, wrt=("x",), declared=(("vector", "z:n"),)))
    except ParseError as error:
        return "refused on several lines" if "\n" in str(error) else "refused"
    return "read"


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=300, deadline=2000)
def test_pieces_of_the_language(text: str) -> None:
    assert outcome(text) in ("read", "refused")


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=2000)
def test_any_text(text: str) -> None:
    assert outcome(text) in ("read", "refused")


HOSTILE = {
    "10,000 brackets": "(" * 10_000 + "x" + ")" * 10_000,
    "10,000 calls": "exp(" * 4_900 + "x" + ")",
    "10,000 signs": "-" * 10_000 + "x",
    "10,000 powers": "x**" * 6_000 + "x",
    "10,000 indices": "x[" * 9_000,
    "1 MB": "x+" * 500_000 + "x",
    "1 MB of one name": "x" * 1_000_000,
    "1 MB of one number": "9" * 1_000_000,
    "many terms": "x+" * 9_999 + "x",
    "huge power": "9**9**9",
    "huge power of a name": "x**(9**9)",
    "hidden huge power": "9**((9*x/x)**9)",
    "tower": "9**9**9**9**9**9",
    "powers of powers": "((((9**99)**99)**99)**99)*x",
    "negative tower": "2**-(9**9)",
    "tower of exp": "exp(exp(exp(exp(exp(x)))))*exp(exp(exp(exp(exp(9)))))",
    "huge number": "1e999999999*x",
    "long digits": "9" * 100 + "*x",
    "endless sum": "Sum(x*i, (i, 1, 10**12))",
    "endless product": "Product(x*i, (i, 1, 99999))",
    "sums of sums": "Sum(Sum(Sum(x, (i, 1, 999)), (j, 1, 999)), (k, 1, 999))",
    "hidden endless sum": "Sum(x, (i, 1, n/n*10**9))",
    "dunder": "x.__class__.__mro__[1].__subclasses__()",
    "dunder name": "__builtins__",
    "import": "__import__('os').system('true')",
    "lambda": "(lambda: x)()",
    "walrus": "(x := 9)",
    "f-string": "f'{x}'",
    "comment": "x # y",
    "control characters": "x\x1b[31m\x07",
    "direction override": "x\u202e*y",
    "zero width": "x\u200b",
    "lone surrogate": "x\udc80",
    "markup": "<script>alert(1)</script>",
    "markup in a name": "x<img src=x onerror=alert(1)>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(name: str) -> None:
    start = time.process_time()
    assert outcome(HOSTILE[name]) == "refused"
    assert time.process_time() - start < 0.5

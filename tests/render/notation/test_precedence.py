"""What is printed means what was built: a small reader, which knows nothing of the printer, reads
the Unicode text and both kinds of LaTeX back and must find the same number."""

from __future__ import annotations

import cmath
import random
import re

import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.core.expr import add, call, mul, neg, power
from symderiv.render.latex import latex
from symderiv.render.mathml.inline import InlineStyle
from symderiv.render.notation import Notation
from symderiv.render.text import text

VALUES = {"x": 1.3, "y": 0.7, "a": 2.1, "b": -0.4}
SYMBOLS = [sp.Symbol(name) for name in VALUES]


def above(z: complex) -> complex:
    """The same number, on the upper side of a branch cut."""
    return complex(z.real, z.imag + 0.0) if z.imag else complex(z.real, 0.0)


def raised(base: complex, exponent: complex) -> complex:
    return above(complex(base)) ** exponent


FUNCTIONS = {
    "log": lambda z: cmath.log(above(complex(z))),
    "sin": cmath.sin,
    "tanh": cmath.tanh,
    "exp": cmath.exp,
}
HEADS = [sp.log, sp.sin, sp.tanh, sp.exp]
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
TOKEN = re.compile(r"\s+|\\(?:left|right)|\\,|\\[a-z]+|[0-9]+(?:\.[0-9]+)?|[a-zσ]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|.")


class Reader:
    """Textbook precedence: powers, then products and slashes from the left, then sums."""

    def __init__(self, source: str, *, tex: bool) -> None:
        tokens = [t for t in TOKEN.findall(source) if t not in (r"\left", r"\right", r"\,")]
        self.tokens = [t for t in tokens if not t.isspace()]
        self.tex = tex
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        assert token in ((wanted,) if wanted else self.tokens), (wanted, self.tokens, self.at)
        self.at += 1
        return token

    def whole(self) -> complex:
        value = self.sum()
        assert not self.peek(), (self.tokens, self.at)
        return value

    def sum(self) -> complex:
        sign = -1 if self.peek() in ("−", "-") and self.take() else 1
        value = sign * self.product()
        while self.peek() in ("+", "−", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self) -> complex:
        value = self.factor()
        while True:
            token = self.peek()
            if token in ("·", r"\cdot"):
                self.take()
                value *= self.factor()
            elif token == "/":
                self.take()
                value /= self.factor()
            elif token in ("", "+", "−", "-", ")", "}"):
                return value
            else:
                value *= self.factor()

    def factor(self) -> complex:
        value = self.atom()
        while True:
            if self.peek() == "^":
                self.take()
                value = raised(value, self.exponent())
            elif self.peek() and self.peek()[0] in RAISED:
                value = value ** int("".join(RAISED[c] for c in self.take()))
            else:
                return value

    def exponent(self) -> complex:
        return self.braced() if self.tex else self.atom()

    def braced(self) -> complex:
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def atom(self) -> complex:
        token = self.take().removeprefix("\\")
        if token == "(":
            value = self.sum()
            self.take(")")
            return value
        if token == "frac":
            return self.braced() / self.braced()
        if token == "sqrt":
            return raised(self.braced(), 0.5)
        if token == "√":
            return raised(self.atom(), 0.5)
        if token == "e" and self.tex:
            return cmath.e
        if token in FUNCTIONS:
            return FUNCTIONS[token](self.atom())
        return VALUES[token] if token in VALUES else float(token)


def value(e: sp.Expr) -> complex:
    """The number that the tree means, node by node."""
    if isinstance(e, sp.Symbol):
        return VALUES[e.name]
    if isinstance(e, sp.Number):
        return complex(e)
    parts = [value(part) for part in e.args]
    if isinstance(e, sp.Add):
        return sum(parts)
    if isinstance(e, sp.Mul):
        out = 1 + 0j
        for part in parts:
            out *= part
        return out
    if isinstance(e, sp.Pow):
        return raised(parts[0], parts[1])
    return FUNCTIONS[type(e).__name__](parts[0])


def expression(source: random.Random, depth: int) -> sp.Expr:
    """A tree built by every kind of constructor, evaluated by none."""
    if depth == 0 or source.random() < 0.1:
        numbers = [sp.Integer(source.randint(-4, 4)), sp.Rational(source.randint(-5, 5), 3)]
        return source.choice([*SYMBOLS, *SYMBOLS, *numbers])
    a, b, c = (expression(source, depth - 1) for _ in range(3))
    exponent = source.choice(
        [sp.Integer(2), sp.Integer(-1), sp.Integer(-2), sp.Rational(1, 2), sp.Rational(-1, 2), b]
    )
    return source.choice(
        [
            lambda: add(a, b, c),
            lambda: add(a, neg(b)),
            lambda: mul(a, b, c),
            lambda: mul(a, power(b, sp.Integer(-1)), c),
            lambda: sp.Add(a, b, evaluate=False),
            lambda: sp.Mul(a, b, evaluate=False),
            lambda: sp.Mul(a, b, c, evaluate=False),
            lambda: power(a, exponent),
            lambda: sp.Pow(a, exponent, evaluate=False),
            lambda: call(source.choice(HEADS), a),
            lambda: neg(a),
        ]
    )()


@given(st.integers(0, 10**12), st.integers(1, 5))
@settings(max_examples=400, deadline=None)
def test_reading_back_gives_the_same_number(seed: int, depth: int) -> None:
    e = expression(random.Random(seed), depth)
    try:
        expected = value(e)
    except (ZeroDivisionError, OverflowError, ValueError):
        return
    if not (1e-6 < abs(expected) < 1e6):
        return
    inline = Notation(InlineStyle())(e)
    for source, tex in ((text(e), False), (latex(e), True), (inline, True)):
        found = Reader(source, tex=tex).whole()
        assert cmath.isclose(found, expected, rel_tol=1e-6), (source, sp.srepr(e))

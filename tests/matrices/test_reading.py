"""Printed forms read back: as people read a matrix formula, and worked out with NumPy.

Written from the conventions alone: juxtaposition is the matrix product (a 1 by 1 factor scales), ⊙
and the matrix product do not mix without brackets, both bind tighter than + and −, superscripts
tightest; a number within a sum, or compared with a matrix, stands for every place. All axes have
the same size here, so that the column of ones and the unit matrix have theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import reduce
from random import Random
from typing import Any
from xml.etree import ElementTree

import numpy as np
from sympy import Expr, Tuple

import symderiv as sd
from symderiv.core.symbols import Label
from symderiv.matrices.convert import matrix_form
from symderiv.matrices.evaluate import evaluate
from symderiv.render.mathml import mathml
from symderiv.render.notation import Notation
from symderiv.render.notation.style_latex import LatexStyle
from symderiv.render.notation.style_text import TextStyle

Draw = Callable[[Random], tuple[Expr, tuple[Tuple, ...]]]

TOKEN = re.compile(
    r"\s*(?P<number>\d+)|\s*(?P<name>I_\w|[A-Za-zσ]\u0304?[a-z]*)|\s*(?P<sign>[𝟏ᵀ⊙⊘+−·/()\[\]^√,><²³⁴])"
)
SQUARE = {"²": 2, "³": 3, "⁴": 4}
FUNCTIONS = {
    "exp": np.exp,
    "tanh": np.tanh,
    "σ": lambda x: 1 / (1 + np.exp(-x)),
    "diag": lambda x: np.diag(x[:, 0]),
    "tr": lambda x: np.array([[np.trace(x)]]),
}


class Reader:
    def __init__(self, text: str, arrays: Mapping[str, Any], size: int) -> None:
        self.tokens = []
        text, at = text.strip(), 0
        while at < len(text):
            found = TOKEN.match(text, at)
            assert found, text[at:]
            self.tokens.append(found[0].strip())
            at = found.end()
        self.at, self.arrays, self.size = 0, arrays, size

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.next
        assert not wanted or token == wanted, (wanted, token, self.tokens)
        self.at += 1
        return token

    def whole(self) -> Any:
        value = self.sum()
        assert not self.next, self.tokens[self.at :]
        return value

    def sum(self) -> Any:
        negative = self.next == "−"
        if negative:
            self.take()
        value = -self.product() if negative else self.product()
        while self.next in ("+", "−"):
            sign = self.take()
            term = self.product()
            value = value + term if sign == "+" else value - term
        return value

    def product(self) -> Any:
        chains = [self.chain()]
        while self.next in ("⊙", "⊘"):
            divides = self.take() == "⊘"
            value, count = self.chain()
            chains.append((1 / value if divides else value, count))
        if len(chains) > 1:
            assert all(count == 1 for _, count in chains), "⊙ mixed with a product"
        return reduce(np.multiply, (value for value, _ in chains))

    def chain(self) -> tuple[Any, int]:
        value, count = self.factor(), 1
        while self.next and self.next not in "+−⊙⊘),]><":
            sign = self.take() if self.next in "·/" else ""
            other = self.factor()
            value = value / other if sign == "/" else times(value, other)
            count += 1
        return value, count

    def factor(self) -> Any:
        value = self.atom()
        while self.next and self.next in "ᵀ^²³⁴":
            sign = self.take()
            if sign == "ᵀ":
                value = value.T
            elif sign in SQUARE:
                assert value.shape == (1, 1), "a power of a matrix"
                value = value ** SQUARE[sign]
            else:
                self.take("(")
                if self.next == "⊙":
                    self.take()
                else:
                    assert value.shape == (1, 1), "a power of a matrix"
                value = value ** self.sum()
                self.take(")")
        return value

    def atom(self) -> Any:
        token = self.take()
        if token.isascii() and token.isdigit():
            return np.array([[float(token)]])
        if token in "([":
            value = self.sum()
            if token == "[":
                self.take(">")
                value = 1.0 * (value > self.sum())
            self.take(")" if token == "(" else "]")
            return value
        if token in FUNCTIONS:
            if self.next != "(":
                return FUNCTIONS[token](self.factor())  # tanh s, of a number
            self.take("(")
            value = FUNCTIONS[token](self.sum())
            self.take(")")
            return value
        if token == "√":
            value = self.atom()
            assert value.shape == (1, 1), "the root of a matrix"
            return np.sqrt(value)
        if token == "𝟏":
            return np.ones((self.size, 1))
        if token.startswith("I_"):
            return np.eye(self.size)
        value = np.asarray(self.arrays[token], dtype=float)
        return value.reshape(value.shape[0] if value.ndim else 1, -1)


def times(a: Any, b: Any) -> Any:
    return a * b if (1, 1) in (a.shape, b.shape) else a @ b


def read(text: str, arrays: Mapping[str, Any], size: int) -> Any:
    return Reader(text, arrays, size).whole()


def test_every_printed_form_reads_back(draw: Draw, drawn_labels: list[Label]) -> None:
    """In text, with all sizes 3: brackets are where the conventions need them."""
    to, numbers = Notation(TextStyle(), bar=True), np.random.default_rng(7)
    arrays = {x.name: numbers.normal(size=(3,) * len(x.shape)) for x in drawn_labels}
    arrays |= {"s": 0.7, "n": 3, "m": 3, "d": 3, "∂L/∂Z": numbers.normal(size=(3, 3))}
    sizes = dict(zip(sd.dims("n m d"), (3, 3, 3), strict=True))
    shown = {**arrays, "Z̄": arrays["∂L/∂Z"]}
    read_back = 0
    for seed in range(400):
        e, indices = draw(Random(seed))
        form = matrix_form(e, indices)
        if form is None:
            continue
        ours = evaluate(form, arrays, sizes)
        theirs = np.broadcast_to(read(to(form), shown, 3), ours.shape)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
        read_back += 1
    assert read_back > 300


def test_latex_pairs_its_brackets_and_never_doubles_a_superscript(draw: Draw) -> None:
    to = Notation(LatexStyle(), bar=True)
    for seed in range(200):
        form = matrix_form(*draw(Random(seed)))
        if form is not None:
            text = to(form)
            assert text.count("{") == text.count("}")
            assert text.count("(") == text.count(")")
            assert r"}^\top^" not in text
            assert r"^\top^\top" not in text


def test_mathml_of_every_form_is_mathml(draw: Draw) -> None:
    for seed in range(60):
        form = matrix_form(*draw(Random(seed)))
        if form is not None:
            assert ElementTree.fromstring(mathml(form)).tag.endswith("}math")

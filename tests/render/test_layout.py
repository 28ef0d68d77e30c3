"""Sections and rows: lines that print alike are one, and still answer for all their steps."""

from __future__ import annotations

from dataclasses import replace

from sympy import Integer, symbols

import symderiv as sd
from symderiv.core.derivation import Derivation
from symderiv.core.expr import add, mul
from symderiv.document.blocks import Document, Evidence, Line
from symderiv.document.narrate import document_of
from symderiv.render.layout import notation_of, sections, shown_sections
from symderiv.render.notation.style_text import TextStyle

A, B, C = symbols("a b c")


def line(expr: object, step: int, evidence: Evidence | None) -> Line:
    return Line(expr, steps=(step,), provided=(A,), evidence=evidence)


def shown(*lines: Line) -> tuple[Line | None, ...]:
    document = Document(goal=C, lines=lines)
    (part,) = shown_sections(document, notation_of((document,), TextStyle()))
    return tuple(row.line for row in part.rows)


def test_a_line_that_prints_like_the_one_before_is_kept_in_it() -> None:
    same = add(A, B, C)
    good, bad = Evidence(True, 3, 1e-9), Evidence(False, 2, 0.5)
    (only,) = shown(line(same, 0, good), line(same, 1, bad))
    assert only is not None
    assert only.steps == (0, 1)
    assert only.evidence == Evidence(False, 5, 0.5)
    assert [finer.steps for finer in only.finer] == [(0,), (1,)]


def test_half_a_check_is_none() -> None:
    (only,) = shown(line(A, 0, Evidence(True, 3, 0.0)), line(A, 1, None))
    assert only is not None
    assert only.evidence is None


def test_lines_that_print_otherwise_stay_apart() -> None:
    found = shown(line(A, 0, None), line(mul(Integer(2), A), 1, None))
    assert [x.steps for x in found if x] == [(0,), (1,)]


def test_the_last_row_bears_the_number(softmax: Derivation) -> None:
    document = document_of(softmax)
    parts = shown_sections(document, notation_of((document,), TextStyle()), number=7)
    numbers = [row.number for part in parts for row in part.rows]
    assert numbers == [0] * (len(numbers) - 1) + [7]
    assert [part.number for part in parts] == [0, 1, 2, 0]
    assert [row.line for row in parts[-1].rows] == list(document.lines)


def test_a_text_has_one_notation() -> None:
    x1, x_1 = symbols("x1 x_1")
    one, other = Document(x1, (Line(C),)), Document(x_1, (Line(C),))
    assert notation_of((one,), TextStyle()).style.apart == frozenset()
    assert notation_of((one, other), TextStyle()).style.apart == {"x1"}


def test_sections_keep_the_lines(softmax: Derivation) -> None:
    document = document_of(softmax)
    first = sections(replace(document, definitions=(), lemmas=()))[0]
    assert [row.line for row in first.rows] == list(document.lines)


def test_a_held_derivative_is_never_written_like_a_total_one() -> None:
    a = sd.vector("a", sd.dim("n"))
    m = sd.let("m", a.mean())
    v = sd.let("v", ((a - 2 * m) ** 2).mean())
    told = sd.derive(sd.let("g", sd.sqrt(v) * m), a).to_text()
    assert "[∂v/∂a_i]_{m} = ∂/∂a_i" in told
    assert "· [∂v/∂a_i]_{m} " in told
    assert "∂v/∂m = ∂/∂m" in told  # nothing that is held moves with m
    assert " ∂v/∂a_i" not in told

"""Narration: three levels from one trace, lemmas numbered, notes chosen."""

from __future__ import annotations

import pytest
from sympy import Integer, Symbol, Tuple

import symderiv as sd
from symderiv.core.derivation import Derivation, Stage, Step
from symderiv.core.expr import add, mul
from symderiv.core.fingerprint import same
from symderiv.document import DETAILS, Note, document_of
from symderiv.document.article import Display, Told
from symderiv.document.blocks import Link
from symderiv.document.compose import Composer
from symderiv.document.words import cites, conditions, fill, placeholders, ranges, telling

X, Y = Symbol("x"), Symbol("y")
TWO = Integer(2)


@pytest.fixture(scope="module")
def softmax() -> Derivation:
    n = sd.dim("n")
    z, y = sd.vector("z", n), sd.one_hot("y", n)
    p = sd.let("p", sd.softmax(z))
    return sd.derive(sd.let("L", sd.cross_entropy(y, p)), z)


def steps(*stages: int, rule: str = "r") -> Derivation:
    """x = x+y = x+2y = …, one step for each stage number."""
    line, made, lines = X, [], []
    for k, stage in enumerate(stages, 1):
        new = add(X, mul(Integer(k + 1), Y))
        made.append(Step(rule, (), line, new, stage))
        lines.append(new)
        line = new
    named = tuple(Stage(f"s{k}") for k in range(max(stages) + 1))
    return Derivation(X, tuple(made), named, (), (), line, line)


def test_full_has_a_line_a_step_and_normal_a_line_a_stage() -> None:
    derivation = steps(0, 0, 1, 2, 2, 2)
    assert [line.steps for line in document_of(derivation, "full").lines] == [
        (0,), (1,), (2,), (3,), (4,), (5,)
    ]  # fmt: skip
    assert [line.steps for line in document_of(derivation).lines] == [(0, 1), (2,), (3, 4, 5)]
    assert [line.steps for line in document_of(derivation, "brief").lines] == [(0, 1, 2, 3, 4, 5)]


def test_every_level_tells_every_step_and_ends_alike(softmax: Derivation) -> None:
    for part in (softmax, *softmax.lemmas()):
        last = set()
        for detail in DETAILS:
            lines = document_of(part, detail).lines
            told = [position for line in lines for position in line.steps]
            assert told == list(range(len(part.steps)))[: len(told)]
            last.add(lines[-1].expr)
            assert same(lines[-1].expr, part.last)
        assert len(last) == 1


def test_brief_is_what_a_textbook_prints(softmax: Derivation) -> None:
    lines = document_of(softmax, "brief").lines
    assert len(lines) == 3
    assert len(lines) < len(document_of(softmax).lines) < len(document_of(softmax, "full").lines)


def test_no_line_is_told_twice() -> None:
    stay = Step("r", (), X, X, 0)
    move = Step("r", (), X, Y, 1)
    derivation = Derivation(X, (stay, move), (Stage("a"), Stage("b")), (), (), Y, Y)
    (line,) = document_of(derivation, "full").lines
    assert line.steps == (0, 1)


def test_lemmas_are_numbered_and_cited(softmax: Derivation) -> None:
    document = document_of(softmax)
    assert [lemma.number for lemma in document.lemmas] == [1, 2]
    cited = {c.number: c.goal for line in document.lines for c in line.cites}
    assert cited == {lemma.number: lemma.goal for lemma in document.lemmas}


def test_definitions_are_told(softmax: Derivation) -> None:
    assert [str(d.left) for d in document_of(softmax).definitions] == ["p[i]", "L"]


def test_unknown_detail_is_refused() -> None:
    with pytest.raises(ValueError, match="brief, normal, full"):
        document_of(steps(0), "loud")  # type: ignore[arg-type]


def test_an_unknown_rule_shows_its_name() -> None:
    (line,) = document_of(steps(0, rule="my.rule")).lines
    assert telling(line.notes[0]) == ("my.rule",)


def test_at_most_three_notes_filled_ones_first() -> None:
    made = tuple(
        Step("algebra.cancel", (), add(X, mul(Integer(k), Y)), add(X, mul(Integer(k + 1), Y)), 0,
             about=(("factor", Symbol(f"f{k}")),))
        for k in range(2, 9)
    )  # fmt: skip
    derivation = Derivation(made[0].redex, made, (Stage("a"),), (), (), made[-1].contractum, X)
    (line,) = document_of(derivation).lines
    assert [dict(note.about)["factor"].name for note in line.notes] == ["f2", "f3", "f4"]


def test_words_hold_expressions() -> None:
    assert placeholders("{a} and {b}") == {"a", "b"}
    assert fill("cancel {factor}", {"factor": X}) == ("cancel ", X)
    assert fill("{a}{b}", {"a": X}) == (X,)
    assert telling(Note("r", "Quotient rule")) == ("quotient rule",)
    assert telling(Note("r", "A title", "uses {it}")) == ("a title",)
    assert cites(()) == ()


def test_ranges_of_one_size_stand_together() -> None:
    i, j, k = (Symbol(c, integer=True) for c in "ijk")
    told = ranges((Tuple(i, 1, X), Tuple(j, 1, Y), Tuple(k, 1, X)))
    assert told == ("for ", i, ", ", Tuple(k, 1, X), "; ", Tuple(j, 1, Y))
    assert conditions((), ()) == ()


def test_a_line_with_a_constant_is_not_told_twice() -> None:
    import sympy

    x = sd.scalar("x")
    lines = document_of(sd.derive(sympy.erf(x / sympy.sqrt(2)), x)).lines
    assert len({line.expr for line in lines}) == len(lines)
    assert all(line.steps for line in lines)


# ---------------------------------------------------------------- numbers


def composed(*, label: str = "", others: int = 0, cite: bool = False, display: str = ""):
    composer = Composer()
    composer.derivation(sd.derive(sd.scalar("x") ** 2, sd.scalar("x")), label=label)
    for k in range(others):
        composer.derivation(sd.derive(sd.scalar("x") ** (k + 3), sd.scalar("x")))
    if display:
        composer.display("a = b", label="" if display == "bare" else display)
    if cite:
        composer.paragraph("By ", Link((), f"#{label or 'eq-1'}"), ".")
    return composer.article(("T",))


@pytest.mark.parametrize(
    ("made", "numbers"),
    [
        ({}, [0]),
        ({"label": "slope"}, [1]),
        ({"others": 2}, [1, 2, 3]),
        ({"cite": True}, [1]),
        ({"label": "slope", "cite": True}, [1]),
        ({"display": "bare"}, [0, 0]),
        ({"display": "named"}, [1, 2]),
    ],
)
def test_which_equations_bear_numbers(made, numbers):
    """A derivation of one line as well as others; alone, where it has a label or is cited."""
    blocks = composed(**made).blocks
    assert [b.number for b in blocks if isinstance(b, (Told, Display))] == numbers
    if made.get("cite"):
        assert blocks[-1].words[1].words == ("(1)",)

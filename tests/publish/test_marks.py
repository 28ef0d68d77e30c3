"""Marks of a plot, taken apart."""

from __future__ import annotations

import ast

import pytest

from symderiv.document.article import Figure
from symderiv.publish.marks import marks
from symderiv.publish.place import SourceError, Text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1/2 = coin", [("1/2", "coin")]),
        ("1/2 = coin, 1/6=die ", [("1/2", "coin"), ("1/6", "die")]),
        ('1/2 = "a coin, fair", 1/6 = die', [("1/2", "a coin, fair"), ("1/6", "die")]),
        ('1/2 = "one"', [("1/2", "one")]),
        ('1/2 = the "fair" coin', [("1/2", 'the "fair" coin')]),
        ('1/2 = "fair" coin, 1 = b', [("1/2", '"fair" coin'), ("1", "b")]),
        ("1/2 = $(p, q)$, 1 = b", [("1/2", "$(p, q)$"), ("1", "b")]),
        ("1/2 =, 1 = b", [("1/2", ""), ("1", "b")]),
        ("1/2 = p = q", [("1/2", "p = q")]),
        (r'1/2 = "a \"b\", c"', [("1/2", r"a \"b\", c")]),
        (r"1/2 = a\, b", [("1/2", r"a\, b")]),
        ("log(4, 2) = two, 3 = three", [("log(4, 2)", "two"), ("3", "three")]),
        ("1/2 = costs 5$, 1 = b", [("1/2", "costs 5$"), ("1", "b")]),
        ("1/2 = '동전, 공정', 1 = b", None),
    ],
)
def test_places_and_words(text: str, wanted: list[tuple[str, str]] | None) -> None:
    if wanted is None:
        with pytest.raises(SourceError, match="expected marks"):
            marks(Text(text, "f.md", 1))
        return
    assert [(place.text, words.text) for place, words in marks(Text(text, "f.md", 1))] == wanted


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("1", 1, "expected marks"),
        ("1/2 = a, 1/3", 10, "expected marks"),
        ("1, 1/2 = a", 1, "expected marks"),
        ("1/2 = a,", 9, "expected marks"),
        ('1/2 = "a, b', 7, "quotes are not closed"),
    ],
)
def test_what_is_no_mark(text: str, column: int, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        marks(Text(text, "f.md", 1))
    assert caught.value.place.column == column


def test_a_comma_on_the_picture_and_in_the_notebook(block) -> None:
    made = block(
        'scalar p\nplot -p*log(p)\n  x: 0..1\n  marks: 1/2 = "a \\"coin\\", fair", 1/6 = die'
    )
    (figure,) = (b for b in made.blocks if isinstance(b, Figure))
    assert 'a "coin", fair' in figure.picture.alt
    call = ast.parse(figure.code.splitlines()[-1]).body[0].value
    given = {k.arg: k.value for k in call.keywords}
    assert ast.literal_eval(given["marks"]) == [(0.5, 'a "coin", fair'), (1 / 6, "die")]

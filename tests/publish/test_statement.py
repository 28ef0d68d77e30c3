"""Blocks taken apart, with the place of every piece."""

import pytest

from symderiv.publish.place import SourceError, Text
from symderiv.publish.statement import listed, sides, statements

BLOCK = """\
vector z: n
# a remark
derive L by z
  label: gradient
  title: of $L$,
    told twice

check a
    + b = c
"""


def block(text: str, line: int = 10, margin: int = 0) -> Text:
    return Text(text, "f.md", line, margin + 1, margin)


def test_words_rest_and_options() -> None:
    found = list(statements(block(BLOCK)))
    assert [s.word for s in found] == ["vector", "derive", "check"]
    assert [s.rest.text for s in found] == ["z: n", "L by z", "a\n    + b = c"]
    assert found[1].option("label") == "gradient"
    assert found[1].option("title").split() == ["of", "$L$,", "told", "twice"]


@pytest.mark.parametrize("margin", [0, 4])
def test_every_character_knows_its_line_and_column(margin: int) -> None:
    """Against the text itself: the place of each piece is where the file has it."""
    rows = [" " * margin + row for row in BLOCK.split("\n")]
    pieces = []
    for s in statements(block(BLOCK, 1, margin)):
        pieces += [s.whole, s.rest, *s.options.values()]
    assert len(pieces) == 8
    for piece in pieces:
        for position, c in enumerate(piece.text):
            place = piece.at(position)
            if c != "\n":
                assert rows[place.line - 1][place.column - 1] == c


def test_parts_of_parts_keep_their_place() -> None:
    rest = next(iter(statements(block("value f(x, y) + g[1, 2], h", 3)))).rest
    parts = listed(rest)
    assert [part.text for part in parts] == ["f(x, y) + g[1, 2]", "h"]
    assert str(parts[1].at(0)) == "f.md:3:26"


def test_sides() -> None:
    pair = sides(block("sum(x, axis=0) = y"))
    assert pair is not None
    assert [side.text for side in pair] == ["sum(x, axis=0)", "y"]
    assert sides(block("a == b")) is None
    assert sides(block("a = b = c")) is None
    assert sides(block("= b")) is None


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("  label: a", "belongs below a statement", "f.md:10:1"),
        ("derive x by x\n  label: a\n  label: b", "given twice", "f.md:12:3"),
        ("$x$", "expected a statement", "f.md:10:1"),
    ],
)
def test_what_is_no_statement(text: str, said: str, place: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(statements(block(text)))
    assert said in str(caught.value)
    assert str(caught.value.place) in (place, place.replace(":1", ""))

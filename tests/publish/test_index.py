"""Words written as Markdown, and read again."""

from hypothesis import given
from hypothesis import strategies as st

from symderiv.document.article import Paragraph
from symderiv.document.blocks import Formula, Styled, Words
from symderiv.document.words import joined
from symderiv.publish.index import as_markdown, first_sentence
from symderiv.publish.source import article_of

TEXT = st.text(alphabet="abc *_`[](){}<>#&;!\\~$|+-.1=\"'é손", min_size=1, max_size=20)
PARTS = st.one_of(TEXT, st.sampled_from([Formula(r"\frac{a}{b}"), Formula("x_1^2")]))


def squeezed(words: Words) -> str:
    return " ".join(
        "".join(f"<{p.latex}>" if isinstance(p, Formula) else str(p) for p in words).split()
    )


@given(st.lists(PARTS, min_size=1, max_size=5))
def test_words_come_back(parts: list[object]) -> None:
    words = joined(["begin ", *[x for p in parts for x in (p, " , ")], "end"])  # type: ignore[list-item]
    built = article_of(as_markdown(words))
    assert built.article is not None
    (paragraph,) = built.article.blocks
    assert isinstance(paragraph, Paragraph)
    assert squeezed(paragraph.words) == squeezed(words)


def test_styles_come_back() -> None:
    words = ("a ", Styled("strong", ("b*",)), " ", Styled("emphasis", ("c",)), " d")
    built = article_of(as_markdown(words))
    assert built.article is not None
    assert built.article.blocks == (Paragraph(words),)


def test_the_first_sentence() -> None:
    built = article_of("# T\n\n- a list\n\nIt is 1.5 of $x.y$ in all. More.\n")
    assert built.article is not None
    assert as_markdown(first_sentence(built.article)) == r"It is 1\.5 of $x.y$ in all\."

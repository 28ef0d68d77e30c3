"""Markdown to blocks: against the reference implementation's own HTML, and block by block."""

import re
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from symderiv.document.article import (
    Article,
    Code,
    Display,
    Divider,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Table,
    Told,
    walk,
)
from symderiv.document.blocks import Break, Formula, Link, Styled, Words
from symderiv.publish.source import article_of

PROSE = r"""
# The title

Some *emphasis*, **strong with `code` inside**, ~~gone~~ and a [link](https://example.org/a?b=1&c=2).
A second line\
and one after a break, with \*escapes\*, `a < b` & an entity &amp; a < b.

## A heading

> A quotation
> of two lines.
>
> - with a list

1. one
2. two

   more of two

   1. inner

- bullet

***

    indented code

```python
print("<b>")
```

| left | right | middle |
|:-----|------:|:------:|
| a    | **b** | c      |
"""


def test_blocks_have_the_words_that_commonmark_has(article) -> None:
    """The text of every element, in order, is that of markdown-it's HTML."""
    made = article(PROSE)
    html = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True})
    tree = ElementTree.fromstring(f"<x>{html.enable(['table', 'strikethrough']).render(PROSE)}</x>")
    expected = " ".join("".join(tree.itertext()).split())
    assert " ".join(" ".join(said(made)).split()) == expected


def said(made: Article) -> list[str]:
    out = [words(made.title)]
    for block in walk(made.blocks):
        match block:
            case Paragraph(inside) | Heading(words=inside):
                out.append(words(inside))
            case Code(text):
                out.append(text)
            case Table(head, rows):
                out += [words(cell) for row in (head, *rows) for cell in row]
    return out


def words(inside: Words) -> str:
    return "".join(
        part if isinstance(part, str) else " " if isinstance(part, Break) else words(part.words)  # type: ignore[union-attr]
        for part in inside
    )


def test_structure(article) -> None:
    made = article(PROSE)
    assert made.title == ("The title",)
    kinds = [type(block) for block in made.blocks]
    assert kinds == [
        *(Paragraph, Heading, Quote, Listing, Listing, Divider, Code, Code, Table),
    ]
    quote, ordered, bullets = made.blocks[2:5]
    assert isinstance(quote, Quote)
    assert isinstance(quote.blocks[1], Listing)
    assert isinstance(ordered, Listing)
    assert isinstance(bullets, Listing)
    assert (ordered.start, bullets.start, len(ordered.items)) == (1, None, 2)
    assert [type(block) for block in ordered.items[1]] == [Paragraph, Paragraph, Listing]
    table = made.blocks[-1]
    assert isinstance(table, Table)
    assert table.align == ("left", "right", "center")
    assert made.blocks[7] == Code('print("<b>")', "python")


def test_inline(article) -> None:
    made = article("a $x_1$ *b ~~c~~* **d** `e $f$` [g *h*](https://i.org)\\\nj")
    (paragraph,) = made.blocks
    assert paragraph == Paragraph(
        (
            *("a ", Formula("x_1"), " "),
            Styled("emphasis", ("b ", Styled("deleted", ("c",)))),
            *(" ", Styled("strong", ("d",)), " ", Styled("code", ("e $f$",)), " "),
            Link(("g ", Styled("emphasis", ("h",))), "https://i.org"),
            *(Break(), "j"),
        )
    )


def test_dollars_of_money_are_no_formulas(article) -> None:
    text = "It costs $5 or $6, as 1$2 and $ 3 $ do."
    assert article(text).blocks == (Paragraph((text,)),)


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x"),
        *("file:///etc/passwd", "//example.org", "java&#115;cript:x", "ftp://e.org/x"),
        *("/etc/passwd", "\\\\host", "%2Fetc/passwd", "https:x", "a%00.md", "a/b:c.md"),
    ],
)
def test_links_that_lead_nowhere_good_are_errors(wrong, address: str) -> None:
    for text in (f"\n[words]({address})", f"[words]: {address}\n\n[words]"):
        (error,) = wrong(text)
        assert re.match(r"notes.md:[23]: the link may not lead to .*; a link leads to http", error)


def test_an_address_between_angles_is_one_too(wrong) -> None:
    (error,) = wrong("<javascript:alert(1)>")
    assert error.startswith("notes.md:1: the link may not lead to 'javascript:alert(1)'")


def test_links_stay_in_the_folder(read, tmp_path) -> None:
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    for name in ("out.md", "docs/a.md", "docs/data.csv", "docs/sub/b.md"):
        (tmp_path / name).write_text("")
    (tmp_path / "docs" / "way.md").symlink_to(tmp_path / "out.md")
    root = tmp_path / "docs"
    for target, fit in {
        "b.md": True, "../a.md#x": True, "../data.csv": True, "../../docs/a.md": True,
        "../../out.md": False, "../../../../etc/passwd": False, "../way.md": False,
        "%2E%2E/%2e%2e/out.md": False, "../gone.csv": False, "x" * 5000: False,
    }.items():  # fmt: skip
        built = article_of(f"[x]({target})", file="b.md", folder=root / "sub", root=root)
        assert bool(built.errors) is not fit, target
        for error in built.errors:
            assert str(error.place) == "b.md:1"


@pytest.mark.parametrize(
    "address", ["https://e.org/x", "http://e.org", "mailto:a@b.org", "notes.txt", "../up.txt#a"]
)
def test_links_for_readers(article, address: str) -> None:
    assert article(f"[words]({address})").blocks == (Paragraph((Link(("words",), address),)),)


def test_html_is_text(article) -> None:
    text = "<img src=x onerror=alert(1)> <b>bold</b> <!-- remark -->"
    assert article(text).blocks == (Paragraph((text,)),)


# ---------------------------------------------------------------- front matter, titles


def test_front_matter(article) -> None:
    made = article("---\ntitle: A *title*\nlang: ko\ndetail: brief\n---\n# Heading\n")
    assert made.title == ("A ", Styled("emphasis", ("title",)))
    assert made.language == "ko"
    assert made.blocks == (Heading(1, ("Heading",), "heading"),)


def test_a_source_without_a_title_is_called_by_its_file(article) -> None:
    assert article("Text.").title == ("notes",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "titel: x",
            "notes.md:2:1: front matter: titel is none of title, lang, detail, check, author",
        ),
        ("title: [x]", "notes.md:2:1: front matter: expected one text for title"),
        ("author: {a: b}", "notes.md:2:1: front matter: expected one text for author"),
        ("author: [[b]]", "notes.md:2:1: front matter: expected one text for author"),
        ("date: [x]", "notes.md:2:1: front matter: expected one text for date"),
        ("title: [a]", "notes.md:2:1: front matter: expected one text for title"),
        ("title: a\nlang: en_en_en", "notes.md:3:7: 'en_en_en' is not a language code"),
        ("detail: much", "notes.md:2:9: expected one of brief, normal, full, found 'much'"),
        ("title: a\ntitle: b", "notes.md:3:1: front matter: expected one text"),
        ("a: b: c", "notes.md:2:5: front matter: mapping values are not allowed here"),
        ("- a", "notes.md:2:1: front matter: expected lines such as"),
        ("title: !!python/object:os.system x", ""),
        ("&a [*a]: x", "notes.md:2:"),
    ],
)
def test_front_matter_that_is_refused(read, text: str, said: str) -> None:
    built = read(f"---\n{text}\n---\n")
    if not said:  # a tag is no more than text here
        assert built.article is not None
        assert built.article.title == ("x",)
        return
    (error,) = built.errors
    assert f"{error.place}: {error}".startswith(said)


# ---------------------------------------------------------------- labels and citations


def test_equations_are_numbered_and_cited(article) -> None:
    made = article(
        """
        # Title

        See [](#later), [](#first), [](#a-heading) and [these words](#first).

        $$a = b$$ (first)

        $$c = d$$

        ```symderiv
        derive x**2 by x
          label: later
        ```

        ## A heading {#a-heading}
        """
    )
    paragraph, first, second, derived, heading = made.blocks
    assert isinstance(paragraph, Paragraph)
    links = [part for part in paragraph.words if isinstance(part, Link)]
    assert [link.words for link in links] == [("(2)",), ("(1)",), ("A heading",), ("these words",)]
    assert first == Display("a = b", 1, "first")
    assert second == Display("c = d")
    assert isinstance(derived, Told)
    assert (derived.number, derived.anchor) == (2, "later")
    assert heading == Heading(2, ("A heading",), "a-heading")


def test_headings_get_an_anchor_from_their_words(article) -> None:
    made = article("# T\n## The $L$ of it!\n## Again\n## Again\n## Lemma 1\n## 손실\n## $$\n")
    anchors = [block.anchor for block in made.blocks if isinstance(block, Heading)]
    assert anchors == ["the-l-of-it", "again", "again-2", "section-lemma-1", "손실", "section"]


def test_an_authors_label_goes_before_the_words_of_a_heading(article) -> None:
    made = article(
        "## Softmax\n\n[](#softmax)\n\n```symderiv\nderive x**2 by x\n  label: softmax\n```"
    )
    assert [block.anchor for block in made.blocks if isinstance(block, Heading)] == ["softmax-2"]


def test_lemmas_and_rules_can_be_cited(article) -> None:
    made = article(
        """
        By [](#lemma-1) and [a rule](#rule-sum.sift).

        ```symderiv
        let p = softmax(z)
        let L = cross_entropy(y, p)
        derive L by z
        ```
        """
    )
    links = [part for part in made.blocks[0].words if isinstance(part, Link)]
    assert [link.words for link in links] == [("Lemma 1",), ("a rule",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "\n[](#frist)\n\n$$a$$ (first)",
            "notes.md:2: nothing here bears the label 'frist'; did you",
        ),
        ("[x](#rule-no.such)", "notes.md:1: nothing here bears"),
        ("[](https://e.org)", "notes.md:1: the link to https://e.org has no words"),
        ("$$a$$ (x)\n\n\n$$b$$ (x)", "notes.md:4:1: the label 'x' is given twice"),
        ("$$a$$ (eq-1)", "notes.md:1:1: the label 'eq-1' is given by number"),
        ("## H {#lemma-2}", "notes.md:1:1: the label 'lemma-2' is given by number"),
        ("## H {#a b}", "notes.md:1:1: a label is a word"),
        ("a\nb $\\frca{a}$", "notes.md:2:4: \\frca is not on the list"),
        ("\n$$\na\n\\input{x}\n$$", "notes.md:4:1: \\input is not on the list"),
        ("- a\n- b\n  $\\html{<b>}$", "notes.md:3:4: \\html is not on the list"),
        ("| a |\n|---|\n| $\\def$ |", "notes.md:3:4: \\def is not on the list"),
        ("a ![x](y.png) b", "notes.md:1: an image stands in a paragraph of its own"),
        (
            "---\ntitle: x\n# T",
            "notes.md:1: the front matter is not closed; end it with a line ---",
        ),
        ("---\n\nLang: ko\n", "notes.md:1: the front matter is not closed"),
        ("---\nauthor: x\n# T", "notes.md:1: the front matter is not closed"),
        ("---\ndate:\n  - x\n", "notes.md:1: the front matter is not closed"),
        (
            "a\n\n```symderiv\nscalar x\n",
            "notes.md:3: this block is not closed; end it with a line ```",
        ),
        ("```symderiv", "notes.md:1: this block is not closed"),
        ("- a\n\n  ~~~~symderiv\n  scalar x\n\n[](#b)", "notes.md:3: this block is not closed"),
        ("```python symderiv\nx = 1", "notes.md:1: this block is not closed"),
        ("\n```Symderiv\nscalar x\n```", "notes.md:2: expected ```symderiv or"),
        ("```{symderiv}\nscalar x\n```", "notes.md:1: expected ```symderiv or"),
        ("```symderive\n```\n\n```symderiv python\n```", "notes.md:4: expected ```symderiv or"),
    ],
)
def test_errors_have_a_place(wrong, text: str, said: str) -> None:
    (error,) = wrong(text)
    assert error.startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        *("---\n\nText\n", "---\n\nnote: a line\n", "---", "```python\nx = 1", "```symderiv\n```"),
        *(
            "```symderiv\n\n```",
            "> ```symderiv\n> scalar x\n> ```",
            "```symderiv\nscalar x\n\n```\n\n",
        ),
    ],
)
def test_what_only_looks_unclosed(article, text: str) -> None:
    assert article(text)


def test_all_that_is_wrong_with_prose_is_told_at_once(wrong) -> None:
    found = wrong("$\\foo$\n\n[](#bar)\n\n$\\baz$\n")
    assert [error.split(":")[1] for error in found] == ["1", "3", "5"]


def test_windows_line_ends_and_nulls(article) -> None:
    assert article("a\0b\r\nc\r\n").blocks == (Paragraph(("a\ufffdb c",)),)


def test_a_table_with_a_caption(article) -> None:
    made = article("See [](#tab-a).\n\n| a |\n|---|\n| 1 |\n\nTable: Of *a*. {#tab-a}\n\nText.")
    paragraph, table, after = made.blocks
    assert paragraph.words[1] == Link(("Table 1",), "#tab-a")
    assert (table.caption, table.anchor) == (("Of ", Styled("emphasis", ("a",)), "."), "tab-a")
    assert after == Paragraph(("Text.",))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# [](b.md)\n", 1),
        ('---\ntitle: "[](b.md)"\n---\n', 2),
        ("# T\n\n## *[](b.md)* [](b.md#x) {#label}\n", 3),
        ("# T\n\n$$\nx\n$$ (eq)\n\nOf it[^n]\n\n## [](#eq)[^n]\n\n[^n]: Note.\n", 9),
    ],
)
def test_a_heading_has_words_of_its_own(text: str, line: int) -> None:
    built = article_of(text, file="notes.md")
    assert built.article is None
    (error,) = built.errors
    assert error.place.line == line
    assert "a heading needs words of its own" in str(error)


def test_a_heading_may_hold_a_link_beside_words() -> None:
    built = article_of("# After [](https://a.org) [x](b.md)\n\n## [x](b.md)\n\n## $x$\n")
    assert not any("of its own" in str(error) for error in built.errors)

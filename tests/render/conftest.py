"""Derivations to render, and readers of what the renderers write, made without their help."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from xml.etree.ElementTree import Element

import pytest
from sympy import Symbol

import symderiv as sd
from symderiv import catalog
from symderiv.catalog.telling import tell
from symderiv.core.derivation import Derivation
from symderiv.document.article import (
    Article,
    Code,
    Display,
    Divider,
    Figure,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Table,
)
from symderiv.document.blocks import Break, Formula, Link, Styled
from symderiv.document.compose import Composer
from symderiv.document.narrate import Detail
from tests.render.derivations import named


@pytest.fixture(scope="session")
def softmax() -> Derivation:
    """Softmax with cross-entropy, differentiated by the logits."""
    n = sd.dim("n")
    z, y = sd.vector("z", n), sd.one_hot("y", n)
    p = sd.let("p", sd.softmax(z))
    return sd.derive(sd.let("L", sd.cross_entropy(y, p)), z)


@pytest.fixture(scope="session")
def each_block(softmax: Derivation) -> Callable[..., Article]:
    """An article with a block of every kind, in which every text is the one given."""

    def make(text: str = "Some words", language: str = "en") -> Article:
        composer = Composer(language, finer=True)
        x = Symbol("x")
        composer.heading(2, (text,), "sec-first")
        composer.paragraph(
            text, " ", x, " ", Link((), "#eq-1"), " ", Styled("strong", (text, x, text)),
            Link((text,), "https://example.org/a b"), Link((text,), "javascript:alert(1)"),
            Break(), Styled("code", (text,)), Styled("emphasis", (text,)), Formula(r"\{x\}"),
            Styled("deleted", (text,)), text,
        )  # fmt: skip
        composer.derivation(softmax, verdict=(text,), code="sd.derive(sd.scalar('x') ** 2, 'x')")
        composer.display(r"a &= \left\{ b \right\} \\ &= \text{c\_d x<y} \, e", label="apart")
        composer.table(((text,), (x,)), [((x,), (text,)), ((Formula("|x|"),), (text,))],
                       align=("left", "right"), caption=(text,))  # fmt: skip
        inside = (Paragraph((text,)), Display(r"-b \, c"), Code(text, text))
        composer.add(
            Listing(((Paragraph((text,)),), inside), 3), Listing((inside,)), Quote(inside),
            Divider(), Code(f"{text}\n```\n", "text"),
        )  # fmt: skip
        svg = '<svg xmlns="http://www.w3.org/2000/svg"><title>A box</title></svg>'
        composer.figure(Picture(svg, b"%PDF-1.7", text), (text, x), label=text)
        return composer.article((text, x))

    return make


@pytest.fixture(scope="session")
def with_names() -> Callable[..., Derivation]:
    """A small derivation, with a cited lemma, in which every name is the one given."""

    return named


@pytest.fixture(scope="session")
def whole_catalog() -> Callable[[str], Article]:
    """All entries of the catalog as one article, at a level of detail."""

    @cache
    def make(detail: Detail) -> Article:
        composer = Composer(detail=detail)
        for entry in catalog.entries():
            composer.start_over()
            composer.heading(2, (entry.title,))
            tell(composer, entry, entry.make(), level=3)
        return composer.article(("All entries",))

    return make


@pytest.fixture(scope="session")
def kitchen() -> Callable[[str], Article]:
    """Makes an article with a block of every kind, of text that would like to run."""
    return hostile_blocks


def hostile_blocks(language: str) -> Article:
    """A block of every kind, with text that would like to run."""
    bad = (
        '#panic("live") \\input{x} \\errmessage{live} ^^5cinput $ ] [ & % # _ ^ ~ { } < > ` " //@x'
    )
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    typst = pytest.importorskip("typst")
    drawn = typst.compile(b"#set page(width: 9pt, height: 9pt, margin: 1pt)\n#square(size: 5pt)")
    picture = Picture(svg, drawn, bad)
    items = ((Paragraph(("one",)), Code("a = 1")), (Paragraph((bad,)),))
    nested = Listing(items, 3)
    for _ in range(6):
        nested = Listing(((Paragraph(("deeper",)), nested),))
    words = (
        bad, Styled("emphasis", (bad,)), Styled("strong", ("s",)), "(call)", Styled("code", (bad,)),
        Styled("deleted", ("d",)), Break(), Link((bad,), "https://a.org/%20#a\"]"), "[x]",
        Formula(r"\frac{a}{b}"), Formula(r"\input{x}"),
    )  # fmt: skip
    rows = (((bad,), ("long words " * 30,)), ((),))
    blocks = (
        Heading(2, (bad,), 'a"]<b>'), Paragraph(words), nested, Quote((Paragraph((bad,)),)),
        Code(f'{bad}\n\\end{{verbatim}}\n```\n{"x" * 300}', 'py"; #panic()'),
        Table(((bad,), ("b",)), rows, ("right", bad), (bad,), "t"),
        Display(r"\frac{a}{b}", 5, "eq-5"), Display(r"\write18{ls}"), Display("a + " * 90 + "a"),
        Figure(picture, (bad,), 1, "f"), Listing(()), Table((), ()), Heading(9, ()), Paragraph(()),
    )  # fmt: skip
    return Article((bad,), blocks, language)


MATHML = "{http://www.w3.org/1998/Math/MathML}"
HTML = {"div", "section", "p", "table", "tbody", "tr", "td", "code"}
# https://www.w3.org/TR/mathml-core/
CORE = {
    "math", "semantics", "annotation", "mi", "mn", "mo", "mtext", "mspace", "mrow", "mfrac",
    "msqrt", "mroot", "mstyle", "msub", "msup", "msubsup", "munder", "mover", "munderover",
    "mtable", "mtr", "mtd",
}  # fmt: skip
COUNTS = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3,
    "munderover": 3, "semantics": 2,
}  # fmt: skip
ATTRIBUTES = {
    "xmlns", "displaystyle", "encoding", "mathvariant", "stretchy", "fence", "form", "width",
    "accent", "accentunder", "lspace", "rspace", "movablelimits", "minsize", "maxsize", "largeop",
    "linethickness", "scriptlevel", "class", "height", "depth",
}  # fmt: skip


def elements_are_core(root: Element) -> bool:
    for e in root.iter():
        name = e.tag.removeprefix(MATHML)
        if name == e.tag:
            assert name in HTML, name
            assert set(e.attrib) <= {"class"}, e.attrib
            continue
        assert name in CORE, name
        assert set(e.attrib) <= ATTRIBUTES, e.attrib
        assert e.get("mathvariant", "normal") == "normal"
        assert name == "mtd" or "class" not in e.attrib
        assert len(e) == COUNTS.get(name, len(e)), name
        if name in ("mi", "mn", "mo", "mtext", "annotation"):
            assert len(e) == 0
            assert "&#" not in (e.text or "") or name in ("annotation", "mi", "mtext")
        if name in ("mrow", "mfrac", "mtd", "msub"):
            assert not (e.text or "").strip()
    return True


def balanced(tex: str) -> bool:
    """Do the braces, ``\\left`` and ``\\right``, ``\\begin`` and ``\\end`` pair up?"""
    open_ = []
    for token in re.findall(
        r"\\(?:left|right)(?![A-Za-z])|\\(?:begin|end)\{\w+\*?\}|\\.|[{}]", tex
    ):
        if token in ("{", r"\left") or token.startswith(r"\begin"):
            open_.append(token)
        elif token == "}" or token == r"\right" or token.startswith(r"\end"):
            if not open_:
                return False
            wanted = {"}": "{", r"\right": r"\left"}.get(token) or token.replace("end", "begin")
            if open_.pop() != wanted:
                return False
    return not open_


@pytest.fixture(scope="session")
def is_core() -> Callable[[Element], bool]:
    """Asserts that a tree holds nothing but MathML Core and a little HTML."""
    return elements_are_core


@pytest.fixture(scope="session")
def is_balanced() -> Callable[[str], bool]:
    """Do the brackets of a LaTeX text pair up?"""
    return balanced

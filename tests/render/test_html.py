"""Pages: valid HTML, MathML Core, every link leads somewhere, nothing from outside is live."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symderiv as sd
from symderiv import catalog
from symderiv.core.derivation import Derivation
from symderiv.core.errors import DataError
from symderiv.document.article import (
    Article,
    Code,
    Figure,
    Heading,
    Paragraph,
    Picture,
    Table,
    Told,
)
from symderiv.document.blocks import Evidence, Formula, Link, Styled
from symderiv.document.narrate import document_of
from symderiv.render.html import render_article, to_html
from symderiv.render.page.lines import error, sizes
from tests.render.pages import (
    MATHML,
    SVG,
    XHTML,
    Page,
    entry,
    notes,
    read,
    rendered,
    words,
)

NAMES = [
    "notes",
    "softmax-cross-entropy",
    "two-layer-perceptron",
    "attention",
    "entropy-forms",
    "relu",
    "layer-norm",
]
SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
NO_TEXT = {f"{XHTML}{tag}" for tag in ("script", "style", "code", "pre")}


@pytest.fixture(params=NAMES)
def page(request: pytest.FixtureRequest) -> Page:
    """A page, read by html5lib, which raises an error for any fault."""
    return rendered(request.param)


# ---------------------------------------------------------------- form


def test_formulas_are_mathml_core(page: Page, is_core: Callable[[Element], bool]) -> None:
    formulas = list(page.root.iter(f"{MATHML}math"))
    assert len(formulas) > 3
    assert all(map(is_core, formulas))
    assert not page.all("code", "latex")


def test_no_latex_is_seen(page: Page) -> None:
    def texts(e: Element) -> list[str]:
        if e.tag in NO_TEXT or e.tag == f"{MATHML}annotation" or not isinstance(e.tag, str):
            return []
        return [e.text or "", *(x for child in e for x in (*texts(child), child.tail or ""))]

    (body,) = page.all("body")
    assert not re.findall(r"\\[A-Za-z]+|\$|[\ue000-\uf8ff]", "".join(texts(body)))


def test_ids_are_unique_and_links_lead_to_them(page: Page) -> None:
    ids = page.ids()
    assert len(ids) == len(set(ids))
    assert not [name for name in ids if re.search(r"\s", name) or not name]
    within = [href[1:] for href in page.hrefs() if href.startswith("#")]
    assert set(within) <= set(ids)


def test_headings_begin_with_the_title_and_leave_no_level_out(page: Page) -> None:
    levels = [
        int(e.tag[-1]) for e in page.root.iter() if re.fullmatch(f"{XHTML}h[1-6]", str(e.tag))
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_landmarks(page: Page) -> None:
    assert [len(page.all(tag)) for tag in ("header", "main", "h1", "title")] == [1, 1, 1, 1]
    assert page.all("html")[0].get("lang") == "en"
    assert all(nav.get("aria-labelledby") in page.ids() for nav in page.all("nav"))
    first = page.all("body")[0][0]
    assert (first.tag, first.get("href")) == (f"{XHTML}a", "#text")


def test_nothing_comes_from_outside(page: Page) -> None:
    assert not [e for e in page.root.iter() if "src" in e.attrib or "srcset" in e.attrib]
    assert not page.all("link")
    css = "".join(e.text or "" for e in page.all("style"))
    assert re.findall(r"url\(.{6}", css) == ['url("data:']
    assert "@import" not in css


def test_only_our_script_may_run(page: Page) -> None:
    (script,) = page.all("script")
    (policy,) = (m.get("content", "") for m in page.all("meta") if m.get("http-equiv"))
    digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


# ---------------------------------------------------------------- what it tells


def test_every_rule_has_its_law_on_the_page(page: Page) -> None:
    reasons = page.all("span", "reason")
    targets = {a.attrib["href"] for reason in reasons for a in reason.iter(f"{XHTML}a")}
    rules = {target for target in targets if target.startswith("#rule-")}
    assert rules
    (section,) = page.all("section", "rules")
    told = {e.attrib["id"]: e for e in section.iter(f"{XHTML}div")}
    assert {target[1:] for target in rules} == set(told)
    assert all(len(list(e.iter(f"{MATHML}math"))) == 1 for e in told.values())


def test_the_lines_are_those_of_the_derivation() -> None:
    page = rendered("softmax-cross-entropy")
    told = document_of(catalog.get("softmax-cross-entropy").derivation())
    outer = [e for e in page.all("li", "line") if "id" in e.attrib]
    counts = [2, *(len(lemma.lines) for lemma in told.lemmas), len(told.lines)]
    names = ["eq-1-where", "lemma-1", "lemma-2", "eq-1"]
    assert [e.attrib["id"] for e in outer] == [
        f"{name}-line-{k}" for name, n in zip(names, counts, strict=True) for k in range(1, n + 1)
    ]
    assert words(outer[-1].find(f"{XHTML}div[@class='right']")) == "pi−yi"


def test_the_last_row_bears_the_number() -> None:
    page = rendered("attention")
    last = [section.findall(f".//{XHTML}li[@id]")[-1] for section in page.all("section", "told")]
    numbers = [words(row.find(f"{XHTML}span[@class='number']")) for row in last]
    assert numbers == [f"({k})" for k in range(1, len(last) + 1)]
    assert [words(e) for e in page.all("span", "number")] == numbers


def test_a_line_opens_into_its_steps() -> None:
    page = rendered("softmax-cross-entropy")
    derivation = catalog.get("softmax-cross-entropy").derivation()
    full = document_of(derivation, "full")
    last = next(e for e in page.all("li", "line") if e.get("id") == "lemma-2-line-4")
    (finer,) = (e for e in last if "finer" in e.get("class", ""))
    lines = list(finer.iter(f"{XHTML}li"))
    assert words(finer[0]) == f"{len(lines)} steps"
    normal = document_of(derivation).lemmas[1].lines
    within = [x for x in full.lemmas[1].lines if set(x.steps) <= set(normal[3].steps)]
    assert len(lines) == len(within) > 1


def test_a_check_opens_its_evidence() -> None:
    page = rendered("softmax-cross-entropy")
    told = [e for e in page.all("li", "line") if "id" in e.attrib and "where" not in e.attrib["id"]]
    for line in told:
        (why,) = (e for e in line if e.get("class") == "why")
        (evidence,) = (e for e in why if "evidence" in e.get("class", ""))
        assert words(evidence[0]) == "checked"
        assert evidence.get("open") is None
        facts = dict(zip(*[iter(map(words, evidence[1]))] * 2, strict=True))
        assert facts["sizes tried"].startswith("n = 1, 2")
        assert int(facts["places compared"]) > 0
        assert re.fullmatch(r"0|\d\.\d × 10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+", facts["worst relative error"])
    assert [e.get("class") for e in page.all("p", "verdict")] == ["verdict"]


def test_what_is_wrong_or_not_tested_stands_open() -> None:
    page = rendered("notes")
    marks = {
        kind: [words(e[0]) for e in page.all("details", kind)] for kind in ("wrong", "untested")
    }
    assert set(marks["wrong"]) == {"wrong"}
    assert set(marks["untested"]) == {"not tested"}
    opened = [e for kind in marks for e in page.all("details", kind)]
    assert all(e.get("open") is not None for e in opened)
    assert [e.get("class") for e in page.all("p", "verdict")] == ["verdict wrong"]


def test_every_kind_of_block() -> None:
    page = rendered("notes")
    assert words(page.all("h1")[0]) == "Notes on <losses>"
    assert [words(e) for e in page.all("em")] == ["gentle"]
    assert [words(e) for e in page.all("s")] == ["gone"]
    assert words(page.all("blockquote")[0]) == "Said somebody."
    assert [e.get("start") for e in page.all("ol") if not e.get("class")] == ["3"]
    (code,) = (e for e in page.all("code") if e.get("class"))
    assert (code.get("class"), code.text.splitlines()[0]) == ("language-python", "x = 1")
    assert [e.get("class") for e in page.all("th")] == [None, "center", "right"]
    assert [words(e) for e in page.all("figcaption")] == [
        "Figure 1 What it looks like, zi",
        "Figure 2",
    ]
    assert [words(e) for e in page.all("span", "number")] == ["(1)", "(2)"]
    links = {words(e): e.get("href") for e in page.all("a")}
    assert links["(1)"] == "#the-loss"
    assert links["Figure 1"] == "#pic"
    assert links["there"] == "https://example.org/?a=1&b=%3C2%3E"
    assert [e.get("class") for e in page.all("nav")[0].iter(f"{XHTML}li")] == [
        "level-2", "level-3", "level-2", "level-3", "level-2",
    ]  # fmt: skip


def test_a_short_text_has_no_contents() -> None:
    assert not rendered("relu").all("nav")
    assert rendered("attention").all("nav")


def test_languages() -> None:
    page = read(render_article(notes("ko")).data)
    assert page.all("html")[0].get("lang") == "ko"


def test_a_formula_that_no_converter_reads_is_shown_as_latex() -> None:
    made = read(render_article(Article(("T",), (Paragraph((Formula(r"\nosuch{<b>}"),)),))).data)
    assert [e.text for e in made.all("code", "latex")] == [r"\nosuch{<b>}"]


def test_a_derivation_is_a_page(softmax: Derivation) -> None:
    made = read(to_html(softmax, verdict="ok", title=("Softmax & <b>",)))
    assert [words(e) for e in made.all("h1")] == ["Softmax & <b>"]
    assert words(read(to_html(softmax)).all("title")[0]) == "∂L/∂z_i"
    assert len(read(to_html(softmax, detail="brief")).all("li", "line")) < len(
        made.all("li", "line")
    )
    barred = to_html(softmax, adjoint="bar")
    assert r"\bar{p}" in barred
    assert r"\bar{p}" not in to_html(softmax)
    article = Article(("Mine",), (Told(document_of(softmax)),), "ko")
    assert read(to_html(article)).all("html")[0].get("lang") == "ko"


def test_a_page_is_the_same_each_time() -> None:
    article = entry("relu", check=False)
    assert render_article(article) == render_article(article)


@pytest.mark.parametrize("name", [x.name for x in catalog.entries()])
def test_the_whole_catalog(name: str, is_core: Callable[[Element], bool]) -> None:
    page = rendered(name)
    assert all(map(is_core, page.root.iter(f"{MATHML}math")))
    assert not page.all("code", "latex")


def test_numbers_of_the_evidence() -> None:
    assert [error(x) for x in (0.0, 1.0, 0.25, 3e-60)] == [
        "0",
        "1.0 × 10⁰",
        "2.5 × 10⁻¹",
        "3.0 × 10⁻⁶⁰",
    ]
    found = Evidence(True, 1, 0.0, ((("n", 1), ("m", 2)), (("n", 3), ("m", 2))))
    assert sizes(found) == "n = 1, m = 2; n = 3, m = 2"


# ---------------------------------------------------------------- from outside

HOSTILE = [
    "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>",
    "{{ 7*7 }}{% raw %}", "</title></style><b>", "&lt;b&gt;&#x3c;", "' onclick='x", "\x00\u202e",
    "]]><!--", "javascript:alert(1)", "</math></annotation><script>", "a b\tc", "#", "",
]  # fmt: skip
ANY = st.lists(
    st.sampled_from([*"<>&\"'/\\{}%#$ ab=:;()\n", "script", "on", "é", "\u202e", "\x00"])
).map("".join)


def is_dead(page: Page) -> None:
    """Asserts that nothing on the page runs, loads, or is styled but what we wrote."""
    assert len(page.all("script")) == 1
    assert len(page.all("style")) == 1
    live = (
        "img iframe object embed form input base audio video link button foreignObject animate set"
    )
    tags = {str(e.tag).rpartition("}")[2] for e in page.root.iter()}
    assert not tags & set(live.split())
    for e in page.root.iter():
        assert not [key for key in e.attrib if key.lower().startswith("on")]
        assert "style" not in e.attrib or str(e.tag).startswith(SVG)
        scheme = SCHEME.match(e.get("href", ""))
        assert scheme is None or scheme[1].lower() in ("http", "https", "mailto"), scheme


def hostile(text: str) -> Article:
    said = (
        text,
        Formula(text),
        Styled("strong", (text,)),
        Link((text,), text),
        Link((text,), "x" + text),
    )
    blocks = (
        Heading(2, said, text),
        Paragraph(said),
        Table((said,), ((said,),), (text,), said, text),
        Code(text, text),
        Figure(Picture('<svg xmlns="http://www.w3.org/2000/svg"/>', b"", text), said, 1, text),
        Told(document_of(sd.derive(sd.scalar("x") ** 2, sd.scalar("x"))), 1, text, text),
    )
    return Article(said, blocks)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_texts_from_outside(text: str) -> None:
    is_dead(read(render_article(hostile(text)).data))


@given(ANY)
@settings(max_examples=60, deadline=None)
def test_any_text(text: str) -> None:
    is_dead(read(render_article(hostile(text)).data))


@pytest.mark.parametrize("name", [x for x in HOSTILE if x], ids=ascii)
def test_names_from_outside(name: str, with_names: Callable[..., Derivation]) -> None:
    is_dead(read(to_html(with_names(name, latex=name, layer=name))))
    shown = read(to_html(with_names(name)))
    is_dead(shown)


@pytest.mark.parametrize(
    "target",
    [
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        " javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc",
    ],
)
def test_a_link_that_could_run_is_words(target: str) -> None:
    made = read(render_article(Article(("T",), (Paragraph((Link(("here",), target),)),))).data)
    assert "here" in [words(e) for e in made.all("span")]
    assert "here" not in [words(e) for e in made.all("a")]


def test_a_drawing_keeps_shapes_only() -> None:
    page = rendered("notes")
    drawings = list(page.root.iter(f"{SVG}svg"))
    assert len(drawings) == 2
    for drawing in drawings:
        assert (drawing.get("role"), drawing.get("aria-label")) == ("img", "A box and a circle")
        tags = [str(e.tag).removeprefix(SVG) for e in drawing.iter()]
        assert sorted(tags) == sorted(
            ["svg", "defs", "path", "clipPath", "rect", "g", "rect", "text", "use", "use", "image"]
        )
        assert [e.get("style") for e in drawing.iter(f"{SVG}rect")] == [None, "fill:#eef"]
        assert not [
            e for e in drawing.iter() if "http" in "".join(e.attrib.values()).replace(SVG, "")
        ]
        own = [e.attrib["id"] for e in drawing.iter() if "id" in e.attrib]
        assert [e.get("href") for e in drawing.iter(f"{SVG}use")] == [f"#{own[0]}", None]
        assert drawing.find(f"{SVG}g").get("clip-path") == f"url(#{own[1]})"


@pytest.mark.parametrize(
    "svg",
    ["", "<svg>", "<svg/>", "<p xmlns='http://www.w3.org/2000/svg'/>",
     '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'],
)  # fmt: skip
def test_what_is_no_drawing(svg: str) -> None:
    article = Article(("T",), (Figure(Picture(svg, b"", "a plot")),))
    with pytest.raises(DataError, match="the picture 'a plot' is no SVG"):
        render_article(article)


def test_a_raster_within_a_drawing_must_be_inside() -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}"/></svg>'
    for href, kept in (
        ("data:image/png;base64,iVBO\nRw0=", "data:image/png;base64,iVBORw0="),
        ("data:image/svg+xml,x", None),
        ("//x/y", None),
    ):
        picture = Picture(head.replace("{}", href.replace("\n", "&#10;")), b"", "plot")
        page = read(render_article(Article(("T",), (Figure(picture),))).data)
        assert [e.get("href") for e in page.root.iter(f"{SVG}image")] == [kept]
